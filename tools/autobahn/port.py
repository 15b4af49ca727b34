"""Makes Python 3 of the client of the Autobahn test suite, which is published as Python 2.

``fissix`` converts the syntax. What it cannot know is edited before: modules that are gone, and places where Python 2
had one type for text and bytes. Content stays text of Latin-1 within the cases, a character for each byte; ``client``
converts it where it meets the socket.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from fissix import refactor

PACKAGE = "autobahntestsuite"
# The client needs no more than these; servers, WAMP and reports stay behind.
MODULES = ("_version.py", "caseset.py", "fuzzing.py")
FOLDERS = ("case", "testdata")


@dataclass(frozen=True)
class Edit:
    """What to replace, by a regular expression, in files whose names begin with ``files``."""

    files: str
    before: str
    after: str


EDITS = (
    # The declared coding has no effect on a file that is converted as Latin-1.
    Edit("", r"(?m)\A# coding=utf-8", "# coding=latin-1"),
    # Modules that are gone, or that take bytes alone.
    Edit("", r"(?m)^import binascii$", "import octets as binascii"),
    Edit("", r"(?m)^(import .*), binascii(.*)$", r"\1\2\nimport octets as binascii"),
    Edit("", r"(?m)^(import .*), pkg_resources(.*)$", r"\1\2\nimport octets as pkg_resources"),
    Edit("fuzzing", r"(?ms)^from report import .*?JS_MASTER_REPORT$", "CSS_COMMON = CSS_DETAIL_REPORT = ''"),
    # Interfaces are declared by a decorator today.
    Edit("", r"(?m)^from zope\.interface import implements$", "from zope.interface import implementer"),
    Edit(
        "",
        r"class FrameProducer:\s+implements\(interfaces\.IPushProducer\)",
        "@implementer(interfaces.IPushProducer)\nclass FrameProducer:",
    ),
    # Python 3 finds no order of base classes for these.
    Edit("case", r"\(object, Case, \)", "(Case, )"),
    # A quotient that was a whole number.
    Edit("case10", r"len\(self\.payload\) / ", "len(self.payload) // "),
    # Equal events may be pickled differently.
    Edit("case.py", r"pickle\.dumps\(obj1\) == pickle\.dumps\(obj2\)", "obj1 == obj2"),
    # The validator and the digests take bytes.
    Edit("case6", r"v\.validate\(vss\[:i\]\)", "v.validate(vss[:i].encode('latin-1'))"),
    Edit(
        "case12", r"(?m)^( +)m\.update\(msg\)\n(?= +received_hash)", r"\1msg = msg.encode('latin-1')\n\1m.update(msg)\n"
    ),
    # Test data is text for some cases and bytes for others, and so is its empty beginning.
    Edit("case12", r"(?m)^( +)msg = ''$", r"\1msg = payload[:0]"),
)


def port(source: Path, target: Path) -> None:
    """Write the converted client of the package in ``source`` to ``target``."""
    package = target / PACKAGE
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    for name in MODULES:
        shutil.copy(source / PACKAGE / name, package)
    for name in FOLDERS:
        shutil.copytree(source / PACKAGE / name, package / name)
    (package / "__init__.py").write_text("from ._version import __version__\n\nversion = __version__\n")
    tool = refactor.RefactoringTool(refactor.get_fixers_from_package("fissix.fixes"))
    for path in sorted(package.rglob("*.py")):
        text = path.read_text("latin-1")
        for edit in EDITS:
            if path.name.startswith(edit.files):
                text = re.sub(edit.before, edit.after, text)
        if not text.endswith("\n"):
            text += "\n"
        converted = str(tool.refactor_string(text, str(path)))
        path.write_text(converted, "latin-1")
