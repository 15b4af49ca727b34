"""What the applications of the documentation answer. Takes the name of a page, beside the module ``shop``."""

import json
import sys
import time
from pathlib import Path

from sabir import Sabir, TestClient


def readme(app: Sabir) -> None:
    with TestClient(app) as client:
        assert client.get("/users/7?limit=3").json() == {"id": 7, "limit": 3}
        assert client.get("/users/7?limit=0").status_code == 422
        assert client.post("/orders", json={"sku": "TEA", "quantity": 1}).status_code == 201
        problem = client.post("/orders", json={"quantity": 0}).json()
        assert {(error["pointer"], error["keyword"]) for error in problem["errors"]} == {
            ("", "required"),
            ("/quantity", "minimum"),
        }


def guide(app: Sabir) -> None:
    photo = {"photo": ("a.png", b"123", "image/png"), "more": ("b.png", b"4", "image/png")}
    with TestClient(app) as client:
        found = client.get("/products?order=cheapest&tag=a&tag=b&since=2026-02-01", cookies={"session": "1"}).json()
        assert found["order"] == "cheapest"
        assert (found["tags"], found["since"], found["session"]) == (["a", "b"], "2026-02-01", "1")
        assert client.post("/reviews", json={"text": "good"}).json() == {"text": "good", "stars": 5}
        assert client.post("/log-in", data={"name": "Ada", "password": "12345678"}).text == "Welcome, Ada."
        uploaded = client.post("/photos", data={"title": "A"}, files=photo).json()
        assert uploaded == {"title": "A", "bytes": 3, "name": "a.png", "more": 1}
        assert client.put("/raw", content=b"1", headers={"content-type": "text/plain"}).status_code == 415
        assert client.put("/raw", content=b"1", headers={"content-type": "application/octet-stream"}).json() == 1
        session = client.post("/sessions")
        assert session.status_code == 201
        assert session.headers["set-cookie"] == "session=s3cret; Path=/; Secure; HttpOnly; SameSite=Lax"
        assert session.headers["x-shop"] == "tea"
        assert client.get("/v1/shelves/a/7").json() == ["a", 7]
        ended = client.delete("/sessions")
        assert (ended.status_code, ended.headers["location"]) == (303, "/hello/you")
        assert ended.headers["set-cookie"] == "session=; Path=/; Max-Age=0"
        assert client.get("/about").headers["content-type"] == "text/html; charset=utf-8"
        assert client.get("/catalogue/tea.pdf").status_code == 404
        assert client.get("/stock?limit=2&tags=a&tags=b&tea=3").json() == [{"limit": 2, "tags": ["a", "b"]}, {"tea": 3}]
        assert client.get("/stock?limit=0&tea=x").status_code == 422
        signed = client.put("/reviews/7", json={"review": {"text": "good"}, "author": {"name": "Ada"}}).json()
        assert signed == [7, {"text": "good", "stars": 5}, {"name": "Ada"}, ""]
        echoed = client.post("/echo?tag=a&tag=b", json=[1], headers={"user-agent": "test"}).json()
        assert (echoed["tags"], echoed["agent"], echoed["content"]) == (["a", "b"], "test", [1])
        assert (echoed["path"], echoed["host"]) == ("/echo", "sabir.test")
        report = client.get("/report", headers={"accept": "text/csv"})
        assert (report.text, report.headers["vary"]) == ("sku,sold\nTEA-0001,7", "accept")
        assert client.get("/report").json() == [["sku", "sold"], ["TEA-0001", "7"]]
        assert client.put("/names/ada").json()["detail"] == "The name is taken."
        reserved = client.put("/names/root").json()
        assert (reserved["type"], reserved["name"]) == ("https://example.com/problems/reserved", "root")
        assert client.put("/names/eve").status_code == 204


def documents(app: Sabir) -> None:
    with TestClient(app) as client:
        assert client.get("/docs").status_code == 200
        operation = client.get("/openapi.json").json()["paths"]["/orders/{id}"]["get"]
        assert operation["description"] == "The note is what the client has written."


def security(app: Sabir) -> None:
    with TestClient(app) as client:
        refused = client.get("/orders", headers={"origin": "https://shop.example"})
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, "https://shop.example")
        assert len(refused.headers.get_list("www-authenticate")) == 2
        assert client.get("/orders", headers={"x-api-key": "s3cret"}).json() == {"asked_by": "ci"}
        health = client.get("/health")
        assert (health.text, health.headers["access-control-allow-origin"]) == ("fine", "*")
        assert "ratelimit" in refused.headers
        assert "ratelimit" not in health.headers
        operation = client.app.openapi()["paths"]["/orders"]["get"]
        assert operation["security"] == [{"token": ["orders:read"]}, {"key": ["orders:read"]}]


def observability(app: Sabir) -> None:
    with TestClient(app) as client:
        # In memory nobody is of a private network.
        assert len(client.get("/orders/7").json()["trace_id"]) == 32
        assert client.get("/health").text == "fine"
    while not Path("access.log").read_text().endswith("\n"):
        time.sleep(0.01)
    (line,) = Path("access.log").read_text().splitlines()
    assert json.loads(line)["route"] == "/orders/{id:int}"


def static_files(app: Sabir) -> None:
    with TestClient(app) as client:
        page = client.get("/cart", headers={"accept": "text/html"})
        assert (page.text, page.headers["content-type"]) == ("<h1>The shop</h1>", "text/html; charset=utf-8")
        assert client.get("/app.js", headers={"accept": "text/html"}).status_code == 404
        assert client.get("/orders/7").json() == {"id": 7}
        moved = client.get("/articles/7", follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (301, "/orders/7")


def hooks(app: Sabir) -> None:
    with TestClient(app) as client:
        greeted = client.get("/", headers={"x-user": "Ada"})
        assert (greeted.text, greeted.headers["x-shop-version"]) == ("Hello, Ada!", "7")
        assert greeted.headers["server-timing"].startswith("app;dur=")
        assert client.get("/orders").status_code == 401
        assert client.get("/orders", headers={"x-user": "Ada"}).json() == ["TEA-0001"]
        assert client.get("/stock/TEA-0001").json() == 3
        assert client.get("/stock/SALT").json()["detail"] == "There is no 'SALT'."
        nowhere = client.get("/nowhere")
        assert (nowhere.status_code, nowhere.headers["x-shop-version"]) == (404, "7")
        assert "error" in nowhere.json()


def dependencies(app: Sabir) -> None:
    with TestClient(app) as client:
        products = client.get("/products?size=1&page=3", headers={"authorization": "Bearer ada"})
        assert products.json() == ["rope"]
        assert client.get("/products?page=0", headers={"authorization": "Bearer ada"}).status_code == 422
        assert client.get("/currency").text == "EUR"


def streams(app: Sabir) -> None:
    with TestClient(app) as client:
        assert client.get("/orders.csv").headers["content-type"] == "text/csv"
        assert client.get("/orders.csv").text.startswith("sku,quantity\nTEA-0001,1\n")
        lines = client.get("/orders")
        assert lines.headers["content-type"] == "application/jsonl"
        assert lines.text.splitlines()[0] == '{"sku":"TEA-0001","quantity":1}'
        download = client.get("/archive")
        assert download.headers["content-disposition"] == 'attachment; filename="orders.csv"'
        assert client.get("/stock/TEA-0001", headers={"last-event-id": "2"}).text == (
            'event: stock\nid: 3\ndata: {"sku":"TEA-0001","left":0}\n\n'
        )
        assert client.get("/stock/NONE-0000").status_code == 404
        assert client.get("/progress").text == "data: half\n\ndata: done\n\n"
        assert client.put("/backups/a", content=b"a").text.startswith("ca978112ca1bbdca")
        lines = '{"sku":"a","quantity":1}\n{"sku":"b","quantity":2}\n'
        assert client.post("/orders", content=lines, headers={"content-type": "application/jsonl"}).json() == 3
        assert client.post("/photos", files={"a": ("a.png", b"123"), "b": ("b.png", b"4")}).json() == {
            "a.png": 3,
            "b.png": 1,
        }
        assert client.put("/count", content=b"abc").json() == 3
        with client.websocket("/hello/Ada") as ws:
            ws.send("x")
            assert [ws.receive(), ws.receive()] == ["Hello, Ada!", "Ada, you said 'x'."]
        with client.websocket("/chat/tea") as ws, client.events("/chat/tea/events") as events:
            ws.ping()
            while client.get("/chat/tea/people").json() < 2:
                pass
            ws.send("Hello.")
            assert (ws.receive(), next(events).data) == ("Hello.", "Hello.")


if __name__ == "__main__":
    from shop import app

    pages = (readme, guide, documents, security, observability, static_files, hooks, dependencies, streams)
    {page.__name__: page for page in pages}[sys.argv[1]](app)
