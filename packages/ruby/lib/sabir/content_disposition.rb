# frozen_string_literal: true

require "erb"

module Sabir
  # The field `Content-Disposition` (RFC 6266 §4).
  #
  # Private.
  module ContentDisposition
    # The field for a file name. Names that a quoted string cannot carry for sure are in the form of RFC 8187.
    def self.field(kind, filename)
      plain = filename.ascii_only? && filename.match?(/\A[ -~]*\z/) && !filename.match?(/["\\%]/)
      plain ? "#{kind}; filename=\"#{filename}\"" : "#{kind}; filename*=UTF-8''#{ERB::Util.url_encode(filename)}"
    end
  end
  private_constant :ContentDisposition
end
