"""The demo's bell: tells one keeper at a time that there is a block, so that they act in an order that is known.

A keeper listens to a WebSocket that announces heads. Here that is not the node's but this one, which rings for one of
them and then for the next.
"""

import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

__all__ = ["Bell"]

_HOST: Final = "127.0.0.1"


class Bell:
    """Rings for whoever listens, by name."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self._server = serve(self._keep, _HOST, 0)
        self._thread = threading.Thread(target=self._server.serve_forever, name="bell", daemon=True)
        self._listeners: dict[str, ServerConnection] = {}

    def __enter__(self) -> Self:
        """Begin to accept listeners."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up on all of them."""
        self._server.shutdown()
        for connection in list(self._listeners.values()):
            connection.close()
        self._thread.join()

    def url(self, name: str) -> str:
        """Where the listener of this name listens."""
        return f"ws://{_HOST}:{self._server.socket.getsockname()[1]}/{name.replace(' ', '-')}"

    def listener(self, name: str) -> object | None:
        """Give who listens under this name: another object once they have called anew."""
        return self._listeners.get(name.replace(" ", "-"))

    def ring(self, name: str) -> None:
        """Ring for one listener; one that has hung up calls again by itself."""
        connection = self._listeners.get(name.replace(" ", "-"))
        if connection is not None:
            try:
                connection.send("block")
            except ConnectionClosed:
                self._listeners.pop(name.replace(" ", "-"), None)

    def _keep(self, connection: ServerConnection) -> None:
        """Keep a listener until it hangs up."""
        name = connection.request.path.strip("/") if connection.request else ""
        with suppress(ConnectionClosed):  # one that was killed says no goodbye
            for _ in connection:  # what it subscribes to
                self._listeners[name] = connection
