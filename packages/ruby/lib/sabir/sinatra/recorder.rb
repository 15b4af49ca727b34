# frozen_string_literal: true

module Sabir
  module Sinatra
    # Stands for a block, and is called in its place with the same arguments and the request.
    #
    # Private.
    class Recorder
      attr_reader :parameters

      def initialize(block, &receiver)
        @receiver = receiver
        @wants_request = block.parameters.any? { |_, name| name == :request }
        @parameters = @wants_request ? block.parameters : [*block.parameters, %i[keyreq request]]
        # By position it comes as one of those.
        @position = block.parameters.index { |kind, name| name == :request && %i[req opt].include?(kind) }
      end

      def call(*positional, **keywords)
        request = @position ? positional[@position] : keywords[:request]
        keywords.delete(:request) unless @wants_request
        @receiver.call(positional, keywords, request)
      end
    end
    private_constant :Recorder
  end
end
