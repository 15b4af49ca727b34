# frozen_string_literal: true

module Sabir
  # An application: routes and their contracts. Blocks are called as they are, from several threads at a time.
  #
  #   app = Sabir::App.new(body_limit: 1_000_000)
  #   app.get("/hello/{name}") { |name:| "Hello, #{name}!" }
  #   app.post("/orders", body: Order, status: 201) { |body:| body }
  #   app.run
  #
  # What a block returns is the answer: a string is text, or bytes if its encoding is binary; a Hash or another value is JSON; nil is
  # no content; an Enumerator is sent while it is made; `[status, headers, body]` and Response say more. A Problem that is raised
  # is the answer, too. Any other exception is logged, and the client gets a 500 without its message.
  class App
    include Routes

    # How many threads run blocks unless the setting says it: Ruby runs the code of one at a time.
    HANDLER_THREADS = 5
    private_constant :HANDLER_THREADS

    # +fiber_scheduler+ is called to make a Fiber::Scheduler for each of `handler_threads`, which are one then unless the setting says it:
    # blocks run in fibers of it, each call in its own, and one that waits keeps no other from running.
    #
    # +components+ are schemas that others may refer to as `#/components/schemas/NAME`, +schemas+ are other documents that they may
    # refer to by the URIs which they stand under here; the rest are settings, see SETTINGS.
    def initialize(components: {}, schemas: {}, fiber_scheduler: nil, **settings)
      given = components.to_h { |name, schema| [name.to_s, Schema.of(schema)] }
      check_scheduler(fiber_scheduler)
      @native = Native::App.new({ handler_threads: fiber_scheduler ? 1 : HANDLER_THREADS, **settings }, given)
      @native.add_schemas(schemas.transform_keys(&:to_s)) unless schemas.empty?
      @threads = fiber_scheduler ? FiberThreads.new(@native, fiber_scheduler) : HandlerThreads.new(@native)
      @server = Server.new(@native, @threads, method(:live))
      @lifespan = Lifespan.new
      @added = []
      @lock = Mutex.new
      @state = {}
    end

    # What belongs to the application: a Hash for what #on_start makes, such as connections.
    attr_reader :state

    # Has the block be called, with the application if it takes one, before the first request: in each process that serves, before it listens, or
    # with `per: :server` once for all workers, in the process that starts them. What it raises is logged, and keeps the process from serving.
    #
    #   app.on_start { app.state[:database] = Database.connect }
    #   app.on_stop { app.state[:database].close }
    def on_start(per: :process, &block)
      @lifespan.on_start(block, per)
      self
    end

    # Has the block be called after the last request was answered. Of several, the last one added is the first. What it raises is logged.
    def on_stop(per: :process, &block)
      @lifespan.on_stop(block, per)
      self
    end

    # An answer that is a stream of events: what is published on a channel. A client that comes back with a +last_event_id+ gets what it has
    # missed first, as far as it is kept.
    def events(channel, last_event_id = nil)
      Response.new(@native.events(channel.to_s, last_event_id))
    end

    # Sends a message to all WebSockets and event streams of this process that have subscribed to a channel: a string, bytes if its encoding is binary,
    # or any other value as JSON. Returns how many there are.
    def publish(channel, message)
      @native.publish(channel.to_s, message.is_a?(String) ? message : Native.encode_json(message))
    end

    # How many sockets and event streams of this process have subscribed to a channel.
    def presence(channel)
      @native.presence(channel.to_s)
    end

    # Sets a stage, by its class and its options. It covers every answer, refusals too; a route says what differs in `use:`.
    #
    #   app.use(Sabir::Cors, allow_origins: ["https://shop.example"])
    #
    # Requests meet stages in the order of their table, whichever order they are set in. Setting one again takes the place of what it was.
    #
    # Raises SetupError if an option does not fit, which is named as `stages.cors.allow_origins[1]`.
    def use(stage, **options)
      given = Stage.given(stage, options)
      raise SetupError.new("use", "stage", "#{stage.inspect} is no stage", "use a class such as Sabir::Cors") unless given

      @native.set_stage(given.name, given.options)
      stages << given
      self
    end

    # Adds a security scheme, one of Security or an OpenAPI Security Scheme Object, and returns what routes demand it by in `security:`.
    # Requests without credentials are answered 401, those that may too little 403, before any block. Add it before the routes that demand
    # it.
    #
    #   key = app.security(:key, Sabir::Security.api_key(header: "x-api-key", keys: { ci: { key: ENV["CI_KEY"], scopes: ["read"] } }))
    #   app.get("/orders", security: [key["read"]]) { |request| request.identity.subject }
    #
    # Raises SetupError if the name is taken, or something does not fit.
    def security(name, scheme)
      @native.add_security_scheme(name.to_s, scheme)
      Scheme.new(name)
    end

    # Adds a converter for paths: `{variable:name}` matches what +regex+ matches as a whole.
    #
    # +regex+ is the source of an expression of ECMA-262 with the flag `u`, without look-around and back-references.
    def converter(name, regex, schema)
      @native.add_converter(name.to_s, regex, Schema.of(schema))
      self
    end

    # The path of the route with this operation id, percent-encoded.
    def url_for(operation_id, **values)
      @native.url_for(operation_id.to_s, values.to_h { |name, value| [name.to_s, value.to_s] })
    end

    # The OpenAPI document of the application, as data: all of its operations but the WebSockets. Beside the answers that routes declare it
    # has the problems that the runtime answers in their place.
    #
    # +info+ is what it says of the whole: `title:`, `version:`, `description:`, `terms_of_service:`, `contact:` (a Hash of `name`, `url` and
    # `email`), `license:` (`name`, and `identifier` or `url`), `servers:` (the URLs that it is served at, or Hashes of `url` and `description`)
    # and `tags:` (Hashes of `name`, `description` and `externalDocs`). +openapi_version+ is that of the specification: 3.2 has words for event
    # streams and JSON Lines. The document is the same as that of the same application in another language.
    def openapi(openapi_version: "3.1", **info)
      @native.openapi({ **Document.info(info), openapi_version: })
    end

    # Compares the OpenAPI document with the file at +path+, in a test that tells when it has changed. The file is written where there is none,
    # unless the variable `CI` is set, and where `SABIR_UPDATE_DOCUMENTS` is. The other arguments are those of #openapi.
    #
    #   def test_the_contract_has_not_changed = app.check_openapi("openapi.json", title: "Shop", version: "1.2.0")
    #
    # Raises DocumentChanged if they differ, which shows how, and SetupError if the file can be neither read nor written.
    def check_openapi(path, openapi_version: "3.1", **info)
      Document.refuse(@native.check_openapi({ **Document.info(info), openapi_version: }, path.to_s))
    end

    # Compares the AsyncAPI document with the file at +path+, as #check_openapi does.
    def check_asyncapi(path, **info)
      Document.refuse(@native.check_asyncapi(Document.info(info), path.to_s))
    end

    # Answers requests for the documents of the application, and for a page that shows its OpenAPI document.
    #
    #   app.documents(title: "Shop", version: "1.2.0")
    #
    # +openapi+, +asyncapi+ and +docs+ are the paths of the documents and of the page, nil for one that is served nowhere. The other arguments
    # are those of #openapi. Servers that are given without a host are left out of the AsyncAPI document.
    #
    # The documents are made once, at the first request for one, and are of all routes but these, also of those that are added later. The
    # page comes with the gem: it needs no network. Blocks have no part in any of it.
    #
    # Raises SetupError if an argument does not fit, a path is taken, or the application has taken its first request.
    def documents(openapi: "/openapi.json", asyncapi: "/asyncapi.json", docs: "/docs", ui: "swagger", openapi_version: "3.1", **info)
      @native.documents({ **Document.info(info), openapi:, asyncapi:, docs:, ui: ui.to_s, openapi_version: })
      self
    end

    # The AsyncAPI 3 document of the application, as data: its WebSockets, event streams and streams of JSON Lines.
    #
    # +info+ is what it says of the whole, as for #openapi. The document is the same as that of the same application in another language.
    def asyncapi(**info)
      @native.asyncapi(Document.info(info))
    end

    # Method and path of every route, in the order added.
    def routes
      @native.routes
    end

    # How many calls have entered Ruby since the start. Refused requests do not.
    def handler_calls
      @native.handler_calls
    end

    # Serves until SIGINT or SIGTERM, or until #stop, then finishes the running requests and returns. A second signal ends the process
    # at once.
    #
    # +unix+ serves on a Unix socket at this path instead of on +host+ and +port+. With +reuse_port+ others that ask for it too may
    # listen on the same port.
    #
    # With several +workers+, that many processes serve, which are forked here: the application must not have taken a request before.
    # One that ends is replaced; SIGHUP replaces all of them one by one. +after_fork+ is called in each of them first, to connect to a
    # database, say.
    def run(host: "127.0.0.1", port: 8000, unix: nil, reuse_port: false, workers: 1, after_fork: nil)
      return for_server { @server.run(host:, port:, unix:, reuse_port:) } if workers == 1
      raise SetupError.new("run", "reuse_port", "workers share one socket, which their parent binds", "leave out one of the two") if reuse_port

      if @native.started?
        problem = "this application has taken requests already, and the runtime's threads do not survive a fork"
        raise SetupError.new("run", "workers", problem, "run it before any test client or server")
      end
      for_server { Workers.new(-> { self }, count: workers, after_fork:).run(host:, port:, unix:) }
    end

    # Serves on an inherited socket, for Workers.
    def work(listener, channel, &)
      @server.work(listener, channel, &)
    end

    # Hands all requests below a path that have no route here to an application of Rack. `"/"` are all.
    #
    #   app.mount("/old", OldApp)
    #
    # Its `SCRIPT_NAME` is the path. +multiprocess+ is what `rack.multiprocess` says, +rewindable+ whether `rack.input` can be read
    # again, as up to Rack 2. Of a Router, or of an application of this kind, the routes are added, see Routes#mount.
    def mount(path, application, **options)
      return super(path, application) if application.is_a?(Routes)

      Rack.mount(@native, path == "/" ? "" : path, application, **options)
      self
    end

    # Hands all requests below a path that have no route here to something with `call` that takes a request and a response, see
    # Exchange.
    def mount_exchanges(path, application)
      Exchange.mount(@native, path == "/" ? "" : path, application)
      self
    end

    # Answers a request of Rack, through everything that a request on a socket passes, in memory: so the application runs under every
    # server of Rack, and with rack-test.
    def call(environment)
      RackApplication.call(self, environment)
    end

    # Serves from now on, and returns the address: `127.0.0.1:8000`, or the path of a Unix socket. Signals stay as they are.
    def listen(host: "127.0.0.1", port: 8000, unix: nil, reuse_port: false)
      @server.listen(host:, port:, unix:, reuse_port:)
    end

    # Finishes the running requests and stops serving; #run returns then.
    def stop
      @server.stop
    end

    # Sends a request through the whole pipeline in memory: the status, the pairs of header fields, and the content. That of the request is a
    # string, or something with `each` that makes chunks when they are wanted. For TestClient.
    def request(method, target, fields, content)
      live(:start)
      @threads.use do
        next @native.request(method, target, fields, content) if content.is_a?(String)

        sending = Sending.new(content)
        sending.run { @native.request(method, target, fields, sending.native) }
      end
    end

    # Opens a socket in memory, or at an address, and yields it, or the parts of the answer instead. For TestClient.
    def connect(address, target, fields)
      live(:start) if address.nil?
      @threads.use { yield @native.connect(address, target, fields) }
    end

    # Does what #on_stop says, for an application that has answered requests in memory. For TestClient.
    def close
      live(:stop)
    end

    def inspect
      "#<#{self.class} #{routes.map { |route| route.join(" ") }.join(", ")}>"
    end

    private

    def check_scheduler(given)
      return if given.nil? || given.respond_to?(:call)

      problem = "#{given.inspect} makes no scheduler: it has no method call"
      raise SetupError.new("app", "fiber_scheduler", problem, "give a lambda that returns a Fiber::Scheduler")
    end

    def add(definition)
      operation = definition.operation
      target, handler = add_operation(definition.verb, operation, definition.block)
      @added << [target, handler, operation, definition]
      definitions << definition
    end

    def serve(given)
      operation = given.operation
      given.kind == :static ? @native.static_files(given.path, given.data, operation) : @native.redirect(given.path, given.data, operation)
      served << given
    end

    def add_operation(verb, operation, block)
      handler = Handler.new(operation, block)
      [@native.add_route(verb, operation.path, operation.data, handler.function, handler.sources, operation.answers), handler]
    end

    # Puts the hooks around the blocks, since nobody adds any from now on.
    def link
      return if @is_linked

      hook_set.seal
      @added.each do |target, handler, operation, definition|
        levels = [hook_set, *definition.levels].each(&:seal).reject(&:empty?)
        link_route(target, handler, operation, definition.kind, levels) unless levels.empty?
      end
      unmatched = Answers.new
      chain = Chain.new([hook_set], unmatched)
      @native.take_refusals(refusing(chain), unmatched) if chain.takes_refusals?(has_route: false)
      @is_linked = true
    end

    def link_route(target, handler, operation, kind, levels)
      chain = Chain.new(levels, operation.answers)
      function, opening = handler.chained(chain)
      is_socket = kind == :socket
      refused = refusing(chain) if chain.takes_refusals?(has_route: true)
      @native.chain_route(target, is_socket ? handler.function : function, handler.sources, refused, is_socket ? opening : nil)
    end

    # What answers refusals of the runtime.
    def refusing(chain)
      ->(request, members) { chain.call(request, Problem.of(**members)) }
    end

    # Is told that the application starts to take requests, or that it has taken the last one.
    def live(event)
      return @lifespan.leave(self, :process) if event == :stop

      @lock.synchronize { link }
      @lifespan.enter(self, :process)
    end

    # Does what is to be done once for all workers around the block.
    def for_server
      @lifespan.enter(self, :server)
      yield
    ensure
      @lifespan.leave(self, :server)
    end
  end
end
