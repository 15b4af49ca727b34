"""What the runtime answers by itself: the files of folders, and redirects. Python is not entered for it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Unpack

from sabir.problem import SetupError
from sabir.security import Requirement, requirements_of
from sabir.stage import Stage, StageOff, stages_of
from sabir.static_options import StaticOptions

if TYPE_CHECKING:
    from sabir._sabir import NativeApp


@dataclass(frozen=True)
class Served:
    """A folder or a redirect as it was written."""

    kind: Literal["static", "redirect"]
    path: str
    data: dict[str, Any]
    """Its own options."""
    security: tuple[Requirement, ...] = ()
    use: tuple[Stage | StageOff, ...] = field(default=())

    @property
    def name(self) -> str:
        """What it is called in error messages."""
        return f"{self.kind} {self.path}"

    def under(self, prefix: str) -> Served:
        """Return the same below ``prefix``."""
        return replace(self, path=prefix.rstrip("/") + self.path if self.path != "/" or not prefix else prefix)

    def within(self, stages: Iterable[Stage | StageOff], security: Iterable[Requirement] = ()) -> Served:
        """Return the same with these stages around it, and the security where it has none of its own."""
        return replace(self, use=(*stages, *self.use), security=self.security or tuple(security))

    def add_to(self, native: NativeApp) -> None:
        """Add it to the runtime's side.

        Raises:
            SetupError: If something does not fit.
        """
        operation: dict[str, Any] = {}
        if security := requirements_of(self.name, self.security):
            operation["security"] = security
        if stages := stages_of(self.name, self.use):
            operation["x-sabir"] = {"stages": stages}
        if self.kind == "static":
            native.static_files(self.path, self.data, operation)
        else:
            native.redirect(self.path, self.data, operation)


class ServedRoutes:
    """Something that folders and redirects can be added to."""

    def __init__(self) -> None:
        super().__init__()
        self.served: list[Served] = []

    def static(
        self,
        path: str,
        directory: str | os.PathLike[str],
        *,
        security: Iterable[Requirement] = (),
        use: Iterable[Stage | StageOff] = (),
        **options: Unpack[StaticOptions],
    ) -> None:
        """Answer GET and HEAD of the paths below ``path`` with the files of a folder.

        A route comes before a file. What is there is sent with a type by its name, conditions and ranges count, and
        nothing outside of the folder can be reached. Hooks and middleware have no part in it; stages and security do.

        Example:
            >>> app = Routes()
            >>> app.static("/assets", "public", immutable=["build/*"])

        Raises:
            SetupError: If there is no such folder, an option does not fit, or something else answers below the path.
        """
        data = {"directory": os.fspath(directory), **options}
        self.serve_natively(Served("static", path, data, _tuple(security), _tuple(use)))

    def redirect(
        self,
        path: str,
        to: str,
        *,
        status: int = 308,
        security: Iterable[Requirement] = (),
        use: Iterable[Stage | StageOff] = (),
    ) -> None:
        """Send requests of every method for ``path`` to a path of this host, or to a URL.

        ``to`` may have the variables of the path, and gets the query of a request unless it has one itself. A status of
        301, 302, 303 or 307 says something else than that it is for good and keeps the method.

        Example:
            >>> app = Routes()
            >>> app.redirect("/old/{id}", "/new/{id}")

        Raises:
            SetupError: If the status or the location does not fit, or a route answers every method of the path.
        """
        self.serve_natively(Served("redirect", path, {"to": to, "status": status}, _tuple(security), _tuple(use)))

    def serve_natively(self, served: Served) -> None:
        """Add a folder or a redirect as data; the other ways end here."""
        if not isinstance(served.path, str) or not served.path.startswith("/"):
            raise SetupError(served.name, "path", "it does not start with /", "write it from the root")
        stages_of(served.name, served.use)
        requirements_of(served.name, served.security)
        self.served.append(served)


def _tuple(given: Any) -> Any:
    """Return what was given as a tuple; what is no list is judged later."""
    return tuple(given) if isinstance(given, list | tuple | set | frozenset) else given
