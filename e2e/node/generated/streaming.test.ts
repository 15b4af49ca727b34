// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, stream } from "sabir";
import { z } from "zod";
import { check, digested, keep, partOf, tagged } from "../support/index.js";

// A stream has the media type that its handler gives it.
check("streaming/a_media_type_of_its_own", () => {
  const app = new Sabir();
  app.get("/export", () => stream(["a,b\n", "1,2\n"], { mediaType: "text/csv" }));
  return app;
});

// A handler may answer without the content: the client hears it while most is not sent.
check("streaming/answer_before_the_content", () => {
  const app = new Sabir();
  app.post("/import", { requestBody: { content: { "*/*": {} } }, streaming: true }, () => digested([]));
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

// A handler may take the bytes of a request while they arrive.
check("streaming/bytes_in", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// Content that is large arrives as a whole.
check("streaming/bytes_in_of_a_large_request", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// Content in chunks arrives as the bytes that it is.
check("streaming/bytes_in_of_chunks", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// Content of another media type than the handler takes is refused before it runs.
check("streaming/bytes_in_of_one_type", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "text/csv": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// A content coding is undone while content arrives.
check("streaming/bytes_in_that_are_coded", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// Content whose length is beyond the limit is refused before the handler runs.
check("streaming/bytes_in_that_are_too_many", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true, bodyLimit: 10 } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// Content without a length is refused where it exceeds the limit, while the handler takes it.
check("streaming/bytes_in_that_become_too_many", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true, bodyLimit: 10 } as const;
  app.post("/import", options, ({ body }) => digested(body));
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

// Chunks that are malformed end the handler with 400, though the first were good.
check("streaming/content_that_breaks", () => {
  const app = new Sabir();
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// Content that stays away ends the handler with 408.
check("streaming/content_that_does_not_come", () => {
  const app = new Sabir({ bodyTimeoutMs: 150 });
  const options = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// Content that a handler still holds when it has answered delays no further request on its connection.
check("streaming/content_that_is_kept", () => {
  const app = new Sabir();
  const bytesOptions = { requestBody: { content: { "*/*": {} } }, streaming: true } as const;
  app.post("/bytes", bytesOptions, ({ body }) => {
    keep(body);
    return digested([]);
  });
  const linesOptions = {
    bodyItems: {
      type: "object",
      properties: { sku: { type: "string" } },
      required: ["sku"],
      additionalProperties: false,
    },
  } as const;
  app.post("/lines", linesOptions, async ({ items }) => {
    keep(items);
    const taken: unknown[] = [];
    return { items: taken };
  });
  const partsOptions = { parts: true } as const;
  app.post("/parts", partsOptions, async ({ parts }) => {
    keep(parts);
    const taken: unknown[] = [];
    return { parts: taken };
  });
  app.get("/items", () => "ok");
  return app;
});

// What is wrong with content is answered when it is seen, and what comes after it is no further request.
check("streaming/content_that_is_refused_while_it_arrives", () => {
  const app = new Sabir();
  const linesOptions = {
    bodyItems: {
      type: "object",
      properties: { sku: { type: "string" } },
      required: ["sku"],
      additionalProperties: false,
    },
  } as const;
  app.post("/lines", linesOptions, async ({ items }) => {
    keep(items);
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, linesOptions));
    }
    return { items: taken };
  });
  app.get("/items", () => "ok");
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

// Lines of JSON that were sent before a failure are whole.
check("streaming/failure_after_lines", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield { n: 1 };
    yield { n: 2 };
    throw new Error("no");
  });
  return app;
});

// A failure behind much content breaks it off, too.
check("streaming/failure_after_many_bytes", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    yield "0123456789".repeat(1000);
    throw new Error("no");
  });
  return app;
});

// A handler that fails after the first value breaks the answer off, so that the client can tell; it does not
// see why.
check("streaming/failure_after_text", () => {
  const app = new Sabir();
  app.get("/export", async function* () {
    yield "one, ";
    yield "two";
    throw new Error("the password is secret");
  });
  return app;
});

// HEAD has the header fields of a stream, and no content.
check("streaming/head_has_no_content", () => {
  const app = new Sabir();
  app.get("/export", () => stream(["a"], { mediaType: "text/csv" }));
  return app;
});

// A line that does not fit is the end: the problem says which one, where and why.
check("streaming/item_that_does_not_fit", () => {
  const app = new Sabir();
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// A line that is no JSON is malformed content.
check("streaming/item_that_is_no_json", () => {
  const app = new Sabir();
  const options = {
    bodyItems: {
      type: "object",
      properties: { sku: { type: "string" }, sold: { type: "integer", minimum: 0 } },
      required: ["sku", "sold"],
      additionalProperties: false,
    },
  } as const;
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// A line is no longer than the limit of lines.
check("streaming/item_that_is_too_long", () => {
  const app = new Sabir({ lineLimit: 50 });
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// JSON Lines arrive one by one, each with its types.
check("streaming/items_in", () => {
  const app = new Sabir();
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// Lines are of the media type of lines.
check("streaming/items_in_of_another_type", () => {
  const app = new Sabir();
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// A line may be spread over chunks.
check("streaming/items_in_over_chunks", () => {
  const app = new Sabir();
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// The last line needs no end, lines may end with CR LF, and empty ones are passed over.
check("streaming/items_in_with_odd_lines", () => {
  const app = new Sabir();
  const options = {
    bodyItems: {
      type: "object",
      properties: { sku: { type: "string" }, sold: { type: "integer", minimum: 0 } },
      required: ["sku", "sold"],
      additionalProperties: false,
    },
  } as const;
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
    }
    return { items: taken };
  });
  return app;
});

// A handler may answer before it has taken everything; what is left is not looked at.
check("streaming/items_that_are_left", () => {
  const app = new Sabir();
  const options = { bodyItems: z.strictObject({ sku: z.string(), sold: z.int().min(0) }) };
  app.post("/import", options, async ({ items }) => {
    const taken: unknown[] = [];
    for await (const item of items) {
      taken.push(tagged(item, options));
      if (taken.length === 1) break;
    }
    return { items: taken };
  });
  return app;
});

// A part is larger than what arrives at once.
check("streaming/large_part_in", () => {
  const app = new Sabir();
  const options = { parts: true } as const;
  app.post("/import", options, async ({ parts }) => {
    const taken: unknown[] = [];
    for await (const part of parts) {
      taken.push(await partOf(part));
    }
    return { parts: taken };
  });
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

// A request without content has no bytes to take.
check("streaming/no_bytes_in", () => {
  const app = new Sabir();
  const options = { requestBody: { content: { "application/octet-stream": {} } }, streaming: true } as const;
  app.post("/import", options, ({ body }) => digested(body));
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

// Parameters are checked before the handler takes content.
check("streaming/parameters_of_a_stream_in", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { limit: { type: "integer" } }, required: ["limit"] },
    requestBody: { content: { "*/*": {} } },
    streaming: true,
  } as const;
  app.post("/import", options, ({ body }) => digested(body));
  return app;
});

// A part is no larger than the limit of parts.
check("streaming/part_that_is_too_large", () => {
  const app = new Sabir({ partLimit: 10 });
  const options = { parts: true } as const;
  app.post("/import", options, async ({ parts }) => {
    const taken: unknown[] = [];
    for await (const part of parts) {
      taken.push(await partOf(part));
    }
    return { parts: taken };
  });
  return app;
});

// The parts of a form arrive one by one: fields and files, in their order.
check("streaming/parts_in", () => {
  const app = new Sabir();
  const options = { parts: true } as const;
  app.post("/import", options, async ({ parts }) => {
    const taken: unknown[] = [];
    for await (const part of parts) {
      taken.push(await partOf(part));
    }
    return { parts: taken };
  });
  return app;
});

// Parts are of a form.
check("streaming/parts_in_of_another_type", () => {
  const app = new Sabir();
  const options = { parts: true } as const;
  app.post("/import", options, async ({ parts }) => {
    const taken: unknown[] = [];
    for await (const part of parts) {
      taken.push(await partOf(part));
    }
    return { parts: taken };
  });
  return app;
});

// A form without its last boundary is malformed.
check("streaming/parts_in_without_an_end", () => {
  const app = new Sabir();
  const options = { parts: true } as const;
  app.post("/import", options, async ({ parts }) => {
    const taken: unknown[] = [];
    for await (const part of parts) {
      taken.push(await partOf(part));
    }
    return { parts: taken };
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
