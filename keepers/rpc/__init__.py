"""JSON-RPC over HTTP: addresses with their limits and rests, and answers with typed errors.

The one place that talks to a node; knows nothing of chains.
"""

from keepers.rpc.answers import as_int, as_list, as_map, as_str
from keepers.rpc.endpoint import Call, Endpoint
from keepers.rpc.rpc import Rpc

__all__ = ["Call", "Endpoint", "Rpc", "as_int", "as_list", "as_map", "as_str"]
