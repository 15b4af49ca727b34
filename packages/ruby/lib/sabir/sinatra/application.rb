# frozen_string_literal: true

module Sabir
  # The application of what stands at the top of a file, see `sabir/sinatra`.
  class Application < Base
    set(:logging) { !test? }
    set :method_override, true
    set(:run) { !test? }
    set :app_file, nil

    # What an extension adds can be said at the top, too.
    def self.register(*modules, &block)
      added = modules.flat_map { |extension| extension.public_instance_methods(false) }
      Sinatra::Delegator.delegate(*added)
      super
    end
  end

  module Sinatra
    # Words at the top of a file, for Application.
    module Delegator
      class << self
        # The application that the words are for.
        attr_accessor :target

        # Has more words say the same to the target.
        def delegate(*names)
          names.each do |name|
            define_method(name) do |*arguments, &block|
              # These are private, so that whatever is public is another one.
              next super(*arguments, &block) if respond_to?(name)

              Delegator.target.__send__(name, *arguments, &block)
            end
            ruby2_keywords(name)
            private(name)
          end
        end
      end

      delegate :get, :patch, :put, :post, :delete, :head, :options, :link, :unlink, :before, :after, :error, :not_found, :condition,
               :template, :layout, :configure, :set, :enable, :disable, :mime_type, :use, :map, :helpers, :register, :settings,
               :on_start, :on_stop, :websocket, :sse, :publish, :presence, :development?, :test?, :production?
      self.target = Application
    end

    # An application behind its middleware.
    class Wrapper
      def initialize(stack, instance)
        @stack = stack
        @instance = instance
      end

      # The settings of the application.
      def settings
        @instance.settings
      end

      # The application without its middleware.
      def helpers
        @instance
      end

      def call(env)
        @stack.call(env)
      end

      def inspect
        "#<#{@instance.class} app_file=#{settings.app_file.inspect}>"
      end
    end

    class << self
      # A class of applications, with what the block says.
      #
      #   hello = Sabir::Sinatra.new { get("/") { "Hello" } }
      def new(base = Base, &block)
        base = Class.new(base)
        base.class_eval(&block) if block
        base
      end

      def register(*extensions, &)
        Delegator.target.register(*extensions, &)
      end

      def helpers(*modules, &)
        Delegator.target.helpers(*modules, &)
      end

      def use(*arguments, &)
        Delegator.target.use(*arguments, &)
      end
    end

    Base = Sabir::Base
    Application = Sabir::Application
  end
end
