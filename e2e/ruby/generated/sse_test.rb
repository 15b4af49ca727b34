# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class SseTest < FixtureTest
  category "sse"

  # Each line of a comment begins with a colon.
  fixture "comments_are_lines" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(comment: "one\ntwo")
      events << Sabir::Event.new(data: "a", comment: "")
    end
    app
  end

  # A stream of events may answer a request with content, and a further request follows on its connection.
  fixture "content_before_the_events" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a")
      events << Sabir::Event.new(data: "b")
    end
    app.get("/items") { "ok" }
    app
  end

  # The data of an event stands on a line of its own, and an empty line ends the event.
  fixture "data_is_one_line" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "hello") }
    app
  end

  # Events are UTF-8, and every character is sent as it is.
  fixture "data_is_utf_8" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.sse("/ticks") { |events| events << Sabir::Event.new(data: "é 你好 \u{1f600}") }
    app.mount("/", router)
    app
  end

  # An event with empty data is an event.
  fixture "data_may_be_empty" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "") }
    app
  end

  # Data that begins with a colon is no comment.
  fixture "data_may_begin_with_a_colon" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: ": a") }
    app
  end

  # A line end at the end of the data is a line more, since a client takes one away.
  fixture "data_may_end_with_a_line_end" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a\n")
      events << Sabir::Event.new(data: "\n")
    end
    app.mount("/", router)
    app
  end

  # Data that looks like a field is data.
  fixture "data_may_look_like_a_field" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "id: 7")
      events << Sabir::Event.new(data: "retry: 1\nevent: x\n\ndata: y")
    end
    app
  end

  # Each line of the data is a line of its own; CR LF and CR end lines as LF does, so that a client puts LF
  # between them.
  fixture "data_of_several_lines" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a\nb")
      events << Sabir::Event.new(data: "a\r\nb\rc")
    end
    app
  end

  # Data that is no text is sent as JSON.
  fixture "data_that_is_no_text_is_json" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: { n: 1 })
      events << Sabir::Event.new(data: [1, 2])
      events << Sabir::Event.new(data: 7)
      events << Sabir::Event.new(data: true)
      events << Sabir::Event.new(data: { text: "a\nb" })
    end
    app
  end

  # A client of HTTP/1.0 gets events without chunks, and the end of the connection ends the stream.
  fixture "events_for_http_1_0" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # Over HTTP/1.1 each event is a chunk, and the last chunk ends the stream.
  fixture "events_in_chunks" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a")
      events << Sabir::Event.new(data: "bc")
    end
    app
  end

  # A handler that fails after an event breaks the stream off; clients come back.
  fixture "failure_after_events" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.sse("/export") do |events|
      events << Sabir::Event.new(data: "one", id: "1")
      raise "no"
    end
    app.mount("/", router)
    app
  end

  # The fields of an event come in one order, the data last.
  fixture "fields_have_an_order" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "d", event: "e", id: "i", retry: 1, comment: "c")
    end
    app
  end

  # HEAD has the header fields of the stream and none of its events.
  fixture "head_has_no_events" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # Spaces of ids and types are kept.
  fixture "ids_and_types_may_have_spaces" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.sse("/ticks") { |events| events << Sabir::Event.new(data: "x", event: "c: d", id: " a b ") }
    app.mount("/", router)
    app
  end

  # An event has an id where the handler gives one; an empty one resets the last.
  fixture "ids_of_events" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "a", id: "1")
      events << Sabir::Event.new(data: "b", id: "")
      events << Sabir::Event.new(data: "c")
    end
    app
  end

  # The data of an event has any length.
  fixture "large_data" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "ab" * 40000) }
    app
  end

  # Events come in their order, however many there are.
  fixture "many_events" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "0", id: "0")
      events << Sabir::Event.new(data: "1", id: "1")
      events << Sabir::Event.new(data: "2", id: "2")
      events << Sabir::Event.new(data: "3", id: "3")
      events << Sabir::Event.new(data: "4", id: "4")
      events << Sabir::Event.new(data: "5", id: "5")
      events << Sabir::Event.new(data: "6", id: "6")
      events << Sabir::Event.new(data: "7", id: "7")
      events << Sabir::Event.new(data: "8", id: "8")
      events << Sabir::Event.new(data: "9", id: "9")
      events << Sabir::Event.new(data: "10", id: "10")
      events << Sabir::Event.new(data: "11", id: "11")
    end
    app
  end

  # A stream of no events is an empty answer of the same type.
  fixture "no_events" do
    app = Sabir::App.new
    app.sse("/ticks") { [].each }
    app
  end

  # An event stream says that it must not be kept, and has no length.
  fixture "nobody_keeps_them" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # A connection goes on after a stream that has ended.
  fixture "one_stream_after_the_other" do
    app = Sabir::App.new
    app.sse("/a") { |events| events << Sabir::Event.new(data: "a") }
    app.sse("/b") { |events| events << Sabir::Event.new(data: "b") }
    app
  end

  # A stream of events answers GET, and says so for other methods.
  fixture "other_methods" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # A request whose parameters do not fit is refused with a problem, and no stream begins.
  fixture "parameters_are_checked_before" do
    app = Sabir::App.new
    app.sse("/ticks", query: { from: { type: :integer, minimum: 1 } }) do |events|
      events << Sabir::Event.new(data: "a")
    end
    app
  end

  # The time after which a client comes back needs no data.
  fixture "retry_stands_alone" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(retry: 2500)
      events << Sabir::Event.new(data: "a", retry: 0)
    end
    app
  end

  # Of the spaces behind the colon a client takes away one, so that those of the data are kept.
  fixture "spaces_of_data_are_kept" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: " a")
      events << Sabir::Event.new(data: "  ")
    end
    app
  end

  # An event has a type where the handler gives one.
  fixture "types_of_events" do
    app = Sabir::App.new
    app.sse("/ticks") do |events|
      events << Sabir::Event.new(data: "1", event: "tick")
      events << Sabir::Event.new(data: "2")
    end
    app
  end

  # A stream of events has variables in its path like any route.
  fixture "variables_of_the_path" do
    app = Sabir::App.new
    router = Sabir::Router.new
    router.sse("/rooms/{id:int}/events") { |events| events << Sabir::Event.new(data: "a") }
    app.mount("/", router)
    app
  end

  # A stream of events is sent to clients that would rather have something else: nobody has asked for a
  # choice.
  fixture "whatever_is_accepted" do
    app = Sabir::App.new
    app.sse("/ticks") { |events| events << Sabir::Event.new(data: "a") }
    app
  end
end
