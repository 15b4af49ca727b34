# frozen_string_literal: true

module Sabir
  module Sinatra
    # Which code names the variables of an instance that hold its environment, its request and its response. Elsewhere they are made when they are
    # asked for.
    #
    # Private.
    module Variables
      NAMES = /:@(?:env|request|response)\b/
      OWN_CODE = "#{__dir__}/"
      private_constant :NAMES, :OWN_CODE

      # By sequences of instructions, of which blocks in a loop have one.
      @known = ObjectSpace::WeakMap.new

      class << self
        # Whether a block names one of them, or a block within it.
        def named_in?(block)
          # Other implementations of Ruby do not show their code.
          return true unless defined?(RubyVM::InstructionSequence)

          sequence = RubyVM::InstructionSequence.of(block)
          return false if sequence.nil?

          @known[sequence] = NAMES.match?(sequence.disasm) unless @known.key?(sequence)
          @known[sequence]
        end

        # Whether a method that an application has from somewhere else than this package names one of them.
        def named_in_methods?(owner)
          owner.ancestors.take_while { |ancestor| ancestor != Object }.any? do |ancestor|
            names = ancestor.instance_methods(false) + ancestor.private_instance_methods(false)
            names.any? { |name| foreign?(method = ancestor.instance_method(name)) && named_in?(method) }
          end
        end

        private

        def foreign?(method)
          file, = method.source_location
          !file.nil? && !file.start_with?(OWN_CODE)
        end
      end
    end
    private_constant :Variables
  end
end
