// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir } from "sabir";
import { check } from "../support/index.js";

// Each line of a comment begins with a colon.
check("sse/comments_are_lines", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { comment: "one\ntwo" };
    yield { data: "a", comment: "" };
  });
  return app;
});

// A stream of events may answer a request with content, and a further request follows on its connection.
check("sse/content_before_the_events", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
    yield { data: "b" };
  });
  app.get("/items", () => "ok");
  return app;
});

// The data of an event stands on a line of its own, and an empty line ends the event.
check("sse/data_is_one_line", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "hello" };
  });
  return app;
});

// Events are UTF-8, and every character is sent as it is.
check("sse/data_is_utf_8", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "é 你好 \u{1f600}" };
  });
  return app;
});

// An event with empty data is an event.
check("sse/data_may_be_empty", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "" };
  });
  return app;
});

// Data that begins with a colon is no comment.
check("sse/data_may_begin_with_a_colon", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: ": a" };
  });
  return app;
});

// A line end at the end of the data is a line more, since a client takes one away.
check("sse/data_may_end_with_a_line_end", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a\n" };
    yield { data: "\n" };
  });
  return app;
});

// Data that looks like a field is data.
check("sse/data_may_look_like_a_field", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "id: 7" };
    yield { data: "retry: 1\nevent: x\n\ndata: y" };
  });
  return app;
});

// Each line of the data is a line of its own; CR LF and CR end lines as LF does, so that a client puts LF
// between them.
check("sse/data_of_several_lines", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a\nb" };
    yield { data: "a\r\nb\rc" };
  });
  return app;
});

// Data that is no text is sent as JSON.
check("sse/data_that_is_no_text_is_json", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: { n: 1 } };
    yield { data: [1, 2] };
    yield { data: 7 };
    yield { data: true };
    yield { data: { text: "a\nb" } };
  });
  return app;
});

// A client of HTTP/1.0 gets events without chunks, and the end of the connection ends the stream.
check("sse/events_for_http_1_0", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// Over HTTP/1.1 each event is a chunk, and the last chunk ends the stream.
check("sse/events_in_chunks", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
    yield { data: "bc" };
  });
  return app;
});

// A handler that fails after an event breaks the stream off; clients come back.
check("sse/failure_after_events", () => {
  const app = new Sabir();
  app.sse("/export", async function* () {
    yield { data: "one", id: "1" };
    throw new Error("no");
  });
  return app;
});

// The fields of an event come in one order, the data last.
check("sse/fields_have_an_order", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "d", event: "e", id: "i", retry: 1, comment: "c" };
  });
  return app;
});

// HEAD has the header fields of the stream and none of its events.
check("sse/head_has_no_events", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// Spaces of ids and types are kept.
check("sse/ids_and_types_may_have_spaces", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "x", event: "c: d", id: " a b " };
  });
  return app;
});

// An event has an id where the handler gives one; an empty one resets the last.
check("sse/ids_of_events", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a", id: "1" };
    yield { data: "b", id: "" };
    yield { data: "c" };
  });
  return app;
});

// The data of an event has any length.
check("sse/large_data", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "ab".repeat(40000) };
  });
  return app;
});

// Events come in their order, however many there are.
check("sse/many_events", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "0", id: "0" };
    yield { data: "1", id: "1" };
    yield { data: "2", id: "2" };
    yield { data: "3", id: "3" };
    yield { data: "4", id: "4" };
    yield { data: "5", id: "5" };
    yield { data: "6", id: "6" };
    yield { data: "7", id: "7" };
    yield { data: "8", id: "8" };
    yield { data: "9", id: "9" };
    yield { data: "10", id: "10" };
    yield { data: "11", id: "11" };
  });
  return app;
});

// A stream of no events is an empty answer of the same type.
check("sse/no_events", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
  });
  return app;
});

// An event stream says that it must not be kept, and has no length.
check("sse/nobody_keeps_them", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// A connection goes on after a stream that has ended.
check("sse/one_stream_after_the_other", () => {
  const app = new Sabir();
  app.sse("/a", async function* () {
    yield { data: "a" };
  });
  app.sse("/b", async function* () {
    yield { data: "b" };
  });
  return app;
});

// A stream of events answers GET, and says so for other methods.
check("sse/other_methods", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});

// A request whose parameters do not fit is refused with a problem, and no stream begins.
check("sse/parameters_are_checked_before", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { from: { type: "integer", minimum: 1 } }, required: ["from"] },
  } as const;
  app.sse("/ticks", options, async function* () {
    yield { data: "a" };
  });
  return app;
});

// The time after which a client comes back needs no data.
check("sse/retry_stands_alone", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { retry: 2500 };
    yield { data: "a", retry: 0 };
  });
  return app;
});

// Of the spaces behind the colon a client takes away one, so that those of the data are kept.
check("sse/spaces_of_data_are_kept", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: " a" };
    yield { data: "  " };
  });
  return app;
});

// An event has a type where the handler gives one.
check("sse/types_of_events", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "1", event: "tick" };
    yield { data: "2" };
  });
  return app;
});

// A stream of events has variables in its path like any route.
check("sse/variables_of_the_path", () => {
  const app = new Sabir();
  app.sse("/rooms/{id:int}/events", async function* () {
    yield { data: "a" };
  });
  return app;
});

// A stream of events is sent to clients that would rather have something else: nobody has asked for a choice.
check("sse/whatever_is_accepted", () => {
  const app = new Sabir();
  app.sse("/ticks", async function* () {
    yield { data: "a" };
  });
  return app;
});
