"""Plays the suite's cases against one server, and writes what came of them.

usage: client.py URL REPORT CASES EXCLUDED     (the last two are patterns such as ``9.*``, with commas between them)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import txaio

txaio.use_twisted()

from autobahntestsuite import fuzzing  # noqa: E402 - the framework has to be chosen before
from twisted.internet import reactor  # noqa: E402

KEPT = ("behavior", "behaviorClose", "remoteCloseCode", "result", "resultClose", "duration")


def octets(content: str | bytes | None) -> bytes | None:
    """Return what a case calls content as bytes."""
    return content.encode("latin-1") if isinstance(content, str) else content


class Protocol(fuzzing.FuzzingClientProtocol):  # type: ignore[misc]
    """One case. It speaks text of Latin-1 with the case, and bytes with the server."""

    def sendFrame(self, opcode: int, payload: Any = b"", *args: Any, **options: Any) -> None:
        """Send a frame, repeating the payload up to the length that a case asks for."""
        names = ("fin", "rsv", "mask", "payload_len", "chopsize", "sync")
        options.update(zip(names, args, strict=False))
        content = octets(payload) or b""
        length = options.pop("payload_len", None)
        if length is not None:
            content = (content * -(-length // len(content)))[:length] if length and content else b""
        options["mask"] = octets(options.get("mask")) or None
        super().sendFrame(opcode, content, **options)

    def sendMessage(self, payload: Any, *args: Any, **options: Any) -> None:
        """Send a message."""
        super().sendMessage(octets(payload), *args, **options)

    def sendMessageFrame(self, payload: Any, sync: bool = False) -> Any:
        """Send a frame of a message that was begun."""
        return super().sendMessageFrame(octets(payload), sync)

    def sendMessageFrameData(self, payload: Any, sync: bool = False) -> Any:
        """Send a part of a frame that was begun."""
        return super().sendMessageFrameData(octets(payload), sync)

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: Any = None, isReply: bool = False) -> None:
        """Send a close frame."""
        super().sendCloseFrame(code, octets(reasonUtf8), isReply)

    def onMessage(self, msg: bytes, binary: bool) -> None:
        """Give the case a message."""
        super().onMessage(msg.decode("latin-1"), binary)

    def onPong(self, payload: bytes) -> None:
        """Give the case a pong."""
        super().onPong(payload.decode("latin-1"))

    def connectionLost(self, reason: Any) -> None:
        """Go on with the next case."""
        self.factory.finished = False
        super().connectionLost(reason)

    # Only the report in HTML, which is not made, has the bytes; cases count frames.
    def logRxOctets(self, data: bytes) -> None:
        """Forget what was received."""

    def logTxOctets(self, data: bytes, sync: bool) -> None:
        """Forget what was sent."""

    def logRxFrame(self, frameHeader: Any, payload: Any) -> None:
        """Count a frame that was received."""
        self.rxFrameStats[frameHeader.opcode] = self.rxFrameStats.get(frameHeader.opcode, 0) + 1

    def logTxFrame(self, frameHeader: Any, *_: Any) -> None:
        """Count a frame that was sent."""
        self.txFrameStats[frameHeader.opcode] = self.txFrameStats.get(frameHeader.opcode, 0) + 1


class Factory(fuzzing.FuzzingClientFactory):  # type: ignore[misc]
    """All cases, one after the other."""

    report: Path
    outcomes: dict[str, dict[str, Any]]

    def buildProtocol(self, addr: object) -> Protocol:
        """Make the protocol of the next case."""
        protocol = Protocol()
        protocol.factory = self
        protocol.caseAgent = self.agent
        protocol.case = self.currentCaseIndex
        protocol.Case = fuzzing.Cases[self.currentCaseIndex - 1]
        protocol.runCase = protocol.Case(protocol)
        return protocol

    def logCase(self, caseResults: dict[str, Any]) -> None:
        """Keep what came of a case."""
        self.outcomes[caseResults["id"]] = {name: caseResults[name] for name in KEPT}

    def createReports(self, *_: object, **__: object) -> None:
        """Write all of it, with the cases that were to be played."""
        content = {"cases": list(self.specCases), "outcomes": self.outcomes}
        self.report.write_text(json.dumps(content, indent=1))


def main(url: str, report: str, cases: str, excluded: str) -> None:
    """Play ``cases`` but for the ``excluded`` ones."""
    Factory.report, Factory.outcomes = Path(report), {}
    fuzzing.FuzzingClientFactory = Factory
    fuzzing.startClient(
        {
            "servers": [{"agent": "server", "url": url}],
            "cases": cases.split(","),
            "exclude-cases": [pattern for pattern in excluded.split(",") if pattern],
            "exclude-agent-cases": {},
        }
    )
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
