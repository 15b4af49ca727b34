# frozen_string_literal: true

# Generated from testing_data by `./task generate`. Do not edit.

require_relative "../support"

class SecurityTest < FixtureTest
  category "security"

  # Only algorithms that are listed may sign, and never none.
  fixture "algorithms_are_permitted" do
    app = Sabir::App.new
    app.security(:token, {
      type: "http",
      scheme: "bearer",
      bearerFormat: "JWT",
      "x-sabir": { jwt: { algorithms: ["HS256"], secret: "a secret of the tests, 32 bytes or more" } },
    })
    router = Sabir::Router.new
    router.get("/me", security: [{ token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # One alternative suffices, and one with several schemes needs all of them.
  fixture "alternatives" do
    app = Sabir::App.new
    app.security(:token, {
      type: "http",
      scheme: "bearer",
      "x-sabir": { keys: { ci: { key: "abc", scopes: ["read"] } } },
    })
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
    })
    router = Sabir::Router.new
    router.get("/either", security: [{ key: [] }, { token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    router.get("/both", security: [{ key: [], token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # A bearer token stands behind a scheme in any case, and what is wrong with it is told in the challenge.
  fixture "bearer_tokens" do
    app = Sabir::App.new
    app.security(:token, {
      type: "http",
      scheme: "bearer",
      "x-sabir": { keys: { ci: { key: "abc", scopes: ["read"] } } },
    })
    app.get("/me", security: [{ token: ["read"] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # Who may not is told nothing of what else is wrong.
  fixture "before_validation" do
    app = Sabir::App.new
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
    })
    app.get("/me", query: { limit: Integer }, security: [{ key: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # A stream of events begins only for who may have it.
  fixture "event_streams" do
    app = Sabir::App.new
    app.security(:key, { type: "apiKey", in: "query", name: "key", "x-sabir": { keys: { ci: "s3" } } })
    app.sse("/ticks", security: [{ key: [] }]) { |events| events << Sabir::Event.new(data: "a") }
    app
  end

  # An alternative without schemes lets everybody in, and who can be known is.
  fixture "everybody" do
    app = Sabir::App.new
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
    })
    app.get("/me", security: [{ key: [] }, {}]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.get("/closed", security: [{ key: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # Guesses at credentials count, so that they cannot go on.
  fixture "guesses_count" do
    app = Sabir::App.new
    app.use(Sabir::RateLimit, limit: "2/minute")
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: "s3cret" } },
    })
    app.get("/me", security: [{ key: [] }]) { |request| { subject: request.identity&.subject } }
    app
  end

  # Where handlers check credentials the runtime sees to it that there are any.
  fixture "handlers_may_check" do
    app = Sabir::App.new
    app.security(:key, { type: "apiKey", in: "header", name: "x-api-key", "x-sabir": { by_handler: true } })
    router = Sabir::Router.new
    router.get("/me", security: [{ key: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # A JSON Web Token tells who sends the request and what they may do.
  fixture "json_web_tokens" do
    app = Sabir::App.new
    app.security(:token, {
      type: "http",
      scheme: "bearer",
      bearerFormat: "JWT",
      "x-sabir": { jwt: { algorithms: ["HS256"], secret: "a secret of the tests, 32 bytes or more" } },
    })
    router = Sabir::Router.new
    router.get("/me", security: [{ token: ["read"] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # A key in a cookie tells who sends the request.
  fixture "key_in_a_cookie" do
    app = Sabir::App.new
    app.security(:key, { type: "apiKey", in: "cookie", name: "session", "x-sabir": { keys: { ci: "s3" } } })
    router = Sabir::Router.new
    router.get("/me", security: [{ key: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # A key in a header field tells who sends the request, and one that nobody has is refused before the
  # handler.
  fixture "key_in_a_field" do
    app = Sabir::App.new
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
    })
    app.get("/me", security: [{ key: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # A key in the query is percent-decoded, and stands once.
  fixture "key_in_the_query" do
    app = Sabir::App.new
    app.security(:key, { type: "apiKey", in: "query", name: "key", "x-sabir": { keys: { ci: "s 3" } } })
    app.get("/me", security: [{ key: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # The id of a token chooses among the keys of a set, so that keys can be changed.
  fixture "key_sets" do
    app = Sabir::App.new
    app.security(:token, {
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
    })
    app.get("/me", security: [{ token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # Name and password are UTF-8 in Base64, and only the password has colons.
  fixture "name_and_password" do
    app = Sabir::App.new
    app.security(:login, {
      type: "http",
      scheme: "basic",
      "x-sabir": { keys: { ada: "pass word:1", "Jürgen": "ü" }, realm: "Shop" },
    })
    router = Sabir::Router.new
    router.get("/me", security: [{ login: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # Tokens of public keys are verified by the key that fits.
  fixture "public_keys" do
    app = Sabir::App.new
    app.security(:token, {
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
    })
    router = Sabir::Router.new
    router.get("/me", security: [{ token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # Who is known and may too little is answered 403, with the scopes that are needed.
  fixture "scopes" do
    app = Sabir::App.new
    app.security(:token, {
      type: "http",
      scheme: "bearer",
      "x-sabir": { keys: { ci: { key: "abc", scopes: ["read"] } } },
    })
    app.security(:key, {
      type: "apiKey",
      in: "header",
      name: "x-api-key",
      "x-sabir": { keys: { ci: "s3cret", ada: { key: "other", scopes: ["read", "write"] } } },
    })
    router = Sabir::Router.new
    router.get("/read", security: [{ token: ["read"] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    router.get("/write", security: [{ token: ["read", "write"] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    router.get("/key", security: [{ key: ["read"] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end

  # A socket is opened only for who may have it.
  fixture "sockets" do
    app = Sabir::App.new
    app.security(:key, { type: "apiKey", in: "query", name: "key", "x-sabir": { keys: { ci: "s3" } } })
    app.websocket("/echo", security: [{ key: [] }]) do |ws|
      ws.on_message { |event| event.binary? ? ws.binary(event.data) : ws.text(event.data) }
    end
    app
  end

  # A token is meant for this server, and made by whom it trusts.
  fixture "tokens_are_meant_for_somebody" do
    app = Sabir::App.new
    app.security(:token, {
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
    })
    app.get("/me", security: [{ token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # A token that has expired, or is not valid yet, or says nothing of it, is refused.
  fixture "tokens_have_their_time" do
    app = Sabir::App.new
    app.security(:token, {
      type: "http",
      scheme: "bearer",
      bearerFormat: "JWT",
      "x-sabir": { jwt: { algorithms: ["HS256"], secret: "a secret of the tests, 32 bytes or more" } },
    })
    app.get("/me", security: [{ token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app
  end

  # Where that is permitted a token need not expire.
  fixture "tokens_may_last_for_ever" do
    app = Sabir::App.new
    app.security(:token, {
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
    })
    router = Sabir::Router.new
    router.get("/me", security: [{ token: [] }]) do |request|
      { subject: request.identity&.subject, scopes: request.identity&.scopes }
    end
    app.mount("/", router)
    app
  end
end
