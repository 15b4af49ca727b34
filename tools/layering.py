"""Fails when a crate depends on another that it must not know (the arrows in ARCHITECTURE.md)."""

import json
import subprocess
import sys
from typing import Any

# What each crate of the workspace may depend on directly.
ALLOWED: dict[str, set[str]] = {
    "sabir-core": set(),
    "sabir-http": {"sabir-core"},
    "sabir-host": {"sabir-core", "sabir-http"},
    "sabir-python": {"sabir-core", "sabir-host"},
    "sabir-node": {"sabir-core", "sabir-host"},
    "sabir-codegen": {"sabir-core"},
    "sabir": {"sabir-core", "sabir-http"},
}
BINDING_ONLY = {"pyo3": "sabir-python", "napi": "sabir-node", "magnus": "sabir-ruby", "wasm-bindgen": "sabir-wasm"}
# The feature that lets parts of the pipeline be switched off, and the one package that may enable it.
SWITCHES, SWITCHES_OWNER = "switches", "sabir-e2e"
# sabir-core must not even reach these through others: it has to build where there are no sockets and no threads.
NO_IO = {"tokio", "hyper", "hyper-util", "axum", "mio", "socket2"}


def read_metadata() -> dict[str, Any]:
    """Return what Cargo knows of the workspace."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return metadata


def read_graph(metadata: dict[str, Any]) -> tuple[list[str], dict[str, set[str]]]:
    """Return the crates under ``crates/`` and, for every package, the names of what it is built with."""
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    members = set(metadata["workspace_members"])
    # Tools measure and test the crates, so they may know all of them.
    crates = sorted(
        package["name"]
        for package in metadata["packages"]
        if package["id"] in members and "/crates/" in package["manifest_path"]
    )
    graph: dict[str, set[str]] = {}
    for node in metadata["resolve"]["nodes"]:
        needs = graph.setdefault(names[node["id"]], set())
        for dependency in node["deps"]:
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                needs.add(names[dependency["pkg"]])
    return crates, graph


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """Return every package that ``start`` is built with, directly or through others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in graph.get(waiting.pop(), set()) - seen:
            seen.add(name)
            waiting.append(name)
    return seen


def find_faults(crates: list[str], graph: dict[str, set[str]]) -> list[str]:
    """Return one sentence for each dependency that breaks a rule."""
    faults = []
    for name in crates:
        if name not in ALLOWED:
            faults.append(f"{name} has no row in tools/layering.py: say there what it may depend on.")
            continue
        ours = graph[name] & set(crates)
        faults += [f"{name} must not depend on {need}." for need in sorted(ours - ALLOWED[name])]
        faults += [
            f"Only {owner} may depend on {need}, not {name}."
            for need, owner in BINDING_ONLY.items()
            if need in graph[name] and name != owner
        ]
    reached = reachable(graph, "sabir-core") & NO_IO
    faults += [f"sabir-core does no I/O and must not reach {need}." for need in sorted(reached)]
    return faults


def find_switches(packages: list[dict[str, Any]]) -> list[str]:
    """Return one sentence for each package that enables the switches, in a feature or through a dependency."""
    enabling = {
        package["name"]
        for package in packages
        if any(SWITCHES in dependency["features"] for dependency in package["dependencies"])
        or any(
            enabled == SWITCHES or enabled.endswith(f"/{SWITCHES}")
            for names in package["features"].values()
            for enabled in names
        )
    }
    faults = [
        f"Only {SWITCHES_OWNER} may enable `{SWITCHES}`, not {name}." for name in sorted(enabling - {SWITCHES_OWNER})
    ]
    if SWITCHES_OWNER not in enabling:
        faults.append(f"{SWITCHES_OWNER} does not enable `{SWITCHES}`, so its guard switches nothing off.")
    return faults


def main() -> int:
    """Print every fault and return 1 if there is one."""
    metadata = read_metadata()
    ours = [package for package in metadata["packages"] if package["id"] in metadata["workspace_members"]]
    faults = find_faults(*read_graph(metadata)) + find_switches(ours)
    print("\n".join(faults) or "The layering holds.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
