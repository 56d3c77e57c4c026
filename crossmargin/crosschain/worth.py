"""Which messages are worth what their delivery costs: anybody may have any sent, as often as he likes. Touches nothing.

Where the other chain is cheap and this one dear, who has messages sent there would spend what the relayer may spend
here, until nothing is delivered and routes fall silent.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from crossmargin.crosschain.decide import Sight
from crossmargin.crosschain.mail import Parcel
from crossmargin.crosschain.messages import (
    AccountReport,
    HubBeat,
    LockReport,
    Message,
    RedemptionReport,
    SpokeBeat,
)
from crossmargin.crosschain.settings import RelaySettings
from crossmargin.crosschain.units import Domain
from crossmargin.crosschain.views import Route
from crossmargin.model.units import Seconds

__all__ = ["Period", "carried", "period_of", "tells", "thinned"]

Period = Callable[[Message], Seconds]
"""Within how long messages that tell the same are worth one delivery [s]."""


def carried(sight: Sight, relay: RelaySettings, parcels: Iterable[Parcel]) -> list[Parcel]:
    """Give what is worth carrying, in order."""
    return thinned((each for each in parcels if tells(sight, each)), lambda message: period_of(relay, message))


def period_of(relay: RelaySettings, message: Message) -> Seconds:
    """Say within how long one delivery is enough of messages that tell the same as this one [s, down]."""
    match message:
        case SpokeBeat() | HubBeat():
            return Seconds(relay.heartbeat // 2)
        case AccountReport():
            return relay.account_period
        case _:
            return relay.resend


def tells(sight: Sight, parcel: Parcel) -> bool:
    """Tell whether a message is of a route, and says what the end that it goes to does not know."""
    match parcel.message:
        case LockReport(token=token, account=account, sequence=sequence):
            route = _route_of(sight, parcel.letter.origin, token)
            if route is None:
                return False
            known = sight.ledger.reported.get((route.number, account), 0)
            # final word of fewer locks than fast word told of says that some were undone
            return sequence > known or sight.ledger.fast.get((route.number, account), 0) > known
        case SpokeBeat(token=token):
            return _route_of(sight, parcel.letter.origin, token) is not None
        case RedemptionReport(token=token, recipient=recipient, redeemed=redeemed):
            spoke = sight.spokes.get(parcel.letter.destination)
            known_there = 0 if spoke is None else spoke.heard.get((token, recipient), 0)
            return redeemed > known_there
        case AccountReport(token=token, account=account):
            route = _route_of(sight, parcel.letter.destination, token)
            return route is not None and (route.number, account) in sight.ledger.countable
        case HubBeat():
            return True


def _route_of(sight: Sight, domain: Domain, token: str) -> Route | None:
    """Find a token's route, whether or not its chain answers."""
    return next((each for each in sight.routes if (each.domain, each.token) == (domain, token)), None)


def thinned(parcels: Iterable[Parcel], period: Period) -> list[Parcel]:
    """Leave of messages that tell the same within a period one: the first of those that most transports took.

    So each transport brings the same one, and they agree however fast new ones come.
    """
    parcels = list(parcels)
    groups: dict[Hashable, dict[bytes, int]] = defaultdict(lambda: defaultdict(int))
    for each in parcels:
        groups[_group(each, period)][each.id] += 1
    kept = {key: max(counts, key=lambda one: counts[one]) for key, counts in groups.items()}
    return [each for each in parcels if kept[_group(each, period)] == each.id]


def _group(parcel: Parcel, period: Period) -> Hashable:
    """Say what a message tells, and within which period."""
    message = parcel.message
    return parcel.subject, _content(message), message.time // max(period(message), 1)


def _content(message: Message) -> Hashable:
    """Say what a message tells beside how things are now."""
    match message:
        case LockReport():
            return message.sequence
        case RedemptionReport():
            return message.redeemed
        case _:
            return None
