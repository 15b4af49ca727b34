# frozen_string_literal: true

module Sabir
  module Sinatra
    # A block of a route with a contract, and the arguments that it takes. They are decoded by the runtime: before the application is
    # called where that serves it, and when the route's turn comes otherwise.
    #
    # Private.
    class Contract
      # A field of requests in memory, which says who has asked.
      TOKEN = "x-sabir-arguments"
      DECODED = "sabir.arguments"
      private_constant :TOKEN

      # Whether a route has a contract: options of one, or a block with keywords.
      def self.of?(owner, options, block)
        options.any? { |name,| option?(owner, name) } || block.parameters.any? { |kind,| %i[key keyreq keyrest].include?(kind) }
      end

      # Whether an option of a route is one of contracts, and no condition that the class knows.
      def self.option?(owner, name)
        Operation.option?(name) && !owner.respond_to?(name, true)
      end

      attr_reader :verb, :operation

      def initialize(owner, verb, path, options, block)
        @verb = verb
        @operation = Operation.new(verb, path, options)
        @keeps_content = @operation.streams.empty?
        @has_body = @operation.data.key?("requestBody")
        @block = block
        @method = Action.unbound(owner, "#{verb} #{path}", block)
        @lock = Mutex.new
        @decoded = {}
      end

      # Whether the content of a request is there beside the arguments. A form of several parts, and what is taken while it arrives, is not.
      def keeps_content?(request)
        @keeps_content && !(@has_body && request.header("content-type").to_s.match?(/\Amultipart/i))
      end

      # Calls the block with its arguments, as the action of a route does.
      def call(instance, _values)
        arguments = instance.arguments_of(self) || decode(instance.env)
        answer(instance, handler.application.call(@method, instance, arguments))
      end

      # Adds the route to an application of the runtime. The block gets arguments, and the request.
      def add_to(native, &receiver)
        native.add_route(@verb, @operation.path, @operation.data, handler.function(receiver), handler.sources, @operation.answers)
      end

      private

      def handler
        @handler ||= ContractHandler.new(@operation, @block)
      end

      # Numbers that are statuses.
      STATUSES = (100..599)
      private_constant :STATUSES

      # What becomes of the result: texts and statuses are what they are elsewhere, and all else is JSON.
      def answer(instance, result)
        instance.status(@operation.answers.status) if @operation.answers.status && instance.status == 200
        return result if result.nil? || result.is_a?(String) || status?(result) || answer_of_rack?(result) || stream?(result)

        instance.content_type(@operation.answers.media_type || :json)
        Native.encode_json(result)
      end

      def status?(result)
        result.is_a?(Integer) && STATUSES.cover?(result)
      end

      def answer_of_rack?(result)
        result.is_a?(Array) && result.first.is_a?(Integer) && result.size == 3 && result[1].is_a?(Hash)
      end

      def stream?(result)
        result.respond_to?(:each) && !result.respond_to?(:to_ary) && !result.respond_to?(:to_h)
      end

      # Has the runtime decode a request that it has not seen, or ends it with the problem.
      def decode(env)
        raise "content that is taken while it arrives needs the server of the runtime" unless @keeps_content

        token = SecureRandom.hex(16)
        target = env["QUERY_STRING"].to_s.empty? ? env["PATH_INFO"] : "#{env["PATH_INFO"]}?#{env["QUERY_STRING"]}"
        status, fields, content = decoder.use { @native.request(env["REQUEST_METHOD"], target, fields_of(env, token), content_of(env)) }
        arguments = @lock.synchronize { @decoded.delete(token) }
        return arguments if arguments

        throw(:halt, [status, fields.to_h, [content]])
      end

      # The threads of an application that has this route alone.
      def decoder
        @lock.synchronize do
          @decoder ||= begin
            @native = Native::App.new({ handler_threads: 1 }, {})
            add_to(@native) do |arguments, request|
              @lock.synchronize { @decoded[request.header(TOKEN)] = arguments }
              nil
            end
            HandlerThreads.new(@native)
          end
        end
      end

      # The protocol's own, and what no client may say.
      LEFT_OUT = %w[HTTP_VERSION HTTP_TRANSFER_ENCODING HTTP_X_SABIR_ARGUMENTS].freeze
      private_constant :LEFT_OUT

      def fields_of(env, token)
        fields = env.filter_map do |name, value|
          [name.delete_prefix("HTTP_").tr("_", "-").downcase, value.to_s] if name.start_with?("HTTP_") && !LEFT_OUT.include?(name)
        end
        fields << ["content-type", env["CONTENT_TYPE"]] if env["CONTENT_TYPE"]
        fields << ["host", "localhost"] unless env.key?("HTTP_HOST")
        fields << [TOKEN, token]
      end

      def content_of(env)
        input = env["rack.input"]
        return "".b if input.nil?

        input.rewind if input.respond_to?(:rewind)
        content = input.read.to_s.b
        input.rewind if input.respond_to?(:rewind)
        content
      end
    end
    private_constant :Contract
  end
end
