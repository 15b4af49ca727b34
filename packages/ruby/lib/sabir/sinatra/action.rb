# frozen_string_literal: true

module Sabir
  module Sinatra
    # A block as a method of its class, so that `return` and `self` mean in it what they do in one.
    #
    # Private.
    class Action
      def initialize(owner, name, block)
        @method = Action.unbound(owner, name, block)
        @takes_arguments = @method.arity != 0
      end

      # A method that is not left in the class.
      def self.unbound(owner, name, block)
        owner.name_variables if Variables.named_in?(block)
        owner.define_method(name, &block)
        method = owner.instance_method(name)
        owner.remove_method(name)
        method
      end

      def call(instance, values)
        @takes_arguments ? @method.bind_call(instance, *values) : @method.bind_call(instance)
      end
    end
    private_constant :Action
  end
end
