"""What the generated tests share: handlers' answers, requests, and the comparison with what is expected."""

from support.check import Check, load
from support.echo import decoded, echo, keep, nullable, tag
from support.folder import fill

__all__ = ["Check", "decoded", "echo", "fill", "keep", "load", "nullable", "tag"]
