# frozen_string_literal: true

module Sabir
  # Content that is made while it is sent, on the thread that has run the handler, whose place another one takes meanwhile.
  #
  # Private.
  class Streaming < AnswerWriter
    EVENTS = "text/event-stream"
    private_constant :EVENTS

    # +trailers+ are the fields that follow the content: values by their names, or what gives them when it has ended.
    def initialize(values, status, fields, media_type, trailers = {})
      @values = values
      @status = status
      @fields = fields
      @media_type = media_type
      @trailers = trailers
      super()
      @following = []
    end

    private

    # The thread is free again before its client can send the next request.
    def write
      HandlerThreads.current.lend { interruptible { write_all } }
    end

    def close
      @values.close if @values.respond_to?(:close)
    end

    def finish
      @native.finish(@following)
    end

    def write_all
      head_of_events if events?
      @values.each do |value|
        begin_with(value)
        raise Disconnected unless @native.write(chunk(value))
      end
      begin_with("")
      @following = @trailers.map { |name, value| [name.to_s, (value.respond_to?(:call) ? value.call : value).to_s] }
    end

    # The head is sent with the first chunk, so that a failure before it is an answer like any other.
    def begin_with(value)
      return if @has_begun

      @has_begun = true
      @are_lines = !value.is_a?(String)
      @native.begin(@status, fields_before(value), @trailers.keys.map(&:to_s), events?)
    end

    # The runtime says the media type of events.
    def fields_before(value)
      return @fields if events? || @fields.any? { |name, _| name == "content-type" }

      [["content-type", @media_type || Encoding.media_type_of_stream(value)], *@fields]
    end

    def events?
      @media_type == EVENTS
    end

    # Sends the head when the first event is late.
    def head_of_events
      native = @native
      status = @status
      fields = @fields
      HeadTimer.after_delay { native.begin(status, fields, [], true) if native.open? }
    end

    def chunk(value)
      return event(value) if events?
      return value.b if value.is_a?(String) && !@are_lines

      "#{Native.encode_json(value)}\n"
    end

    def event(value)
      value.is_a?(Event) ? value.encode : Event.new(data: value).encode
    end
  end
  private_constant :Streaming
end
