# frozen_string_literal: true

module Sabir
  module Sinatra
    # Settings of classes: a reader, a writer and a question for each, which subclasses inherit.
    module Settings
      @generation = 0
      class << self
        # Grows whenever a setting is set.
        attr_accessor :generation
      end

      NOT_GIVEN = Object.new.freeze
      private_constant :NOT_GIVEN

      # Sets an option, or each of a Hash. A block, or a Proc, is called whenever the option is read. A Hash is merged into the one that is there.
      def set(option, value = NOT_GIVEN, ignore_setter = false, &block)
        raise ArgumentError, "give #{option} a value or a block, not both" if block && !NOT_GIVEN.equal?(value)

        value = block if block
        return set_each(option) if NOT_GIVEN.equal?(value)
        return __send__("#{option}=", value) if respond_to?("#{option}=") && !ignore_setter

        define_setting(option, value)
        self
      end

      # Sets options to true.
      def enable(*options)
        options.each { |option| set(option, true) }
      end

      # Sets options to false.
      def disable(*options)
        options.each { |option| set(option, false) }
      end

      # Runs the block, in these environments if some are named.
      def configure(*environments)
        yield self if environments.empty? || environments.include?(environment.to_sym)
      end

      def development?
        environment == :development
      end

      def production?
        environment == :production
      end

      def test?
        environment == :test
      end

      # The class itself, as blocks of routes see it.
      def settings
        self
      end

      def public=(value)
        set(:public_folder, value)
      end
      alias public_dir= public=

      def public_dir
        public_folder
      end

      private

      def set_each(options)
        raise ArgumentError, "#{options} has no value" unless options.respond_to?(:each)

        options.each { |option, value| set(option, value) }
        self
      end

      def define_setting(option, value)
        Settings.generation += 1
        reader = value.is_a?(Proc) ? value : proc { value }
        define_singleton_setting("#{option}=", setter(option, value))
        define_singleton_setting("#{option}?", proc { !!__send__(option) })
        define_singleton_setting(option, reader)
      end

      def setter(option, value)
        return proc { |given| set(option, given, true) } unless value.is_a?(Hash)

        proc { |given| set(option, given.is_a?(Hash) ? value.merge(given) : given, true) }
      end

      def define_singleton_setting(name, content)
        singleton_class.class_eval do
          # Nothing is said of a method that is defined again.
          undef_method(name) if method_defined?(name, false) || private_method_defined?(name, false)
          define_method(name, &content)
        end
      end
    end
  end
end
