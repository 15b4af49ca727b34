# frozen_string_literal: true

require "json"
require "uri"

module Sabir
  # One request. Parts are built when they are asked for.
  class Request
    # The method, such as `GET`.
    alias verb request_method

    # The header fields, by names in any case.
    def headers
      @headers ||= Headers.new(header_fields).freeze
    end

    # Who sends it, as a scheme of the route's `security:` has found out; nil where it has none.
    def identity
      values = identity_values
      values && Identity.new(**values.transform_keys(&:to_sym))
    end

    # Where it stands in a trace of several services; nil without the stage TraceContext.
    def trace
      values = trace_values
      values && Trace.new(*values).freeze
    end

    # The logger of this request: its lines name it, and its trace.
    def log
      @log ||= RequestLogger.new(self)
    end

    # What belongs to this request: hooks and the block have it in common.
    def state
      @state ||= {}
    end

    # The cookies by name.
    def cookies
      @cookies ||= read_cookies.freeze
    end

    # The content as it was sent, a binary string.
    def body
      @body ||= read_body.freeze
    end

    # The content as text.
    #
    # Raises BadRequest if it is not UTF-8.
    def text
      content = body.dup.force_encoding(::Encoding::UTF_8)
      content.valid_encoding? ? content : raise(BadRequest, "The content is not UTF-8.")
    end

    # The content as JSON, without the checks that a declared body gets.
    #
    # Raises BadRequest if it is none.
    def json
      JSON.parse(text)
    rescue JSON::ParserError
      raise BadRequest, "The content is not JSON."
    end

    # The fields of a form that the route does not declare, as pairs of name and value: a string, or an UploadFile.
    #
    # Raises BadRequest, or another problem, when it is malformed.
    def form
      @form ||= form_fields.tap do |fields|
        status, detail = fields
        raise Problem.new(detail, status:) if status.is_a?(Integer)
      end
    end

    # The host as the client named it, without its port.
    def host
      host_with_port[/\A(\[[^\]]*\]|[^:]*)/]
    end

    # The port that the client named, or that of the scheme.
    def port
      Integer(host_with_port[/:(\d+)\z/, 1] || (scheme == "https" ? 443 : 80))
    end

    # The parameters of the query as pairs of name and value, decoded.
    def query
      @query ||= URI.decode_www_form(query_string).freeze
    end

    # The address of the client; nil in memory and on Unix sockets.
    def ip
      client&.first
    end

    def inspect
      "#<#{self.class} #{request_method} #{url}>"
    end
  end
end
