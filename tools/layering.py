"""Fails when a crate depends on another that it must not know (the arrows in ARCHITECTURE.md)."""

import json
import subprocess
import sys

ALLOWED = {
    "sabir-core": set(),
    "sabir-http": {"sabir-core"},
    "sabir-host": {"sabir-core", "sabir-http"},
    "sabir-python": {"sabir-core", "sabir-http", "sabir-host"},
    "sabir-codegen": {"sabir-core"},
    "sabir": {"sabir-core", "sabir-http"},
}
BINDING_ONLY = {"pyo3": "sabir-python", "napi": "sabir-node", "magnus": "sabir-ruby", "wasm-bindgen": "sabir-wasm"}
NO_IO = {"tokio", "hyper", "hyper-util", "axum"}


def main() -> int:
    """Print every fault and return 1 if there is one."""
    output = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], capture_output=True, check=True
    ).stdout
    faults = []
    for package in json.loads(output)["packages"]:
        name = package["name"]
        needs = {dependency["name"] for dependency in package["dependencies"] if dependency["kind"] is None}
        ours = {need for need in needs if need == "sabir" or need.startswith("sabir-")}
        if name in ALLOWED:
            faults += [f"{name} must not depend on {need}" for need in sorted(ours - ALLOWED[name])]
        faults += [
            f"only {owner} may depend on {need}, not {name}"
            for need, owner in BINDING_ONLY.items()
            if need in needs and name != owner
        ]
        if name == "sabir-core":
            faults += [f"sabir-core does no I/O and must not depend on {need}" for need in sorted(needs & NO_IO)]
    print("\n".join(faults) or "The layering holds.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
