# frozen_string_literal: true

module Sabir
  # Hooks: blocks around those of routes. Those of an application hold for all of its routes, those of a router for its own, and each may be
  # an option of a route, `pre_handler: ->(request) { … }`, one or an Array of them.
  #
  #     middleware { on_request → pre_validation → a refusal of the runtime is raised here → pre_handler → the block → on_response }
  #
  # The first three run from the outside to the inside: those of the application, of the router, of the route. The others run the other way
  # round. Those of one level run in the order in which they were added. They hold for routes that were added before, too, until the
  # application has taken its first request.
  #
  # A hook goes on unless it returns a Response or a Problem, or raises: whatever else its last line is has no meaning.
  module Hookable
    # Called with the request, before it is validated.
    #
    #   app.on_request { |request| request.state[:user] = request.headers["x-user"] }
    def on_request(hook = nil, &block)
      add_hook(:on_request, hook || block)
    end

    # The same, after all of #on_request.
    def pre_validation(hook = nil, &block)
      add_hook(:pre_validation, hook || block)
    end

    # Called with the request, when it is valid.
    #
    #   app.pre_handler { |request| Sabir::Unauthorized.new("Who is it?") unless request.state[:user] }
    def pre_handler(hook = nil, &block)
      add_hook(:pre_handler, hook || block)
    end

    # Called with the request and the Response, which it may change. The body of a problem is the Problem.
    #
    #   app.on_response { |request, response| response.headers["x-shop-version"] = "7" }
    def on_response(hook = nil, &block)
      add_hook(:on_response, hook || block)
    end

    # Called with the request and what was raised: everything, or what is of one of +kinds+, which are classes of exceptions and statuses of
    # problems. Where several fit, those of the route come before those of its router and of the application, and of one level the most special
    # ones first. One that returns neither a Response nor a Problem leaves the error to the next. What nobody answers is what it is without hooks.
    #
    #   app.on_error(KeyError) { |request, error| Sabir::NotFound.new("There is no #{error.key}.") }
    def on_error(*kinds, with: nil, &block)
      hook_set.add_error(kinds, with || block)
      self
    end

    # Called with the request and what goes on: `call_next.call` gives the Response, once at most. What it returns is the answer. A problem is a
    # Response there, too; any other exception that no #on_error answers is raised.
    #
    #   app.middleware do |request, call_next|
    #     started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    #     call_next.call.tap { |response| response.headers["x-seconds"] = Process.clock_gettime(Process::CLOCK_MONOTONIC) - started }
    #   end
    def middleware(hook = nil, &block)
      add_hook(:middleware, hook || block)
    end

    protected

    # The hooks around all routes.
    def hook_set
      @hook_set ||= HookSet.new(self.class.name)
    end

    private

    def add_hook(kind, hook)
      hook_set.add(kind, hook)
      self
    end
  end
end
