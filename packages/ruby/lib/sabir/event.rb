# frozen_string_literal: true

module Sabir
  # One message of an event stream (WHATWG HTML §9.2).
  #
  # +data+ is text as it is, any other value as JSON; +event+ is the type of the message, +id+ what the client says in `Last-Event-ID`
  # when it comes back, +retry+ the milliseconds after which it does, +comment+ text that clients ignore.
  Event = Struct.new(:data, :event, :id, :retry, :comment, keyword_init: true) do
    # The message as it is sent.
    def encode
      text = data.nil? || data.is_a?(String) ? data : Native.encode_json(data)
      Native.encode_event(text, event&.to_s, id&.to_s, self[:retry], comment)
    end
  end
end
