"""The options of ``static``, by the names that every language uses.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict


class StaticOptions(TypedDict, total=False):
    """How the files of a folder are sent; every option has a default in the runtime."""

    index: str | None
    """The file that is sent for a folder; empty for none, so that there is nothing at a folder."""
    fallback: str | None
    """The file that is sent with the status 200 to a page's request for a path without a file, as applications of one
    page need it; empty for none. It is sent to GET and HEAD whose ``Accept`` names ``text/html``, for paths whose last
    segment has no dot: a script or a picture that is missing is a 404."""
    cache_control: str | None
    """The field ``Cache-Control`` of files; empty means that nothing is said."""
    immutable: Sequence[str]
    """Paths below the folder of files that never change, since their names do, as ``assets/*``: clients keep them for a
    year and do not ask again. A star is any text, slashes too."""
    precompressed: bool
    """Whether a file's compressed sibling is sent to clients that take it: ``app.js.br``, ``app.js.zst`` or
    ``app.js.gz`` for ``app.js``."""
    hidden_files: bool
    """Whether there is something at paths with a segment that begins with a dot. ``.well-known`` never counts as
    one."""
    symbolic_links: Literal["within", "follow", "refuse"]
    """Whether symbolic links are followed: where they lead to something below the folder, always, or never."""
