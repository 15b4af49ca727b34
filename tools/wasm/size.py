"""Prints the size of the core as a WebAssembly module, with all of its features and with none.

With ``--each``, it is also printed without each one.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from toolchain import TARGET, install_bindgen, run

HERE = Path(__file__).resolve().parent


def weigh(features: list[str]) -> tuple[int, int]:
    """Build the module with ``features`` and return its bytes, plain and compressed with gzip."""
    package = ["--package", "sabir-wasm-size", "--no-default-features", "--features", ",".join(features)]
    run("cargo", "build", "--quiet", "--profile", "edge", "--target", TARGET, *package)
    module = Path(os.environ["CARGO_TARGET_DIR"]) / TARGET / "edge/sabir_wasm_size.wasm"
    with tempfile.TemporaryDirectory() as directory:
        # What is not needed outside of Rust is taken out, and the rest made to be loaded.
        options = ["--target", "nodejs", "--remove-name-section", "--remove-producers-section"]
        run(install_bindgen() / "wasm-bindgen", *options, "--out-dir", directory, module)
        output = subprocess.run(["node", HERE / "size/weigh.cjs", directory], stdout=subprocess.PIPE, check=True)
    plain, compressed = map(int, output.stdout.split())
    return plain, compressed


def main() -> None:
    """Print a line for each build."""
    features: list[str] = tomllib.loads((HERE / "size/Cargo.toml").read_text())["features"]["default"]
    builds = {"all features": features, "no feature": []}
    if "--each" in sys.argv:
        builds |= {f"without {name}": [other for other in features if other != name] for name in features}
    for name, enabled in builds.items():
        plain, compressed = weigh(enabled)
        print(f"{name:26} {plain:9,} bytes, {compressed:9,} with gzip", flush=True)


if __name__ == "__main__":
    main()
