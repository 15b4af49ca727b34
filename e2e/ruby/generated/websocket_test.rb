# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class WebsocketTest < FixtureTest
  category "websocket"

  # A request that wants another protocol is told what is there.
  fixture "another_upgrade" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Another version is answered with the one that there is.
  fixture "another_version" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Bytes are sent back as bytes, whatever they are.
  fixture "bytes" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Where the route says so, bytes in place of JSON close with 1003.
  fixture "bytes_close_with_1003" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
      invalid_message: "close",
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # A character may be spread over fragments.
  fixture "characters_over_fragments" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A close between fragments ends the socket; the message is not delivered.
  fixture "close_between_fragments" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A close is answered with its code.
  fixture "close_codes" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A code that no close frame may have is refused.
  fixture "close_codes_that_are_none" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A close without a code is answered without one.
  fixture "close_without_a_code" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Blocks of every kind are read: stored ones, with fixed codes, several, and a last one.
  fixture "compressed_blocks" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A compressed message may come in fragments, of which the first says that it is.
  fixture "compressed_fragments" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A compressed message arrives as what it was.
  fixture "compressed_message" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The limit holds for what a message is when it is decompressed, and is noticed before all of it is.
  fixture "compressed_message_that_is_too_large" do
    app = Sabir::App.new
    app.websocket("/echo", message_limit: 1000) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # What is compressed comes back as it was.
  fixture "compressed_messages_go_back" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Text is UTF-8 when it is decompressed, too.
  fixture "compressed_text_that_is_not_utf_8" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A client that can compress is answered with compression, each message by itself.
  fixture "compression" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # That a message is compressed is said once, by its first frame.
  fixture "compression_bit_of_a_continuation" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Control frames are not compressed.
  fixture "compression_bit_of_a_control_frame" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Without compression in the settings no offer is taken.
  fixture "compression_off" do
    app = Sabir::App.new(websocket_compression: "off")
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # With context takeover a message may refer to those before it.
  fixture "context_of_the_client" do
    app = Sabir::App.new(websocket_compression: "context_takeover")
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Where the settings say so, what came before helps to compress, unless the client wants that not.
  fixture "context_takeover" do
    app = Sabir::App.new(websocket_compression: "context_takeover")
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Without context takeover a message that refers to those before it is refused.
  fixture "context_that_is_not_kept" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A continuation without a beginning is refused.
  fixture "continuation_of_nothing" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A control frame has at most 125 bytes.
  fixture "control_frames_are_short" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A control frame is not fragmented.
  fixture "control_frames_are_whole" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A cookie that does not fit is refused before the socket is opened.
  fixture "cookies_are_checked_before" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo", cookies: { session: { type: :string, minLength: 4 } }) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A parameter that is absent has its default.
  fixture "defaults_arrive" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo", query: { limit: { type: :integer, default: 10 } }) do |ws, limit:|
      ws.on_open { ws.json(echo(query: { limit: }).merge(subprotocol: ws.subprotocol)) }
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # An empty message may be compressed as well.
  fixture "empty_compressed_message" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Fragments may be empty.
  fixture "empty_fragments" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A star permits the pages of all origins.
  fixture "every_origin" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo", allowed_origins: ["*"]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Texts of messages have the types of their formats.
  fixture "formats_in_messages" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { id: { type: :string, format: :uuid }, on: { type: :string, format: :date } },
        required: ["id", "on"],
        additionalProperties: false,
      },
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # A message may come in fragments, and is one.
  fixture "fragments" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # What cannot become UTF-8 any more is refused at once, not at the end of its message.
  fixture "fragments_that_are_not_utf_8" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The limit of frames holds within messages that are small enough.
  fixture "frame_limit" do
    app = Sabir::App.new(websocket_frame_limit: 125)
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A frame that says that it has 2 GB is refused by its head: nothing is waited for.
  fixture "frame_of_two_gigabytes" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A frame may arrive in pieces, cut anywhere, and several at once.
  fixture "frames_cut_anywhere" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A client masks its frames, empty ones too.
  fixture "frames_that_are_not_masked" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A code has two bytes.
  fixture "half_a_close_code" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # What cannot become UTF-8 any more is refused before the rest of its frame comes.
  fixture "half_a_frame_that_is_not_utf_8" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A handler closes with a code and a reason of its own.
  fixture "handler_closes" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      count = 0
      ws.on_message do
        count += 1
        ws.text(count.to_s)
        if count == 2
          ws.close(4000, "as you wish")
        end
      end
    end
    app
  end

  # A handler may close at once.
  fixture "handler_closes_at_once" do
    app = Sabir::App.new
    app.websocket("/echo") { |ws| ws.on_open { ws.close(1008, "not you") } }
    app
  end

  # A handler has something of its own for each socket.
  fixture "handler_counts" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      count = 0
      ws.on_message do
        count += 1
        ws.text(count.to_s)
      end
    end
    app
  end

  # A handler that fails closes with 1011; the client does not see why.
  fixture "handler_fails" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      count = 0
      ws.on_message do |event|
        count += 1
        event.binary? ? ws.binary(event.data) : ws.text(event.data)
        if count == 1
          raise "the password is secret"
        end
      end
    end
    app
  end

  # A handler that fails before it takes a message closes with 1011, after what it has sent.
  fixture "handler_fails_at_once" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_open do
        ws.text("hello")
        raise "the password is secret"
      end
    end
    app
  end

  # A problem that is the client's own closes with 1008 and says why; one that is the server's own does not.
  fixture "handler_raises_a_problem" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      count = 0
      ws.on_message do |event|
        count += 1
        event.binary? ? ws.binary(event.data) : ws.text(event.data)
        if count == 1
          raise Sabir::Problem.new("There is no such room.", status: 404)
        end
      end
    end
    app.mount("/", router)
    app
  end

  # A problem of the server closes with 1011, and the client does not see its detail.
  fixture "handler_raises_a_problem_of_its_own" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      count = 0
      ws.on_message do |event|
        count += 1
        event.binary? ? ws.binary(event.data) : ws.text(event.data)
        if count == 1
          raise Sabir::Problem.new("The database is gone.", status: 503)
        end
      end
    end
    app
  end

  # When its handler returns, a socket is closed with 1000.
  fixture "handler_returns" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      count = 0
      ws.on_message do |event|
        count += 1
        event.binary? ? ws.binary(event.data) : ws.text(event.data)
        if count == 1
          ws.close
        end
      end
    end
    app
  end

  # What a handler sent before it returned arrives before the close.
  fixture "handler_sends_and_returns" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_open do
        ws.text("one")
        ws.binary(decoded("AAH/"))
        ws.json({ three: [3] })
        ws.close
      end
    end
    app
  end

  # A handler need not answer.
  fixture "handler_that_says_nothing" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") { nil }
    app.mount("/", router)
    app
  end

  # A handshake is answered with what proves that the server has understood its key.
  fixture "handshake" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # What a handshake says is in lists, and in any case of letters.
  fixture "handshake_in_other_words" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # What is no handshake is told so, whatever else is wrong with it.
  fixture "handshake_is_checked_before_parameters" do
    app = Sabir::App.new
    app.websocket("/echo", query: { limit: Integer }) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A handshake has a key and no content; where it is refused, a further request on its connection is
  # answered.
  fixture "handshake_with_content" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/chat/{room}", params: { room: Integer }) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    router.get("/items") { "ok" }
    app.mount("/", router)
    app
  end

  # A header field that is missing is refused before the socket is opened.
  fixture "header_fields_are_checked_before" do
    app = Sabir::App.new
    app.websocket("/echo", headers: { x_name: String }) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # HTTP/1.0 has no upgrade.
  fixture "http_1_0" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The highest bit of a length is zero.
  fixture "length_with_its_highest_bit" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The server writes a length in its shortest form.
  fixture "lengths_are_minimal" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Messages of every length arrive, also at the edges of the three forms of a length.
  fixture "lengths_of_messages" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A length in a longer form than it needs is refused.
  fixture "lengths_that_are_not_minimal" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A long message is compressed, for clients that can.
  fixture "long_messages_are_compressed" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A reason that a close frame has no room for is cut, at the end of a character.
  fixture "long_reasons" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_open do
        ws.close(
          4000,
          "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
        )
      end
    end
    app
  end

  # What cannot be decompressed is refused.
  fixture "malformed_compressed_message" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # An offer that is not well formed is declined.
  fixture "malformed_compression" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A key is base64 of 16 bytes.
  fixture "malformed_keys" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Names of subprotocols are tokens.
  fixture "malformed_subprotocols" do
    app = Sabir::App.new
    app.websocket("/echo", subprotocols: ["chat.v1"]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Messages are answered in their order, however fast they come.
  fixture "many_messages" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Whatever the key of a mask is, the content is the same.
  fixture "masks" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A message with a member that its schema does not have does not fit.
  fixture "members_that_are_not_known" do
    app = Sabir::App.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
    }
    app.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app
  end

  # A message that is larger than the limit closes with 1009, one that is as large does not.
  fixture "message_limit" do
    app = Sabir::App.new
    app.websocket("/echo", message_limit: 10) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The limit of messages is a setting, too.
  fixture "message_limit_of_the_settings" do
    app = Sabir::App.new(websocket_message_limit: 10)
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The fragments of a message count together.
  fixture "message_limit_over_fragments" do
    app = Sabir::App.new
    app.websocket("/echo", message_limit: 10) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # JSON is text: bytes are answered with a problem.
  fixture "message_of_bytes_where_json_is_due" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # A message that does not fit is answered with a problem that names all that is wrong; the handler does not
  # see it, and the socket goes on.
  fixture "message_that_does_not_fit" do
    app = Sabir::App.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
    }
    app.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app
  end

  # A message that is no JSON is answered with a problem.
  fixture "message_that_is_no_json" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # A message cannot begin within another one.
  fixture "message_within_a_message" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # What the client has sent behind the message that its handler closes at is answered by nothing, and there
  # is one close.
  fixture "messages_behind_the_last_one" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      count = 0
      ws.on_message do
        count += 1
        ws.text(count.to_s)
        if count == 1
          ws.close(4000, "enough")
        end
      end
    end
    app
  end

  # A client need not compress, though it could.
  fixture "messages_that_are_not_compressed" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Messages that come together with a close are answered before it.
  fixture "messages_with_a_close" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Messages that come together with a frame that breaks the protocol are answered before the connection is
  # failed.
  fixture "messages_with_a_mistake" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Messages that have a schema arrive as values of it.
  fixture "messages_with_a_schema" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # Where the route says so, a message that does not fit closes with 1008.
  fixture "misfit_closes_with_1008" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
      invalid_message: "close",
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # Where a route names origins, their pages may connect and no others.
  fixture "named_origins" do
    app = Sabir::App.new
    app.websocket("/echo", allowed_origins: ["https://app.example"]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Where the route says so, a message that is no JSON closes with 1007.
  fixture "no_json_closes_with_1007" do
    app = Sabir::App.new
    router = Sabir::Router.new
    options = {
      incoming: {
        type: :object,
        properties: { text: { type: :string, minLength: 1 }, count: { type: :integer, minimum: 1 } },
        required: ["text", "count"],
        additionalProperties: false,
      },
      invalid_message: "close",
    }
    router.websocket("/echo", **options) do |ws|
      ws.on_message { |event| ws.json(tag(event.data, options[:incoming])) }
    end
    app.mount("/", router)
    app
  end

  # A handshake has a key, and one only.
  fixture "no_key" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Without a subprotocol in common the socket has none, and the client decides.
  fixture "no_subprotocol_in_common" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo", subprotocols: ["chat.v1"]) do |ws|
      ws.on_open { ws.json(echo.merge(subprotocol: ws.subprotocol)) }
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A handshake for a path without a route is not found.
  fixture "no_such_path" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A handshake for a route that has no WebSocket gets what the route answers.
  fixture "no_such_socket_behind_a_route" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.get("/page") { "page" }
    app
  end

  # A request that wants no WebSocket is told what is there, and in which version.
  fixture "no_upgrade" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A handshake has a version, and one only.
  fixture "no_version" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # What follows a close is ignored.
  fixture "nothing_after_a_close" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Extensions that the server does not know are left out.
  fixture "other_extensions" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A WebSocket is asked for by GET. Its path does not allow HEAD, which is refused as a GET is that asks for
  # no WebSocket.
  fixture "other_methods" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.websocket("/both") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.post("/both") { "made" }
    app
  end

  # Pages of other hosts may not connect: a browser would let them, with the cookies of the server.
  fixture "other_origins" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Pages of the server's own host may connect.
  fixture "own_origin" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A socket has the parameters of its path, query, header section and cookies, with their types.
  fixture "parameters_arrive" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/rooms/{room:int}", query: { limit?: Integer }, headers: { x_name?: String }, cookies: {
      theme?: String,
    }) do |ws, limit: nil, x_name: nil, theme: nil, room:|
      ws.on_open do
        ws.json(echo(path: { room: }, query: { limit: }, header: { "x-name": x_name }, cookie: {
          theme:,
        }).merge(subprotocol: ws.subprotocol))
      end
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Control frames may come between fragments, and are answered at once.
  fixture "ping_between_fragments" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A ping is answered with what it says.
  fixture "pings" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A handler may send a ping.
  fixture "pings_of_the_handler" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_open { ws.ping("there?") }
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A client that says nothing is sent a ping, so that one that is gone is noticed.
  fixture "pings_of_the_server" do
    app = Sabir::App.new
    app.websocket("/echo", ping_interval_ms: 100) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A pong that nobody asked for is no message, and not answered.
  fixture "pongs" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A query that does not fit is refused before the socket is opened.
  fixture "query_is_checked_before" do
    app = Sabir::App.new
    app.websocket("/echo", query: { limit?: { type: :integer, minimum: 1 } }) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The reason of a close is UTF-8.
  fixture "reason_that_is_not_utf_8" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A connection whose handshake was refused goes on.
  fixture "refusal_keeps_the_connection" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A reserved bit without a meaning is refused.
  fixture "reserved_bits" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A reserved opcode is refused within a message, too.
  fixture "reserved_opcode_of_a_fragment" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # A reserved opcode is refused.
  fixture "reserved_opcodes" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Of several offers the first that the server can keep to is taken.
  fixture "second_offer" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The server does not mask, and ends every message in one frame.
  fixture "server_does_not_mask" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A message that compression would not make shorter is sent as it is.
  fixture "short_messages_are_not_compressed" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A client that says nothing for too long is closed with 1001.
  fixture "silence_ends_a_socket" do
    app = Sabir::App.new
    app.websocket("/echo", idle_timeout_ms: 100) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The first subprotocol of the client that the server speaks is chosen, and the handler knows it.
  fixture "subprotocol" do
    app = Sabir::App.new
    app.websocket("/echo", subprotocols: ["chat.v1", "chat.v2"]) do |ws|
      ws.on_open { ws.json(echo.merge(subprotocol: ws.subprotocol)) }
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The list of subprotocols may be spread over several fields.
  fixture "subprotocols_in_several_fields" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo", subprotocols: ["chat.v1"]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end

  # Text is sent back as text.
  fixture "text" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # Text that is not UTF-8 is refused with 1007: no byte of it reaches the handler.
  fixture "text_that_is_not_utf_8" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A handshake that does not say Upgrade in Connection might be meant for a proxy.
  fixture "upgrade_for_nobody" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A segment that does not fit its variable is not found, before any socket is opened.
  fixture "variables_that_do_not_fit" do
    app = Sabir::App.new
    app.websocket("/rooms/{room:int}") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A window that the server cannot write is declined.
  fixture "window_that_is_too_small" do
    app = Sabir::App.new
    app.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # The server keeps to the window that the client asks for, and the client may name its own.
  fixture "windows" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.websocket("/echo") do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app.mount("/", router)
    app
  end
end
