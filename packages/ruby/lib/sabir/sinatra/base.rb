# frozen_string_literal: true

require "securerandom"

module Sabir
  # An application of blocks that are tried in the order in which they stand. Subclass it; each request has an instance of its own.
  #
  #   class Hello < Sabir::Base
  #     before { @greeting = "Hello" }
  #     get("/hello/:name") { "#{@greeting}, #{params[:name]}!" }
  #     run! if app_file == $0
  #   end
  #
  # The class is an application of Rack, too: `run Hello`.
  class Base
    include ::Rack::Utils
    include Sinatra::Helpers
    include Sinatra::Templates
    include Sinatra::SocketEvents
    include Sinatra.const_get(:Failures)
    include Sinatra.const_get(:StaticFiles)
    include Sinatra.const_get(:Incoming)
    include Sinatra.const_get(:Outgoing)
    include Sinatra.const_get(:Dispatch)

    extend Sinatra::Settings
    extend Sinatra::Routing
    extend Sinatra::Sockets
    extend Sinatra::TemplateStore
    extend Sinatra::Middleware
    extend Sinatra::Extending
    extend Sinatra::Serving

    attr_accessor :app, :params
    attr_writer :env, :request, :response

    # +app+ is called where no route matches, when this one is middleware.
    def initialize(app = nil, **_options)
      @app = app
      @default_layout = :layout
      # Each request has a copy, whose variables have their places already.
      @env = @request = @response = @params = nil
      @_plan = @_params_of_failure = @_has_type = @_has_answered = nil
      @_caller = @_incoming = @_content = @_decoded = @_path = @_route_name = @_text = @_type = nil
      yield self if block_given?
    end

    # The environment of Rack. Neither it nor the next ones are made before they are asked for, unless code of the application names their variables. An
    # instance that answers no request has none.
    def env
      @env ||= (make_environment if @_caller)
    end

    def request
      @request ||= (Sinatra::Request.new(env) if env)
    end

    def response
      @response ||= response_so_far
    end

    # Answers a request of Rack.
    def call(env)
      dup.call!(env)
    end

    # Answers a request of Rack with this instance.
    def call!(env)
      @env = env
      @request = @response = nil
      @_params_of_failure = @_caller = @_text = @_type = nil
      answer_request
    end

    # Answers a request of the runtime with this instance: its path, the content while it arrives, and a contract with the arguments that have been
    # decoded, if there is one. The caller makes the environment where it is asked for.
    #
    # Private.
    def serve(caller, request, path, content, decoded)
      @_caller = caller
      @_incoming = request
      @_path = path
      @_content = content
      @_decoded = decoded
      answer_request
    end

    def self.settings
      self
    end

    # The class, with its settings.
    def settings
      self.class
    end

    def options
      settings
    end

    # Compiled templates.
    def template_cache
      settings.template_cache
    end

    # Ends the request: with a status, content, fields, or several of them.
    def halt(*answer)
      throw(:halt, answer.size == 1 ? answer.first : answer)
    end

    # Goes on with the next route that matches; with the block, if there is none.
    def pass(&block)
      throw(:pass, block)
    end

    # Has the application behind this one answer.
    def forward
      raise "there is no application behind this one" unless @app.respond_to?(:call)

      status, headers, body = @app.call(env)
      response.status = status
      response.body = body
      response.headers.merge!(headers)
      nil
    end

    private

    def answer_request
      @params = Sinatra::IndifferentHash.allocate
      @_plan = settings.plan
      make_variables if @_plan.names_variables
      template_cache.clear if @_plan.reload_templates
      dispatch
      code = @response ? @response.status : 200
      invoke { answer_for(code) } if @_plan.answers_for?(code) && !env["sinatra.error"]
      finished_response
    end

    class << self
      # An instance without the middleware before it.
      alias new! new unless method_defined?(:new!)

      # An instance behind its middleware.
      def new(*arguments, &)
        instance = new!(*arguments, &)
        Sinatra::Wrapper.new(build(instance).to_app, instance)
      end
      ruby2_keywords :new

      # The instance that requests of the class are for.
      def prototype
        @prototype ||= new
      end

      # Answers a request of Rack.
      def call(env)
        return synchronize { prototype.call(env) } if lock?

        prototype.call(env)
      end

      # Runs one block at a time, whatever the class.
      def synchronize(&)
        LOCK.synchronize(&)
      end

      # Compiled templates, by what they were made of.
      def template_cache
        @template_cache ||= {}
      end

      # Gives all strings of a value the default encoding.
      def force_encoding(data, encoding = default_encoding)
        case data
        when String then data.encoding.name.casecmp?(encoding.to_s) ? data : data.force_encoding(encoding).encode!
        when Hash then data.each_value { |value| force_encoding(value, encoding) }
        when Array then data.each { |value| force_encoding(value, encoding) }
        end
        data
      end

      # Forgets routes, filters, middleware and all else that was added to this class.
      def reset!
        @routes = {}
        @filters = { before: [], after: [] }
        @errors = {}
        @contracts = []
        @streams = []
        @conditions = []
        @templates = {}
        @middleware = []
        @extensions = []
        @prototype = nil
        @plan = @template_cache = @names_variables = nil
      end

      def inherited(subclass)
        subclass.reset!
        subclass.set(:app_file, caller_files.first) unless subclass.app_file?
        super
      end
    end

    LOCK = Mutex.new
    private_constant :LOCK

    reset!

    set :environment, (ENV["APP_ENV"] || ENV["RACK_ENV"] || :development).to_sym
    set(:raise_errors) { test? }
    set(:dump_errors) { !test? }
    set(:show_exceptions) { development? }
    set :sessions, false
    set :session_store, Sinatra::SessionCookie
    set(:session_secret, SecureRandom.hex(64))
    set :logging, false
    set :protection, true
    set(:host_authorization) { default_host_authorization }
    set :method_override, false
    set :use_code, false
    set :default_encoding, "utf-8"
    set :default_content_type, "text/html"
    set :x_cascade, true
    set :add_charset, %w[javascript xml xhtml+xml].map { |subtype| "application/#{subtype}" } << %r{^text/}
    set :mustermann_opts, {}
    set :absolute_redirects, true
    set :prefixed_redirects, false
    set :empty_path_info, nil
    set :strict_paths, true
    set :lock, false
    set :threaded, true

    set :run, false
    set :running_server, nil
    set :handler_name, nil
    set :traps, true
    set :server, %w[sabir puma falcon HTTP webrick]
    set :chosen_server, nil
    set(:bind) { development? ? "localhost" : "0.0.0.0" }
    set :port, Integer(ENV["PORT"].to_s.empty? ? 4567 : ENV["PORT"])
    set :quiet, false
    set :workers, 1

    set :app_file, nil
    set(:root) { app_file && File.expand_path(File.dirname(app_file)) }
    set(:views) { root && File.join(root, "views") }
    set(:reload_templates) { development? }
    set(:public_folder) { root && File.join(root, "public") }
    set(:static) { public_folder && File.exist?(public_folder) }
    set :static_cache_control, false
    set :static_headers, false

    class << self
      alias methodoverride? method_override?
      alias methodoverride= method_override=
    end

    error(Exception) do
      response.status = 500
      content_type("text/html")
      "<h1>Internal Server Error</h1>"
    end
  end
end
