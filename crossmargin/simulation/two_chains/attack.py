"""An attack by whoever has every key of one transport: what it forges, what it gets, until a guardian pauses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from crossmargin.chain.decimals import of_units
from crossmargin.crosschain.messages import LockReport, Message, RedemptionReport
from crossmargin.crosschain.units import Sequence
from crossmargin.deployment.hub import HUB_CONTRACT
from crossmargin.deployment.spoke import SPOKE_CONTRACT
from crossmargin.errors import CrossMarginError
from crossmargin.model.units import Seconds, TokenUnits
from crossmargin.simulation.two_chains.crew import Forger
from crossmargin.simulation.two_chains.outcome import Attack, Sample
from crossmargin.simulation.two_chains.pair import Pair, Side
from crossmargin.simulation.two_chains.people import Person

__all__ = ["DELAY", "Plot", "attack_hub", "attack_spoke", "silence"]

DELAY: Final = 600
"""From the first forged message to the guardian's pause [s]."""
_FORGED: Final = TokenUnits(1_000_000 * 10**18)
_PAUSE: Final = 7 * 86_400
_DECIMALS: Final = 18


@dataclass
class Plot:
    """One of the attacks."""

    name: str
    token: str
    required: int
    capacity: Decimal
    window: int
    forge: Callable[[], None]
    """Delivers the forged message."""
    pull: Callable[[], object]
    """Has what is forged credited or paid, once more."""
    taken: Callable[[], Decimal]
    now: Callable[[], int]
    refusal: str = ""
    samples: list[Sample] = field(default_factory=list)
    begun: int = 0

    def strike(self) -> None:
        """Deliver the forged message: what the bucket lets through is taken at once."""
        self.begun = self.now()
        self._note()
        self.forge()
        self._note()

    def push(self) -> None:
        """Take what has refilled since."""
        self._pull()
        self._note()

    def _pull(self) -> None:
        try:
            self.pull()
        except CrossMarginError as error:
            self.refusal = getattr(error, "name", str(error))

    def end(self) -> Attack:
        """Try once more, and say what came of it all."""
        bound = self.samples[-1].bound
        self._pull()
        self.samples.append(Sample(self.now() - self.begun, self.taken(), bound))
        return Attack(
            name=self.name,
            token=self.token,
            required=self.required,
            forged=of_units(_FORGED, _DECIMALS),
            bucket=self.capacity,
            bound=bound,
            taken=self.taken(),
            refusal=self.refusal,
            samples=tuple(self.samples),
        )

    def _note(self) -> None:
        elapsed = self.now() - self.begun
        bound = self.capacity * (1 + Decimal(elapsed) / self.window) if self.required == 1 else Decimal(0)
        self.samples.append(Sample(elapsed, self.taken(), bound))


def attack_hub(pair: Pair, forger: Forger, thief: Person, route: str) -> Plot:
    """Forge a lock on the other chain, to have receipts for nothing."""
    facts = thief.venue.routes()[route]

    def forge() -> None:
        now = Seconds(pair.spoke.chain.now)
        token: Any = facts.limits["token"]
        forger.to_hub(LockReport(token, thief.account, Sequence(1), _FORGED, now, now))

    return Plot(
        name=f"forged lock, {_agreeing(facts.limits['required'])}",
        token=route,
        required=facts.limits["required"],
        capacity=of_units(facts.limits["capacity"], _DECIMALS),
        window=facts.limits["window"],
        forge=forge,
        pull=lambda: thief.venue.credit_remote(route),
        taken=lambda: thief.receipts(route),
        now=lambda: pair.hub.chain.now,
    )


def attack_spoke(pair: Pair, forger: Forger, thief: Person, token: str) -> Plot:
    """Forge a redemption at the venue, to be paid for nothing."""
    lock = pair.holder.config.locks[token]

    def forge() -> None:
        address: Any = thief.spoke.token(token)
        recipient: Any = thief.actor.address
        message: Message = RedemptionReport(address, recipient, _FORGED, Seconds(pair.hub.chain.now))
        forger.to_spoke(message)

    return Plot(
        name=f"forged redemption, {_agreeing(lock.required)}",
        token=token,
        required=lock.required,
        capacity=lock.capacity,
        window=lock.window,
        forge=forge,
        pull=lambda: thief.spoke.pay(token),
        taken=lambda: thief.wallet(token),
        now=lambda: pair.spoke.chain.now,
    )


def silence(pair: Pair) -> None:
    """Have guardians pause every route and the spoke: one transaction each, at once."""
    for number in range(1, len(pair.venue.config.crosschain.routes if pair.venue.config.crosschain else ()) + 1):
        _guard(pair.hub, HUB_CONTRACT, "pauseRoute", number, _PAUSE)
    _guard(pair.spoke, SPOKE_CONTRACT, "pause", _PAUSE)


def _guard(side: Side, contract: str, function: str, *arguments: int) -> None:
    target = side.contract(contract)
    data = target.encode_abi(function, args=list(arguments))
    side.as_sender(side.guardian).chain.send({"to": target.address, "data": data})


def _agreeing(required: int) -> str:
    return "one transport is enough" if required == 1 else f"{required} transports have to agree"
