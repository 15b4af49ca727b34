"""The Python in the READMEs, run as it stands there."""

import re
from pathlib import Path

import pytest

from sabir import Sabir, TestClient

PACKAGE = Path(__file__).parents[1]
READMES = [PACKAGE / "README.md", PACKAGE.parents[1] / "README.md"]


def application(readme: Path) -> Sabir:
    blocks = re.findall(r"^```python\n(.*?)^```", readme.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {"__name__": "readme"}
    for block in blocks:
        exec(compile(block, str(readme), "exec"), names)
    app = names["app"]
    assert isinstance(app, Sabir)
    return app


@pytest.mark.native
@pytest.mark.parametrize("readme", READMES, ids=["package", "project"])
def test_the_application_of_a_readme_works(readme: Path) -> None:
    with TestClient(application(readme)) as client:
        assert client.get("/users/7?limit=3").json() == {"id": 7, "limit": 3}
        assert client.get("/users/7?limit=0").status_code == 422
        assert client.post("/orders", json={"sku": "TEA", "quantity": 1}).status_code == 201
        problem = client.post("/orders", json={"quantity": 0}).json()
        assert {(error["pointer"], error["keyword"]) for error in problem["errors"]} == {
            ("", "required"),
            ("/quantity", "minimum"),
        }
