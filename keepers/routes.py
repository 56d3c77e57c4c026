"""How a collateral asset becomes quote tokens on Uniswap v3, as the configuration writes it. Pure."""

from typing import Annotated, NamedTuple

from eth_utils.address import is_address
from pydantic import BeforeValidator

from crossmargin.model.units import PPM, Ppm
from keepers.units import Address

__all__ = ["Route", "Step", "parse_route"]


class Step(NamedTuple):
    """One pool: its fee, and the token that it gives; None for the quote token."""

    fee: Ppm
    token: Address | None


def parse_route(value: object) -> tuple[Step, ...]:
    """Read fees and the tokens between them: "500", or "500 0x... 100"."""
    words = str(value).split()
    fees, tokens = words[::2], words[1::2]
    if len(fees) != len(tokens) + 1 or not all(map(_is_fee, fees)) or not all(map(is_address, tokens)):
        msg = f"{value!r}: fees of pools [ppm] and the tokens between them are wanted, as in '500' or '500 0x... 100'"
        raise ValueError(msg)
    between: list[Address | None] = [Address(one.lower()) for one in tokens]
    return tuple(Step(Ppm(int(fee)), token) for fee, token in zip(fees, [*between, None], strict=True))


def _is_fee(word: str) -> bool:
    return word.isdecimal() and 0 < int(word) < PPM


Route = Annotated[tuple[Step, ...], BeforeValidator(parse_route)]
"""A setting: the pools that a token goes through, the last of which gives the quote token."""
