"""A network's configuration: typed TOML under config/, in decimals as people state them; integers are made here."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field, ValidationError, model_validator

from crossmargin.chain.decimals import parse_units, ppm, wad
from crossmargin.chain.units import ChainId
from crossmargin.deployment.explain import FromToml
from crossmargin.deployment.feeds import FeedSettings, SourceSettings
from crossmargin.deployment.fields import (
    DAY,
    Address,
    Duration,
    Expiry,
    Fraction,
    Number,
    Positive,
    Settings,
    checksummed,
    expiry_time,
)
from crossmargin.deployment.instruments import InstrumentSettings, OptionSettings, SliceSettings
from crossmargin.deployment.volatility import VolatilitySettings
from crossmargin.errors import ConfigurationError, NetworkConfigError, UnitError
from crossmargin.model.parameters import (
    MAX_GROUP,
    NO_GROUP,
    GroupOffsets,
    RiskParams,
    SetParams,
    UnderlyingParams,
    check_configuration,
)
from crossmargin.model.units import FeedId, InstrumentId, Ppm, Seconds, TokenUnits, Wad

__all__ = [
    "AssetSettings",
    "FeedSettings",
    "NetworkConfig",
    "OutflowSettings",
    "SourceSettings",
    "TokenSettings",
    "UnderlyingSettings",
]

_Reference = tuple[str, str, str, Collection[str]]
"""Where a name is used, for what, the name, the names there are."""
_MAX_YEARLY_RATE: Final = 1


class GovernanceSettings(Settings):
    """Who governs after the hand-over, and how long others see a change coming."""

    delay: Annotated[Seconds, Field(ge=1)]
    """Between scheduling a change and its execution, for governor and administrator [s]."""
    minimum_delay: Annotated[Seconds, Field(ge=1)] | None = None
    """Shortest delay that can ever be granted, fixed at deployment; by default `delay` [s]."""
    governor: Address | None = None
    """Holds the administrator's and the governor's role: a multisig or a governance contract."""
    guardian: Address | None = None
    """May only tighten, at once and for a time: pause, close deposits, make a market reduce-only; cancels whatever is
    scheduled, but its own removal."""
    second_guardian: Address | None = None
    """The same; with two of them a stolen guardian's key can be replaced, and a captured governor removes neither."""
    poster: Address | None = None
    """Posts the prices of posted feeds; nobody can where none is named."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minimum_delay is not None and self.minimum_delay > self.delay:
            raise ValueError(f"delay {self.delay} is below minimum_delay {self.minimum_delay}")
        if self.guardian is not None and self.guardian == self.second_guardian:
            raise ValueError(f"second_guardian is the guardian {self.guardian}")
        return self


class TokenSettings(Settings):
    """A token: one that exists, or a faucet token that the deployment makes."""

    name: str
    decimals: Annotated[int, Field(ge=6, le=18)]
    address: Address | None = None
    faucet_cap: Number = Decimal(1_000_000)
    """Most that one call of a faucet token mints [tokens]."""
    rate: Number | None = None
    """A staked asset's faucet token: its worth in the asset at deployment."""
    growth: Number = Decimal(0)
    """What its rate gains in a year, as a part of it."""


class MarginSettings(Settings):
    """One set of margin parameters, in the order of the published table."""

    liquidity_haircut: Fraction
    collateral_shock: Fraction
    derivative_shock: Fraction
    basis_charge: Fraction
    basis_charge_per_year: Fraction = Decimal(0)

    def encode(self) -> tuple[Ppm, Ppm, Ppm, Ppm, Ppm]:
        """`MarginSet` of the risk engine [ppm]."""
        return (
            ppm(self.liquidity_haircut),
            ppm(self.collateral_shock),
            ppm(self.derivative_shock),
            ppm(self.basis_charge),
            ppm(self.basis_charge_per_year),
        )


class ClassSettings(Settings):
    """A class of underlyings that share margin parameters."""

    maintenance: MarginSettings
    initial: MarginSettings


class GroupSettings(Settings):
    """Offset inside a correlation group."""

    id: Annotated[int, Field(ge=1, le=MAX_GROUP)]
    rho_maintenance: Fraction
    rho_initial: Fraction


class ImpactSettings(Settings):
    """What trading a size of X costs: `y * sigma_day * X^1.5 / sqrt(adv)`."""

    y: Number
    sigma_day: Number
    """Volatility of one day (0.04 = 4 %)."""
    adv: Positive
    """Average daily volume [USD]."""

    def coefficient(self) -> Wad:
        """`impactCoefficient` [wad per sqrt USD], rounded up: a requirement."""
        with localcontext(prec=60):
            exact = self.y * self.sigma_day / self.adv.sqrt() * Decimal(10**18)
            return Wad(int(exact.to_integral_value(rounding="ROUND_CEILING")))


class UnderlyingSettings(Settings):
    """Risk parameters of an underlying, whose name is that of its feed."""

    risk_class: Annotated[str, Field(alias="class")]
    group: str | None = None
    impact: ImpactSettings
    crowding_slope: Annotated[Number, Field(le=16)]
    max_tenor: Annotated[Duration, Field(le=2**32 - 1)]
    exposure_unit: Annotated[Positive, Field(le=Decimal(2**96 - 1) / 10**18)]
    """Size of one unit of auction exposure [base]."""
    exposure_cap: Annotated[int, Field(ge=1, le=2**32 - 1)]
    """Most units in auction at once; with none nothing could be auctioned."""


class OutflowSettings(Settings):
    """How much may leave the vault in a window."""

    capacity: Number
    window: Annotated[Duration, Field(ge=1, le=2**32 - 1)]


class AssetSettings(Settings):
    """A collateral asset."""

    feed: str
    underlying: str
    cap: Number
    outflow: OutflowSettings
    deposits: bool = True


class RuleSettings(Settings):
    """Fees and price band of an underlying's fills."""

    maker_fee: Annotated[Fraction, Field(le=Decimal("0.01"))]
    taker_fee: Annotated[Fraction, Field(le=Decimal("0.01"))]
    price_band: Annotated[Fraction, Field(le=Decimal("0.2"))]

    def encode(self) -> tuple[int, ...]:
        """`MarketRules` of the exchange [ppm]."""
        return (ppm(self.maker_fee), ppm(self.taker_fee), ppm(self.price_band))


class EngineSettings(Settings):
    """Parameters of the whole venue's margin."""

    profit_weight: Fraction
    """What unpaid profit of an open leg counts in initial margin."""
    profit_cover: Fraction
    """Profit of an open leg counts up to this part of what its contracts are worth."""
    stale_multiplier: Number
    max_multiplier: Number
    short_floor: Fraction = Decimal("0.10")
    """Least charge on a short option, as a part of the derivative shock."""
    min_delta: Fraction = Decimal("0.05")
    """Least charge on the delta of an option, as a part of the derivative shock."""
    age_charge: Number = Decimal("0.10")
    """Widening of a risk array past its grace, as a part of the derivative shock, an hour."""
    array_max_age: Duration = Seconds(900)
    """An older risk array counts as a price that is not Valid."""
    array_max_move: Fraction = Decimal("0.01")
    """So does one from whose index the index has moved further."""

    def encode(self) -> tuple[int, ...]:
        """`GlobalParams` of the risk engine [ppm; `array_max_age` s]."""
        return (
            ppm(self.profit_weight),
            ppm(self.profit_cover),
            ppm(self.stale_multiplier),
            ppm(self.max_multiplier),
            ppm(self.short_floor),
            ppm(self.min_delta),
            ppm(self.age_charge),
            self.array_max_age,
            ppm(self.array_max_move),
        )

    def table(self, underlyings: Mapping[FeedId, UnderlyingParams], groups: Mapping[int, GroupOffsets]) -> RiskParams:
        """Make the model's table with these underlyings and groups."""
        return RiskParams(
            underlyings=underlyings,
            groups=groups,
            profit_weight=ppm(self.profit_weight),
            profit_cover=ppm(self.profit_cover),
            stale_multiplier=ppm(self.stale_multiplier),
            max_multiplier=ppm(self.max_multiplier),
            short_floor=ppm(self.short_floor),
            min_delta=ppm(self.min_delta),
            age_charge=ppm(self.age_charge),
            array_max_age=self.array_max_age,
            array_max_move=ppm(self.array_max_move),
        )


class RateSettings(Settings):
    """Interest on cash, per year."""

    base_rate: Number
    slope1: Number
    slope2: Number
    kink: Annotated[Fraction, Field(lt=1)]
    reserve_factor: Fraction

    @model_validator(mode="after")
    def _check(self) -> Self:
        highest = self.base_rate + self.slope1 + self.slope2
        if highest > _MAX_YEARLY_RATE:
            raise ValueError(f"base_rate, slope1 and slope2 sum to {highest}, above {_MAX_YEARLY_RATE}")
        return self

    def encode(self) -> tuple[int, ...]:
        """`RateModel` of the vault [ppm]."""
        return tuple(ppm(each) for each in (self.base_rate, self.slope1, self.slope2, self.kink, self.reserve_factor))


class AuctionSettings(Settings):
    """How auctions run."""

    start_reward: Number
    knee_reward: Number
    target_buffer: Number
    fast_duration: Duration
    slow_duration: Duration
    small_account: Number
    insolvent_flat: Number
    insolvent_duration: Duration
    bundle_share: Number
    starter_share: Number
    starter_flat: Number
    starter_cap: Number
    global_exposure_cap: Number

    def encode(self) -> tuple[int, ...]:
        """`AuctionParams` of the auction."""
        return tuple(wad(value) if isinstance(value, Decimal) else value for _, value in self)


class InsuranceSettings(Settings):
    """Capital that pays for loans before lenders do."""

    cooldown: Annotated[Duration, Field(ge=DAY, le=30 * DAY)]
    seed: Number
    """Deposited by the deployer, shares to `seed_to` [quote tokens]."""
    seed_to: Address | None = None
    """Receiver of the seed's shares; by default the governor."""


class NetworkConfig(FromToml, Settings):
    """Everything a venue on one network is deployed and configured with."""

    network: str
    chain_id: ChainId
    quote: str
    quote_cap: Number
    """Most cash the vault takes [quote tokens]."""
    pyth: Address | None = None
    sequencer_feed: Address | None = None
    sequencer_grace: Annotated[Duration, Field(le=DAY)] = Seconds(3600)
    governance: GovernanceSettings
    tokens: dict[str, TokenSettings]
    feeds: dict[str, FeedSettings]
    classes: dict[str, ClassSettings]
    groups: dict[str, GroupSettings]
    underlyings: dict[str, UnderlyingSettings]
    assets: dict[str, AssetSettings]
    options: dict[str, OptionSettings] = Field(default_factory=dict)
    """Parameters of options, by underlying."""
    surfaces: dict[str, dict[Expiry, SliceSettings]] = Field(default_factory=dict)
    """First slices, by underlying and expiry: what options need to be listed while nobody posts yet."""
    instruments: dict[str, InstrumentSettings]
    rules: dict[str, RuleSettings]
    engine: EngineSettings
    volatility: VolatilitySettings | None = None
    """What moves margins with a forecast; without it shocks stay as they are configured."""
    rates: RateSettings
    quote_outflow: OutflowSettings
    auction: AuctionSettings
    insurance: InsuranceSettings

    @classmethod
    def load(cls, path: Path, **overrides: Any) -> Self:  # noqa: ANN401 (any field)
        """Read a TOML file; decimals stay exact. Keyword arguments replace whole top-level entries.

        Whatever a setter would refuse halfway through a deployment is refused here, with file, line and field.
        """
        return cls.read(path, NetworkConfigError, overrides=overrides)

    def with_roles(
        self,
        governor: str | None = None,
        guardian: str | None = None,
        poster: str | None = None,
        second_guardian: str | None = None,
    ) -> Self:
        """Copy with the holders of roles that are given."""
        named = {"governor": governor, "guardian": guardian, "poster": poster, "second_guardian": second_guardian}
        given = {}
        for name, value in named.items():
            if value:
                try:
                    given[name] = checksummed(value)
                except ValueError as error:
                    raise NetworkConfigError(f"--{name.replace('_', '-')} {error}") from error
        try:
            governance = GovernanceSettings.model_validate(self.governance.model_dump() | given)
        except ValidationError as error:
            raise NetworkConfigError(
                f"{self.network}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
            ) from error
        return self.model_copy(update={"governance": governance})

    @property
    def named_roles(self) -> dict[str, str]:
        """Who is named for which role."""
        roles = ("governor", "guardian", "second_guardian", "poster")
        return {role: address for role in roles if (address := getattr(self.governance, role))}

    @property
    def governor(self) -> str:
        """The governor, who must be named somewhere."""
        if self.governance.governor is None:
            raise NetworkConfigError(f"{self.network}: no governor in the configuration or the options")
        return self.governance.governor

    @property
    def guardian(self) -> str:
        """The guardian, who must be named somewhere."""
        if self.governance.guardian is None:
            raise NetworkConfigError(f"{self.network}: no guardian in the configuration or the options")
        return self.governance.guardian

    @property
    def guardians(self) -> tuple[str, ...]:
        """Every guardian, of whom one must be named somewhere."""
        second = self.governance.second_guardian
        return (self.guardian,) if second is None else (self.guardian, second)

    @property
    def minimum_delay(self) -> Seconds:
        """Shortest delay that can ever be granted [s]."""
        return self.governance.minimum_delay or self.governance.delay

    def token_units(self, token: str, amount: Decimal) -> TokenUnits:
        """Convert an amount of a token to its units."""
        return parse_units(amount, self.tokens[token].decimals)

    def feed_id(self, name: str) -> FeedId:
        """Id of a feed or underlying."""
        return self.feeds[name].id

    def instrument_id(self, name: str, now: Seconds) -> InstrumentId:
        """Id of an instrument that is listed at `now`."""
        instrument = self.instruments[name]
        return instrument.instrument_id(self.feed_id(instrument.underlying), now)

    def slice_expiries(self, now: Seconds) -> dict[str, Seconds]:
        """Name every first slice, `ETH:weekly`, and give its expiry as of `now` [s]."""
        return {
            f"{name}:{expiry}": expiry_time(expiry, now) for name, slices in self.surfaces.items() for expiry in slices
        }

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        """Every name that refers to something must name something."""
        for place, kind, name, known in (*self._own_references(), *self._market_references()):
            if name not in known:
                raise ValueError(f"{place}: no {kind} named {name}; there are {', '.join(known) or 'none'}")
        for name, each in self.instruments.items():
            if each.underlying not in self.rules:
                raise ValueError(
                    f"instruments.{name}: no rules for fills of {each.underlying}: add [rules.{each.underlying}] with "
                    "maker_fee, taker_fee and price_band"
                )
        for name, rule in self.volatility.underlyings.items() if self.volatility else ():
            if rule.most > self.engine.max_multiplier:
                raise ValueError(
                    f"volatility.underlyings.{name}: most {rule.most} is above the engine's max_multiplier "
                    f"{self.engine.max_multiplier}: margins would stop there"
                )
        ids = [feed.id for feed in self.feeds.values()]
        if len(set(ids)) != len(ids):
            raise ValueError("feeds: two share an id: give each its own")
        return self

    def _own_references(self) -> Iterator[_Reference]:
        """List what tokens, assets, feeds and underlyings refer to."""
        yield "quote", "token", self.quote, self.tokens
        for name, asset in self.assets.items():
            yield f"assets.{name}", "token", name, self.tokens
            yield f"assets.{name}.feed", "feed", asset.feed, self.feeds
            yield f"assets.{name}.underlying", "underlying", asset.underlying, self.underlyings
        for name, underlying in self.underlyings.items():
            yield f"underlyings.{name}", "feed", name, self.feeds
            yield f"underlyings.{name}.class", "class", underlying.risk_class, self.classes
            if underlying.group is not None:
                yield f"underlyings.{name}.group", "group", underlying.group, self.groups
        for name, feed in self.feeds.items():
            for which, source in feed.sources():
                if source.base:
                    yield f"feeds.{name}.{which}.base", "feed", source.base, self.feeds
                if source.token:
                    yield f"feeds.{name}.{which}.token", "token", source.token, self.tokens

    def _market_references(self) -> Iterator[_Reference]:
        """List what instruments, rules, options and surfaces refer to."""
        for name, each in self.instruments.items():
            place = f"instruments.{name}.underlying"
            yield place, "underlying", each.underlying, self.underlyings
            if each.strike is not None:
                yield place, "parameters of options", each.underlying, self.options
        for name in self.rules:
            yield f"rules.{name}", "underlying", name, self.underlyings
        for name in self.options:
            yield f"options.{name}", "underlying", name, self.underlyings
        for name in self.volatility.underlyings if self.volatility else ():
            yield f"volatility.underlyings.{name}", "underlying", name, self.underlyings
        for name in self.surfaces:
            yield f"surfaces.{name}", "parameters of options", name, self.options

    @model_validator(mode="after")
    def _check_amounts(self) -> Self:
        """Caps and limits fit the vault's words."""
        amounts = {
            "quote_cap": (self.quote, self.quote_cap, 2**128),
            "quote_outflow.capacity": (self.quote, self.quote_outflow.capacity, 2**95),
        }
        for name, asset in self.assets.items():
            amounts[f"assets.{name}.cap"] = (name, asset.cap, 2**128)
            amounts[f"assets.{name}.outflow.capacity"] = (name, asset.outflow.capacity, 2**95)
        for field, (token, amount, limit) in amounts.items():
            if amount.scaleb(self.tokens[token].decimals) >= limit:
                raise ValueError(f"{field}: {amount} is too much, must be below 2^{limit.bit_length() - 1} units")
        return self

    @model_validator(mode="after")
    def _check_risk(self) -> Self:
        """Check the margin parameters as the contract does."""
        for name, underlying in self.underlyings.items():
            try:
                check_configuration(self.risk_table({self.feed_id(name): underlying}))
            except (ConfigurationError, UnitError) as error:
                raise ValueError(f"underlyings.{name}: {error}") from error
        return self

    def risk_table(self, underlyings: Mapping[FeedId, UnderlyingSettings]) -> RiskParams:
        """Make the model's table of margin parameters with these underlyings and all groups."""
        groups = {
            each.id: GroupOffsets(ppm(each.rho_maintenance), ppm(each.rho_initial)) for each in self.groups.values()
        }
        return self.engine.table({feed: self._row(each) for feed, each in underlyings.items()}, groups)

    def _row(self, underlying: UnderlyingSettings) -> UnderlyingParams:
        risk = self.classes[underlying.risk_class]
        return UnderlyingParams(
            maintenance=SetParams(*risk.maintenance.encode()),
            initial=SetParams(*risk.initial.encode()),
            impact_coefficient=underlying.impact.coefficient(),
            group=self.groups[underlying.group].id if underlying.group else NO_GROUP,
            crowding_slope=ppm(underlying.crowding_slope),
            max_tenor=underlying.max_tenor,
            exposure_unit=wad(underlying.exposure_unit),
            exposure_cap=underlying.exposure_cap,
        )
