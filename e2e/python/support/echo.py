"""What handlers of the suite answer."""

import base64
import datetime
import decimal
import enum
import hashlib
import uuid
from typing import Any

import msgspec
import pydantic
from sabir import UploadFile

SAFE_INTEGER = 2**53 - 1


def echo(**sections: Any) -> dict[str, Any]:
    """Return what was received, every value tagged with its type.

    Parameters that did not arrive, and have no default, are left out; so is the body.
    """
    received = {
        name: {key: tag(value) for key, value in values.items() if value is not None}
        for name, values in sections.items()
        if name != "body"
    }
    if sections.get("body", msgspec.UNSET) is not msgspec.UNSET:
        received["body"] = tag(sections["body"])
    return received


_kept: list[Any] = []


def keep(value: Any) -> None:
    """Keep what belongs to a request, also when that has been answered."""
    _kept.append(value)


class Null:
    """A null that arrived, where ``None`` means that nothing did."""


def nullable(value: Any) -> Any:
    """Return ``value`` of a parameter that may be null, and is ``msgspec.UNSET`` when it is absent."""
    if value is msgspec.UNSET:
        return None
    return Null() if value is None else value


def decoded(text: str) -> bytes:
    """Return the bytes that base64 text stands for."""
    return base64.b64decode(text, validate=True)


def tag(value: Any) -> Any:
    """Return ``value`` as JSON with its type beside it."""
    match value:
        case None | Null():
            return None
        case bool():
            return {"bool": value}
        case enum.Enum():
            return tag(value.value)
        case int():
            return {"int": value if abs(value) <= SAFE_INTEGER else str(value)}
        case float():
            return {"float": value}
        case decimal.Decimal():
            return {"decimal": str(value)}
        case str():
            return {"str": value}
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case uuid.UUID():
            return {"uuid": str(value)}
        case datetime.datetime():
            return {"datetime": _time(value)}
        case datetime.date():
            return {"date": value.isoformat()}
        case datetime.time():
            return {"time": _time(value)}
        case datetime.timedelta():
            return {"duration_seconds": value.total_seconds()}
        case UploadFile():
            return {"file": _file(value)}
        case dict():
            return {"object": {name: tag(member) for name, member in value.items()}}
        case msgspec.Struct():
            return {"object": _members(value)}
        case pydantic.BaseModel():
            return {"object": {name: tag(getattr(value, name)) for name in type(value).model_fields}}
        case _:
            return {"list": [tag(item) for item in value]}


def _members(value: msgspec.Struct) -> dict[str, Any]:
    fields = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
    members = ((wire_name, getattr(value, name)) for name, wire_name in fields)
    return {name: tag(member) for name, member in members if member is not msgspec.UNSET}


def _time(value: datetime.datetime | datetime.time) -> str:
    text = value.isoformat()
    zone = next((text[at:] for at in range(8, len(text)) if text[at] in "+-" and ":" in text[:at]), "")
    clock = text.removesuffix(zone) if zone else text
    if "." in clock:
        clock = clock.rstrip("0").rstrip(".")
    return clock + ("Z" if zone == "+00:00" else zone)


def _file(file: UploadFile) -> dict[str, Any]:
    content = file.read_sync()
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
