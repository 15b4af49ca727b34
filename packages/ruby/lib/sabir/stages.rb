# frozen_string_literal: true

# Generated from the runtime's tables by `./task generate`. Do not edit.

module Sabir
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
  #   nothing is said ("")
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
end
