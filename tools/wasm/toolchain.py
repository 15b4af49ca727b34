"""What it takes to build for WebAssembly and to run it under Node: the target, and the tools of wasm-bindgen."""

import os
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = "wasm32-unknown-unknown"


def run(*command: str | Path, **environment: str | Path) -> None:
    """Run ``command`` from the root of the repository, and raise when it fails."""
    changed = {name: str(value) for name, value in environment.items()}
    subprocess.run(command, cwd=ROOT, env=os.environ | changed, check=True)


def install_bindgen() -> Path:
    """Return the directory of wasm-bindgen's tools, which are installed when they are missing.

    They understand only modules of exactly their own version, so that is the one in ``Cargo.lock``. They are kept
    beside the build cache, where fresh clones find them again.
    """
    packages = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    version: str = next(package["version"] for package in packages if package["name"] == "wasm-bindgen")
    cache = Path(os.environ["CARGO_TARGET_DIR"]).resolve().parent / "wasm-bindgen"
    tools = cache / version / "bin"
    if not (tools / "wasm-bindgen-test-runner").exists():
        print(f"Installing wasm-bindgen-cli {version}", flush=True)
        install = ["cargo", "install", "--quiet", "wasm-bindgen-cli", "--version", f"={version}"]
        install += ["--root", str(cache / version)]
        try:
            run(*install, "--locked", CARGO_TARGET_DIR=cache / "target")
        except subprocess.CalledProcessError:
            # A mirror of the registry may be behind what the tools were locked with.
            run(*install, CARGO_TARGET_DIR=cache / "target")
    return tools
