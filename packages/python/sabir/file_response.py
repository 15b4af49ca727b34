"""Files as answers."""

from __future__ import annotations

import os
import urllib.parse
from typing import Literal

from sabir.header_text import refuse_surrogates
from sabir.headers import HeaderFields
from sabir.response import Response


class FileResponse(Response):
    """The content of a regular file.

    The runtime opens and reads the file, so that neither keeps the event loop, and sends it with ``Content-Length``,
    ``Last-Modified``, ``ETag`` and a media type by the extension of its name. With the status 200 it answers
    conditions (304, 412) and a ``Range`` (206, in one part or several, or 416), as RFC 9110 §13 and §14 ask for. Where
    there is no file, or a directory or anything else that is not a regular file, the answer is 404.

    ``filename`` is the name under which the client is to save the file; with ``disposition="inline"`` it may show it.
    ``path`` is opened as it is given: where a part of it comes from a client, make sure that it stays where it should.

    Example:
        >>> response = FileResponse("reports/2026.pdf", filename="Bericht für Ada.pdf")
        >>> response.headers["content-disposition"]
        "attachment; filename*=UTF-8''Bericht%20f%C3%BCr%20Ada.pdf"
    """

    __slots__ = ("path",)

    def __init__(
        self,
        path: str | bytes | os.PathLike[str] | os.PathLike[bytes],
        status: int | None = None,
        headers: HeaderFields = (),
        media_type: str | None = None,
        *,
        filename: str | None = None,
        disposition: Literal["attachment", "inline"] = "attachment",
    ) -> None:
        super().__init__(None, status, headers, media_type)
        self.path = os.fsdecode(path)
        if filename is not None:
            refuse_surrogates("filename", filename)
            self.headers.set("content-disposition", _disposition(disposition, filename))


def _disposition(kind: str, filename: str) -> str:
    """Return the field of RFC 6266 §4; names that a quoted string cannot carry for sure are in the form of RFC 8187."""
    quoted = urllib.parse.quote(filename, safe="")
    is_plain = urllib.parse.unquote(quoted).isascii() and not set(filename) & set('"\\%') and filename.isprintable()
    return f'{kind}; filename="{filename}"' if is_plain else f"{kind}; filename*=UTF-8''{quoted}"
