"""The problems that the runtime knows, one class each: raise or return them.

Generated from the runtime's table by ``./task generate``. Do not edit.
"""

from sabir.problem import NamedProblem, RetryProblem, ValidationProblem


class BadRequest(NamedProblem):
    """400: the request is not well formed: framing, header section, escapes, syntax of the body."""

    _status, _slug, _title = 400, "bad-request", "The request is malformed"


class Unauthorized(NamedProblem):
    """401: the client is not authenticated. RFC 9110 §11.6.1 asks for the field WWW-Authenticate."""

    _status, _slug, _title = 401, "unauthorized", "Authentication is required"


class Forbidden(NamedProblem):
    """403: the client may not do this."""

    _status, _slug, _title = 403, "forbidden", "The request is not permitted"


class NotFound(NamedProblem):
    """404: no route matches the path."""

    _status, _slug, _title = 404, "not-found", "The resource was not found"


class MethodNotAllowed(NamedProblem):
    """405: the path exists, but not for this method."""

    _status, _slug, _title = 405, "method-not-allowed", "The method is not allowed for this resource"


class NotAcceptable(NamedProblem):
    """406: no declared representation is acceptable."""

    _status, _slug, _title = 406, "not-acceptable", "No acceptable representation is available"


class RequestTimeout(NamedProblem):
    """408: the client took too long to send the request."""

    _status, _slug, _title = 408, "request-timeout", "The request took too long to arrive"


class Conflict(NamedProblem):
    """409: the request conflicts with the state of the resource."""

    _status, _slug, _title = 409, "conflict", "The request conflicts with the current state"


class Gone(NamedProblem):
    """410: the resource is gone for good."""

    _status, _slug, _title = 410, "gone", "The resource is gone"


class PreconditionFailed(NamedProblem):
    """412: a condition of the request does not hold: the resource is in another state than the client takes it for."""

    _status, _slug, _title = 412, "precondition-failed", "A precondition does not hold"


class ContentTooLarge(NamedProblem):
    """413: the content is larger than the limit."""

    _status, _slug, _title = 413, "content-too-large", "The content is too large"


class UriTooLong(NamedProblem):
    """414: the request target is longer than the limit."""

    _status, _slug, _title = 414, "uri-too-long", "The request target is too long"


class UnsupportedMediaType(NamedProblem):
    """415: the media type, its charset or its coding is not supported."""

    _status, _slug, _title = 415, "unsupported-media-type", "The media type is not supported"


class RangeNotSatisfiable(NamedProblem):
    """416: the resource has none of the parts that the client asks for."""

    _status, _slug, _title = 416, "range-not-satisfiable", "The range is not satisfiable"


class MisdirectedRequest(NamedProblem):
    """421: the request is for a host that is not served here."""

    _status, _slug, _title = 421, "misdirected-request", "The request was misdirected"


class ValidationFailed(ValidationProblem):
    """422: a part of the request does not fit its schema; the member ``errors`` says which."""

    _status, _slug, _title = 422, "validation-failed", "Request validation failed"


class UpgradeRequired(NamedProblem):
    """426: the resource speaks another protocol, which the request does not ask for."""

    _status, _slug, _title = 426, "upgrade-required", "The protocol must be upgraded"


class TooManyRequests(RetryProblem):
    """429: the client sent too many requests."""

    _status, _slug, _title = 429, "too-many-requests", "Too many requests"


class HeaderFieldsTooLarge(NamedProblem):
    """431: the header section is larger than the limit."""

    _status, _slug, _title = 431, "header-fields-too-large", "The header fields are too large"


class InternalError(NamedProblem):
    """500: the handler failed."""

    _status, _slug, _title = 500, "internal-error", "The server failed to answer"


class Unimplemented(NamedProblem):
    """501: the method or the protocol feature is not implemented."""

    _status, _slug, _title = 501, "not-implemented", "The request is not supported"


class ServiceUnavailable(RetryProblem):
    """503: the server is overloaded or shutting down."""

    _status, _slug, _title = 503, "service-unavailable", "The service is unavailable"


class HandlerTimeout(NamedProblem):
    """504: the handler's deadline passed."""

    _status, _slug, _title = 504, "handler-timeout", "The handler took too long"


class VersionNotSupported(NamedProblem):
    """505: the protocol version is not supported."""

    _status, _slug, _title = 505, "version-not-supported", "The HTTP version is not supported"
