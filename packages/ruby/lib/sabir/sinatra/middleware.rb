# frozen_string_literal: true

require "rack"

module Sabir
  module Sinatra
    # Middleware of Rack before an application.
    module Middleware
      # Adds middleware.
      def use(middleware, *arguments, &block)
        if middleware.is_a?(Stage) || (middleware.is_a?(Class) && middleware < Stage)
          remedy = "use middleware of Rack, or set the stage on a Sabir::App"
          raise SetupError.new("use", middleware.to_s, "an application in Sinatra's words has no stages of the runtime", remedy)
        end
        @prototype = nil
        @middleware << [middleware, arguments, block]
      end
      ruby2_keywords :use

      # Middleware of this class and its superclasses, which comes first.
      def middleware
        superclass.respond_to?(:middleware) ? superclass.middleware + @middleware : @middleware
      end

      # Serves what is below a path by another application of Rack.
      #
      #   map("/admin") { run Admin }
      def map(path, app = nil, &block)
        mounted = app || ::Rack::Builder.new(&block).to_app
        use(Mount, path, mounted)
      end

      # The builder of an application with the middleware before it. On the runtime some of it is not needed.
      def build(app, is_native: false)
        builder = ::Rack::Builder.new
        add_default_middleware(builder, is_native)
        middleware.each { |kind, arguments, block| builder.use(kind, *arguments, &block) }
        builder.run(app)
        builder
      end

      private

      def add_default_middleware(builder, is_native)
        builder.use(DevelopmentErrors) if show_exceptions?
        builder.use(::Rack::MethodOverride) if method_override?
        builder.use(::Rack::Head) unless is_native
        add_logging(builder)
        add_sessions(builder)
        add_protection(builder, is_native)
        builder.use(HostAuthorization, host_authorization) if HostAuthorization.needed?(host_authorization)
      end

      def default_host_authorization
        development? ? HostAuthorization.in_development : {}
      end

      def add_logging(builder)
        return unless logging?

        builder.use(AccessLog)
        logging.respond_to?(:to_int) ? builder.use(RequestLogger, logging) : builder.use(RequestLogger)
      end

      def add_sessions(builder)
        return unless sessions?

        options = session_secret? ? { secret: session_secret } : {}
        options.merge!(sessions.to_hash) if sessions.respond_to?(:to_hash)
        builder.use(session_store, options)
      end

      def add_protection(builder, is_native)
        return unless protection?
        # The gem has more of it for sessions, and options.
        return builder.use(PlainProtection) if (is_native && protection == true && !sessions?) || !Protection.available?

        given = protection.is_a?(Hash) ? protection : {}
        uses_session = given.fetch(:session) { sessions? }
        builder.use(::Rack::Protection, { reaction: :drop_session, img_src: "'self' data:", font_src: "'self'", **given, without_session: !uses_session })
      end
    end

    # Whether the gem rack-protection is here.
    #
    # Private.
    module Protection
      def self.available?
        require "rack/protection"
        true
      rescue LoadError
        false
      end
    end
    private_constant :Protection

    # An application below a path.
    #
    # Private.
    class Mount
      def initialize(app, path, mounted)
        @app = app
        @path = path.chomp("/")
        @mounted = mounted
      end

      def call(env)
        path = env["PATH_INFO"].to_s
        return @app.call(env) unless path == @path || path.start_with?("#{@path}/")

        @mounted.call(env.merge("SCRIPT_NAME" => "#{env["SCRIPT_NAME"]}#{@path}", "PATH_INFO" => path.delete_prefix(@path)))
      end
    end
    private_constant :Mount
  end
end
