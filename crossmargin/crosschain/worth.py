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
from crossmargin.model.units import Seconds

__all__ = ["Period", "carried", "lasting", "period_of", "tells", "thinned"]

Period = Callable[[Message], Seconds]
"""Within how long messages that tell the same are worth one delivery, at least 1 [s]."""


def carried(sight: Sight, relay: RelaySettings, parcels: Iterable[Parcel]) -> list[Parcel]:
    """Give what is worth carrying, in order. Who tells of no accounts carries none of what others tell of them."""
    wanted = (each for each in parcels if relay.account_period or not isinstance(each.message, AccountReport))
    return thinned((each for each in wanted if tells(sight, each)), lambda message: period_of(relay, message))


def period_of(relay: RelaySettings, message: Message) -> Seconds:
    """Say within how long one delivery is enough of messages that tell the same as this one, at least 1 [s, down].

    Who sends no beats carries those of others, as often as what is sent anew.
    """
    match message:
        case SpokeBeat() | HubBeat():
            return Seconds(max((relay.heartbeat or relay.resend) // 2, 1))
        case AccountReport():
            return relay.account_period or relay.resend
        case _:
            return relay.resend


def tells(sight: Sight, parcel: Parcel) -> bool:
    """Tell whether a message is of a route, and says what the end that it goes to does not know."""
    match parcel.message:
        case LockReport(token=token, account=account, sequence=sequence):
            route = sight.listed(parcel.letter.origin, token)
            if route is None:
                return False
            known = sight.ledger.reported.get((route.number, account), 0)
            # final word of fewer locks than fast word told of says that some were undone
            return sequence > known or sight.ledger.fast.get((route.number, account), 0) > known
        case SpokeBeat(token=token):
            return sight.listed(parcel.letter.origin, token) is not None
        case RedemptionReport(token=token, recipient=recipient, redeemed=redeemed):
            return sight.is_news(parcel.letter.destination, token, recipient, redeemed)
        case AccountReport(token=token, account=account):
            route = sight.listed(parcel.letter.destination, token)
            return route is not None and (route.number, account) in sight.ledger.countable
        case HubBeat():
            return True


def thinned(parcels: Iterable[Parcel], period: Period) -> list[Parcel]:
    """Leave of messages that tell the same within a period one: the first of those that most transports took.

    So each transport brings the same one, and they agree however fast new ones come, and however many copies of one.
    """
    placed = [(_group(each, period), each) for each in parcels]
    groups: dict[Hashable, dict[bytes, set[str]]] = defaultdict(lambda: defaultdict(set))
    for group, each in placed:
        groups[group][each.id].add(each.transport)
    kept = {group: max(taken, key=lambda one: len(taken[one])) for group, taken in groups.items()}
    return [each for group, each in placed if kept[group] == each.id]


def lasting(parcels: Iterable[Parcel], period: Period, since: Seconds) -> set[Parcel]:
    """Give what of a chain's messages is still of use: those since a time, and of older ones the last that was carried.

    That one is of each subject and transport: without it another that tells the same would be taken for new.
    """
    parcels = list(parcels)
    last = {(each.transport, each.subject): each for each in thinned(parcels, period)}
    return {*last.values(), *(each for each in parcels if each.message.time >= since)}


def _group(parcel: Parcel, period: Period) -> Hashable:
    """Say what a message tells, and within which period."""
    message = parcel.message
    told = tuple(getattr(message, name) for name in message.TELLS)
    return parcel.subject, told, message.time // period(message)
