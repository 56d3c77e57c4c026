"""Which kind of chain it is, and what it asks for data at a block. Reads the chain only; keeps the newest answer."""

from typing import Any, Final, Literal, Protocol

from keepers.abi import Abi
from keepers.chain import Header, parse_data
from keepers.errors import AbiError, ResponseError, RevertError, RpcError
from keepers.fees.data import ArbitrumData, DataPrice, EcotoneData, FjordData, NoData
from keepers.node import Node
from keepers.units import Address, BlockHash, Wei

__all__ = ["FeeModel", "fee_model"]

ORACLE: Final = Address("0x420000000000000000000000000000000000000f")
NODE_INTERFACE: Final = Address("0x00000000000000000000000000000000000000c8")
ARB_SYS: Final = Address("0x0000000000000000000000000000000000000064")
_NOBODY: Final = Address("0x" + "00" * 20)
_FLAGS: Final = ("isEcotone", "isFjord")
_VALUES: Final = ("l1BaseFee", "blobBaseFee", "baseFeeScalar", "blobBaseFeeScalar")


def _view(name: str, outputs: tuple[str, ...], inputs: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return {
        "type": "function",
        "name": name,
        "inputs": [{"name": word, "type": kind} for word, kind in inputs],
        "outputs": [{"name": "", "type": kind} for kind in outputs],
    }


_ORACLE_ABI: Final = Abi(
    "GasPriceOracle",
    [*(_view(name, ("bool",)) for name in _FLAGS), *(_view(name, ("uint256",)) for name in _VALUES)],
)
_COMPONENTS: Final = Abi(
    "NodeInterface",
    [
        _view(
            "gasEstimateComponents",
            ("uint64", "uint64", "uint256", "uint256"),
            (("to", "address"), ("contractCreation", "bool"), ("data", "bytes")),
        )
    ],
).function("gasEstimateComponents")


class FeeModel(Protocol):
    """How a chain charges for data."""

    async def price(self, block: Header) -> DataPrice:
        """Give what bytes cost at a block."""


class Plain:
    """Charges gas alone."""

    async def price(self, block: Header) -> DataPrice:
        """Ask nobody."""
        del block
        return NoData()


class _Read:
    """Reads the price once a block."""

    def __init__(self, node: Node) -> None:
        """Ask through the node."""
        self._node = node
        self._known: tuple[BlockHash, DataPrice] | None = None

    async def price(self, block: Header) -> DataPrice:
        """Give what bytes cost at a block."""
        if self._known is None or self._known[0] != block.hash:
            self._known = block.hash, await self._read(block.hash)
        return self._known[1]

    async def _read(self, block: BlockHash) -> DataPrice:
        raise NotImplementedError


class OpStack(_Read):
    """Asks the predeploy GasPriceOracle."""

    async def _read(self, block: BlockHash) -> DataPrice:
        calls = [(ORACLE, _ORACLE_ABI.function(name).encode()) for name in (*_FLAGS, *_VALUES)]
        outcomes = await self._node.outcomes(calls, block)
        ecotone, fjord = (_flag(name, one) for name, one in zip(_FLAGS, outcomes[:2], strict=True))
        if not ecotone:
            msg = "the chain's fees for data are those before Ecotone, which the keeper does not know"
            raise ResponseError(msg)
        base, blob, base_scalar, blob_scalar = (
            _number(name, one) for name, one in zip(_VALUES, outcomes[2:], strict=True)
        )
        return (FjordData if fjord else EcotoneData)(Wei(base), Wei(blob), base_scalar, blob_scalar)


class Arbitrum(_Read):
    """Asks the node's own NodeInterface."""

    async def _read(self, block: BlockHash) -> DataPrice:
        answer = await self._node.call(NODE_INTERFACE, _COMPONENTS.encode(_NOBODY, False, b""), block)
        try:
            *_, per_unit = _COMPONENTS.decode(answer)
        except AbiError as error:
            raise ResponseError(f"NodeInterface: {error}") from error
        return ArbitrumData(Wei(per_unit))


async def fee_model(name: Literal["auto", "plain", "op-stack", "arbitrum"], node: Node) -> FeeModel:
    """Give the model of this name; `auto` looks for the contracts that a kind of chain is born with."""
    if name == "op-stack" or (name == "auto" and await node.code(ORACLE)):
        return OpStack(node)
    if name == "arbitrum" or (name == "auto" and await node.code(ARB_SYS)):
        return Arbitrum(node)
    return Plain()


def _flag(name: str, outcome: object) -> bool:
    """Read whether a fork is active; a contract of before it has no such function."""
    return False if isinstance(outcome, RevertError) else bool(_number(name, outcome))


def _number(name: str, outcome: object) -> int:
    if isinstance(outcome, RpcError):
        raise outcome
    try:
        (value,) = _ORACLE_ABI.function(name).decode(parse_data(outcome))
    except AbiError as error:
        raise ResponseError(f"GasPriceOracle: {error}") from error
    return int(value)
