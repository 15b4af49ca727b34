# frozen_string_literal: true

# Generated from the runtime's tables by `./task generate`. Do not edit.

module Sabir
  # One line for each request, written when its answer has ended. Of a stream that is after its last byte, of a socket when
  # it is closed. Lines say how it ended: `complete`, `aborted` where the client has left before, or the server had to stop,
  # or `failed`. What clients say is escaped. Requests that the connection refuses have lines too. Lines are written beside
  # the requests, several at a time; when more wait than can be written, some are left out, and the log says how many. Each
  # line is written whole, so that several processes may share a file.
  #
  # - `format:` What lines look like: `json` has every field, `common` and `combined` are the formats of other servers,
  #   `human` is for people who read along ("json")
  # - `output:` Where lines go: `stdout`, `stderr`, or the path of a file, which grows, and is opened again when it was
  #   moved away or removed ("stdout")
  # - `query:` Whether lines have the query. It may hold secrets (false)
  # - `identity:` Whether lines have the name of who has sent a request, as security schemes have found it out (false)
  # - `skip:` Paths, of requests or of routes, that make no lines, such as those of health checks ([])
  class AccessLog < Stage
    NAME = "access_log"
  end

  # The id of a request, in the log, in problems and for handlers. Without the stage it is the `x-request-id` of whoever
  # sends one, and problems alone say it; with it every answer does. It is for the whole application.
  #
  # - `header:` The field that ids come in, and that every answer has ("x-request-id")
  # - `accept_from:` Whose ids are taken over, if they are 1 to 128 visible characters of ASCII: networks as `10.0.0.0/8`,
  #   addresses, `loopback`, `private`, `unix`, `all`. Others get a new one. It is the peer of the connection that counts, not
  #   what proxies say (["loopback","unix"])
  # - `format:` What ids look like that the server makes ("short")
  class RequestId < Stage
    NAME = "request_id"
  end

  # Of which trace of several services a request is, and which span of it the request itself is (W3C Trace Context).
  # Handlers find it with the request, with the `traceparent` that requests to other services need; log lines and access
  # logs have it. A `traceparent` that is malformed begins a new trace. It is for the whole application.
  #
  # - `accept_from:` Whose `traceparent` is taken over: networks as `10.0.0.0/8`, addresses, `loopback`, `private`, `unix`,
  #   `all`. Requests of others begin a new trace. It is the peer of the connection that counts, not what proxies say
  #   (["loopback","unix"])
  # - `sampled:` Whether traces that begin here are recorded, as far as the flag `sampled` says so to other services (true)
  # - `respond:` Whether answers say their trace and span, in the field `traceresponse` (false)
  class TraceContext < Stage
    NAME = "trace_context"
  end

  # What proxies in front of the server say of the client: its address, and the scheme and the host of its URL. Requests
  # have them as their own then, for handlers and for other stages. Senders are followed from the nearest on as long as they
  # are trusted; the first one that is not is the client. One without an address, as `unknown`, ends that, and so does
  # anything else that is none. Schemes, hosts and ports that are none are not looked at. A `Forwarded` that is malformed is
  # answered 400, since nobody can know what of it a proxy has said. It is for the whole application.
  #
  # - `trust:` Who is believed: networks as `10.0.0.0/8` and `2001:db8::/32`, addresses, `loopback`, `private` (RFC 1918,
  #   RFC 4193), `unix` for Unix sockets, `all` (["loopback","unix"])
  # - `fields:` The fields that the proxies set: `x-forwarded-for`, `x-forwarded-proto`, `x-forwarded-host`,
  #   `x-forwarded-port`, or `forwarded` alone (RFC 7239). Name none that a proxy passes on as its client has sent it
  #   (["x-forwarded-for","x-forwarded-proto"])
  class TrustedProxies < Stage
    NAME = "trusted_proxies"
  end

  # The hosts that the application answers for. A request for another one is answered 421 (RFC 9110 §7.4, §15.5.20), and so
  # is one that says no host, as HTTP/1.0 permits. It is for the whole application.
  #
  # - `hosts:` The hosts: `shop.example`, `*.shop.example` for every host below one, either with a port,
  #   `shop.example:8443`, where no other will do. Without one any port will ([])
  class TrustedHosts < Stage
    NAME = "trusted_hosts"
  end

  # Sends clients that have come over HTTP to the same address over HTTPS. The answer is 308, which keeps method and content
  # (RFC 9110 §15.4.9). The server has no TLS of its own, so the scheme is what proxies say: without `trusted_proxies` every
  # request is sent away, again and again. It is for the whole application.
  #
  # - `port:` The port that HTTPS is served on (443)
  # - `exclude:` Paths that are answered over HTTP as well, with all below them: `/healthz`, `/.well-known/acme-challenge`
  #   ([])
  class HttpsRedirect < Stage
    NAME = "https_redirect"
  end

  # How long an answer has taken, in the field `Server-Timing` (W3C). Milliseconds are counted from the match of the route
  # until the answer is ready to be sent.
  #
  # - `metric:` What the time is called ("total")
  class ServerTiming < Stage
    NAME = "server_timing"
  end

  # Header fields that tell browsers what they may do with an answer.
  #
  # - `content_type_options:` Whether browsers take the media type for what it is (`X-Content-Type-Options: nosniff`, Fetch
  #   §3.6) (true)
  # - `frame_options:` Who may show the answer in a frame: `DENY`, `SAMEORIGIN`, or everybody when it is empty
  #   (`X-Frame-Options`, HTML §7.6) ("SAMEORIGIN")
  # - `referrer_policy:` How much of its address a page tells the servers that it links to
  #   ("strict-origin-when-cross-origin")
  # - `hsts_max_age:` Seconds for which browsers come back over HTTPS only (RFC 6797). 0 means that nothing is said (0)
  # - `hsts_include_subdomains:` Whether that holds for subdomains, too (false)
  # - `content_security_policy:` What pages may load and run (`Content-Security-Policy`, CSP Level 3); empty means that
  #   nothing is said. `'nonce-{nonce}'` in it is a random number of each request's own, which handlers find in the request
  #   and put into the attribute `nonce` of scripts ("")
  # - `cross_origin_opener_policy:` Which other origins may have the answer in a window that they share
  #   (`Cross-Origin-Opener-Policy`); empty means that nothing is said ("same-origin")
  class SecurityHeaders < Stage
    NAME = "security_headers"
  end

  # Cross-origin resource sharing: which pages of other origins may read answers (Fetch standard, §3.2).
  #
  # - `allow_origins:` The origins that may: `https://shop.example`, `https://*.shop.example` for every host below one, `*`
  #   for all (["*"])
  # - `allow_credentials:` Whether requests may carry cookies and certificates. The origins have to be named then (false)
  # - `allow_methods:` The methods that pages may use. When empty, those that the path has ([])
  # - `allow_headers:` The fields that pages may send. When empty, those that they ask for ([])
  # - `expose_headers:` The fields of answers that pages may read beside those that they always may ([])
  # - `max_age:` Seconds for which browsers keep what a preflight has told them (600)
  # - `allow_private_network:` Whether pages of public networks may reach this server in a private one (Private Network
  #   Access) (false)
  class Cors < Stage
    NAME = "cors"
  end

  # Answers in the coding that the client likes best: zstd, br, gzip, deflate (RFC 9110 §8.4). Streams and events are
  # compressed while they are sent. An entity tag becomes weak. Whoever can have a browser send requests and see how long
  # the answers are may guess a secret that stands beside what the request says (BREACH): turn it off for routes that answer
  # with both.
  #
  # - `encodings:` The codings that are offered, the preferred one first: `zstd`, `br`, `gzip`, `deflate`. When empty, all
  #   that the runtime has, in this order. What the client prefers comes before that ([])
  # - `minimum_size:` Content of fewer bytes is sent as it is: it would save less than it takes (1024)
  # - `media_types:` What is compressed: media types such as `text/html`, `text/*` or `application/*+json`
  #   (["text/*","application/json","application/*+json","application/jsonl","application/x-ndjson","application/xml","application/*+xml","application/javascript","application/wasm","image/svg+xml","font/otf","font/ttf"])
  # - `gzip_level:` How hard gzip and deflate try, from the fastest to the smallest (4)
  # - `brotli_level:` How hard br tries, from the fastest to the smallest (4)
  # - `zstd_level:` How hard zstd tries, from the fastest to the smallest (3)
  class Compression < Stage
    NAME = "compression"
  end

  # Refusals of requests that pages of other origins forge with the cookies of their visitors (CSRF).
  #
  # - `trusted_origins:` The origins beside this one whose pages may: `https://shop.example`, or `https://*.shop.example`
  #   for every host below one ([])
  # - `require_source:` Whether clients that say nothing of it are refused, too. They are no browsers, but for some from
  #   before 2020 that can be told to say nothing (false)
  class Csrf < Stage
    NAME = "csrf"
  end

  # How many requests a client may send (GCRA). Answers say what is left in `RateLimit` and `RateLimit-Policy`
  # (draft-ietf-httpapi-ratelimit-headers); what is too much is answered 429 with `Retry-After` before anything of it is
  # decoded. A limit of the application counts all routes together that have none of their own, one of a route that route
  # alone; each process counts for itself. Requests without a route and those with the method OPTIONS do not count.
  #
  # - `limit:` So many requests in so much time, as `100/minute`: a number, and `second`, `minute`, `hour` or `day`. What
  #   was taken comes back evenly ("100/minute")
  # - `burst:` How many requests may come at once. 0 means as many as the limit (0)
  # - `key:` Who counts as one client: `ip`, an address of IPv4 or a /64 network of IPv6; `header:x-api-key`, the value of
  #   this header field, without which it is the address; `global`, all of them. Requests without an address, as over Unix
  #   sockets, count together ("ip")
  # - `max_keys:` How many clients are remembered. Where there are more, those that were silent for longest are forgotten,
  #   and begin anew (100000)
  # - `on_store_error:` What becomes of requests while the store fails that is to count them. The memory of the process
  #   never does ("refuse")
  class RateLimit < Stage
    NAME = "rate_limit"
  end

  # Entity tags of answers, and answers to who has them already (RFC 9110 §8.8.3, §13).
  #
  # - `weak:` Whether tags say that the content means the same, not that it is the same byte by byte (false)
  class Etag < Stage
    NAME = "etag"
  end
end
