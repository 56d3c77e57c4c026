"""Sums of settled blocks are what all events come to, whatever is replaced, lags or is started anew."""

import random

import pytest
from eth_utils.address import to_checksum_address

from crossmargin.crosschain.facts import Fact, HubLedger, SpokeLedger, hub_ledger, spoke_ledger
from crossmargin.crosschain.memory import Memory, Seen
from crossmargin.crosschain.sums import Sums
from crossmargin.crosschain.window import Window

FIRST, OVERLAP = 100, 8
ADDRESSES = [to_checksum_address("0x" + digit * 40) for digit in "abc"]


def hub_fact(choose):
    """Make an event of the hub."""
    account = {"route": choose.randint(1, 2), "account": choose.randint(1, 3)}
    name = choose.choice(["LockReported", "ReportsForgotten", "Credited", "Reclaimed", "ExitSettled", "Redeemed", ""])
    if name == "LockReported":
        more = {"sequence": choose.randint(1, 9), "locked": choose.randint(1, 9), "isFinal": choose.random() < 0.5}
        return Fact(name, account | more)
    if name == "Redeemed":
        return Fact(name, {"route": 1, "recipient": choose.choice(ADDRESSES), "total": choose.randint(1, 9)})
    return Fact(name, account | {"amount": choose.randint(1, 9)}) if name else arrival(choose)


def spoke_fact(choose):
    """Make an event of a spoke."""
    token, recipient = choose.choice(ADDRESSES), choose.choice(ADDRESSES)
    name = choose.choice(["Locked", "RedemptionHeard", "RedemptionCancelled", "Paid", "RedemptionSettled", ""])
    if name == "Locked":
        return Fact(name, {"token": token, "account": choose.randint(1, 3), "sequence": choose.randint(1, 9)})
    amount = "redeemed" if name in {"RedemptionHeard", "RedemptionCancelled"} else "amount"
    return (
        Fact(name, {"token": token, "recipient": recipient, amount: choose.randint(1, 9)}) if name else arrival(choose)
    )


def arrival(choose):
    """Have a message arrive."""
    return Fact("MessageConfirmed", {"id": choose.randbytes(32), "transport": choose.choice(ADDRESSES), "count": 1})


class Chain:
    """Blocks with events, of which the newest may be replaced."""

    def __init__(self, choose, make):
        """Begin with nothing."""
        self.choose, self.make, self.blocks = choose, make, []

    def grow(self, count):
        """Make blocks."""
        self.blocks += [
            (self.choose.randbytes(32), [self.make(self.choose) for _ in range(self.choose.randint(0, 2))])
            for _ in range(count)
        ]

    @property
    def latest(self):
        """Its newest block."""
        return FIRST + len(self.blocks) - 1

    def facts(self, first, last):
        """Give what blocks have, as a node does."""
        return [(number, each) for number in range(first, last + 1) for each in self.blocks[number - FIRST][1]]

    def hash(self, number):
        """Give a block's."""
        return self.blocks[number - FIRST][0]


class Reader:
    """What a relayer knows of the chain, written down as blocks settle."""

    def __init__(self, chain, kind, path):
        """Know nothing."""
        self.chain, self.kind, self.path = chain, kind, path
        self.begin()

    def begin(self):
        """Begin anew, from what is written down."""
        self.seen = Seen(Window(FIRST, OVERLAP), Sums(FIRST, OVERLAP, self.kind()), Window(FIRST, OVERLAP))
        Memory(self.path, {}).recall(self.seen, self.chain.hash)
        self.kept = self.seen.sums.last

    def look(self, latest):
        """Read up to a block, as `Watch` does."""
        first = self.seen.sums.next(latest)
        self.seen.sums.put(first, latest, self.chain.facts(first, latest))
        if latest - OVERLAP >= self.kept:
            Memory(self.path, {}).keep(self.seen, latest - OVERLAP, self.chain.hash(latest - OVERLAP))
            self.kept = latest


def happens(choose, chain, reader):
    """Let one of many things happen; give its name, and the block that the node calls newest."""
    deed = choose.choice(["grow", "grow", "jump", "replace", "shorten", "lag", "restart", "delete"])
    if deed == "grow":
        chain.grow(choose.randint(1, 5))
    elif deed == "jump":
        chain.grow(choose.randint(10, 30))
    elif deed in {"replace", "shorten"}:
        # blocks that were read and have as many on top as may be replaced stay
        depth = choose.randint(0, max(0, min(chain.latest - reader.seen.sums.until, len(chain.blocks) - 1)))
        del chain.blocks[len(chain.blocks) - depth :]
        if deed == "replace":
            chain.grow(depth)
    elif deed == "lag":
        return deed, choose.randint(max(FIRST, chain.latest - 3 * OVERLAP), chain.latest)
    else:
        if deed == "delete":
            reader.path.unlink(missing_ok=True)
        reader.begin()
    return deed, chain.latest


@pytest.mark.parametrize(
    ("kind", "make", "sum_up"), [(HubLedger, hub_fact, hub_ledger), (SpokeLedger, spoke_fact, spoke_ledger)]
)
@pytest.mark.parametrize("seed", range(40))
def test_sums_are_what_all_events_come_to(tmp_path, kind, make, sum_up, seed):
    """Of the chain as it is: grown, replaced up to the overlap, shorter for a while, behind, restarted, begun anew."""
    choose = random.Random(seed)
    chain, deeds = Chain(choose, make), set()
    chain.grow(1)
    reader = Reader(chain, kind, tmp_path / "seen.json")
    for _ in range(100):
        deed, latest = happens(choose, chain, reader)
        deeds.add(deed)
        reader.look(latest)
        if latest == chain.latest:
            assert reader.seen.sums.ledger == sum_up(fact for _, fact in chain.facts(FIRST, latest))
        assert all(block > reader.seen.sums.until for block, _ in reader.seen.sums.recent.items())
    assert len(deeds) == 7


def test_what_was_summed_up_is_not_kept():
    """Only events of the newest blocks are, and the delivery of messages that somebody knows."""
    sums = Sums(FIRST, OVERLAP, HubLedger())
    arrivals = [(FIRST + number, arrival(random.Random(number))) for number in range(100)]
    sums.put(FIRST, FIRST + 99, arrivals)
    assert len(list(sums.recent)) == OVERLAP
    assert len(sums.ledger.confirmed) == 100
    ids = [fact.args["id"] for _, fact in arrivals]
    sums.forget(set(ids[:3]))
    sums.put(FIRST + 92, FIRST + 99, arrivals[92:])
    assert {message for message, _ in sums.ledger.confirmed} == {*ids[:3], *ids[92:]}
