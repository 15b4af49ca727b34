"""The native module may be loaded, used and left by any thread, in any process.

Each case is a process of its own, since a module is loaded once in a process and a crash ends it.
"""

import signal
import subprocess
import sys

import pytest

from tests.processes import TIMEOUT

pytestmark = pytest.mark.native

APP = """
import importlib, multiprocessing, os, sys, threading, time
from sabir import Sabir, TestClient

app = Sabir()

@app.post("/{name}")
async def show(name: str, body: list[dict[str, str]]) -> list[dict[str, str]]:
    return [*body, {"name": name}]

@app.get("/thread")
def thread() -> str:
    return "plain"

def use(rounds: int = 50) -> None:
    with TestClient(app) as client:
        for number in range(rounds):
            body = [{"a": "x" * (17 * number)}] * number
            assert client.post(f"/{number}", json=body).json() == [*body, {"name": str(number)}]
            assert client.get("/thread").text == "plain"

def in_thread(work) -> None:
    failures = []
    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]

def in_child(work) -> None:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
"""

CASES = {
    "the first client starts a thread that ends": "use(); use()",
    "threads that end one after the other": "for _ in range(20): in_thread(use)",
    "the thread that loaded it ends, the main thread goes on": "in_thread(use); use()",
    "the main thread loads it, others use it": "import sabir._sabir\nfor _ in range(10): in_thread(use)\nuse()",
    "threads that load it together": """
threads = [threading.Thread(target=lambda: __import__("sabir._sabir")) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for _ in range(5): in_thread(use)
""",
    "a thread that only loads it": """
in_thread(lambda: __import__("sabir._sabir"))
in_thread(lambda: importlib.import_module("sabir._sabir").settings())
use()
""",
    "a forked child that loads it": "in_child(use); use(); in_child(lambda: None)",
    "a forked child of a process that has used it": "use(); in_child(lambda: None); use()",
    "a child that is forked by a thread which ends": "in_thread(lambda: in_child(use)); use()",
    "a child that multiprocessing forks": """
in_thread(lambda: __import__("sabir._sabir"))
process = multiprocessing.get_context("fork").Process(target=use)
process.start(); process.join(); assert process.exitcode == 0
use()
""",
    "a client that is open at exit": "client = TestClient(app); client.get('/thread')",
    "a client that a thread leaves open at exit": "in_thread(lambda: TestClient(app).get('/thread'))",
    "a server that runs at exit": "client = TestClient(app, socket=True); client.get('/thread')",
    "a thread that uses it at exit": """
def forever() -> None:
    with TestClient(app) as client:
        while True: client.post("/name", json=[{"a": "b"}] * 50)
threading.Thread(target=forever, daemon=True).start()
time.sleep(0.3)
""",
    "handlers that run at exit": """
@app.get("/slow")
def slow() -> None: time.sleep(0.4)
client = TestClient(app)
for _ in range(8):
    threading.Thread(target=lambda: client.get("/slow"), daemon=True).start()
time.sleep(0.35)
""",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "_"))
def test_no_thread_that_loads_uses_or_leaves_the_module_crashes_it(case: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", APP + CASES[case] + "\nprint('done')"],
        capture_output=True,
        text=True,
        timeout=3 * TIMEOUT,
    )
    how = signal.Signals(-ended.returncode).name if ended.returncode < 0 else ended.returncode
    assert (how, ended.stdout, ended.stderr) == (0, "done\n", "")
