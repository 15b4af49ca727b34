// Generated from testing_data by `./task generate`. Do not edit.
import { Sabir, rateLimit } from "sabir";
import { z } from "zod";
import { check } from "../support/index.js";

// Only algorithms that are listed may sign, and never none.
check("security/algorithms_are_permitted", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": { jwt: { algorithms: ["HS256"], secret: "a secret of the tests, 32 bytes or more" } },
  });
  const options = { security: [{ token: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// One alternative suffices, and one with several schemes needs all of them.
check("security/alternatives", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    "x-sabir": { keys: { ci: { key: "abc", scopes: ["read"] } } },
  });
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
  });
  const eitherOptions = { security: [{ key: [] }, { token: [] }] } as const;
  app.get("/either", eitherOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  const bothOptions = { security: [{ key: [], token: [] }] } as const;
  app.get("/both", bothOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A bearer token stands behind a scheme in any case, and what is wrong with it is told in the challenge.
check("security/bearer_tokens", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    "x-sabir": { keys: { ci: { key: "abc", scopes: ["read"] } } },
  });
  const options = { security: [{ token: ["read"] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// Who may not is told nothing of what else is wrong.
check("security/before_validation", () => {
  const app = new Sabir();
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
  });
  const options = { query: z.object({ limit: z.int() }), security: [{ key: [] }] };
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A stream of events begins only for who may have it.
check("security/event_streams", () => {
  const app = new Sabir();
  app.security("key", { type: "apiKey", in: "query", name: "key", "x-sabir": { keys: { ci: "s3" } } });
  const options = { security: [{ key: [] }] } as const;
  app.sse("/ticks", options, async function* () {
    yield { data: "a" };
  });
  return app;
});

// An alternative without schemes lets everybody in, and who can be known is.
check("security/everybody", () => {
  const app = new Sabir();
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
  });
  const meOptions = { security: [{ key: [] }, {}] } as const;
  app.get("/me", meOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  const closedOptions = { security: [{ key: [] }] } as const;
  app.get("/closed", closedOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// Guesses at credentials count, so that they cannot go on.
check("security/guesses_count", () => {
  const app = new Sabir();
  app.use(rateLimit({ limit: "2/minute" }));
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: "s3cret" } },
  });
  const options = { security: [{ key: [] }] } as const;
  app.get("/me", options, ({ request }) => ({ subject: request.identity?.subject ?? null }));
  return app;
});

// Where handlers check credentials the runtime sees to it that there are any.
check("security/handlers_may_check", () => {
  const app = new Sabir();
  app.security("key", { type: "apiKey", in: "header", name: "x-api-key", "x-sabir": { by_handler: true } });
  const options = { security: [{ key: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A JSON Web Token tells who sends the request and what they may do.
check("security/json_web_tokens", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": { jwt: { algorithms: ["HS256"], secret: "a secret of the tests, 32 bytes or more" } },
  });
  const options = { security: [{ token: ["read"] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A key in a cookie tells who sends the request.
check("security/key_in_a_cookie", () => {
  const app = new Sabir();
  app.security("key", { type: "apiKey", in: "cookie", name: "session", "x-sabir": { keys: { ci: "s3" } } });
  const options = { security: [{ key: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A key in a header field tells who sends the request, and one that nobody has is refused before the handler.
check("security/key_in_a_field", () => {
  const app = new Sabir();
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
  });
  const options = { security: [{ key: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A key in the query is percent-decoded, and stands once.
check("security/key_in_the_query", () => {
  const app = new Sabir();
  app.security("key", { type: "apiKey", in: "query", name: "key", "x-sabir": { keys: { ci: "s 3" } } });
  const options = { security: [{ key: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// The id of a token chooses among the keys of a set, so that keys can be changed.
check("security/key_sets", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": {
      jwt: {
        algorithms: ["HS256"],
        jwks: {
          keys: [
            {
              kty: "oct",
              kid: "new",
              alg: "HS256",
              k: "YSBzZWNyZXQgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyBvciBtb3Jl",
            },
            { kty: "oct", kid: "old", alg: "HS256", k: "dGhlIHNlY3JldCBvZiBiZWZvcmUsIHdpdGggMzIgYnl0ZXM" },
          ],
        },
      },
    },
  });
  const options = { security: [{ token: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// Name and password are UTF-8 in Base64, and only the password has colons.
check("security/name_and_password", () => {
  const app = new Sabir();
  app.security("login", {
    type: "http",
    scheme: "basic",
    "x-sabir": { keys: { ada: "pass word:1", "Jürgen": "ü" }, realm: "Shop" },
  });
  const options = { security: [{ login: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// Tokens of public keys are verified by the key that fits.
check("security/public_keys", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": {
      jwt: {
        algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        public_keys: [
          "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3Wm2nZafrnOKXXxaq8d0\nbgaMbVz7eK9i8Ls4uxgPdApg/3XKPDEP9jtcILUZA5DmcbkOx1nd4cD1W+jufvB4\n/vVtt2lqvqK2yreuas9EesUjJPab4qIlwPjWPYukw5Am0W52jWIACV8QCjHxkxZj\nFp9CRajSDZsevynFMbsogCHqWATq7YBmEMd/nBXj+QmZozR4dB1lMvBaN5MK5gK7\nADEPIbHfBa4F9HgbHUdGDAS6+Ene5lWeqhqIeCw8oqxmJgQedjqkXcC7RsCZm9Ir\nOOHZyCsxscuA3nspInPe+BS/6GKGJyqjpB7nTxjx4RE12VYfdMbBEDtad/itwMNq\nawIDAQAB\n-----END PUBLIC KEY-----\n",
          "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEq02LszQxG8SUfUN2tivKT/K+Wre9\nROFbkYkLaOpoeBtJzhrIv/AFWm00SJ2u/zx7Dl3q7fCYOz311nf2iYIwfw==\n-----END PUBLIC KEY-----\n",
          "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGDop3sdFKCi+/IkNtcAEOB9sDG4oIPxkBE+oQNcFj4o=\n-----END PUBLIC KEY-----\n",
        ],
      },
    },
  });
  const options = { security: [{ token: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// Who is known and may too little is answered 403, with the scopes that are needed.
check("security/scopes", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    "x-sabir": { keys: { ci: { key: "abc", scopes: ["read"] } } },
  });
  app.security("key", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
  });
  const readOptions = { security: [{ token: ["read"] }] } as const;
  app.get("/read", readOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  const writeOptions = { security: [{ token: ["read", "write"] }] } as const;
  app.get("/write", writeOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  const keyOptions = { security: [{ key: ["read"] }] } as const;
  app.get("/key", keyOptions, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A socket is opened only for who may have it.
check("security/sockets", () => {
  const app = new Sabir();
  app.security("key", { type: "apiKey", in: "query", name: "key", "x-sabir": { keys: { ci: "s3" } } });
  app.websocket("/echo", { security: [{ key: [] }] }, { message: (ws, message) => ws.send(message) });
  return app;
});

// A token is meant for this server, and made by whom it trusts.
check("security/tokens_are_meant_for_somebody", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": {
      jwt: {
        algorithms: ["HS256"],
        secret: "a secret of the tests, 32 bytes or more",
        audience: ["shop"],
        issuer: ["https://id.example"],
      },
    },
  });
  const options = { security: [{ token: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// A token that has expired, or is not valid yet, or says nothing of it, is refused.
check("security/tokens_have_their_time", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": { jwt: { algorithms: ["HS256"], secret: "a secret of the tests, 32 bytes or more" } },
  });
  const options = { security: [{ token: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});

// Where that is permitted a token need not expire.
check("security/tokens_may_last_for_ever", () => {
  const app = new Sabir();
  app.security("token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    "x-sabir": {
      jwt: {
        algorithms: ["HS256"],
        secret: "a secret of the tests, 32 bytes or more",
        may_last_for_ever: true,
      },
    },
  });
  const options = { security: [{ token: [] }] } as const;
  app.get("/me", options, ({ request }) => ({
    subject: request.identity?.subject ?? null,
    scopes: request.identity?.scopes ?? null,
  }));
  return app;
});
