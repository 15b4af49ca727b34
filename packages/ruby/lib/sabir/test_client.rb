# frozen_string_literal: true

require "json"
require "uri"

module Sabir
  # Sends requests to an application in memory, through everything that a request on a socket passes.
  #
  #   client = Sabir::TestClient.new(app)
  #   answer = client.post("/orders", json: { sku: "TEA-0001", quantity: 2 })
  #   answer.status    # => 201
  #   answer.json      # => { "sku" => "TEA-0001", "quantity" => 2 }
  class TestClient
    # An answer.
    class Answer
      # Media types of content that is no text, whatever its bytes look like.
      BYTES = %r{\A(?:audio|font|image(?!/svg)|video)/|octet-stream}i
      private_constant :BYTES

      attr_reader :status, :headers

      def initialize(status, fields, content)
        @status = status
        @headers = Headers.new(fields)
        @content = content
      end

      # The whole content. It is in UTF-8, unless it is coded (RFC 9110 §8.4), or of a kind that is no text: bytes that pass for characters
      # by chance would count as one then.
      #
      # Raises IOError if it breaks off before its end.
      def body
        @body ||= begin
          whole = each_chunk.to_a.join
          text? ? whole.force_encoding(::Encoding::UTF_8) : whole
        end
      end

      # The content as JSON says it.
      def json
        JSON.parse(body)
      end

      # The chunks of content that is made while it is read.
      def each_chunk
        return enum_for(:each_chunk) unless block_given?
        return yield(@content) if @content.is_a?(String)

        while (chunk = @content.read)
          raise IOError, chunk.first if chunk.is_a?(Array)

          yield chunk
        end
      end

      # The fields that have followed the content, once it has been read.
      def trailers
        Headers.new(@content.is_a?(String) ? [] : @content.trailers)
      end

      # Leaves, as a client does that closes its connection.
      def close
        @content.close unless @content.is_a?(String)
      end

      def inspect
        "#<#{self.class} #{status} #{headers.inspect}>"
      end

      private

      def text?
        @headers["content-encoding"].nil? && !@headers["content-type"].to_s.match?(BYTES)
      end
    end

    # A socket in memory.
    class Socket
      # What has come: `message`, `ping`, `pong`, `close` or `gone`. Of a close, +data+ is its code and its reason.
      Event = Struct.new(:type, :data)

      def initialize(native)
        @native = native
      end

      # The subprotocol that the server chose.
      def subprotocol
        @native.subprotocol
      end

      def text(data)
        @native.write(data.encode(::Encoding::UTF_8))
      end

      def binary(data)
        @native.write(data.b)
      end

      def json(value)
        text(JSON.generate(value))
      end

      def ping(data = "")
        @native.ping(data)
      end

      # Writes bytes as they are, which need be no frames.
      def write(bytes)
        @native.write_bytes(bytes)
      end

      def close(code = 1000, reason = "")
        @native.close(code, reason)
      end

      # Waits for what comes next.
      def receive
        Event.new(*@native.receive)
      end

      # Waits for a message, and returns what it says.
      def message
        event = receive
        raise IOError, "no message, but #{event}" unless event.type == :message

        event.data
      end
    end

    # Yields a client, and does what the application's App#on_stop says at the end.
    def self.open(app, **options)
      client = new(app, **options)
      yield client
    ensure
      client&.close
    end

    # +headers+ are sent with every request.
    def initialize(app, headers: {})
      @app = app.respond_to?(:native_app) ? app.native_app : app
      @headers = headers
    end

    %w[GET POST PUT PATCH DELETE HEAD OPTIONS].each do |method|
      define_method(method.downcase) { |path, **options| request(method, path, **options) }
    end

    # Sends a request. +query+ is added to the path; +json+, +form+ or +body+ is the content: a string, or something with `each` that makes
    # chunks when they are wanted.
    def request(method, path, query: nil, headers: {}, cookies: {}, json: nil, form: nil, body: nil)
      fields = Headers.new("host" => "sabir.test").merge!(@headers).merge!(headers)
      fields["cookie"] = cookies.map { |name, value| "#{name}=#{value}" }.join("; ") unless cookies.empty?
      content = content_of(fields, json, form, body)
      fields["content-length"] ||= content.bytesize.to_s if content.is_a?(String) && !content.empty?
      target = query.nil? ? path : "#{path}#{path.include?("?") ? "&" : "?"}#{URI.encode_www_form(query)}"
      Answer.new(*@app.request(method, target, fields.to_a, content))
    ensure
      Log.flush
    end

    # Opens a socket, and yields it. Returns what the block does; the answer, if the server gives one instead.
    def websocket(path, query: nil, headers: {}, subprotocols: [])
      fields = Headers.new("host" => "sabir.test").merge!(@headers).merge!(headers)
      fields["sec-websocket-protocol"] = subprotocols.join(", ") unless subprotocols.empty?
      @app.connect(nil, query.nil? ? path : "#{path}?#{URI.encode_www_form(query)}", fields.to_a) do |opened|
        opened.is_a?(Array) ? Answer.new(*opened) : yield(Socket.new(opened))
      end
    ensure
      Log.flush
    end

    # Does what App#on_stop says. The next request does what App#on_start says again.
    def close
      @app.close
    end

    private

    def content_of(fields, json, form, body)
      return body.respond_to?(:each) ? body : body.to_s.b if json.nil? && form.nil?

      fields["content-type"] ||= json.nil? ? "application/x-www-form-urlencoded" : "application/json"
      json.nil? ? URI.encode_www_form(form) : JSON.generate(json).b
    end
  end
end
