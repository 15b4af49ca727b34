"""Numbers of requests in Content Security Policies."""

import pytest

from sabir import Request, Sabir, TestClient
from sabir.stages import SecurityHeaders

pytestmark = pytest.mark.native

app = Sabir()
app.use(SecurityHeaders(content_security_policy="script-src 'nonce-{nonce}'"))


@app.get("/")
async def page(request: Request) -> str:
    return str(request.csp_nonce)


@app.get("/off", use=[SecurityHeaders.off()])
async def without(request: Request) -> bool:
    return request.csp_nonce is None


def test_handlers_know_the_nonce_of_their_answer() -> None:
    with TestClient(app) as client:
        answers = [client.get("/") for _ in range(2)]
        assert client.get("/off").json() is True
    for answer in answers:
        assert answer.headers["content-security-policy"] == f"script-src 'nonce-{answer.text}'"
    assert answers[0].text != answers[1].text
