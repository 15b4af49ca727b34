"""An answer, whichever way it came."""

from dataclasses import dataclass

import httpx


@dataclass
class Answer:
    """Status, header fields and the content as it was sent, without any coding undone."""

    status_code: int
    headers: httpx.Headers
    content: bytes
    breaks_off: bool = False
    """Whether it ended before it was whole, and could be seen to."""
