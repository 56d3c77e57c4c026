"""Custom errors, decoded from the ABIs of every contract an error can bubble up from. Touches nothing."""

from collections.abc import Iterable
from typing import Any, Final

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak
from web3.exceptions import ContractCustomError, ContractLogicError, ContractPanicError, Web3RPCError

from crossmargin.chain.arguments import Vocabulary, described
from crossmargin.chain.remedies import REMEDIES
from crossmargin.errors import ContractRevert

__all__ = ["ErrorBook", "revert_data"]

Abi = Iterable[dict[str, Any]]

_SELECTOR: Final = 4
_BUILT_IN: Final[list[dict[str, Any]]] = [
    {"type": "error", "name": "Error", "inputs": [{"name": "reason", "type": "string"}]},
    {"type": "error", "name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
]


class ErrorBook:
    """Every custom error that is known, by selector."""

    def __init__(self, abis: Iterable[Abi], words: Vocabulary | None = None) -> None:
        """Collect the errors of the given ABIs; `words` names what their arguments are about."""
        self._words = words or Vocabulary()
        self._errors: dict[bytes, dict[str, Any]] = {}
        for abi in (_BUILT_IN, *abis):
            for entry in abi:
                if entry["type"] == "error":
                    self._errors[_selector(entry)] = entry

    def decode(self, data: bytes) -> ContractRevert:
        """Decode revert data; data that no ABI knows is kept raw under the name of its selector."""
        entry = self._errors.get(data[:_SELECTOR])
        if entry is None:
            return ContractRevert("0x" + data[:_SELECTOR].hex(), {}, data)
        types = [collapse_if_tuple(each) for each in entry["inputs"]]
        try:
            values = decode(types, data[_SELECTOR:])
        except DecodingError:
            return ContractRevert(entry["name"], {}, data)
        names = [each["name"] or str(index) for index, each in enumerate(entry["inputs"])]
        arguments = dict(zip(names, values, strict=True))
        shown = described(entry["name"], arguments, self._words)
        return ContractRevert(entry["name"], arguments, data, REMEDIES.get(entry["name"], ""), shown=shown)

    def translate(self, error: Exception) -> Exception:
        """Turn a web3 exception that carries revert data into a ContractRevert; any other is returned as it is."""
        data = revert_data(error)
        return error if data is None else self.decode(data)


def revert_data(error: BaseException) -> bytes | None:
    """Find the revert data in an exception of web3 or of what wraps it; None where there is none."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ContractLogicError | ContractCustomError | ContractPanicError | Web3RPCError):
            found = _data_of(seen)
            if found is not None:
                return found
        seen = seen.__cause__ or seen.__context__
    return None


def _data_of(error: Web3RPCError | ContractLogicError) -> bytes | None:
    raw: Any = getattr(error, "data", None)
    response: Any = getattr(error, "rpc_response", None)
    if raw is None and response:
        raw = response.get("error", {}).get("data")
    if isinstance(raw, dict):
        raw = raw.get("data")
    return bytes.fromhex(raw.removeprefix("0x")) if isinstance(raw, str) and raw.startswith("0x") else None


def _selector(entry: dict[str, Any]) -> bytes:
    types = ",".join(collapse_if_tuple(each) for each in entry["inputs"])
    return keccak(text=f"{entry['name']}({types})")[:_SELECTOR]
