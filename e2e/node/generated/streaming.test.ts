// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, stream } from "sabir";
import { z } from "zod";
import { check } from "../support/index.js";

// A stream has the media type that its handler gives it.
check("streaming/a_media_type_of_its_own", () => {
  const app = new Sabir();
  app.get("/export", () => stream(["a,b\n", "1,2\n"], { mediaType: "text/csv" }));
  return app;
});

// Bytes of a generator are sent as they are.
check("streaming/bytes_are_sent_as_they_are", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield Buffer.from("AAEC", "base64");
    yield Buffer.from("/wA=", "base64");
  });
  return app;
});

// Bytes have the media type that their handler gives them.
check("streaming/bytes_with_a_media_type", () => {
  const app = new Sabir();
  app.get("/export", () =>
    stream([Buffer.from("iVBO", "base64"), Buffer.from("Rw==", "base64")], { mediaType: "image/png" }),
  );
  return app;
});

// A client of HTTP/1.0 gets a stream without chunks; the end of the connection is its end.
check("streaming/content_for_http_1_0", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "a";
    yield "b";
  });
  return app;
});

// Over HTTP/1.1 a stream is sent in chunks, and the connection goes on.
check("streaming/content_in_chunks", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "a";
    yield "b";
  });
  return app;
});

// Content that does not fit is refused before a stream begins.
check("streaming/content_is_checked_before", () => {
  const app = new Sabir();
  const options = { body: z.looseObject({ n: z.int() }) };
  app.post("/export", options, async function* () {
    yield "a";
  });
  return app;
});

// Empty text in between ends nothing: a chunk of no bytes would.
check("streaming/empty_text_is_no_end", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "a";
    yield "";
    yield "b";
    yield "";
  });
  return app;
});

// HEAD has the header fields of a stream, and no content.
check("streaming/head_has_no_content", () => {
  const app = new Sabir();
  app.get("/export", () => stream(["a"], { mediaType: "text/csv" }));
  return app;
});

// Values have any size.
check("streaming/large_values", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "a".repeat(200000);
    yield "b".repeat(100000);
  });
  return app;
});

// Lines of JSON are UTF-8.
check("streaming/lines_are_utf_8", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield { text: "é 你好" };
  });
  return app;
});

// A line end within a value is escaped, so that each value is one line.
check("streaming/lines_keep_line_ends_escaped", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield { text: "a\nb\r\n" };
  });
  return app;
});

// Lines of JSON may be any values.
check("streaming/lines_of_numbers", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield 1;
    yield 2.5;
    yield true;
    yield [1];
    yield { a: "b" };
  });
  return app;
});

// Lines of JSON may have another of the media types in use.
check("streaming/lines_with_a_media_type", () => {
  const app = new Sabir();
  app.get("/export", () => stream([{ n: 1 }], { mediaType: "application/x-ndjson" }));
  return app;
});

// Values come in their order, however many there are.
check("streaming/many_values", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "0 ";
    yield "1 ";
    yield "2 ";
    yield "3 ";
    yield "4 ";
    yield "5 ";
    yield "6 ";
    yield "7 ";
    yield "8 ";
    yield "9 ";
    yield "10 ";
    yield "11 ";
    yield "12 ";
    yield "13 ";
    yield "14 ";
    yield "15 ";
    yield "16 ";
    yield "17 ";
    yield "18 ";
    yield "19 ";
  });
  return app;
});

// Streams and other answers take turns on one connection.
check("streaming/one_after_the_other", () => {
  const app = new Sabir();
  app.get("/stream", async function* () {
    yield "a";
    yield "b";
  });
  app.get("/text", () => "c");
  return app;
});

// A stream of one value is one.
check("streaming/one_value", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "a";
  });
  return app;
});

// A stream answers any method.
check("streaming/other_methods_may_stream", () => {
  const app = new Sabir();
  app.post("/search", () => stream([{ n: 1 }], { mediaType: "application/x-ndjson" }));
  return app;
});

// A request that does not fit is refused with a problem before a stream begins.
check("streaming/parameters_are_checked_before", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { from: { type: "integer", minimum: 1 } }, required: ["from"] },
  } as const;
  app.get("/export", options, async function* () {
    yield "a";
  });
  return app;
});

// Text of a generator is sent as it is, in its order.
check("streaming/text_is_sent_as_it_is", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "one, ";
    yield "two, ";
    yield "three";
  });
  return app;
});

// Text of a generator is UTF-8, also where a character is cut off from the next one.
check("streaming/text_is_utf_8", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "é";
    yield "你";
    yield "好";
    yield "\u{1f600}";
  });
  return app;
});

// Values of a generator that are neither text nor bytes are lines of JSON.
check("streaming/values_are_lines_of_json", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield { n: 1 };
    yield { n: 2 };
  });
  return app;
});

// A stream is sent to clients that would rather have something else.
check("streaming/whatever_is_accepted", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield { n: 1 };
  });
  return app;
});
