"""Classes of underlyings with round margins, which tests of model and contracts count with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crossmargin.model.parameters import (
    NO_GROUP,
    NO_OFFSET,
    GroupOffsets,
    RiskParams,
    SetParams,
    UnderlyingParams,
    check_configuration,
)
from crossmargin.model.units import YEAR, FeedId, Ppm, Seconds, Wad

CROWDING_SLOPE: Final = Ppm(500_000)


@dataclass(frozen=True, slots=True)
class AssetClass:
    """A class of underlyings: both sets and the offsets of its correlation group."""

    maintenance: SetParams
    initial: SetParams
    group: int = NO_GROUP
    offsets: GroupOffsets = NO_OFFSET
    crowding_slope: Ppm = CROWDING_SLOPE
    max_tenor: Seconds = YEAR


def _set(liquidity: int, collateral: int, derivative: int, basis: int, basis_per_year: int) -> SetParams:
    return SetParams(Ppm(liquidity), Ppm(collateral), Ppm(derivative), Ppm(basis), Ppm(basis_per_year))


STABLECOINS: Final = AssetClass(_set(5_000, 15_000, 15_000, 5_000, 0), _set(5_000, 45_000, 45_000, 10_000, 0))
MAJORS: Final = AssetClass(
    _set(70_000, 80_000, 50_000, 30_000, 50_000),
    _set(80_000, 120_000, 90_000, 40_000, 50_000),
    group=1,
    offsets=GroupOffsets(Ppm(500_000), Ppm(400_000)),
)
ALTCOINS: Final = AssetClass(
    _set(150_000, 250_000, 200_000, 50_000, 150_000),
    _set(180_000, 320_000, 260_000, 60_000, 150_000),
    group=2,
    offsets=GroupOffsets(Ppm(250_000), Ppm(200_000)),
)


def default_parameters(
    classes: Mapping[FeedId, AssetClass], impact_coefficients: Mapping[FeedId, Wad] | None = None
) -> RiskParams:
    """Build and check a table for underlyings of these classes.

    An underlying without an impact coefficient [wad per square root of USD] is charged none.
    """
    coefficients = impact_coefficients or {}
    params = RiskParams(
        underlyings={
            key: UnderlyingParams(
                maintenance=row.maintenance,
                initial=row.initial,
                impact_coefficient=coefficients.get(key, Wad(0)),
                group=row.group,
                crowding_slope=row.crowding_slope,
                max_tenor=row.max_tenor,
            )
            for key, row in classes.items()
        },
        groups={row.group: row.offsets for row in classes.values() if row.group != NO_GROUP},
    )
    check_configuration(params)
    return params
