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
from crossmargin.deployment.spoke_config import LEAST_SILENCE, OP_STACK, LockSettings, ProofSettings, SpokeConfig
from crossmargin.deployment.steps import Create, Kind, Setting, SpokeContext, Step, Value
from crossmargin.deployment.transports import HUB

__all__ = [
    "BLOCKS",
    "PROVER",
    "SPOKE_CONTRACT",
    "blocks_of",
    "restricted_spoke",
    "spoke_contracts",
    "spoke_steps",
    "token_contracts",
]

SPOKE_CONTRACT: Final = "CollateralSpoke"
BLOCKS: Final = "L1Blocks"
PROVER: Final = "RedemptionProver"
_NOTHING: Final = "0x" + "00" * 20


def spoke_contracts(config: SpokeConfig) -> Iterator[Step]:
    """Deploy authority, faucet tokens, spoke and transports."""
    yield Create("AccessManager", "Authority", lambda venue: (venue.record.deployer, config.minimum_delay))
    yield from token_contracts(config.tokens)
    yield Create(SPOKE_CONTRACT, SPOKE_CONTRACT, lambda venue: _spoke(config, venue))
    yield from transport_contracts(config.transports)
    if config.proofs is not None:
        yield from _proof_contracts(config, config.proofs)


def _proof_contracts(config: SpokeConfig, proofs: ProofSettings) -> Iterator[Step]:
    if proofs.blocks == OP_STACK:
        yield Create(BLOCKS, BLOCKS, lambda _: ())
    yield Create(
        PROVER,
        PROVER,
        lambda venue: (blocks_of(proofs, venue), config.known_hub, config.chain_id, venue.address(SPOKE_CONTRACT)),
    )


def blocks_of(proofs: ProofSettings, venue: SpokeContext) -> str:
    """Address of what knows blocks of the venue's chain."""
    return venue.address(BLOCKS) if proofs.blocks == OP_STACK else proofs.blocks


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
    """Set transports, tokens, and by what redemptions are proved."""
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
    yield _prover(config.proofs)


def _prover(proofs: ProofSettings | None) -> Setting:
    after = LEAST_SILENCE if proofs is None else proofs.after

    def prover(venue: SpokeContext) -> str:
        return _NOTHING if proofs is None else venue.address(PROVER)

    def shown(address: str, time: int) -> Value:
        """Name both; where nothing proves, no time counts."""
        return {"prover": address, "after": None if address == _NOTHING else time}

    return Setting(
        name="proofs",
        kind=Kind.SETTING,
        target=SPOKE_CONTRACT,
        function="setProver",
        arguments=lambda venue: (prover(venue), after),
        read=lambda venue: shown(
            str(venue.read(SPOKE_CONTRACT, "prover")), int(venue.read(SPOKE_CONTRACT, "proveAfter"))
        ),
        want=lambda venue: shown(prover(venue), after),
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
