"""A server in Python that sends every message back; it listens on ``$PORT``."""

import os

from sabir import Sabir, WebSocket

LIMIT = 64 * 1024 * 1024
app = Sabir(
    websocket_message_limit=LIMIT,
    websocket_frame_limit=LIMIT,
    websocket_compression="context_takeover",
)


@app.websocket("/")
async def echo(ws: WebSocket) -> None:
    """Send every message back."""
    async for message in ws:
        await ws.send(message)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
