"""The plan of a spoke: an authority of its chain's own, the spoke, its transports, and what it takes."""

from collections.abc import Iterator
from typing import Final

from crossmargin.chain.decimals import wad
from crossmargin.deployment.carriers import (
    restricted_carriers,
    standing_steps,
    transport_contracts,
    transport_steps,
)
from crossmargin.deployment.custody import TokenSettings
from crossmargin.deployment.spoke_config import LockSettings, SpokeConfig
from crossmargin.deployment.steps import Create, Kind, Setting, SpokeContext, Step, Value
from crossmargin.deployment.transports import HUB

__all__ = ["SPOKE_CONTRACT", "restricted_spoke", "spoke_contracts", "spoke_steps", "token_contracts"]

SPOKE_CONTRACT: Final = "CollateralSpoke"


def spoke_contracts(config: SpokeConfig) -> Iterator[Step]:
    """Deploy authority, faucet tokens, spoke and transports."""
    yield Create("AccessManager", "Authority", lambda venue: (venue.record.deployer, config.minimum_delay))
    yield from token_contracts(config.tokens)
    yield Create(SPOKE_CONTRACT, SPOKE_CONTRACT, lambda venue: _spoke(config, venue))
    yield from transport_contracts(config.transports)


def _spoke(config: SpokeConfig, venue: SpokeContext) -> tuple[object, ...]:
    return (venue.address("AccessManager"), config.hub.domain, config.known_hub, config.hub.exit_after)


def token_contracts(tokens: dict[str, TokenSettings]) -> Iterator[Step]:
    """Deploy a faucet token for each that has no address."""
    for name, token in tokens.items():
        if token.address is not None:
            continue
        faucet = (token.name, name, token.decimals, int(token.faucet_cap.scaleb(token.decimals)))
        if token.rate is None:
            yield Create(f"token:{name}", "TestToken", lambda _, faucet=faucet: faucet)  # type: ignore[misc]
        else:
            staked = (*faucet, wad(token.rate), wad(token.growth))
            yield Create(f"token:{name}", "TestStakedToken", lambda _, staked=staked: staked)  # type: ignore[misc]


def restricted_spoke(config: SpokeConfig) -> Iterator[tuple[str, str]]:
    """Name each contract that has restricted functions, and its artifact."""
    yield SPOKE_CONTRACT, SPOKE_CONTRACT
    yield from restricted_carriers(config.transports)


def spoke_steps(config: SpokeConfig) -> Iterator[Step]:
    """Set transports and tokens."""
    yield from transport_steps(config.transports, {HUB: config.hub.domain}, {HUB: config.hub.counterparts})
    yield from standing_steps(SPOKE_CONTRACT, config.transports)
    for name, lock in config.locks.items():
        yield _lock(config, name, lock)
    beats = max((lock.required for lock in config.locks.values()), default=1)
    yield Setting(
        name="beats_required",
        kind=Kind.SETTING,
        target=SPOKE_CONTRACT,
        function="setBeatsRequired",
        arguments=lambda _: (beats,),
        read=lambda venue: venue.read(SPOKE_CONTRACT, "beatsRequired"),
        want=lambda _: beats,
    )


def _lock(config: SpokeConfig, name: str, lock: LockSettings) -> Setting:
    row = lock.encode(config.tokens[name].decimals)

    def read(venue: SpokeContext) -> Value:
        return venue.table(SPOKE_CONTRACT, "tokenConfig", venue.token(name))

    return Setting(
        name=f"lock.{name}",
        kind=Kind.SETTING,
        target=SPOKE_CONTRACT,
        function="setToken",
        arguments=lambda venue: (venue.token(name), row),
        read=read,
        want=lambda venue: venue.encoded(SPOKE_CONTRACT, "setToken", 1, row),
    )
