"""What a node means by an error: HTTP statuses, codes and wordings differ from node to node. Pure."""

from collections.abc import Mapping
from typing import Final

import orjson

from keepers.errors import BusyError, LimitError, MissingError, NodeError, RevertError, RpcError, TransportError
from keepers.rpc.answers import as_map

__all__ = ["http_error", "rpc_error"]

_REVERT_CODES: Final = frozenset({3, -32000, -32015})
_BUSY_STATUSES: Final = frozenset({429, 503})
_LARGE_STATUSES: Final = frozenset({400, 413, 414, 422})
_BUSY_CODES: Final = frozenset({429, -32029, -32097})
_BUSY_WORDS: Final = (
    "rate limit", "ratelimit", "rate-limit", "too many requests", "request limit", "requests per", "throttle",
    "compute units", "quota", "retry after", "retry in", "request count exceeded", "overloaded",
)  # fmt: skip
_LARGE_WORDS: Final = (
    "too large", "too big", "too wide", "too many results", "too many logs", "too many blocks", "block range",
    "max range", "range limit", "batch size", "batch limit", "batch of", "query returned more", "returned more than",
    "response size", "limit exceeded", "exceeds limit", "exceed maximum", "query timeout", "timed out", "logs matched",
)  # fmt: skip
_MISSING_WORDS: Final = (
    "header not found", "block not found", "unknown block", "could not find block", "missing trie node",
    "state not available", "state is not available", "block does not exist", "cannot find block", "header for hash",
)  # fmt: skip


def rpc_error(method: str, error: Mapping[str, object]) -> RpcError:
    """Name an error a node answered with."""
    code = error.get("code")
    number = code if isinstance(code, int) else 0
    message = str(error.get("message", ""))
    data = error.get("data")
    if isinstance(data, dict):
        data = data.get("data")
    text = data if isinstance(data, str) and data.startswith("0x") else ""
    words = message.lower()
    if number in _REVERT_CODES and ("revert" in words or text):
        return RevertError(method, number, message, text)
    if number in _BUSY_CODES or _says(words, _BUSY_WORDS):
        return BusyError(f"{method}: {message} ({number})")
    kind = LimitError if _says(words, _LARGE_WORDS) else MissingError if _says(words, _MISSING_WORDS) else NodeError
    return kind(method, number, message, text)


def http_error(status: int, headers: Mapping[str, str], body: bytes) -> RpcError:
    """Name an HTTP status other than success, by what its body says."""
    text = body[:400].decode(errors="replace").strip()
    what, words = f"HTTP {status}: {text}", text.lower()
    if status in _BUSY_STATUSES or _says(words, _BUSY_WORDS):
        return BusyError(what, _seconds(headers.get("retry-after")))
    told = _told(body)
    if told is not None and not isinstance(told, NodeError):
        return told
    if status in _LARGE_STATUSES or _says(words, _LARGE_WORDS):
        return LimitError("http", status, text)
    return told or TransportError(what)


def _told(body: bytes) -> RpcError | None:
    """Read a JSON-RPC error out of the body of an HTTP error."""
    try:
        content = orjson.loads(body)
        return rpc_error("http", as_map(as_map(content, "body").get("error"), "error"))
    except (orjson.JSONDecodeError, RpcError):
        return None


def _says(words: str, any_of: tuple[str, ...]) -> bool:
    return any(word in words for word in any_of)


def _seconds(value: str | None) -> float | None:
    """Read Retry-After; a date is as good as nothing, for this machine's clock may be wrong."""
    try:
        return None if value is None else max(0.0, float(value))
    except ValueError:
        return None
