"""Fails when crates need each other as ARCHITECTURE.md does not draw them, or files of one crate in a circle."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from module_circles import describe, find_circles

# What each crate of the workspace may depend on directly.
ALLOWED: dict[str, set[str]] = {
    "sabir-core": set(),
    "sabir-http": {"sabir-core"},
    "sabir-host": {"sabir-core", "sabir-http"},
    "sabir-python": {"sabir-core", "sabir-host"},
    "sabir-node": {"sabir-core", "sabir-host"},
    "sabir-ruby": {"sabir-core", "sabir-host"},
    "sabir-codegen": {"sabir-core"},
    "sabir": {"sabir-core", "sabir-http"},
}
BINDING_ONLY = {"pyo3": "sabir-python", "napi": "sabir-node", "magnus": "sabir-ruby", "wasm-bindgen": "sabir-wasm"}
# The feature that lets parts of the pipeline be switched off, and the one package that may enable it.
SWITCHES, SWITCHES_OWNER = "switches", "sabir-e2e"
# sabir-core must not even reach these through others: it has to build where there are no sockets and no threads.
NO_IO = {"tokio", "hyper", "hyper-util", "axum", "mio", "socket2"}
# What the features of sabir-core bring with them, and nothing else of it: a build at the edge can do without.
FEATURES = {"charsets": "encoding_rs", "compression": "brotli", "content-codings": "flate2", "idn": "idna"}
# The package that weighs the core with and without its features.
WEIGHED = "sabir-wasm-size"

# Circles of files that are still to be cut; one that is gone is to be taken off.
UNCUT: dict[str, set[str]] = {
    "sabir": {"argument -> description -> argument"},
    "sabir-codegen": {"python::models -> python::types -> python::models"},
    "sabir-core": {
        "json::document -> json::read -> json::document",
        "schema::equality -> schema::instance -> schema::equality",
        "schema::shown -> schema::instance -> schema::sketch -> schema::shown",
    },
    "sabir-node": {
        "arguments -> batch -> host -> arguments",
        "body -> batch -> host -> body",
        "socket -> batch -> host -> socket",
    },
    "sabir-python": {"response -> stream -> response"},
}


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


def find_features(packages: list[dict[str, Any]]) -> list[str]:
    """Return one sentence for each feature of the core that does not keep out what it should, or is not weighed."""
    command = ["cargo", "tree", "--locked", "--package", "sabir-core", "--edges", "normal", "--prefix", "none"]
    output = subprocess.run([*command, "--no-default-features"], stdout=subprocess.PIPE, check=True, text=True).stdout
    reached = {line.split()[0] for line in output.splitlines() if line}
    faults = [
        f"sabir-core reaches {need} without its feature `{feature}`."
        for feature, need in FEATURES.items()
        if need in reached
    ]
    features = {package["name"]: package["features"] for package in packages}
    default = features["sabir-core"]["default"]
    weighed = {"default": default} | {name: [f"sabir-core/{name}"] for name in default}
    if features[WEIGHED] != weighed:
        faults.append(f"The features of {WEIGHED} are not the default ones of sabir-core, each enabling its namesake.")
    return faults


def find_file_circles(packages: list[dict[str, Any]]) -> list[str]:
    """Return one sentence for each circle of files within a crate, and for each that is listed and gone."""
    faults = []
    for package in packages:
        manifest = Path(package["manifest_path"])
        if manifest.parent.parent.name != "crates":
            continue
        name = package["name"]
        found = {describe(circle) for circle in find_circles(manifest.parent / "src")}
        uncut = UNCUT.get(name, set())
        faults += [f"In {name}, files need each other: {circle}." for circle in sorted(found - uncut)]
        faults += [
            f"{name} has no circle {circle} any more: take it off the list in tools/layering.py."
            for circle in sorted(uncut - found)
        ]
    return faults


def main() -> int:
    """Print every fault and return 1 if there is one."""
    metadata = read_metadata()
    ours = [package for package in metadata["packages"] if package["id"] in metadata["workspace_members"]]
    faults = find_faults(*read_graph(metadata)) + find_switches(ours) + find_features(ours) + find_file_circles(ours)
    print("\n".join(faults) or "The layering holds.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
