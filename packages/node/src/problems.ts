// Generated from the runtime's table by `./task generate`. Do not edit.

import { share } from "./kind.js";
import { named, retryable } from "./problem.js";

/** 400: the request is not well formed: framing, header section, escapes, syntax of the body. */
export class BadRequest extends named("BadRequest", 400) {}
share(BadRequest, "BadRequest");

/** 401: the client is not authenticated. RFC 9110 §11.6.1 asks for the field WWW-Authenticate. */
export class Unauthorized extends named("Unauthorized", 401) {}
share(Unauthorized, "Unauthorized");

/** 403: the client may not do this. */
export class Forbidden extends named("Forbidden", 403) {}
share(Forbidden, "Forbidden");

/** 404: no route matches the path. */
export class NotFound extends named("NotFound", 404) {}
share(NotFound, "NotFound");

/** 405: the path exists, but not for this method. */
export class MethodNotAllowed extends named("MethodNotAllowed", 405) {}
share(MethodNotAllowed, "MethodNotAllowed");

/** 406: no declared representation is acceptable. */
export class NotAcceptable extends named("NotAcceptable", 406) {}
share(NotAcceptable, "NotAcceptable");

/** 408: the client took too long to send the request. */
export class RequestTimeout extends named("RequestTimeout", 408) {}
share(RequestTimeout, "RequestTimeout");

/** 409: the request conflicts with the state of the resource. */
export class Conflict extends named("Conflict", 409) {}
share(Conflict, "Conflict");

/** 410: the resource is gone for good. */
export class Gone extends named("Gone", 410) {}
share(Gone, "Gone");

/** 412: a condition of the request does not hold: the resource is in another state than the client takes it for. */
export class PreconditionFailed extends named("PreconditionFailed", 412) {}
share(PreconditionFailed, "PreconditionFailed");

/** 413: the content is larger than the limit. */
export class ContentTooLarge extends named("ContentTooLarge", 413) {}
share(ContentTooLarge, "ContentTooLarge");

/** 414: the request target is longer than the limit. */
export class UriTooLong extends named("UriTooLong", 414) {}
share(UriTooLong, "UriTooLong");

/** 415: the media type, its charset or its coding is not supported. */
export class UnsupportedMediaType extends named("UnsupportedMediaType", 415) {}
share(UnsupportedMediaType, "UnsupportedMediaType");

/** 416: the resource has none of the parts that the client asks for. */
export class RangeNotSatisfiable extends named("RangeNotSatisfiable", 416) {}
share(RangeNotSatisfiable, "RangeNotSatisfiable");

/** 421: the request is for a host that is not served here. */
export class MisdirectedRequest extends named("MisdirectedRequest", 421) {}
share(MisdirectedRequest, "MisdirectedRequest");

/** 422: a part of the request does not fit its schema; the member `errors` says which. */
export class ValidationFailed extends named("ValidationFailed", 422) {}
share(ValidationFailed, "ValidationFailed");

/** 426: the resource speaks another protocol, which the request does not ask for. */
export class UpgradeRequired extends named("UpgradeRequired", 426) {}
share(UpgradeRequired, "UpgradeRequired");

/** 429: the client sent too many requests. */
export class TooManyRequests extends retryable("TooManyRequests", 429) {}
share(TooManyRequests, "TooManyRequests");

/** 431: the header section is larger than the limit. */
export class HeaderFieldsTooLarge extends named("HeaderFieldsTooLarge", 431) {}
share(HeaderFieldsTooLarge, "HeaderFieldsTooLarge");

/** 500: the handler failed. */
export class InternalError extends named("InternalError", 500) {}
share(InternalError, "InternalError");

/** 501: the method or the protocol feature is not implemented. */
export class Unimplemented extends named("Unimplemented", 501) {}
share(Unimplemented, "Unimplemented");

/** 503: the server is overloaded or shutting down. */
export class ServiceUnavailable extends retryable("ServiceUnavailable", 503) {}
share(ServiceUnavailable, "ServiceUnavailable");

/** 504: the handler's deadline passed. */
export class HandlerTimeout extends named("HandlerTimeout", 504) {}
share(HandlerTimeout, "HandlerTimeout");

/** 505: the protocol version is not supported. */
export class VersionNotSupported extends named("VersionNotSupported", 505) {}
share(VersionNotSupported, "VersionNotSupported");
