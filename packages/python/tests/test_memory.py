"""What requests take in memory: about what was sent, once."""

import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.http2 import Uploads
from tests.processes import serving

pytestmark = [pytest.mark.native, pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")]

COUNT, SIZE = 50, 5_000_000

SERVER = """
import pathlib, re, time
from typing import Annotated
import msgspec
from sabir import Body, Sabir, UploadFile

app = Sabir(body_limit=10_000_000, part_limit=10_000_000, file_memory_limit=10_000_000)
Octets = Annotated[bytes, Body(media_type="application/octet-stream")]

class Text(msgspec.Struct):
    text: str

@app.post("/bytes")
async def coroutine(body: Octets) -> int:
    return len(body)

@app.post("/function")
def function(body: Octets) -> int:
    return len(body)

@app.post("/json")
async def model(body: Text) -> int:
    return len(body.text)

@app.post("/form")
async def form(file: UploadFile) -> int:
    return len(await file.read())

@app.get("/hold")
async def hold() -> None:
    while app.native().calls_in_flight() <= 50:
        time.sleep(0.01)

@app.get("/peak")
async def peak() -> int:
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) * 1024
"""

CONTENT = b"a" * SIZE
PART = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'
BODIES = {
    "bytes": ("application/octet-stream", CONTENT),
    "function": ("application/octet-stream", CONTENT),
    "json": ("application/json", b'{"text":"' + CONTENT + b'"}'),
    "form": ("multipart/form-data; boundary=b", PART + CONTENT + b"\r\n--b--\r\n"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_many_large_uploads_are_in_memory_once(tmp_path: Path, kind: str) -> None:
    media_type, body = BODIES[kind]
    with serving(tmp_path, SERVER, "--port", "0") as service:
        before = int(service.get("/peak"))
        # Nothing is taken before everything is there.
        with closing(service.connect()) as connection:
            connection.request("GET", "/hold")
            assert Uploads(service.port, f"/{kind}", media_type, body, COUNT).statuses() == [True] * COUNT
            assert connection.getresponse().status == 204
        taken = int(service.get("/peak")) - before
        # What a call no longer needs is given back to the system a little later.
        assert taken < 2 * COUNT * SIZE, f"{taken / 1e6:.0f} MB"
