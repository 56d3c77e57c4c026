"""A connection to a node. Asks the node."""

from typing import Final

from web3 import HTTPProvider, Web3
from web3.types import RPCEndpoint

__all__ = ["reach", "remembering"]

_CHAIN_ID: Final = {RPCEndpoint("eth_chainId")}


def reach(url: str, timeout: float = 60) -> Web3:
    """Connect to a node over HTTP; nothing is asked of it yet. Each request may take `timeout` seconds."""
    return remembering(Web3(HTTPProvider(url, request_kwargs={"timeout": timeout})))


def remembering(web3: Web3) -> Web3:
    """Let a connection ask for the chain's id once; web3 by itself asks for it before each request."""
    web3.provider.cache_allowed_requests = True
    web3.provider.cacheable_requests = _CHAIN_ID
    return web3
