"""Uploaded files."""

from __future__ import annotations

import asyncio
import io
import shutil
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from sabir._sabir import NativeFile


class UploadFile:
    """A file that arrived in a ``multipart/form-data`` body.

    Small files are in memory, larger ones on disk (setting ``file_memory_limit``) until the last reference goes.
    ``read`` and ``save`` are for coroutines and never block the loop; plain functions use ``read_sync`` and
    ``save_sync``.
    """

    __slots__ = ("_native",)

    def __init__(self, native: NativeFile) -> None:
        self._native = native

    @property
    def filename(self) -> str | None:
        """The name that the client gave, without directories. Do not use it as a path of yours."""
        return self._native.filename

    @property
    def content_type(self) -> str | None:
        """The media type that the client claims."""
        return self._native.content_type

    @property
    def size(self) -> int:
        """The length in bytes."""
        return self._native.size

    async def read(self) -> bytes:
        """Return the whole content."""
        if self._native.path is None:
            return self._native.read()
        return await asyncio.to_thread(self._native.read)

    async def text(self) -> str:
        """Return the whole content as UTF-8 text.

        Raises:
            UnicodeDecodeError: If it is not UTF-8.
        """
        return (await self.read()).decode()

    def read_sync(self) -> bytes:
        """Return the whole content; blocks while it is read from disk."""
        return self._native.read()

    async def save(self, path: str | PathLike[str]) -> None:
        """Write the content to ``path``, replacing what is there."""
        await asyncio.to_thread(self.save_sync, path)

    def save_sync(self, path: str | PathLike[str]) -> None:
        """Write the content to ``path``; blocks until it is written."""
        if self._native.path is None:
            Path(path).write_bytes(self._native.read())
        else:
            shutil.copyfile(self._native.path, path)

    def open(self) -> BinaryIO:
        """Return the content as a readable binary file, without loading a large one into memory."""
        if self._native.path is None:
            return io.BytesIO(self._native.read())
        return Path(self._native.path).open("rb")

    def __repr__(self) -> str:
        return f"UploadFile(filename={self.filename!r}, content_type={self.content_type!r}, size={self.size})"
