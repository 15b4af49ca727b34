# frozen_string_literal: true

module Sabir
  # Who sends a request, as a security scheme of its route has found out: the name of the `scheme`; the `subject`, the name of a key or a
  # user, or the claim `sub` of a token, nil where the block has to find out; the `scopes`, what they may do; the `claims` of a token
  # (RFC 7519 §4); the `credentials`, what was sent, of a scheme whose blocks check it.
  Identity = Struct.new(:scheme, :subject, :scopes, :claims, :credentials, keyword_init: true) do
    def inspect
      "#<#{self.class} #{subject.inspect} by #{scheme}, may #{scopes.join(" ")}>"
    end
  end

  # Security schemes, for App#security: OpenAPI Security Scheme Objects, whose `x-sabir` says what credentials are held against. Each takes
  # a `description:` for people and the `realm:` of its challenges.
  #
  # `keys:` are keys, tokens or passwords by the names of those who have them, each a string or `{ key:, scopes: [...] }`; they are compared
  # in constant time. With `by_handler: true` blocks check the credentials, which they find in `request.identity.credentials`.
  module Security
    # A key in a header field, the query or a cookie: name one of them.
    def self.api_key(header: nil, query: nil, cookie: nil, **options)
      places = { header:, query:, cookie: }.compact
      unless places.size == 1
        raise SetupError.new("Security.api_key", "header, query, cookie", "a key is in one place", "name one of them")
      end
      scheme({ type: "apiKey", in: places.keys.first.to_s, name: places.values.first }, **options)
    end

    # Name and password (RFC 7617); `keys:` are the passwords by names.
    def self.basic(**options)
      scheme({ type: "http", scheme: "basic" }, **options)
    end

    # A token in `Authorization: Bearer` (RFC 6750) that is known beforehand, or that blocks check.
    def self.bearer(**options)
      scheme({ type: "http", scheme: "bearer" }, **options)
    end

    # A JSON Web Token (RFC 7519) in `Authorization: Bearer`. Scopes are the words of its claims `scope`, `scp`, `scopes`, `roles` and
    # `permissions`.
    #
    # +algorithms+ may have signed it (RFC 8725 §3.1). +secret+ is what signers and this server share, for HS256 and its siblings, 32 bytes
    # or more; +public_keys+ are in PEM; +jwks+ is a JWK Set. It is meant for one of +audience+, and made by one of +issuer+. Clocks may
    # differ by +leeway+ seconds; with +may_last_for_ever+ one that never expires is taken.
    def self.jwt(algorithms:, secret: nil, public_keys: nil, jwks: nil, audience: nil, issuer: nil, leeway: nil, may_last_for_ever: nil, **options)
      lists = { public_keys:, audience:, issuer: }.compact.transform_values { |values| Array(values) }
      rules = { algorithms: Array(algorithms).map(&:to_s), secret:, jwks:, leeway:, may_last_for_ever: }.compact
      scheme({ type: "http", scheme: "bearer", bearerFormat: "JWT" }, jwt: { **rules, **lists }, **options)
    end

    def self.scheme(object, description: nil, **check)
      { **object, description:, "x-sabir": check }.compact
    end
    private_class_method :scheme
  end

  # A security scheme of an application, for the option `security:` of routes.
  class Scheme
    attr_reader :name

    def initialize(name, scopes = [])
      @name = name.to_s
      @scopes = scopes.map(&:to_s)
    end

    # The same scheme, with scopes that are needed: `token["orders:read"]`.
    def [](*scopes)
      Scheme.new(@name, scopes)
    end
    alias call []

    # The OpenAPI Security Requirement Object.
    def to_h
      { @name => @scopes }
    end
  end
end
