# frozen_string_literal: true

module Sabir
  # The `Set-Cookie` field of a response (RFC 6265bis §4.1).
  #
  # Private.
  module Cookie
    ATTRIBUTES = %i[path domain max_age expires secure http_only same_site partitioned].freeze
    private_constant :ATTRIBUTES

    def self.field(name, value, path: "/", **attributes)
      unknown = attributes.keys - ATTRIBUTES
      raise ArgumentError, "cookie #{name}: there is no attribute #{unknown.first}" unless unknown.empty?

      attributes[:expires] = attributes[:expires].to_i if attributes[:expires]
      attributes[:same_site] = attributes[:same_site].to_s if attributes[:same_site]
      Native.set_cookie(name.to_s, value.to_s, { path:, **attributes })
    end
  end
  private_constant :Cookie
end
