# frozen_string_literal: true

module Sabir
  # The verbs.
  #
  # Beside a path and a block, each takes the contract of the route:
  #
  # - `query:`, `headers:`, `cookies:`, `params:`: Hashes of names and schemas, see Schema. A name that ends in `?` may be
  #   absent, and so may one with a default;
  # - `body:` the schema of a JSON body; `form:` a Hash of fields, or the schema of a form; `body?:` and `form?:` where there may be none;
  #   `consumes:` the media types, where it is another one;
  # - `streaming: true`: the block takes `content:` while it arrives; `body_items:` (the schema of a line of JSON): it takes `items:`;
  #   `parts: true`: it takes the `parts:` of a form;
  # - `request_body:`, `parameters:`: objects of OpenAPI, for what the others cannot say; a parameter with `as` has that name in the block;
  # - `status:` of a success, the `media_type:` of values, or those among which the client may choose, `produces:`, and what they are,
  #   `returns:` (a schema), `items:` (that of the lines of a stream of JSON) or `events:` (those of the data by the types of events);
  # - `summary:`, `description:`, `operation_id:`, `tags:`, `deprecated:`, `responses:`;
  # - `body_limit:` and `timeout_ms:`, in place of the settings;
  # - `use:` stages in place of those around the route, such as `[Sabir::Cors.off]`;
  # - `on_request:`, `pre_validation:`, `pre_handler:`, `on_response:`, `on_error:` and `middleware:` hooks of the route, see Hookable;
  # - `hidden: true` leaves the route out of documents.
  #
  # The block takes those of them that it names, as keywords or by position, and `request` if it names that.
  module Routes
    include Hookable

    # Adds a route.
    #
    # Raises SetupError if the path, an option or the block does not fit, another route matches the same requests, or the
    # application has taken its first request.
    def route(method, path, **options, &block)
      define(:http, method, path, options, block)
      self
    end

    def get(path, **options, &block)
      route("GET", path, **options, &block)
    end

    def post(path, **options, &block)
      route("POST", path, **options, &block)
    end

    def put(path, **options, &block)
      route("PUT", path, **options, &block)
    end

    def patch(path, **options, &block)
      route("PATCH", path, **options, &block)
    end

    def delete(path, **options, &block)
      route("DELETE", path, **options, &block)
    end

    def head(path, **options, &block)
      route("HEAD", path, **options, &block)
    end

    def options(path, **options, &block)
      route("OPTIONS", path, **options, &block)
    end

    # A route of every method that has none of its own on the same path.
    def all(path, **options, &block)
      route("*", path, **options, &block)
    end

    # Adds a route of WebSockets. The block is called when one has been opened, with `ws` and what else it names; it says what is done
    # when something happens, see WebSocket. Parameters are decoded and validated before the 101.
    #
    #   app.websocket("/chat/{room}") do |ws, room:|
    #     ws.on_open { ws.subscribe(room) }
    #     ws.on_message { |event| ws.publish(room, event.data) }
    #   end
    #
    # +incoming+ is the schema of messages, which are JSON then: one that does not fit never reaches the block, and is answered with the
    # problem, or closes the socket with `invalid_message: :close`. Further options are `outgoing`, `subprotocols`, `allowed_origins`,
    # `message_limit`, `idle_timeout_ms`, `ping_interval_ms` and `send_queue_limit`.
    def websocket(path, **options, &block)
      define(:socket, "GET", path, options, block)
      self
    end

    # Adds a route of server-sent events. The block takes `events`, to which it gives them, and `last_event_id` if it names that; or it
    # returns an Enumerator of them, or #events.
    #
    #   app.sse("/ticks") do |events, last_event_id: nil|
    #     10.times { |n| events << Sabir::Event.new(data: { n: }, id: n) }
    #   end
    def sse(path, **options, &block)
      define(:events, "GET", path, options, block)
      self
    end

    # Answers GET and HEAD of the paths below +path+ with the files of a folder. A route comes before a file. What is there is sent with a type by
    # its name, conditions and ranges count, and nothing outside of the folder can be reached.
    #
    #   app.static("/assets", "public", immutable: ["build/*"])
    #
    # The options are those of `docs/reference/static-files.md`, and `use:` and `security:` as of routes. Blocks have no part in any of it.
    #
    # Raises SetupError if there is no such folder, an option does not fit, or something else answers below the path.
    def static(path, directory, use: nil, security: nil, **options)
      serve(Served.new(:static, path, { directory: directory.to_s, **options }, security, use))
      self
    end

    # Sends requests of every method for +path+ to a path of this host, or to a URL. +to+ may have the variables of the path, and gets the
    # query of a request unless it has one itself.
    #
    #   app.redirect("/old/{id}", "/new/{id}")
    #
    # Raises SetupError if the status or the location does not fit, or a route answers every method of the path.
    def redirect(path, to, status: 308, use: nil, security: nil)
      serve(Served.new(:redirect, path, { to:, status: }, security, use))
      self
    end

    # Adds every route of another router or application below +prefix+, which is `/` where they stay as they are. Routes are copied: adding to
    # the other one later has no effect here.
    #
    # Raises SetupError if a route does not fit below the prefix.
    def mount(prefix, other)
      raise SetupError.new("mount #{prefix}", "prefix", "it does not start with /", "write it from the root") unless prefix.start_with?("/")

      # It may be mounted into itself.
      mounted = other.definitions.map { |definition| definition.under(prefix).within(other.stages).inside(other.hook_set) }
      mounted.each { |definition| add(definition) }
      other.served.map { |served| served.under(prefix).within(other.stages) }.each { |served| serve(served) }
      self
    end

    protected

    # The routes as they were written.
    def definitions
      @definitions ||= []
    end

    # What the runtime answers by itself, as it was written.
    def served
      @served ||= []
    end

    # The stages around all of them.
    def stages
      @stages ||= []
    end

    private

    def define(kind, method, path, options, block)
      own = HookSet.new("#{method} #{path}", options.slice(*HookSet::OPTIONS))
      add(Definition.new(kind, method, path, options.except(*HookSet::OPTIONS), block, [own]))
    end
  end
end
