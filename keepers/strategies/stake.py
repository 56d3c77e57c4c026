"""What a contested action is worth before it is sent: odds, what a loss costs, what is offered to be first. Pure.

Whoever comes second pays for a reverted call. The tip is a part of the bid: the more often rivals were first, the more
of the gain is offered for it.
"""

from dataclasses import dataclass
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.units import PPM, WAD, Ppm, Wad, ceil_div
from keepers.strategies.model import AUCTION_WORDS, Snapshot, gas_units
from keepers.strategy_settings import StrategySettings
from keepers.units import Wei
from keepers.views import AccountState

__all__ = ["Stake", "stake"]

_LOST_GAS: Final = Gas(100_000)  # of a call that comes second and reverts, on the high side


@dataclass(frozen=True, slots=True)
class Stake:
    """A chance worth taking [USD]: what is expected, the most that success may cost, and the least gain worth it.

    `tip` is what is offered per gas beside the usual [wei].
    """

    expected: Wad
    most_cost: Wad
    least_gain: Wad
    tip: Wei


def stake(
    snap: Snapshot,
    account: AccountState,
    gain: Wad,
    odds: Ppm,
    *,
    least: Wad,
    cfg: StrategySettings,
    beyond: Gas = Gas(0),  # noqa: B008 - a value
) -> Stake | None:
    """Weigh a gain before gas against what winning and losing cost; None where less than `least` is expected.

    `beyond` is gas that the call takes beside the auction's part of it.
    """
    gas = Gas(gas_units(account) + beyond)
    plain = _weigh(snap, gas, gain, odds, least=least, tip=Wei(0))
    if plain.expected < least:
        return None
    offered = _weigh(snap, gas, gain, odds, least=least, tip=_tip(snap, gas, plain.expected, odds, cfg))
    return offered if offered.expected >= least else plain


def _tip(snap: Snapshot, gas: Gas, expected: Wad, odds: Ppm, cfg: StrategySettings) -> Wei:
    """Offer more of what is expected the more often others were first."""
    part = Wad(max(0, expected) * (PPM - odds) // PPM * cfg.tip_share_ppm // PPM)
    return Wei(snap.wei(part) // gas)


def _weigh(snap: Snapshot, gas: Gas, gain: Wad, odds: Ppm, *, least: Wad, tip: Wei) -> Stake:
    cost, lost = (Wad(snap.cost(one, AUCTION_WORDS) + _usd(snap, one * tip)) for one in (gas, _LOST_GAS))
    risk = ceil_div(lost * (PPM - odds), PPM)
    expected = Wad((gain - cost) * odds // PPM - risk)
    needed = ceil_div((least + risk) * PPM, odds)
    return Stake(expected, Wad(max(0, gain - needed)), Wad(cost + needed), tip)


def _usd(snap: Snapshot, wei: int) -> int:
    return ceil_div(wei * snap.native_price, WAD)
