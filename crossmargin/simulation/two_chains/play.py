"""The story on two chains: a loan of trust that goes well, a crash, and a transport whose every key is stolen."""

import os
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from crossmargin.chain.processes import Processes
from crossmargin.deployment import Artifacts, NetworkConfig, SpokeConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.model.units import MAX_UINT256, TokenUnits, Wad
from crossmargin.simulation.stage import parts
from crossmargin.simulation.two_chains.attack import DELAY, attack_hub, attack_spoke, silence
from crossmargin.simulation.two_chains.crew import Crew, Forger
from crossmargin.simulation.two_chains.outcome import Deed, Holding, TwoChainsRun
from crossmargin.simulation.two_chains.pair import Pair, deploy_pair
from crossmargin.simulation.two_chains.people import Person, post_price

__all__ = ["Observer", "play"]

CONFIG: Final = REPOSITORY / "config" / "two-chains"
_ONE: Final = "WETH@other"
"""Route for which one transport is enough."""
_FIRST_PRICE: Final = 2_000  # USD
_LAST_PRICE: Final = 1_240
_LOCKED: Final = 60
_BOUGHT: Final = 80
_AUCTION: Final = 100  # s
_HOUR: Final = 3_600


class Observer(parts.Observer):
    """Is told how the run goes; this one keeps silent."""

    def deed(self, deed: Deed) -> None:
        """Take note of what somebody did."""


@dataclass
class _Stage:
    pair: Pair
    crew: Crew
    observer: Observer
    begun: int
    deeds: list[Deed] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def did(self, where: str, who: str, what: str) -> None:
        """Write down what somebody did."""
        deed = Deed(self.pair.hub.chain.now - self.begun, where, who, what)
        self.deeds.append(deed)
        self.observer.deed(deed)


def play(logs: Path, observer: Observer | None = None) -> TwoChainsRun:
    """Play it; every process it starts has ended when it returns, however it returns."""
    watching = observer or Observer()
    run = parts.Parts(watching)
    with tempfile.TemporaryDirectory(prefix="crossmargin-two-chains-") as name, Processes(logs) as processes:
        folder = Path(name)
        if not os.environ.get("SKIP_BUILD"):
            with run.part("compile"):
                Artifacts().build()
        with run.part("deploy on both chains"):
            hub, spoke = NetworkConfig.load(CONFIG / "hub.toml"), SpokeConfig.load(CONFIG / "spoke.toml")
            pair = deploy_pair(processes, folder, hub, spoke, watching.step)
            crew = Crew(pair, folder / "crew")
            crew.carry()
        stage = _Stage(pair, crew, watching, pair.hub.chain.now)
        with run.part("lock, trade, crash, auction, redeem"):
            checks = _story(stage)
        with run.part("attack with every key of one transport"):
            return _attack(stage, checks, run.seconds)


def _story(stage: _Stage) -> dict[str, bool]:
    """Let what is locked on one chain back a position on the other, and be sold when it does no more."""
    pair, crew = stage.pair, stage.crew
    alice, maker, bidder = (Person.of(pair, name) for name in ("alice", "maker", "bidder"))
    post_price(pair, pair.poster, _FIRST_PRICE)
    maker.fund(5_000_000)
    bidder.fund(500_000)
    alice.lock("WETH", _LOCKED)
    stage.did("other", "alice", f"locks {_LOCKED} WETH for her account at the venue, which has nothing else")
    crew.carry()
    credited = alice.receipts(_ONE)
    stage.did("hub", "relayer", f"delivers it: {credited:f} {_ONE} are collateral")
    stage.holdings.append(alice.holding(_ONE, "locked and credited"))
    alice.buy(maker, _BOUGHT, _price(_FIRST_PRICE))
    stage.did("hub", "alice", f"buys {_BOUGHT} ETH-PERP at {_FIRST_PRICE:,} USD: health {_health(alice)}")
    post_price(pair, pair.poster, _LAST_PRICE)
    stage.did("hub", "ether", f"falls to {_LAST_PRICE:,} USD: health {_health(alice)}")
    fallen = alice.venue.health() < Wad(10**18)
    bidder.start_auction(pair, alice.account)
    pair.pass_time(_AUCTION)
    bidder.bid(pair, alice.account)
    bought = bidder.receipts(_ONE)
    stage.did("hub", "bidder", f"wins the auction: {bought:.4f} {_ONE} and alice's contracts")
    stage.holdings += [each.holding(_ONE, "auctioned") for each in (alice, bidder)]
    bidder.venue.redeem_remote(_ONE, TokenUnits(MAX_UINT256))
    crew.carry()
    paid = bidder.wallet("WETH")
    stage.did("other", "bidder", f"is paid {paid:.4f} WETH for them")
    stage.holdings.append(bidder.holding(_ONE, "redeemed"))
    return {
        "what was locked is credited, to the wei": credited == _LOCKED,
        "the crash makes the account unhealthy": fallen,
        "the bidder gets receipts, and the spoke pays him for each": Decimal(0) < bought == paid,
        "nothing is under way any more": not alice.venue.remote_claims(alice.spoke)[0].waits,
    }


def _attack(stage: _Stage, checks: dict[str, bool], seconds: dict[str, float]) -> TwoChainsRun:
    """Forge with every attester's key, on both routes and in both directions, until a guardian pauses."""
    pair = stage.pair
    victims = [Person.of(pair, name) for name in ("saver", "second saver")]
    for person, token in zip(victims, ("WETH", "WETH2"), strict=True):
        person.lock(token, 500, permit=False)
    stage.did("other", "savers", "lock 500 WETH and 500 WETH2, which wait: they have not let the hub deposit yet")
    pair.pass_time(_HOUR)
    stage.crew.carry()
    thief = Person.of(pair, "thief")
    thief.venue.permit_hub()
    for route in thief.venue.routes():
        thief.venue.accept_route(route)
    forger = Forger(pair, thief.actor)
    stage.did("both", "thief", "has every key of the attesters, and forges locks and redemptions of a million each")
    plots = [
        *(attack_hub(pair, forger, thief, route) for route in ("WETH@other", "WETH2@other")),
        *(attack_spoke(pair, forger, thief, token) for token in ("WETH", "WETH2")),
    ]
    for each in plots:
        each.strike()
    pair.pass_time(DELAY)
    for each in plots:
        each.push()
    silence(pair)
    stage.did("both", "guardians", f"pause both routes and the spoke, {DELAY // 60} minutes after the first forgery")
    pair.pass_time(_HOUR)
    attacks = tuple(each.end() for each in plots)
    for attack in attacks:
        checks[f"{attack.name}: at most {attack.bound:,.4f} {attack.token}"] = attack.taken <= attack.bound
        stage.did("both", "thief", f"{attack.name}: took {attack.taken:,.4f} {attack.token}")
    return TwoChainsRun(
        deeds=tuple(stage.deeds),
        holdings=tuple(stage.holdings),
        attacks=attacks,
        checks=checks,
        price=Decimal(_LAST_PRICE),
        delay=DELAY,
        seconds=seconds,
    )


def _price(dollars: int) -> Wad:
    return Wad(dollars * 10**18)


def _health(person: Person) -> str:
    return f"{Decimal(person.venue.health()) / 10**18:.3f}"
