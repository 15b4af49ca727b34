# frozen_string_literal: true

module Sabir
  # An answer that is not a success, sent as `application/problem+json` (RFC 9457). Raise it or return it.
  #
  #   raise Sabir::Problem.new("The name is taken.", status: 409, extensions: { name: "ann" })
  class Problem < StandardError
    attr_reader :status, :detail, :title, :type, :headers, :extensions

    # +extensions+ become further members of the body.
    def initialize(detail = nil, status: 500, title: nil, type: nil, headers: {}, extensions: {})
      super(detail || title || "problem #{status}")
      @detail = detail
      @status = status
      @title = title
      @type = type
      @headers = Headers.new(headers)
      @extensions = extensions
    end

    # The parts of the request that do not fit.
    def errors
      @errors || []
    end

    # The problem that the runtime describes, of the class that stands for its type.
    #
    # Private.
    def self.of(type:, status:, detail: nil, errors: [], **members)
      @named ||= ObjectSpace.each_object(NamedProblem.singleton_class).filter_map do |kind|
        ["urn:sabir:problem:#{kind::SLUG}", kind] if kind.const_defined?(:SLUG, false)
      end.to_h
      problem = @named.fetch(type, self).allocate
      Problem.instance_method(:initialize).bind_call(problem, detail, status:, type:, **members)
      problem.instance_variable_set(:@errors, errors)
      problem
    end
  end

  # A kind of problem that the runtime's table knows; it brings its own status, type and title.
  class NamedProblem < Problem
    def initialize(detail = nil, title: nil, type: nil, headers: {}, extensions: {})
      kind = self.class
      super(
        detail,
        status: kind::STATUS, title: title || kind::TITLE, type: type || "urn:sabir:problem:#{kind::SLUG}", headers:, extensions:
      )
    end
  end

  # A problem whose `errors` say which parts of the request do not fit, as in the runtime's own refusals.
  class ValidationProblem < NamedProblem
    attr_reader :errors

    def initialize(detail = nil, errors: [], **options)
      super(detail, **options)
      @errors = errors
    end
  end

  # A problem that passes: +retry_after+ says after how many seconds to try again (RFC 9110 §10.2.3).
  class RetryProblem < NamedProblem
    def initialize(detail = nil, retry_after: nil, **options)
      super(detail, **options)
      headers["retry-after"] = retry_after unless retry_after.nil?
    end
  end
end
