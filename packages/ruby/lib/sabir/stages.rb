# frozen_string_literal: true

# Generated from the runtime's tables by `./task generate`. Do not edit.

module Sabir
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
