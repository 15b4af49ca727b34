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
    include Sinatra.const_get(:Dispatch)

    extend Sinatra::Settings
    extend Sinatra::Routing
    extend Sinatra::Sockets
    extend Sinatra::TemplateStore
    extend Sinatra::Middleware
    extend Sinatra::Extending
    extend Sinatra::Serving

    attr_accessor :app, :env, :request, :response, :params

    # +app+ is called where no route matches, when this one is middleware.
    def initialize(app = nil, **_options)
      @app = app
      @default_layout = :layout
      yield self if block_given?
    end

    # Answers a request of Rack.
    def call(env)
      dup.call!(env)
    end

    # Answers a request of Rack with this instance.
    def call!(env)
      @env = env
      @params = Sinatra::IndifferentHash.allocate
      @request = Sinatra::Request.new(env)
      @response = Sinatra::Response.new
      @plan = settings.plan
      @params_of_failure = nil
      template_cache.clear if @plan.reload_templates
      dispatch
      invoke { answer_for(@response.status) } if @plan.answers_for?(@response.status) && !env["sinatra.error"]
      plain_answer || begin
        set_default_type
        response.finish
      end
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
      @response.status = status
      @response.body = body
      @response.headers.merge!(headers)
      nil
    end

    private

    # The answer that is one text and nothing else, as most are: nothing is asked of its fields. Otherwise nil.
    def plain_answer
      content = @response.body
      return unless @response.headers.empty? && @response.status == 200 && content.is_a?(Array) && content.size == 1

      text = content[0]
      return unless text.instance_of?(String) && !text.is_a?(Sinatra::Templates::Typed) && @plan.default_type

      [200, { Sinatra::Response::TYPE => @plan.default_type.dup, Sinatra::Response::LENGTH => text.bytesize.to_s }, content]
    end

    # What the content says, or the default.
    def set_default_type
      return if response[Sinatra::Response::TYPE]

      content = @response.body
      first = content[0] if content.is_a?(Array)
      if first.is_a?(Sinatra::Templates::Typed)
        content_type(first.content_type)
      elsif @plan.default_type
        @response[Sinatra::Response::TYPE] = @plan.default_type.dup
      end
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
        @plan = @template_cache = nil
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
