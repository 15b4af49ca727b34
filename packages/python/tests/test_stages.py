"""Stages as Python gives them to the runtime, held against the reference that is made from the runtime's own table."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sabir import Router, Sabir, SetupError, TestClient, stages
from sabir.stage import Stage
from sabir.stages import Cors, RequestId, SecurityHeaders

pytestmark = pytest.mark.native

REFERENCE = (Path(__file__).parents[3] / "docs/reference/stages.md").read_text()

CLASSES: dict[str, Any] = {
    kind.name: kind
    for kind in vars(stages).values()
    if inspect.isclass(kind) and issubclass(kind, Stage) and kind is not Stage
}
"""The stages of the package by the runtime's names."""


def table() -> list[tuple[str, str, Any]]:
    """Return each option of each stage with its default."""
    found = []
    for section in re.split(r"^## ", REFERENCE, flags=re.MULTILINE)[1:]:
        stage = section[1 : section.index("`", 1)]
        rows = re.findall(r"^\| `(\w+)` \| .*? \| `(.*?)` \|", section, re.MULTILINE)
        found += [(stage, name, json.loads(default)) for name, default in rows]
    return found


TABLE = table()


def test_there_is_a_class_for_each_stage_with_its_options() -> None:
    assert set(CLASSES) == set(re.findall(r"^## `(\w+)`", REFERENCE, re.MULTILINE))
    assert {(kind.name, name) for kind in CLASSES.values() for name in inspect.signature(kind).parameters} == {
        (stage, name) for stage, name, _ in TABLE
    }


@pytest.mark.parametrize(("stage", "name", "default"), TABLE)
def test_each_option_arrives_under_its_name(stage: str, name: str, default: Any) -> None:
    kind, wrong = CLASSES[stage], {"neither": "fits"}
    assert kind(**{name: wrong}).data() == {name: wrong}
    with pytest.raises(SetupError, match=rf"stages\.{stage}\.{name}") as raised:
        Sabir().use(kind(**{name: wrong}))
    assert raised.value.route == "use"
    with pytest.raises(SetupError, match=stage):
        Sabir().get("/", use=[kind(**{name: wrong})])(lambda: None)
    # What the table has as the default fits, unless it says that one has to be given.
    if default != []:
        Sabir().use(kind(**{"hosts": ["a.example"]} if stage == "trusted_hosts" else {}, **{name: default}))


@pytest.mark.parametrize("stage", CLASSES)
def test_options_that_are_no_options_are_refused(stage: str) -> None:
    with pytest.raises(TypeError, match="odd"):
        CLASSES[stage](odd=1)


def test_a_mistake_leaves_the_stages_as_they_were() -> None:
    app = Sabir()
    app.use(SecurityHeaders(frame_options="DENY"))
    app.get("/")(lambda: "a")
    with pytest.raises(SetupError, match=r"stages\.cors\.allow_origins\[1\]"):
        app.use(SecurityHeaders(frame_options=""), Cors(allow_origins=["https://a.example", "b"]))
    with TestClient(app) as client:
        assert client.get("/").headers["x-frame-options"] == "DENY"


def test_setting_a_stage_again_takes_the_place_of_what_it_was() -> None:
    app = Sabir()
    app.use(SecurityHeaders(frame_options="DENY", referrer_policy="no-referrer"))
    app.use(SecurityHeaders())
    app.get("/")(lambda: "a")
    with TestClient(app) as client:
        headers = client.get("/").headers
        assert (headers["x-frame-options"], headers["referrer-policy"]) == (
            "SAMEORIGIN",
            "strict-origin-when-cross-origin",
        )


def frames(client: TestClient, path: str) -> str | None:
    return client.get(path).headers.get("x-frame-options")


def test_what_a_router_and_a_route_say_takes_the_place_of_what_is_around_them() -> None:
    app = Sabir()
    router = Router("/in", use=[SecurityHeaders(frame_options="DENY")])
    router.get("/a")(lambda: "a")
    router.get("/own", use=[SecurityHeaders(frame_options="")])(lambda: "a")
    router.get("/off", use=[SecurityHeaders.off()])(lambda: "a")
    app.get("/")(lambda: "a")
    app.get("/off", use=[SecurityHeaders.off()])(lambda: "a")
    # The order of the lines does not matter.
    app.use(SecurityHeaders())
    app.mount("/", router)
    with TestClient(app) as client:
        found = {path: frames(client, path) for path in ("/", "/off", "/in/a", "/in/own", "/in/off", "/none")}
    assert found == {
        "/": "SAMEORIGIN",
        "/off": None,
        "/in/a": "DENY",
        "/in/own": None,
        "/in/off": None,
        "/none": "SAMEORIGIN",
    }


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (SecurityHeaders(), "use: it is one stage; give a list"),
        ([SecurityHeaders], r"use\[0\]: SecurityHeaders is a class; write SecurityHeaders\(\)"),
        ([SecurityHeaders(), "cors"], r"use\[1\]: 'cors' is no stage"),
        ([False], r"use\[0\]: False is no stage"),
        ([RequestId()], "request_id"),
    ],
)
def test_what_is_no_stage_of_a_route_is_refused(use: Any, message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir().get("/", use=use)(lambda: None)


def test_what_is_no_stage_of_an_application_is_refused() -> None:
    with pytest.raises(SetupError, match=r"use\[0\]: SecurityHeaders is a class"):
        Sabir().use(SecurityHeaders)  # type: ignore[arg-type]
    app = Sabir()
    with TestClient(app), pytest.raises(SetupError, match="the application already serves"):
        app.use(Cors())
