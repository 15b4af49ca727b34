# frozen_string_literal: true

module Sabir
  # Serves applications of Rack 2.2 and 3 on the runtime.
  #
  #   Sabir.serve(->(env) { [200, { "content-type" => "text/plain" }, ["hello"]] }, port: 9292)
  #
  # The environment has what the specification asks for. `rack.input` is read while it arrives; `rack.hijack` gives the connection
  # itself, and `rack.protocol` has what the client would rather speak on it; both are absent over HTTP/2 and in memory, where there is
  # none. What `rack.response_finished` has in it is called once the answer is on its way, or has been written. `rack.early_hints` is
  # absent, since the runtime sends no 103. The limits and the problems of the runtime hold: content
  # beyond `body_limit` raises the problem where it is read, and an exception that the application raises is logged and answered
  # with 500.
  module Rack
    # Adds an application to a native one, for all paths below a prefix that have no other route.
    #
    # Private.
    def self.mount(native, prefix, application, multiprocess: false, rewindable: rewindable?)
      unless application.respond_to?(:call)
        raise SetupError.new("mount #{prefix}", "app", "it has no method call", "give an application of Rack")
      end

      content = inputs(rewindable)
      native.add_rack(prefix, application, constants(native, prefix, multiprocess, content.new(nil)), content, Answer)
    end

    # The class of `rack.input`.
    #
    # Private.
    def self.inputs(rewindable = rewindable?)
      rewindable ? RewindableInput : Input
    end

    # The same as .mount for an application that is called with a request of a class and its content, or nil, and makes environments itself.
    #
    # Private.
    def self.mount_deferred(native, prefix, application, request)
      native.add_deferred_rack(prefix, application, request, Answer)
    end

    # Whether the specification asks for a `rack.input` that can be rewound: up to Rack 2.
    def self.rewindable?
      defined?(::Rack::RELEASE) ? ::Rack::RELEASE.to_i < 3 : false
    end
    private_class_method :rewindable?

    # What every environment has.
    #
    # Private.
    def self.constants(native, prefix, multiprocess, empty)
      {
        "SCRIPT_NAME" => prefix,
        "SERVER_SOFTWARE" => "Sabir/#{VERSION}",
        "GATEWAY_INTERFACE" => "CGI/1.1",
        "rack.version" => defined?(::Rack::VERSION) ? ::Rack::VERSION : [3, 0],
        "rack.url_scheme" => "http",
        "rack.errors" => $stderr,
        "rack.input" => empty,
        "rack.multithread" => native.handler_threads > 1,
        "rack.multiprocess" => multiprocess,
        "rack.run_once" => false,
        "rack.hijack?" => true,
        "rack.hijack" => Hijack,
        # In each environment, an array of its own.
        "rack.response_finished" => [],
      }
    end
  end
end

require_relative "rack/input"
require_relative "rack/rewindable_input"
require_relative "rack/hijack"
require_relative "rack/stream"
require_relative "rack/unchunking"
require_relative "rack/answer"
require_relative "rack/handler"
