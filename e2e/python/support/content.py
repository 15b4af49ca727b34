"""The requests of fixtures."""

import base64
import json
from typing import Any
from urllib.parse import quote_plus

BOUNDARY = "sabir-boundary"


def expand(value: Any) -> Any:
    """Write out every ``{"$repeat": "a", "times": 3}``."""
    if isinstance(value, dict):
        if "$repeat" in value:
            return value["$repeat"] * value["times"]
        return {name: expand(member) for name, member in value.items()}
    return [expand(item) for item in value] if isinstance(value, list) else value


def fields(request: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the header fields that the fixture gives, and the content type that belongs to its content."""
    given = [
        (name, value)
        for name, values in expand(request.get("headers", {})).items()
        for value in (values if isinstance(values, list) else [values])
    ]
    media_types = {
        "json": "application/json",
        "form": "application/x-www-form-urlencoded",
        "multipart": f"multipart/form-data; boundary={BOUNDARY}",
    }
    if not any(name.lower() == "content-type" for name, _ in given):
        given += [("content-type", media_type) for kind, media_type in media_types.items() if kind in request]
    return given


def content(request: dict[str, Any]) -> bytes | None:
    """Return the content, or ``None`` where the request has none."""
    match expand(request):
        case {"json": value}:
            return json.dumps(value, ensure_ascii=False).encode()
        case {"form": pairs}:
            return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in pairs).encode()
        case {"multipart": parts}:
            return b"".join(map(_part, parts)) + f"--{BOUNDARY}--\r\n".encode()
        case {"text": text}:
            return text.encode()
        case {"base64": text}:
            return base64.b64decode(text, validate=True)
    return None


def _quote(text: str) -> str:
    """Percent-encode as WHATWG URL §5.2 says, which keeps ``*`` and encodes ``~``."""
    return quote_plus(text, safe="*").replace("~", "%7E")


def _part(part: dict[str, Any]) -> bytes:
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{part["name"]}"'
    if "filename" in part:
        head += f'; filename="{part["filename"]}"'
    if "content_type" in part:
        head += f"\r\ncontent-type: {part['content_type']}"
    body = base64.b64decode(part["base64"]) if "base64" in part else part.get("value", part.get("text", "")).encode()
    return f"{head}\r\n\r\n".encode() + body + b"\r\n"
