"""The files that the handlers of a fixture answer with."""

import base64
import os
from pathlib import Path
from typing import Any

from support.content import expand

CHANGED_NS = 1_709_208_000 * 10**9
"""When every file was last changed, in nanoseconds since 1970: ``2024-02-29T12:00:00Z``."""


def fill(folder: Path, routes: list[dict[str, Any]]) -> None:
    """Write the files of ``routes`` into ``folder``."""
    for route in routes:
        handler = route["handler"]
        while handler["do"] == "sleep":
            handler = handler["then"]
        match expand(handler):
            case {"do": "file", "name": name, "text": text}:
                _write(folder / name, text.encode())
            case {"do": "file", "name": name, "base64": text}:
                _write(folder / name, base64.b64decode(text, validate=True))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, ns=(CHANGED_NS, CHANGED_NS))
