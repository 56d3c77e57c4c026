"""What the bytes of a transaction cost to post, from values read at a block. Pure.

OP-stack chains charge it beside the gas, by a formula of the fork. Arbitrum charges it as gas: an estimate of gas holds
it already, a guess made without one does not.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final, Protocol

from crossmargin.model.units import ceil_div
from keepers.fees.fastlz import fastlz_length
from keepers.units import Wei

__all__ = ["ArbitrumData", "DataPrice", "EcotoneData", "FjordData", "NoData", "sample"]

_BYTE_GAS: Final = 16
_ZERO_BYTE_GAS: Final = 4
_ONE: Final = 10**6
_INTERCEPT: Final = -42_585_600  # a regression of Brotli's length on FastLZ's, in millionths
_SLOPE: Final = 836_500
_LEAST: Final = 100 * _ONE
_PADDING: Final = 16 * _BYTE_GAS  # Arbitrum pads estimates by so many units, then by a hundredth
_PADDED_PERCENT: Final = 101
_ENVELOPE: Final = 124  # bytes of a signed call without its data: fees, nonce, address, signature
_WORD: Final = 32
_FILLED: Final = 20  # bytes of a word that are not zero: accounts and amounts fill most of theirs


class DataPrice(Protocol):
    """What bytes cost at one block [wei]."""

    def fee(self, raw: bytes) -> Wei:
        """Price the posting of a signed transaction, rounded up where it is a guess."""

    def beside(self, raw: bytes) -> Wei:
        """Price the part of it that no estimate of gas holds."""


@dataclass(frozen=True, slots=True)
class NoData:
    """A chain that charges gas alone."""

    def fee(self, raw: bytes) -> Wei:
        """Ask nothing."""
        del raw
        return Wei(0)

    beside = fee


@dataclass(frozen=True, slots=True)
class EcotoneData:
    """OP-stack since Ecotone: bytes by what they cost as call data, at a mix of base fee and blob fee."""

    l1_base_fee: Wei
    blob_base_fee: Wei
    base_scalar: int
    blob_scalar: int

    def fee(self, raw: bytes) -> Wei:
        """Price it as the chain does."""
        zeros = raw.count(0)
        gas = zeros * _ZERO_BYTE_GAS + (len(raw) - zeros) * _BYTE_GAS
        return Wei(gas * self._per_unit() // (_BYTE_GAS * _ONE))

    beside = fee

    def _per_unit(self) -> int:
        return _BYTE_GAS * self.base_scalar * self.l1_base_fee + self.blob_scalar * self.blob_base_fee


@dataclass(frozen=True, slots=True)
class FjordData(EcotoneData):
    """OP-stack since Fjord: bytes by what is left of them when they are compressed."""

    def fee(self, raw: bytes) -> Wei:
        """Price it as the chain does."""
        size = max(_LEAST, _INTERCEPT + _SLOPE * fastlz_length(raw))
        return Wei(size * self._per_unit() // (_ONE * _ONE))

    beside = fee


@dataclass(frozen=True, slots=True)
class ArbitrumData:
    """Arbitrum: bytes at the chain's estimate of what posting costs, charged as gas."""

    per_unit: Wei

    def fee(self, raw: bytes) -> Wei:
        """Price it on the high side: as if nothing could be compressed."""
        units = ceil_div((len(raw) * _BYTE_GAS + _PADDING) * _PADDED_PERCENT, 100)
        return Wei(units * self.per_unit)

    def beside(self, raw: bytes) -> Wei:
        """Ask nothing: it is in the gas."""
        del raw
        return Wei(0)


@lru_cache(maxsize=256)
def sample(words: int) -> bytes:
    """Make up a signed call with so many words of arguments, as compressible as most are."""
    parts = [_noise("envelope", _ENVELOPE)]
    parts += [bytes(_WORD - _FILLED) + _noise(f"word {number}", _FILLED) for number in range(words)]
    return b"".join(parts)


def _noise(name: str, size: int) -> bytes:
    """Give bytes without a zero or a pattern, the same each time."""
    digests = b"".join(sha256(f"{name} {number}".encode()).digest() for number in range(size // _WORD + 1))
    return bytes(byte or 1 for byte in digests[:size])
