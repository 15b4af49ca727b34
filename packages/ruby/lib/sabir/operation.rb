# frozen_string_literal: true

module Sabir
  # A route as the runtime takes it: an OpenAPI operation, and the arguments that a block may take, by their names.
  #
  # Private.
  class Operation
    # Where an argument comes from. +may_be_absent+ is whether there may be neither a value nor a default in the contract.
    Argument = Struct.new(:kind, :location, :name, :converter, :may_be_absent)

    # Options that are fields of an Operation Object.
    FIELDS = {
      summary: "summary", description: "description", operation_id: "operationId", tags: "tags", deprecated: "deprecated",
      responses: "responses", security: "security", external_docs: "externalDocs"
    }.freeze
    # Options that OpenAPI lacks.
    EXTENSIONS = %i[body_limit timeout_ms hidden].freeze
    PLACES = { params: "path", query: "query", headers: "header", cookies: "cookie" }.freeze
    CONTENTS = %i[body body? form form? request_body streaming body_items parts].freeze
    # Options of routes of sockets.
    SOCKET_OPTIONS = %i[
      incoming outgoing subprotocols allowed_origins invalid_message message_limit idle_timeout_ms ping_interval_ms send_queue_limit
    ].freeze
    OPTIONS = [*FIELDS.keys, *EXTENSIONS, *PLACES.keys, *CONTENTS, :consumes, :parameters, :use, :status, :media_type, :produces, :returns, :items, :events].freeze
    # Options that say what a success is.
    DESCRIBING_ANSWERS = %i[status produces returns items events].freeze
    # What the converters of paths have for Ruby.
    PATH_CONVERTERS = { "date" => Date.method(:iso8601), "datetime" => Time.method(:iso8601) }.freeze
    private_constant :DESCRIBING_ANSWERS, :FIELDS, :EXTENSIONS, :PLACES, :CONTENTS, :SOCKET_OPTIONS, :OPTIONS, :PATH_CONVERTERS

    # Whether routes have an option with this name.
    def self.option?(name)
      OPTIONS.include?(name)
    end

    # The operation of a route of sockets.
    def self.of_socket(path, options)
      given = options.slice(*SOCKET_OPTIONS)
      operation = new("GET", path, options.except(*SOCKET_OPTIONS), given)
      operation.arguments[:ws].converter = WebSocket.converter(options[:incoming])
      operation
    end

    # The path in the runtime's syntax.
    attr_reader :path
    # The Operation Object.
    attr_reader :data
    attr_reader :arguments, :answers

    def initialize(method, path, options, socket = nil)
      @route = "#{method} #{path}"
      unknown = options.keys - OPTIONS
      mistake(unknown.first.to_s, "there is no such option", "use one of #{OPTIONS.join(", ")}") unless unknown.empty?

      @path = path.gsub(%r{(?<=/):([A-Za-z_]\w*)}, '{\1}')
      @options = options
      @socket = socket
      @arguments = {}
      @answers = Answers.new(options[:status], options[:media_type])
      @data = derive
    end

    # The operation of a route of server-sent events.
    def self.of_events(path, options)
      headers = { last_event_id?: String, **options.fetch(:headers, {}) }
      new("GET", path, { media_type: "text/event-stream", events: nil, **options, headers: })
    end

    # Whether the answer is a stream of events.
    def events?
      @answers.media_type == "text/event-stream"
    end

    # The names of what is taken while it arrives.
    def streams
      @arguments.filter_map { |name, argument| name if argument.kind == "content" }
    end

    # Refuses the route.
    def mistake(field, problem, remedy)
      raise SetupError.new(@route, field, problem, remedy)
    end

    private

    def derive
      data = FIELDS.to_h { |option, field| [field, @options[option]] }.compact
      data["security"] = security if data["security"]
      data["responses"] = responses
      data.delete("responses") if data["responses"].empty?
      extension = @options.slice(*EXTENSIONS).transform_keys(&:to_s)
      stages = Stage.all("#{@verb} #{@path}", @options[:use])
      extension["stages"] = stages unless stages.empty?
      extension["websocket"] = socket if @socket
      data["x-sabir"] = extension unless extension.empty?
      parameters = path_parameters + PLACES.flat_map { |option, place| option == :params ? [] : parameters_of(option, place) }
      parameters += given_parameters
      data["parameters"] = parameters unless parameters.empty?
      body = request_body
      data["requestBody"] = body if body
      add_argument(:request, Argument.new("request", nil, nil, nil, false))
      data
    end

    # What the runtime knows of the sockets.
    def socket
      add_argument(:ws, Argument.new("socket", nil, nil, nil, false))
      described = @socket.transform_keys(&:to_s)
      %w[incoming outgoing].each { |name| described[name] &&= at(name) { Schema.of(described[name]) } }
      described["invalid_message"] &&= described["invalid_message"].to_s
      described
    end

    def path_parameters
      described = parameters(:params)
      names = @path.scan(/\{([^{}:]+)(?::([^{}]*))?\}/)
      surplus = described.keys - names.map { |name, _| own_name(name, "path") }
      mistake("params", "the path has no variable #{surplus.first}", "use the names of the path") unless surplus.empty?

      names.filter_map do |name, converter|
        own_name = own_name(name, "path")
        written = described[own_name]
        convert = written.nil? ? PATH_CONVERTERS[converter] : at("params.#{name}") { Schema.converter(written) }
        add_argument(own_name, Argument.new("parameter", "path", name, convert, false))
        unless written.nil?
          { "name" => name, "in" => "path", "required" => true, "schema" => at("params.#{name}") { Schema.of(written) } }
        end
      end
    end

    def parameters_of(option, location)
      parameters(option).map do |key, written|
        name = Schema.plain_name(key)
        schema, converter = at("#{option}.#{name}") { [Schema.of(written), Schema.converter(written)] }
        is_optional = key.end_with?("?")
        has_default = Schema.default?(written)
        wire = location == "header" ? name.to_s.tr("_", "-") : name.to_s
        add_argument(name, Argument.new("parameter", location, wire, converter, is_optional && !has_default))
        { "name" => wire, "in" => location, "required" => !(is_optional || has_default), "schema" => schema }
      end
    end

    def parameters(option)
      given = @options.fetch(option, {})
      mistake(option.to_s, "#{given.inspect} names no parameters", "give a Hash of names and schemas") unless given.is_a?(Hash)
      given
    end

    # Parameter Objects of OpenAPI, for what a schema alone cannot say. `as` is the name of the argument, where it is another one.
    def given_parameters
      (@options[:parameters] || []).map do |given|
        parameter = given.transform_keys(&:to_s)
        parameter["schema"] = at("parameters.schema") { Schema.of(parameter["schema"]) } if parameter.key?("schema")
        name, location = parameter.values_at("name", "in").map(&:to_s)
        may_be_absent = !parameter["required"] && !Schema.default?(given[:schema] || given["schema"])
        converter = at("parameters.schema") { Schema.converter(given[:schema] || given["schema"]) }
        own_name = parameter.delete("as")&.to_sym || own_name(name, location)
        @arguments.delete(own_name) if location == "path"
        add_argument(own_name, Argument.new("parameter", location, name, converter, may_be_absent))
        parameter
      end
    end

    # The name of an argument, unless the parameter says it.
    def own_name(name, location)
      name = name.tr("-", "_")
      (location == "header" ? name.downcase : name).to_sym
    end

    # What a success is, and what is said of other answers.
    def responses
      given = (@options[:responses] || {}).to_h { |status, answer| [status.to_s, answer] }
      return given unless DESCRIBING_ANSWERS.any? { |option| @options.key?(option) }

      status = (@options[:status] || 200).to_s
      own = given.fetch(status, {})
      content = { **success, **(own[:content] || own["content"] || {}) }
      { **given, status => content.empty? ? own : { **own.except(:content), "content" => content } }
    end

    # The content of a success, by media type.
    def success
      return { "text/event-stream" => { "itemSchema" => at("events") { EventSchema.of(@options[:events]) } } } if @options.key?(:events)
      return { "application/jsonl" => { "itemSchema" => at("items") { Schema.of(@options[:items]) } } } if @options.key?(:items)

      media = @options.key?(:returns) ? { "schema" => at("returns") { Schema.of(@options[:returns]) } } : {}
      media_types = Array(@options[:produces] || @options[:media_type])
      media_types = ["application/json"] if media_types.empty? && !media.empty?
      media_types.to_h { |media_type| [media_type, media] }
    end

    def request_body
      given = CONTENTS & @options.keys
      # What arrives while it is taken may be described, too.
      return content(:content, nil) && @options[:request_body] if given.sort == %i[request_body streaming]

      mistake(given.join(", "), "there is one body", "keep one of them") if given.size > 1
      case given.first
      when :body, :body? then plain_body(given.first, @options[given.first])
      when :form, :form? then form(given.first, @options[given.first])
      when :request_body then any_body(@options[:request_body])
      when :streaming then content(:content, nil) && nil
      when :parts then content(:parts, "multipart/form-data" => {})
      when :body_items then content(:items, "application/jsonl" => { "itemSchema" => at("body_items") { Schema.of(@options[:body_items]) } })
      end
    end

    # The alternatives of `security:`.
    def security
      Array(@options[:security]).map do |alternative|
        case alternative
        when Scheme, Hash then alternative.to_h.to_h { |name, scopes| [name.to_s, Array(scopes)] }
        when String, Symbol then { alternative.to_s => [] }
        else mistake("security", "#{alternative.inspect} is no security requirement", "use what App#security has returned")
        end
      end
    end

    def plain_body(option, written)
      schema, converter = at("body") { [Schema.of(written), Schema.converter(written)] }
      add_argument(:body, Argument.new("body", nil, nil, converter, option == :body?))
      described_body(option, %w[application/json], schema)
    end

    # A body with one schema, of these media types unless the route says others.
    def described_body(option, media_types, schema)
      content = Array(@options[:consumes] || media_types).to_h { |media_type| [media_type, { "schema" => schema }] }
      option.end_with?("?") ? { "content" => content } : { "required" => true, "content" => content }
    end

    def any_body(written)
      add_argument(:body, Argument.new("body", nil, nil, nil, true))
      written
    end

    def form(option, written)
      return whole_form(option, written) unless written.is_a?(Hash) && !written.key?(:type) && !written.key?("type")

      members = written.transform_keys { |key| Schema.plain_name(key) }
      optional = written.keys.filter_map { |key| Schema.plain_name(key) if key.end_with?("?") }
      members.each do |name, member|
        converter = at("form.#{name}") { Schema.converter(member) }
        may_be_absent = option == :form? || (optional.include?(name) && !Schema.default?(member))
        add_argument(name, Argument.new("member", nil, name.to_s, converter, may_be_absent))
      end
      form_body(option, at("form") { Schema.object(members, optional) })
    end

    # A form as one value.
    def whole_form(option, written)
      schema, converter = at("form") { [Schema.of(written), Schema.converter(written)] }
      add_argument(:body, Argument.new("body", nil, nil, converter, option == :form?))
      form_body(option, schema)
    end

    def form_body(option, schema)
      has_files = schema.inspect.include?('"format"=>"binary"')
      described_body(option, has_files ? %w[multipart/form-data] : %w[application/x-www-form-urlencoded multipart/form-data], schema)
    end

    # Content that is taken while it arrives.
    def content(name, types)
      add_argument(name, Argument.new("content", nil, nil, name == :parts ? Parts.method(:new) : nil, false))
      # No lines are lines, too.
      types.nil? || { "required" => name != :items, "content" => types }
    end

    def add_argument(name, argument)
      mistake(name.to_s, "two parts of the request have this name", "rename one") if @arguments.key?(name) && name != :request
      @arguments[name] ||= argument
    end

    def at(field)
      yield
    rescue ArgumentError => error
      raise if error.is_a?(SetupError)

      mistake(field, error.message, "see Sabir::Schema")
    end
  end
  private_constant :Operation
end
