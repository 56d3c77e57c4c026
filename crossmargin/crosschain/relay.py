"""The relayer: watches all chains, delivers what is signed, and has sent what both ends wait for. Reads and sends.

Everything it does anybody may do, and may do twice. It keeps what it spent, and what it has read: the chains know all.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from eth_typing import HexStr
from requests.exceptions import RequestException
from web3.exceptions import Web3Exception
from web3.types import TxParams, Wei

from crossmargin.chain.signers import Sender
from crossmargin.crosschain import decide
from crossmargin.crosschain.decide import Call, Sight
from crossmargin.crosschain.delivery import GAS, Delivery, Post
from crossmargin.crosschain.facts import HubLedger, SpokeLedger
from crossmargin.crosschain.links import Links
from crossmargin.crosschain.mail import newest
from crossmargin.crosschain.patience import Patience, Rota
from crossmargin.crosschain.payer import Payer
from crossmargin.crosschain.purses import Purse, purse_of
from crossmargin.crosschain.settings import CrossChainSettings, RelaySettings
from crossmargin.crosschain.units import RouteNumber
from crossmargin.crosschain.views import (
    AccountState,
    Claim,
    Route,
    account_state,
    claim_of,
    least_of,
    locked_of,
    routes_of,
)
from crossmargin.crosschain.watch import Watch
from crossmargin.crosschain.worth import carried, lasting, period_of
from crossmargin.errors import CrossMarginError
from crossmargin.model.units import AccountId, Seconds, TokenUnits

__all__ = ["Relayer", "Turn"]

_MEMORY: Final = 86_400
"""Messages as old may be forgotten, unless a period is nearly as long [s]."""
_SELDOM: Final = 600.0
"""What only governance changes is asked for that often, and of a route's small parts one pushed [s]."""
_ASKED: Final = 50
"""So many claims, and states of accounts, are asked for in a turn."""
_FAULTS: Final = (CrossMarginError, Web3Exception, RequestException, OSError)
"""What goes wrong outside: a node, a contract that refuses, a folder."""


@dataclass(slots=True)
class Turn:
    """What a turn did."""

    sent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Relayer:
    """Gives the channel its turns."""

    def __init__(
        self,
        settings: CrossChainSettings,
        relay: RelaySettings,
        links: Links,
        sender: Sender,
        say: Callable[[str], None],
        *,
        dry_run: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Send as `sender` on all chains; a dry run only says what would be sent."""
        self._settings, self._relay, self._links, self._say = settings, relay, links, say
        self._clock = clock
        ends = {link.domain: link.settings.contract for link in links.values()}
        self._watches = {name: Watch(link, settings.transports, ends, relay.seen) for name, link in links.items()}
        self._post = Post(settings, links, self._complain)
        self._patience, self._nodes, self._paying = Patience(), Patience(longest=30), Patience(in_parts=True)
        self._complaints, self._governed = Patience(first=600, longest=3_600), Patience(_SELDOM, _SELDOM)
        self._payer = Payer(relay, links, sender, say, self._complain, dry_run=dry_run, clock=clock)
        self._tails, self._claimed, self._told = Patience(_SELDOM, _SELDOM), Rota(_ASKED), Rota(_ASKED)
        self._routes: list[Route] = []
        self._least: dict[RouteNumber, TokenUnits] = {}
        self._locked: dict[RouteNumber, TokenUnits] = {}

    # ------------------------------------------------------------ turns

    def turn(self) -> Turn:
        """Look at all chains, do what is due. What fails is tried again later, each thing at its own time."""
        turn = Turn()
        for name, watch in self._watches.items():
            self._try(turn, ("look", name), f"look at {name}", watch.look, self._nodes)
        self._forget()
        self._try(turn, "routes", "look at routes", self._read_routes)
        self._read_least(turn)
        sight = self._sight()
        self._read_locked(turn, sight)
        for name in self._links:
            for delivery in self._deliveries(turn, sight, name):
                self._try(turn, delivery.key, delivery.what, partial(self._deliver, turn, delivery))
        for call in self._calls(turn, sight):
            # what a bucket lets through bit by bit is due again at once
            patience = self._paying if call.function == "pay" else self._patience
            self._try(turn, call.key, call.what, partial(self._push, turn, call), patience)
        return turn

    def _try(
        self, turn: Turn, key: object, what: str, act: Callable[[], object], patience: Patience | None = None
    ) -> bool:
        """Do something unless it failed lately; tell whether it is done. A failure makes it wait, and nothing else."""
        patience = patience or self._patience
        if not patience.allows(key, self._clock()):
            return False
        try:
            act()
        except _FAULTS as error:
            wait = patience.failed(key, self._clock())
            line = f"{what}: {' '.join(str(error).split()) or type(error).__name__}; again in {wait:.0f} s"
            turn.failed.append(line)
            self._say(line)
            return False
        patience.worked(key, self._clock())
        return True

    def _complain(self, line: str) -> None:
        """Say what is wrong with a signer's folder, and not at every turn."""
        if self._complaints.allows(line, self._clock()):
            self._complaints.failed(line, self._clock())
            self._say(line)

    def _read_routes(self) -> None:
        if self._hub.time is not None:
            known = {link.domain for link in self._links.values()}
            self._routes = [each for each in routes_of(self._hub.link) if each.domain in known]

    def _read_least(self, turn: Turn) -> None:
        """Read seldom the least that each spoke lets anybody lock at once; what was known of one that is down stays."""
        for route in self._routes:
            name = self._settings.names[route.domain]
            if self._watches[name].time is None or not self._governed.allows(route.number, self._clock()):
                continue

            def read(route: Route = route, name: str = name) -> None:
                self._least[route.number] = least_of(self._links[name], route.token)

            if self._try(turn, ("least", route.number), f"least of route {route.number}", read, self._nodes):
                self._governed.failed(route.number, self._clock())

    def _read_locked(self, turn: Turn, sight: Sight) -> None:
        """Read what was ever locked where a spoke has not heard of all that was redeemed; it only grows."""
        for route in decide.unheard(sight):

            def read(route: Route = route) -> None:
                self._locked[route.number] = locked_of(self._links[self._settings.names[route.domain]], route.token)

            number = route.number
            self._try(turn, ("locked", number), f"what was locked of route {number}", read, self._nodes)

    def _forget(self) -> None:
        """Forget messages that nothing depends on any more."""
        relay = self._relay
        age = max(_MEMORY, 2 * max(relay.heartbeat, relay.resend, relay.account_period))
        period = partial(period_of, relay)
        for watch in self._watches.values():
            if watch.time is not None:
                watch.forget(partial(lasting, period=period, since=Seconds(watch.time - age)))
        if all(watch.time is not None for watch in self._watches.values()):
            known = {each.id for watch in self._watches.values() for each in watch.parcels}
            for watch in self._watches.values():
                watch.forget_deliveries(known)

    @property
    def _hub(self) -> Watch:
        return self._watches[self._settings.hub]

    # ------------------------------------------------------------ what is due

    def _deliveries(self, turn: Turn, sight: Sight, name: str) -> list[Delivery]:
        """Find what can be delivered on a chain; nothing where its node does not answer."""
        to = self._watches[name]
        if to.time is None:
            return []
        arrived = to.ledger.confirmed
        found: list[Delivery] = []
        for watch in self._watches.values():
            if watch is not to:

                def ready(watch: Watch = watch) -> None:
                    parcels = carried(sight, self._relay, watch.parcels)
                    found.extend(self._post.ready(parcels, arrived, watch.leaf, to.link))

                self._try(turn, ("mail", name, watch.link.name), f"mail from {watch.link.name} to {name}", ready)
        return found

    def _calls(self, turn: Turn, sight: Sight) -> Iterator[Call]:
        """Decide what has to be sent beside deliveries."""
        yield from decide.beats_due(sight, self._relay.heartbeat)
        yield from decide.reports_due(sight, self._relay.resend)
        yield from decide.redemptions_due(sight, self._relay.resend)
        payments = list(decide.payments_due(sight))
        self._paying.keep({each.key for each in payments})
        yield from payments
        claims = self._claims(turn, sight)
        yield from decide.credits_due(sight, claims)
        for call in decide.tails_due(sight, claims):
            if self._tails.allows(call.arguments[0], self._clock()):
                yield call
                self._tails.failed(call.arguments[0], self._clock())
        yield from decide.accounts_due(sight, self._states(turn, sight), self._relay.account_period)

    def _sight(self) -> Sight:
        parcels = [each for watch in self._watches.values() for each in watch.parcels]
        ledgers = {each.link.domain: each.ledger for each in self._watches.values()}
        return Sight(
            hub=self._hub.link.domain,
            times={each.link.domain: each.time for each in self._watches.values() if each.time is not None},
            routes=self._routes,
            ledger=next(each for each in ledgers.values() if isinstance(each, HubLedger)),
            spokes={domain: each for domain, each in ledgers.items() if isinstance(each, SpokeLedger)},
            newest=newest(parcels),
            least=self._least,
            locked=self._locked,
        )

    def _claims(self, turn: Turn, sight: Sight) -> dict[tuple[RouteNumber, AccountId], Claim]:
        """Read claims that wait, so many a turn."""
        found: dict[tuple[RouteNumber, AccountId], Claim] = {}
        for key in self._claimed.next(decide.waiting(sight)):

            def read(key: tuple[RouteNumber, AccountId] = key) -> None:
                found[key] = claim_of(self._hub.link, *key)

            self._try(turn, ("claim", key), f"claim of account {key[1]:#066x}", read)
        return found

    def _states(self, turn: Turn, sight: Sight) -> dict[tuple[RouteNumber, AccountId], AccountState]:
        """Read how accounts stand that may be told of now, so many a turn."""
        found: dict[tuple[RouteNumber, AccountId], AccountState] = {}
        for route, account in self._told.next(decide.tellable(sight, self._relay.account_period)):

            def read(route: Route = route, account: AccountId = account) -> None:
                found[route.number, account] = account_state(self._hub.link, route, account)

            self._try(turn, ("account", route.number, account), f"state of account {account:#066x}", read)
        return found

    # ------------------------------------------------------------ sending

    def _deliver(self, turn: Turn, delivery: Delivery) -> None:
        data = HexStr(delivery.call._encode_transaction_data())  # noqa: SLF001 (web3 has no other way)
        transaction: TxParams = {"to": delivery.call.address, "data": data, "gas": GAS}
        self._send(turn, delivery.link.name, delivery.what, transaction, purse_of(delivery.parcel.message))

    def _push(self, turn: Turn, call: Call) -> None:
        name = self._settings.names[call.domain]
        endpoint = self._links[name].endpoint
        data = HexStr(endpoint.encode_abi(call.function, args=list(call.arguments)))
        transaction: TxParams = {"to": endpoint.address, "data": data}
        if call.fee_for is not None:
            fee = endpoint.functions.messageFee(call.fee_for).call()
            transaction["value"] = Wei(fee + int(self._relay.fee_headroom * 10**18))
        self._send(turn, name, call.what, transaction, call.purse)

    def _send(self, turn: Turn, chain: str, what: str, transaction: TxParams, purse: Purse) -> None:
        if self._payer.send(chain, what, transaction, purse):
            turn.sent.append(f"{what} on {chain}")
