"""What a relayer sees of a hub and a spoke that are not there."""

from dataclasses import replace

from eth_utils.address import to_checksum_address

from crossmargin.crosschain.decide import Sight
from crossmargin.crosschain.envelopes import Envelope
from crossmargin.crosschain.facts import Fact, hub_ledger, spoke_ledger
from crossmargin.crosschain.mail import Parcel, newest
from crossmargin.crosschain.messages import LockReport, SpokeBeat, encode
from crossmargin.crosschain.views import AccountState, Claim, Route
from crossmargin.model.prices import PriceStatus

HUB, SPOKE = 31337, 31338
TOKEN, RECIPIENT, HUB_END, SPOKE_END, RECEIPT = (to_checksum_address("0x" + digit * 40) for digit in "abcde")
ACCOUNT = int(RECIPIENT, 16) << 96
NOW = 10_000
ROUTE = Route(
    number=1,
    domain=SPOKE,
    token=TOKEN,
    receipt=RECEIPT,
    decimals=18,
    required=2,
    silent_after=3_600,
    dead_after=86_400,
    supply=0,
    credited=0,
    redeemed=0,
    in_flight=0,
    waiting=0,
    shortage=0,
    available=0,
    heard_at=NOW,
    paused_until=0,
    status=PriceStatus.VALID,
    factor=10**18,
)
CLAIM = Claim(10, 0, 1, 10, 10, 0)
STATE = AccountState(held=10, waiting=0, owes=True, health=2 * 10**18, free_margin=1_000)
ENDS = {HUB: HUB_END, SPOKE: SPOKE_END}


def told(message):
    """Send a message, from where its kind comes from."""
    home = isinstance(message, LockReport | SpokeBeat)
    origin, destination = (SPOKE, HUB) if home else (HUB, SPOKE)
    envelope = Envelope(origin, 1, destination, ENDS[origin], ENDS[destination], encode(message))
    return Parcel("signers", envelope, message)


def sight(*messages, hub=(), spoke=(), **changes):
    """Look at both chains after these messages and events."""
    seen = Sight(
        hub=HUB,
        times={HUB: NOW, SPOKE: NOW},
        routes=[ROUTE],
        ledger=hub_ledger([Fact(*each) for each in hub]),
        spokes={SPOKE: spoke_ledger([Fact(*each) for each in spoke])},
        newest=newest(map(told, messages)),
    )
    return replace(seen, **changes)


def lock(sequence, time):
    """Report the account's lock."""
    return LockReport(TOKEN, ACCOUNT, sequence, 10, 0, time)


def reported(sequence, *, final):
    """Have the hub take a report."""
    args = {"route": 1, "account": ACCOUNT, "sequence": sequence, "locked": 10, "isFinal": final}
    return ("LockReported", args)
