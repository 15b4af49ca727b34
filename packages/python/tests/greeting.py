"""An application that greets."""

from sabir import Sabir


def greeting(text: str) -> Sabir:
    """Return an application that answers ``text``."""
    app = Sabir()

    @app.get("/")
    async def greet() -> str:
        return text

    return app
