// Generated from testing_data by `./task generate`. Do not edit.
import { Problem, Sabir } from "sabir";
import { z } from "zod";
import { check, tagged, told } from "../support/index.js";

// A request that wants another protocol is told what is there.
check("websocket/another_upgrade", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Another version is answered with the one that there is.
check("websocket/another_version", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Bytes are sent back as bytes, whatever they are.
check("websocket/bytes", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Where the route says so, bytes in place of JSON close with 1003.
check("websocket/bytes_close_with_1003", () => {
  const app = new Sabir();
  const options = {
    incoming: z.strictObject({ text: z.string().min(1), count: z.int().min(1) }),
    invalidMessage: "close" as const,
  };
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A character may be spread over fragments.
check("websocket/characters_over_fragments", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A close between fragments ends the socket; the message is not delivered.
check("websocket/close_between_fragments", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A close is answered with its code.
check("websocket/close_codes", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A code that no close frame may have is refused.
check("websocket/close_codes_that_are_none", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A close without a code is answered without one.
check("websocket/close_without_a_code", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Blocks of every kind are read: stored ones, with fixed codes, several, and a last one.
check("websocket/compressed_blocks", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A compressed message may come in fragments, of which the first says that it is.
check("websocket/compressed_fragments", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A compressed message arrives as what it was.
check("websocket/compressed_message", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The limit holds for what a message is when it is decompressed, and is noticed before all of it is.
check("websocket/compressed_message_that_is_too_large", () => {
  const app = new Sabir();
  const options = { messageLimit: 1000 } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// What is compressed comes back as it was.
check("websocket/compressed_messages_go_back", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Text is UTF-8 when it is decompressed, too.
check("websocket/compressed_text_that_is_not_utf_8", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A client that can compress is answered with compression, each message by itself.
check("websocket/compression", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// That a message is compressed is said once, by its first frame.
check("websocket/compression_bit_of_a_continuation", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Control frames are not compressed.
check("websocket/compression_bit_of_a_control_frame", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Without compression in the settings no offer is taken.
check("websocket/compression_off", () => {
  const app = new Sabir({ websocketCompression: "off" });
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// With context takeover a message may refer to those before it.
check("websocket/context_of_the_client", () => {
  const app = new Sabir({ websocketCompression: "context_takeover" });
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Where the settings say so, what came before helps to compress, unless the client wants that not.
check("websocket/context_takeover", () => {
  const app = new Sabir({ websocketCompression: "context_takeover" });
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Without context takeover a message that refers to those before it is refused.
check("websocket/context_that_is_not_kept", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A continuation without a beginning is refused.
check("websocket/continuation_of_nothing", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A control frame has at most 125 bytes.
check("websocket/control_frames_are_short", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A control frame is not fragmented.
check("websocket/control_frames_are_whole", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A cookie that does not fit is refused before the socket is opened.
check("websocket/cookies_are_checked_before", () => {
  const app = new Sabir();
  const options = { cookies: z.object({ session: z.string().min(4) }) };
  app.websocket("/echo", options, { message: (ws, message) => ws.send(message) });
  return app;
});

// A parameter that is absent has its default.
check("websocket/defaults_arrive", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { limit: { type: "integer", default: 10 } } },
  } as const;
  app.websocket("/echo", options, {
    open: async (ws) => {
      await ws.sendJson(await told(ws, options));
    },
    message: (ws, message) => ws.send(message),
  });
  return app;
});

// An empty message may be compressed as well.
check("websocket/empty_compressed_message", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Fragments may be empty.
check("websocket/empty_fragments", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A star permits the pages of all origins.
check("websocket/every_origin", () => {
  const app = new Sabir();
  app.websocket("/echo", { allowedOrigins: ["*"] }, { message: (ws, message) => ws.send(message) });
  return app;
});

// Texts of messages have the types of their formats.
check("websocket/formats_in_messages", () => {
  const app = new Sabir();
  const options = {
    incoming: {
      type: "object",
      properties: { id: { type: "string", format: "uuid" }, on: { type: "string", format: "date" } },
      required: ["id", "on"],
      additionalProperties: false,
    },
  } as const;
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A message may come in fragments, and is one.
check("websocket/fragments", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// What cannot become UTF-8 any more is refused at once, not at the end of its message.
check("websocket/fragments_that_are_not_utf_8", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// The limit of frames holds within messages that are small enough.
check("websocket/frame_limit", () => {
  const app = new Sabir({ websocketFrameLimit: 125 });
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A frame that says that it has 2 GB is refused by its head: nothing is waited for.
check("websocket/frame_of_two_gigabytes", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A frame may arrive in pieces, cut anywhere, and several at once.
check("websocket/frames_cut_anywhere", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A client masks its frames, empty ones too.
check("websocket/frames_that_are_not_masked", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A code has two bytes.
check("websocket/half_a_close_code", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// What cannot become UTF-8 any more is refused before the rest of its frame comes.
check("websocket/half_a_frame_that_is_not_utf_8", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A handler closes with a code and a reason of its own.
check("websocket/handler_closes", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for (let count = 1; count <= 2; count++) {
      if ((await ws.receive()) === undefined) return;
      await ws.send(String(count));
    }
    ws.close(4000, "as you wish");
  });
  return app;
});

// A handler may close at once.
check("websocket/handler_closes_at_once", () => {
  const app = new Sabir();
  app.websocket("/echo", (ws) => {
    ws.close(1008, "not you");
  });
  return app;
});

// A handler has something of its own for each socket.
check("websocket/handler_counts", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    let count = 0;
    for await (const _ of ws) {
      count++;
      await ws.send(String(count));
    }
  });
  return app;
});

// A handler that fails closes with 1011; the client does not see why.
check("websocket/handler_fails", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for (let count = 1; count <= 1; count++) {
      const message = await ws.receive();
      if (message === undefined) return;
      await ws.send(message);
    }
    throw new Error("the password is secret");
  });
  return app;
});

// A handler that fails before it takes a message closes with 1011, after what it has sent.
check("websocket/handler_fails_at_once", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    await ws.send("hello");
    throw new Error("the password is secret");
  });
  return app;
});

// A problem that is the client's own closes with 1008 and says why; one that is the server's own does not.
check("websocket/handler_raises_a_problem", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for (let count = 1; count <= 1; count++) {
      const message = await ws.receive();
      if (message === undefined) return;
      await ws.send(message);
    }
    throw new Problem(404, { detail: "There is no such room." });
  });
  return app;
});

// A problem of the server closes with 1011, and the client does not see its detail.
check("websocket/handler_raises_a_problem_of_its_own", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for (let count = 1; count <= 1; count++) {
      const message = await ws.receive();
      if (message === undefined) return;
      await ws.send(message);
    }
    throw new Problem(503, { detail: "The database is gone." });
  });
  return app;
});

// When its handler returns, a socket is closed with 1000.
check("websocket/handler_returns", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for (let count = 1; count <= 1; count++) {
      const message = await ws.receive();
      if (message === undefined) return;
      await ws.send(message);
    }
  });
  return app;
});

// What a handler sent before it returned arrives before the close.
check("websocket/handler_sends_and_returns", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    await ws.send("one");
    await ws.send(Buffer.from("AAH/", "base64"));
    await ws.sendJson({ three: [3] });
  });
  return app;
});

// A handler need not answer.
check("websocket/handler_that_says_nothing", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const _ of ws);
  });
  return app;
});

// A handshake is answered with what proves that the server has understood its key.
check("websocket/handshake", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// What a handshake says is in lists, and in any case of letters.
check("websocket/handshake_in_other_words", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// What is no handshake is told so, whatever else is wrong with it.
check("websocket/handshake_is_checked_before_parameters", () => {
  const app = new Sabir();
  const options = {
    query: { type: "object", properties: { limit: { type: "integer" } }, required: ["limit"] },
  } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A handshake has a key and no content; where it is refused, a further request on its connection is answered.
check("websocket/handshake_with_content", () => {
  const app = new Sabir();
  const chatOptions = { params: z.object({ room: z.int() }) };
  app.websocket("/chat/{room}", chatOptions, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  app.get("/items", () => "ok");
  return app;
});

// A header field that is missing is refused before the socket is opened.
check("websocket/header_fields_are_checked_before", () => {
  const app = new Sabir();
  const options = {
    headers: { type: "object", properties: { "x-name": { type: "string" } }, required: ["x-name"] },
  } as const;
  app.websocket("/echo", options, { message: (ws, message) => ws.send(message) });
  return app;
});

// HTTP/1.0 has no upgrade.
check("websocket/http_1_0", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The highest bit of a length is zero.
check("websocket/length_with_its_highest_bit", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The server writes a length in its shortest form.
check("websocket/lengths_are_minimal", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Messages of every length arrive, also at the edges of the three forms of a length.
check("websocket/lengths_of_messages", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A length in a longer form than it needs is refused.
check("websocket/lengths_that_are_not_minimal", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A long message is compressed, for clients that can.
check("websocket/long_messages_are_compressed", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A reason that a close frame has no room for is cut, at the end of a character.
check("websocket/long_reasons", () => {
  const app = new Sabir();
  app.websocket("/echo", (ws) => {
    ws.close(
      4000,
      "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
    );
  });
  return app;
});

// What cannot be decompressed is refused.
check("websocket/malformed_compressed_message", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// An offer that is not well formed is declined.
check("websocket/malformed_compression", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A key is base64 of 16 bytes.
check("websocket/malformed_keys", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Names of subprotocols are tokens.
check("websocket/malformed_subprotocols", () => {
  const app = new Sabir();
  app.websocket("/echo", { subprotocols: ["chat.v1"] }, { message: (ws, message) => ws.send(message) });
  return app;
});

// Messages are answered in their order, however fast they come.
check("websocket/many_messages", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Whatever the key of a mask is, the content is the same.
check("websocket/masks", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A message with a member that its schema does not have does not fit.
check("websocket/members_that_are_not_known", () => {
  const app = new Sabir();
  const options = {
    incoming: {
      type: "object",
      properties: { text: { type: "string", minLength: 1 }, count: { type: "integer", minimum: 1 } },
      required: ["text", "count"],
      additionalProperties: false,
    },
  } as const;
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A message that is larger than the limit closes with 1009, one that is as large does not.
check("websocket/message_limit", () => {
  const app = new Sabir();
  const options = { messageLimit: 10 } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The limit of messages is a setting, too.
check("websocket/message_limit_of_the_settings", () => {
  const app = new Sabir({ websocketMessageLimit: 10 });
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The fragments of a message count together.
check("websocket/message_limit_over_fragments", () => {
  const app = new Sabir();
  const options = { messageLimit: 10 } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// JSON is text: bytes are answered with a problem.
check("websocket/message_of_bytes_where_json_is_due", () => {
  const app = new Sabir();
  const options = {
    incoming: {
      type: "object",
      properties: { text: { type: "string", minLength: 1 }, count: { type: "integer", minimum: 1 } },
      required: ["text", "count"],
      additionalProperties: false,
    },
  } as const;
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A message that does not fit is answered with a problem that names all that is wrong; the handler does not
// see it, and the socket goes on.
check("websocket/message_that_does_not_fit", () => {
  const app = new Sabir();
  const options = { incoming: z.strictObject({ text: z.string().min(1), count: z.int().min(1) }) };
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A message that is no JSON is answered with a problem.
check("websocket/message_that_is_no_json", () => {
  const app = new Sabir();
  const options = { incoming: z.strictObject({ text: z.string().min(1), count: z.int().min(1) }) };
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A message cannot begin within another one.
check("websocket/message_within_a_message", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// What the client has sent behind the message that its handler closes at is answered by nothing, and there is
// one close.
check("websocket/messages_behind_the_last_one", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for (let count = 1; count <= 1; count++) {
      if ((await ws.receive()) === undefined) return;
      await ws.send(String(count));
    }
    ws.close(4000, "enough");
  });
  return app;
});

// A client need not compress, though it could.
check("websocket/messages_that_are_not_compressed", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Messages that come together with a close are answered before it.
check("websocket/messages_with_a_close", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Messages that come together with a frame that breaks the protocol are answered before the connection is
// failed.
check("websocket/messages_with_a_mistake", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Messages that have a schema arrive as values of it.
check("websocket/messages_with_a_schema", () => {
  const app = new Sabir();
  const options = { incoming: z.strictObject({ text: z.string().min(1), count: z.int().min(1) }) };
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// Where the route says so, a message that does not fit closes with 1008.
check("websocket/misfit_closes_with_1008", () => {
  const app = new Sabir();
  const options = {
    incoming: z.strictObject({ text: z.string().min(1), count: z.int().min(1) }),
    invalidMessage: "close" as const,
  };
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.sendJson(tagged(message, options));
    }
  });
  return app;
});

// Where a route names origins, their pages may connect and no others.
check("websocket/named_origins", () => {
  const app = new Sabir();
  const options = { allowedOrigins: ["https://app.example"] } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Where the route says so, a message that is no JSON closes with 1007.
check("websocket/no_json_closes_with_1007", () => {
  const app = new Sabir();
  const options = {
    incoming: z.strictObject({ text: z.string().min(1), count: z.int().min(1) }),
    invalidMessage: "close" as const,
  };
  app.websocket("/echo", options, { message: (ws, message) => ws.sendJson(tagged(message, options)) });
  return app;
});

// A handshake has a key, and one only.
check("websocket/no_key", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Without a subprotocol in common the socket has none, and the client decides.
check("websocket/no_subprotocol_in_common", () => {
  const app = new Sabir();
  const options = { subprotocols: ["chat.v1"] } as const;
  app.websocket("/echo", options, async (ws) => {
    await ws.sendJson(await told(ws, {}));
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A handshake for a path without a route is not found.
check("websocket/no_such_path", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A handshake for a route that has no WebSocket gets what the route answers.
check("websocket/no_such_socket_behind_a_route", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  app.get("/page", () => "page");
  return app;
});

// A request that wants no WebSocket is told what is there, and in which version.
check("websocket/no_upgrade", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A handshake has a version, and one only.
check("websocket/no_version", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// What follows a close is ignored.
check("websocket/nothing_after_a_close", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Extensions that the server does not know are left out.
check("websocket/other_extensions", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A WebSocket is asked for by GET. Its path does not allow HEAD, which is refused as a GET is that asks for
// no WebSocket.
check("websocket/other_methods", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  app.websocket("/both", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  app.post("/both", () => "made");
  return app;
});

// Pages of other hosts may not connect: a browser would let them, with the cookies of the server.
check("websocket/other_origins", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Pages of the server's own host may connect.
check("websocket/own_origin", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A socket has the parameters of its path, query, header section and cookies, with their types.
check("websocket/parameters_arrive", () => {
  const app = new Sabir();
  const options = {
    query: z.object({ limit: z.int().optional() }),
    headers: z.object({ "x-name": z.string().optional() }),
    cookies: z.object({ theme: z.string().optional() }),
  };
  app.websocket("/rooms/{room:int}", options, async (ws) => {
    await ws.sendJson(await told(ws, { ...options, path: "/rooms/{room:int}" }));
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Control frames may come between fragments, and are answered at once.
check("websocket/ping_between_fragments", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A ping is answered with what it says.
check("websocket/pings", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A handler may send a ping.
check("websocket/pings_of_the_handler", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    ws.ping("there?");
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A client that says nothing is sent a ping, so that one that is gone is noticed.
check("websocket/pings_of_the_server", () => {
  const app = new Sabir();
  const options = { pingIntervalMs: 100 } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A pong that nobody asked for is no message, and not answered.
check("websocket/pongs", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A query that does not fit is refused before the socket is opened.
check("websocket/query_is_checked_before", () => {
  const app = new Sabir();
  const options = { query: z.object({ limit: z.int().min(1).optional() }) };
  app.websocket("/echo", options, { message: (ws, message) => ws.send(message) });
  return app;
});

// The reason of a close is UTF-8.
check("websocket/reason_that_is_not_utf_8", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A connection whose handshake was refused goes on.
check("websocket/refusal_keeps_the_connection", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A reserved bit without a meaning is refused.
check("websocket/reserved_bits", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A reserved opcode is refused within a message, too.
check("websocket/reserved_opcode_of_a_fragment", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A reserved opcode is refused.
check("websocket/reserved_opcodes", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Of several offers the first that the server can keep to is taken.
check("websocket/second_offer", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The server does not mask, and ends every message in one frame.
check("websocket/server_does_not_mask", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A message that compression would not make shorter is sent as it is.
check("websocket/short_messages_are_not_compressed", () => {
  const app = new Sabir();
  app.websocket("/echo", async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// A client that says nothing for too long is closed with 1001.
check("websocket/silence_ends_a_socket", () => {
  const app = new Sabir();
  app.websocket("/echo", { idleTimeoutMs: 100 }, { message: (ws, message) => ws.send(message) });
  return app;
});

// The first subprotocol of the client that the server speaks is chosen, and the handler knows it.
check("websocket/subprotocol", () => {
  const app = new Sabir();
  const options = { subprotocols: ["chat.v1", "chat.v2"] } as const;
  app.websocket("/echo", options, async (ws) => {
    await ws.sendJson(await told(ws, {}));
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// The list of subprotocols may be spread over several fields.
check("websocket/subprotocols_in_several_fields", () => {
  const app = new Sabir();
  const options = { subprotocols: ["chat.v1"] } as const;
  app.websocket("/echo", options, async (ws) => {
    for await (const message of ws) {
      await ws.send(message);
    }
  });
  return app;
});

// Text is sent back as text.
check("websocket/text", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// Text that is not UTF-8 is refused with 1007: no byte of it reaches the handler.
check("websocket/text_that_is_not_utf_8", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A handshake that does not say Upgrade in Connection might be meant for a proxy.
check("websocket/upgrade_for_nobody", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// A segment that does not fit its variable is not found, before any socket is opened.
check("websocket/variables_that_do_not_fit", () => {
  const app = new Sabir();
  app.websocket("/rooms/{room:int}", { message: (ws, message) => ws.send(message) });
  return app;
});

// A window that the server cannot write is declined.
check("websocket/window_that_is_too_small", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});

// The server keeps to the window that the client asks for, and the client may name its own.
check("websocket/windows", () => {
  const app = new Sabir();
  app.websocket("/echo", { message: (ws, message) => ws.send(message) });
  return app;
});
