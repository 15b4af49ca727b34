# frozen_string_literal: true

module Sabir
  module Sinatra
    # The arguments of a block of a route with a contract: what they are is told when the runtime has decoded them, and the block is called with
    # them when its turn comes.
    #
    # Private.
    class ContractHandler < Handler
      # Calls a method with an instance and arguments.
      attr_reader :application

      def initialize(operation, block)
        super
        @request = @taken.index(:request) || add(:request, nil)
        @application = evaluate("->(method, instance, a) { #{call_of_block} }")
      end

      # What the native module calls. It tells the receiver the arguments, and the request.
      def function(receiver)
        all = @sources.each_index.map { |index| "a#{index}" }.join(", ")
        evaluate("->(#{parameters}) { receiver.call([#{all}], a#{@request}) }", receiver:)
      end

      private

      def value(index)
        "a[#{index}]"
      end

      def call_with(arguments)
        "method.bind_call(#{["instance", *arguments].join(", ")})"
      end
    end
    private_constant :ContractHandler
  end
end
