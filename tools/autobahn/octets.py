"""Stands in for ``binascii`` and ``pkg_resources`` in the suite, for text that has a character for each byte."""

from __future__ import annotations

import binascii
from importlib.util import find_spec
from pathlib import Path


def hexlify(data: str | bytes) -> str:
    """Return the bytes in hexadecimal digits."""
    octets = data.encode("latin-1") if isinstance(data, str) else data
    return binascii.hexlify(octets).decode()


b2a_hex = hexlify


def resource_filename(package: str, name: str) -> str:
    """Return the path of a file of ``package``."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return str(Path(spec.origin).parent / name)
