"""The files that the handlers of a fixture answer with."""

import base64
import os
from pathlib import Path
from typing import Any

from support.content import expand

CHANGED_NS = 1_709_208_000 * 10**9
"""When every file was last changed, in nanoseconds since 1970: ``2024-02-29T12:00:00Z``."""


def fill(folder: Path, app: dict[str, Any]) -> None:
    """Write the files of an application into ``folder``."""
    for path, written in app.get("files", {}).items():
        _make(folder / path, expand(written))
    for route in app.get("routes", ()):
        handler = route["handler"]
        while handler["do"] == "sleep":
            handler = handler["then"]
        match expand(handler):
            case {"do": "file", "name": name, "text": text}:
                _write(folder / name, text.encode())
            case {"do": "file", "name": name, "base64": text}:
                _write(folder / name, base64.b64decode(text, validate=True))


def _make(path: Path, written: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match written:
        case {"text": text}:
            _write(path, text.encode())
        case {"base64": text}:
            _write(path, base64.b64decode(text, validate=True))
        case {"link": to}:
            path.symlink_to(to)
        case {"pipe": True}:
            os.mkfifo(path)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, ns=(CHANGED_NS, CHANGED_NS))
