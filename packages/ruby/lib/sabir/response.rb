# frozen_string_literal: true

module Sabir
  # An answer with a status and header fields.
  #
  #   Sabir::Response.new({ id: 1 }, status: 201, headers: { "location" => "/users/1" })
  class Response
    # A path in place of content: the runtime sends the file.
    FileBody = Struct.new(:path)

    # The status; nil for that of the route.
    attr_accessor :status
    attr_reader :headers
    # A string, what JSON can say, something with `each` that makes chunks while they are sent, or nil.
    attr_accessor :body
    # Fields that follow a stream (RFC 9110 §6.5): values by their names, or what gives them when it has ended, such as a lambda. They are
    # sent over HTTP/2, and to clients of HTTP/1.1 that say `TE: trailers`.
    attr_reader :trailers
    # The media type, unless the header fields say it; that of the body's class by default.
    attr_accessor :media_type

    def initialize(body = nil, status: nil, headers: {}, media_type: nil, trailers: {})
      @body = body
      @status = status
      @headers = Headers.new(headers)
      @media_type = media_type
      @trailers = trailers
    end

    # An answer whose content the block writes while it is sent. The client is waited for, when it reads slowly.
    #
    #   Sabir::Response.stream(media_type: "text/csv") { |out| rows.each { |row| out << row.to_csv } }
    def self.stream(status: nil, headers: {}, media_type: nil, trailers: {}, &block)
      new(Enumerator.new(&block), status:, headers:, media_type:, trailers:)
    end

    # An answer that is a value as JSON, also where it is a string or nil.
    def self.json(value, status: nil, headers: {})
      new(Native.encode_json(value), status:, headers:, media_type: "application/json")
    end

    # An answer that is the file at a path. The runtime reads it, answers conditions and ranges, and says 404 where there is none. +filename+ is the
    # name under which the client is to save it; with `disposition: :inline` it may show it.
    def self.file(path, status: nil, headers: {}, media_type: nil, filename: nil, disposition: :attachment)
      response = new(FileBody.new(File.expand_path(path)), status:, headers:, media_type:)
      response.headers["content-disposition"] = ContentDisposition.field(disposition, filename) unless filename.nil?
      response
    end

    # An answer that sends the client elsewhere.
    def self.redirect(url, status: 302, headers: {})
      new(status:, headers: { "location" => Native.location(url), **headers })
    end

    # Sets a cookie, whose attributes are `path`, `domain`, `max_age`, `expires`, `secure`, `http_only`, `same_site` and
    # `partitioned`.
    def set_cookie(name, value, **attributes)
      headers.add("set-cookie", Cookie.field(name, value, **attributes))
      self
    end

    # Has the client forget a cookie.
    def delete_cookie(name, **attributes)
      set_cookie(name, "", max_age: 0, **attributes)
    end
  end
end
