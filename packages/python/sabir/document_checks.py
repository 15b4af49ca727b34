"""Documents in files, for tests that tell when one has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Unpack

from sabir.documents import DocumentInfo, OpenApiVersion, plain_info

if TYPE_CHECKING:
    from sabir.app import Sabir


def check_openapi(
    app: Sabir,
    path: str | os.PathLike[str],
    *,
    openapi_version: OpenApiVersion = "3.1",
    **info: Unpack[DocumentInfo],
) -> None:
    """Compare the OpenAPI document of an application with a file; ``info`` is that of :meth:`sabir.Sabir.openapi`.

    The file is written where there is none, unless the variable ``CI`` is set, and where ``SABIR_UPDATE_DOCUMENTS`` is.

    Example::

        def test_the_contract_has_not_changed() -> None:
            check_openapi(app, "openapi.json", title="Shop", version="1.2.0")

    Raises:
        AssertionError: If they differ. It shows how.
        SetupError: If an argument does not fit, or the file can be neither read nor written.
    """
    __tracebackhide__ = True
    given = plain_info({**info, "openapi_version": openapi_version})
    _refuse(app.native().check_openapi(given, os.fspath(path)))


def check_asyncapi(app: Sabir, path: str | os.PathLike[str], **info: Unpack[DocumentInfo]) -> None:
    """Compare the AsyncAPI document of an application with a file, as :func:`check_openapi` does.

    Raises:
        AssertionError: If they differ. It shows how.
        SetupError: If an argument does not fit, or the file can be neither read nor written.
    """
    __tracebackhide__ = True
    _refuse(app.native().check_asyncapi(plain_info(info), os.fspath(path)))


def _refuse(difference: str | None) -> None:
    __tracebackhide__ = True
    if difference is not None:
        raise AssertionError(difference)
