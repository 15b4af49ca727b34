# frozen_string_literal: true

require "uri"

# The requests of fixtures.
module Content
  BOUNDARY = "sabir-boundary"
  MEDIA_TYPES = {
    "json" => "application/json",
    "form" => "application/x-www-form-urlencoded",
    "multipart" => "multipart/form-data; boundary=#{BOUNDARY}",
  }.freeze

  class << self
    # The header fields that the fixture gives, and the content type that belongs to its content.
    def fields(request)
      given = Fixture.expand(request.fetch("headers", {})).flat_map { |name, values| Array(values).map { |value| [name, value] } }
      unless given.any? { |name, _| name.casecmp?("content-type") }
        given += MEDIA_TYPES.filter_map { |kind, media_type| ["content-type", media_type] if request.key?(kind) }
      end
      given
    end

    # The content, or nil where the request has none.
    def of(request)
      kind = (%w[json form multipart text base64] & request.keys).first or return
      value = Fixture.expand(request[kind])
      case kind
      when "json" then JSON.generate(value, max_nesting: 0).b
      when "form" then value.map { |name, text| "#{quote(name)}=#{quote(text)}" }.join("&").b
      when "multipart" then "#{value.map { |part| part(part) }.join}--#{BOUNDARY}--\r\n".b
      when "text" then value.b
      else Base64.strict_decode64(value)
      end
    end

    # The bytes of a request.
    def written(request)
      body = of(request)
      headers = fields(request)
      names = headers.map { |name, _| name.downcase }
      headers.unshift(%w[host localhost]) unless names.include?("host")
      if request["chunked"]
        headers << %w[transfer-encoding chunked]
        body = chunks(body || "".b)
      elsif body && !names.include?("content-length")
        headers << ["content-length", body.bytesize.to_s]
      end
      head = ["#{request["method"]} #{Fixture.expand(request["path"])} HTTP/1.1", *headers.map { |name, value| "#{name}: #{value}" }]
      head.map { |line| "#{line}\r\n".b }.join + "\r\n".b + (body || "".b)
    end

    private

    # Percent-encodes as WHATWG URL §5.2 says, which keeps `*` and encodes `~`.
    def quote(text)
      URI.encode_www_form_component(text)
    end

    def part(part)
      head = "--#{BOUNDARY}\r\ncontent-disposition: form-data; name=\"#{part["name"]}\""
      head += "; filename=\"#{part["filename"]}\"" if part.key?("filename")
      head += "\r\ncontent-type: #{part["content_type"]}" if part.key?("content_type")
      body = part.key?("base64") ? Base64.strict_decode64(part["base64"]) : part["value"] || part["text"] || ""
      "#{head}\r\n\r\n".b + body.b + "\r\n".b
    end

    # The content in two chunks where that is possible, so that a reader has to put them together.
    def chunks(body)
      half = (body.bytesize + 1) / 2
      parts = [body.byteslice(0, half), body.byteslice(half..)].reject { |part| part.nil? || part.empty? }
      parts.map { |part| "#{part.bytesize.to_s(16)}\r\n".b + part + "\r\n".b }.join + "0\r\n\r\n".b
    end
  end
end
