"""Runs the core's own tests, and the fixtures that need the core alone, on WebAssembly under Node.

A test that is lost, because its module is not built for the target or the runner does not find it, would not be missed
by anybody. So what ran is held against what the sources and the fixtures say: whatever runs natively runs here too, but
for tests that are marked with the reason.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable

import declared
from toolchain import ROOT, TARGET, install_bindgen

RAN = re.compile(r"test (\S+) \.\.\. (ok|ignored)")
CORE = ROOT / "crates/sabir-core"
# Some have tests for native targets alone.
INTEGRATION = sorted(file for file in (CORE / "tests").glob("*.rs") if declared.tests(file, set()))
# Optimising the validator takes longer than everything else together, and saves a second.
PROFILE = ["--config", "profile.dev.package.jsonschema.opt-level=0", "--config", "profile.dev.debug=false"]


def run(title: str, options: Iterable[str]) -> Counter[str]:
    """Run tests with ``options`` of Cargo and return those that passed or are marked; exit if one fails."""
    runner = {f"CARGO_TARGET_{TARGET.upper().replace('-', '_')}_RUNNER": install_bindgen() / "wasm-bindgen-test-runner"}
    command = ["cargo", "test", "--no-fail-fast", "--target", TARGET, *PROFILE, *options]
    environment = os.environ | {name: str(value) for name, value in runner.items()}
    outcome = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if outcome.returncode != 0:
        failed = [line for line in outcome.stdout.splitlines() if not RAN.match(line)]
        sys.exit("\n".join([*failed, f"{title}: tests failed on WebAssembly."]))
    found = [match for line in outcome.stdout.splitlines() if (match := RAN.match(line))]
    marked = sum(match[2] == "ignored" for match in found)
    print(f"{title}: {len(found) - marked} tests passed under Node, {marked} are marked", flush=True)
    return Counter(match[1] for match in found)


def require(ran: Counter[str], expected: Counter[str]) -> None:
    """Exit unless everything that is ``expected`` ran."""
    if missing := expected - ran:
        sys.exit(f"{missing.total()} tests did not run on WebAssembly: {', '.join(sorted(missing))}")


def by_function(ran: Counter[str]) -> Counter[str]:
    """Return the tests by the names of their functions alone, as their sources have them."""
    names: Counter[str] = Counter()
    for path, count in ran.items():
        names[path.rsplit("::", 1)[-1]] += count
    return names


def declared_tests(features: set[str]) -> Counter[str]:
    """Return the tests of the core with ``features``."""
    files = [CORE / "src/lib.rs", *INTEGRATION]
    return sum((declared.tests(file, features) for file in files), Counter())


def fixture_tests() -> Counter[str]:
    """Return the tests of the fixtures that need the core alone."""
    files = sorted((ROOT / "testing_data").glob("*/*.json"))
    fixtures = [file for file in files if not json.loads(file.read_text()).get("needs")]
    print(f"{len(fixtures)} of {len(files)} fixtures need the core alone")
    return Counter(f"{file.parent.name}::{file.stem}::in_the_core" for file in fixtures)


def main() -> None:
    """Run everything with all features of the core, and the core's own tests without any."""
    features = set(tomllib.loads((CORE / "Cargo.toml").read_text())["features"]["default"])
    integration = [option for file in INTEGRATION for option in ("--test", file.stem)]
    own = ["--package", "sabir-core", "--lib", *integration]
    ran = run("core and fixtures", [*own, "--package", "sabir-e2e", "--test", "fixtures"])
    fixtures = {name: count for name, count in ran.items() if name.endswith("::in_the_core")}
    require(Counter(fixtures), fixture_tests())
    # The suite of the fixtures has the core built with its switches, too.
    require(by_function(ran), declared_tests(features | {"switches"}))
    ran = run("core without features", [*own, "--no-default-features"])
    require(by_function(ran), declared_tests(set()))


if __name__ == "__main__":
    main()
