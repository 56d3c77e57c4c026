"""HTTP to a node on this machine."""

from typing import Any

from urllib3 import connection_from_url
from urllib3.exceptions import HTTPError
from web3 import HTTPProvider, Web3
from web3.types import RPCEndpoint, RPCResponse

__all__ = ["connected"]


def connected(uri: str) -> Web3:
    """Connect by what is asked of web3 alone: no checks of chain and method before each request."""
    web3 = Web3(_LocalProvider(uri))
    web3.middleware_onion.remove("validation")
    return web3


class _LocalProvider(HTTPProvider):
    """Straight on urllib3: proxies and cookies, which requests looks at, take as long as the node does."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self._pool = connection_from_url(uri, timeout=60)

    def _make_request(self, _method: RPCEndpoint, request_data: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        try:
            return self._pool.request("POST", "/", body=request_data, headers=headers, retries=False).data
        except HTTPError as error:
            raise ConnectionError(str(error)) from error

    def make_batch_request(self, batch_requests: list[tuple[RPCEndpoint, Any]]) -> list[RPCResponse]:
        """Ask many things at once; answers come in their order."""
        encoded = self.encode_batch_rpc_request(batch_requests)
        answers = self.decode_rpc_response(self._make_request(RPCEndpoint("batch"), encoded))
        return sorted(answers, key=lambda each: each["id"])
