# frozen_string_literal: true

module Sabir
  module Rack
    # An answer of Rack that is more than strings.
    #
    # Private.
    class Answer < AnswerWriter
      WITHOUT_CONTENT = [204, 205, 304].freeze
      # What ends a field, or a line of it.
      UNSAFE = /[\r\n\0]/
      private_constant :WITHOUT_CONTENT, :UNSAFE

      # What the application returned, and the environment.
      def initialize(result, environment)
        super()
        raise TypeError, "the application returned #{result.inspect}, and not status, headers and body" unless triple?(result)

        status, headers, @body = result.to_a
        @environment = environment
        @status = Integer(status)
        @fields = []
        headers.each { |name, value| add(name, value) }
      rescue StandardError
        close_safely
        raise
      end


      # Calls what an application has put into `rack.response_finished`, the last one first. +ended+ is the answer of this class that has
      # been written, or what was raised; nil for others.
      def self.finish(callbacks, environment, result, ended)
        return ended.when_closed { finish(callbacks, environment, result, nil) } if ended.is_a?(self) && ended.left?

        status, headers = result.to_a if result.respond_to?(:to_a)
        error = ended.is_a?(self) ? ended.error : ended
        callbacks.reverse_each do |callback|
          callback.call(environment, status, headers, error)
        rescue StandardError => failure
          Sabir.logger.error(failure)
        end
      end

      # What has broken the answer off: an exception, or Disconnected where the client has left. Nil when all of it has been written.
      attr_reader :error

      # Whether the stream that the body was called with is still open: another thread writes to it.
      def left?
        @is_left
      end

      # Calls the block when that stream is closed.
      def when_closed(&)
        @stream.when_closed(&)
      end

      # Closes what an application returned whose connection is its own: nothing of it is sent.
      def self.discard(result)
        body = result.to_a[2] if result.respond_to?(:to_a)
        body.close if body.respond_to?(:close)
      end

      private

      def finish
        super unless @is_left
      end

      def triple?(result)
        result.respond_to?(:to_a) && result.to_a.size == 3 && result.to_a[1].respond_to?(:each)
      end

      def add(name, value)
        name = name.to_s
        return @callback = value if name == "rack.hijack"
        return @protocol = value if name == "rack.protocol"
        return if name.start_with?("rack.") || value.nil?

        return @unchunking = Unchunking.new if name.casecmp?("transfer-encoding") && value.to_s.casecmp?("chunked")

        values = value.is_a?(Array) ? value : value.to_s.split("\n", -1)
        values.each { |one| @fields << [name.downcase, one.to_s.b] }
      end

      def close
        @body.close if @body.respond_to?(:close)
      end

      def write
        return upgrade if @protocol
        return hand_over(@callback) if @callback
        return hand_over(@body) if @status < 200 && !@body.respond_to?(:each)

        interruptible { write_content }
      ensure
        HandlerThreads.current.end_lend if @is_lent
      end

      def write_content
        if @environment["REQUEST_METHOD"] == "HEAD" || WITHOUT_CONTENT.include?(@status)
          @native.answer(@status, @fields, "")
        elsif @body.respond_to?(:to_path)
          @native.answer_file(@status, @fields, @body.to_path)
        elsif @body.respond_to?(:to_ary)
          @native.answer(@status, @fields, @body.to_ary.map { |chunk| checked(chunk) }.join)
        elsif @body.respond_to?(:each)
          write_each
        else
          write_stream
        end
      end

      # A first chunk that is all of the content is the answer. Otherwise chunks are sent as they come.
      def write_each
        length = content_length
        @body.each do |chunk|
          chunk = checked(chunk)
          next if @is_answered || chunk.empty?
          next @is_answered = @native.answer(@status, @fields, chunk) if length == chunk.bytesize && !@has_begun

          begin_content
          raise Disconnected unless @native.write(chunk)
        end
        begin_content unless @is_answered
      end

      # The content of a chunk.
      def checked(chunk)
        raise TypeError, "the body has #{chunk.inspect} in it, which is not a String" unless chunk.is_a?(String)

        @unchunking ? @unchunking.decode(chunk) : chunk.b
      end

      def write_stream
        raise TypeError, "#{@body.inspect} is no body: it has neither each nor call" unless @body.respond_to?(:call)

        @stream = Stream.new(@native, @environment["rack.input"])
        begin_content
        @body.call(@stream)
        return if @stream.closed?

        @stream.leave
        @is_left = true
      end

      # The head is sent with the first chunk, so that a failure before it is an answer like any other. The content may take as long as its
      # client likes.
      def begin_content
        return if @has_begun

        @has_begun = true
        HandlerThreads.current.begin_lend
        @is_lent = true
        @native.begin(@status, @fields, [], false)
      end

      def content_length
        field = @fields.find { |name, _| name == "content-length" }
        field && Integer(field.last, exception: false)
      end

      # Changes to a protocol that the client has asked for (RFC 9110 §7.8).
      def upgrade
        unless @environment["rack.protocol"].to_a.include?(@protocol)
          raise ArgumentError, "rack.protocol: the client has not asked for #{@protocol.inspect} on a connection of its own"
        end

        @status = 101
        @fields.reject! { |name, _| %w[connection upgrade].include?(name) }
        @fields.push(["connection", "upgrade"], ["upgrade", @protocol.b])
        hand_over(@callback || (@body.respond_to?(:call) ? @body : method(:write_chunks)))
      end

      # A body that makes chunks has nothing to read.
      def write_chunks(socket)
        @body.each { |chunk| socket.write(chunk) }
      ensure
        socket.close
      end

      # Writes the head to the connection itself, and leaves it to the application.
      def hand_over(callback)
        return stream_to(callback) unless @environment["rack.hijack?"]

        head = head_of_connection
        socket = Hijack.socket(*@native.take_over)
        HandlerThreads.current.begin_lend
        @is_lent = true
        socket.write(head)
        callback.call(socket)
      rescue StandardError
        socket&.close
        raise
      end

      # Over HTTP/2 and in memory there is a stream in place of the connection.
      def stream_to(callback)
        raise ArgumentError, "an answer #{@status} needs a connection of its own, which there is none over HTTP/2 and in memory" if @status < 200

        @body = callback
        interruptible { write_stream }
      end

      def head_of_connection
        fields = @fields
        fields += [%w[connection close]] unless fields.any? { |name, _| name == "connection" }
        fields.each do |name, value|
          raise ArgumentError, "#{name.inspect}: #{value.inspect} is not a header field" if name.match?(UNSAFE) || value.match?(UNSAFE)
        end
        lines = fields.map { |name, value| "#{name}: #{value}\r\n" }
        "HTTP/1.1 #{@status} #{Native.reason(@status)}\r\n#{lines.join}\r\n"
      end
    end
    private_constant :Answer
  end
end
