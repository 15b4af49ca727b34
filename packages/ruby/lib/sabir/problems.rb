# frozen_string_literal: true

# Generated from the runtime's table by `./task generate`. Do not edit.

module Sabir
  # 400: the request is not well formed: framing, header section, escapes, syntax of the body.
  class BadRequest < NamedProblem
    STATUS = 400
    SLUG = "bad-request"
    TITLE = "The request is malformed"
  end

  # 401: the client is not authenticated. RFC 9110 §11.6.1 asks for the field WWW-Authenticate.
  class Unauthorized < NamedProblem
    STATUS = 401
    SLUG = "unauthorized"
    TITLE = "Authentication is required"
  end

  # 403: the client may not do this.
  class Forbidden < NamedProblem
    STATUS = 403
    SLUG = "forbidden"
    TITLE = "The request is not permitted"
  end

  # 404: no route matches the path.
  class NotFound < NamedProblem
    STATUS = 404
    SLUG = "not-found"
    TITLE = "The resource was not found"
  end

  # 405: the path exists, but not for this method.
  class MethodNotAllowed < NamedProblem
    STATUS = 405
    SLUG = "method-not-allowed"
    TITLE = "The method is not allowed for this resource"
  end

  # 406: no declared representation is acceptable.
  class NotAcceptable < NamedProblem
    STATUS = 406
    SLUG = "not-acceptable"
    TITLE = "No acceptable representation is available"
  end

  # 408: the client took too long to send the request.
  class RequestTimeout < NamedProblem
    STATUS = 408
    SLUG = "request-timeout"
    TITLE = "The request took too long to arrive"
  end

  # 409: the request conflicts with the state of the resource.
  class Conflict < NamedProblem
    STATUS = 409
    SLUG = "conflict"
    TITLE = "The request conflicts with the current state"
  end

  # 410: the resource is gone for good.
  class Gone < NamedProblem
    STATUS = 410
    SLUG = "gone"
    TITLE = "The resource is gone"
  end

  # 412: a condition of the request does not hold: the resource is in another state than the client takes it for.
  class PreconditionFailed < NamedProblem
    STATUS = 412
    SLUG = "precondition-failed"
    TITLE = "A precondition does not hold"
  end

  # 413: the content is larger than the limit.
  class ContentTooLarge < NamedProblem
    STATUS = 413
    SLUG = "content-too-large"
    TITLE = "The content is too large"
  end

  # 414: the request target is longer than the limit.
  class UriTooLong < NamedProblem
    STATUS = 414
    SLUG = "uri-too-long"
    TITLE = "The request target is too long"
  end

  # 415: the media type, its charset or its coding is not supported.
  class UnsupportedMediaType < NamedProblem
    STATUS = 415
    SLUG = "unsupported-media-type"
    TITLE = "The media type is not supported"
  end

  # 416: the resource has none of the parts that the client asks for.
  class RangeNotSatisfiable < NamedProblem
    STATUS = 416
    SLUG = "range-not-satisfiable"
    TITLE = "The range is not satisfiable"
  end

  # 421: the request is for a host that is not served here.
  class MisdirectedRequest < NamedProblem
    STATUS = 421
    SLUG = "misdirected-request"
    TITLE = "The request was misdirected"
  end

  # 422: a part of the request does not fit its schema; the member `errors` says which.
  class ValidationFailed < ValidationProblem
    STATUS = 422
    SLUG = "validation-failed"
    TITLE = "Request validation failed"
  end

  # 426: the resource speaks another protocol, which the request does not ask for.
  class UpgradeRequired < NamedProblem
    STATUS = 426
    SLUG = "upgrade-required"
    TITLE = "The protocol must be upgraded"
  end

  # 429: the client sent too many requests.
  class TooManyRequests < RetryProblem
    STATUS = 429
    SLUG = "too-many-requests"
    TITLE = "Too many requests"
  end

  # 431: the header section is larger than the limit.
  class HeaderFieldsTooLarge < NamedProblem
    STATUS = 431
    SLUG = "header-fields-too-large"
    TITLE = "The header fields are too large"
  end

  # 500: the handler failed.
  class InternalError < NamedProblem
    STATUS = 500
    SLUG = "internal-error"
    TITLE = "The server failed to answer"
  end

  # 501: the method or the protocol feature is not implemented.
  class Unimplemented < NamedProblem
    STATUS = 501
    SLUG = "not-implemented"
    TITLE = "The request is not supported"
  end

  # 503: the server is overloaded or shutting down.
  class ServiceUnavailable < RetryProblem
    STATUS = 503
    SLUG = "service-unavailable"
    TITLE = "The service is unavailable"
  end

  # 504: the handler's deadline passed.
  class HandlerTimeout < NamedProblem
    STATUS = 504
    SLUG = "handler-timeout"
    TITLE = "The handler took too long"
  end

  # 505: the protocol version is not supported.
  class VersionNotSupported < NamedProblem
    STATUS = 505
    SLUG = "version-not-supported"
    TITLE = "The HTTP version is not supported"
  end
end
