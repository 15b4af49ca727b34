import importlib.util

import pytest

NATIVE_MODULES_NEED = "the native module is not built; run `maturin develop`"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what runs requests where the package is used from source without its native module."""
    if importlib.util.find_spec("sabir._sabir") is not None:
        return
    for item in items:
        if item.get_closest_marker("native"):
            item.add_marker(pytest.mark.skip(reason=NATIVE_MODULES_NEED))
