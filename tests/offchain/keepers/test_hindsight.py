"""What past auctions gave and why it was missed."""

from crossmargin.model.units import WAD
from keepers.abi import VenueEvent
from keepers.hindsight import describe_past, look_back, render_past
from keepers.store import ActionStatus, Intent, Journal, open_stores
from tests.offchain.keepers.venue_samples import BIDDER

RIVAL = 2 << 96


def _event(name: str, account: int, block: int, **args: object) -> VenueEvent:
    return VenueEvent("LiquidationAuction", name, block, 0, "tx", {"account": account, "id": account, **args})


def _started(account: int, who: int, pay: int) -> VenueEvent:
    return _event("AuctionStarted", account, 10 * account, starter=who, starterPay=pay * WAD)


def _bid(account: int, who: int, value: int, paid: int) -> VenueEvent:
    payment = paid * WAD // 2
    return _event("Bid", account, 10 * account + 1, bidder=who, fraction=WAD // 2, value=value * WAD, payment=payment)


def test_capture_is_counted_and_misses_are_explained(tmp_path):
    """Own takes count; each of others' has the cause that the journal gives, by the newest decision about it."""
    events = [
        _started(1, BIDDER, 5), _bid(1, BIDDER, 900, 800), _bid(1, RIVAL, 900, 860),
        _started(2, RIVAL, 5), _bid(2, RIVAL, 500, 400),
        _started(3, RIVAL, 5), _bid(3, RIVAL, 500, 400),
        _started(4, RIVAL, 5), _bid(4, RIVAL, -100, -160),
    ]  # fmt: skip
    with open_stores(tmp_path / "keeper.db") as stores:
        journal = Journal(stores.journal)
        decided = [
            ("bid", 1, ActionStatus.SETTLED, ""),
            ("start", 2, ActionStatus.FAILED, "reverted on chain"),
            ("bid", 2, ActionStatus.REFUSED, "gas and data 17 wei above the budget 5"),
            ("bid", 3, ActionStatus.REFUSED, "StateChanged(expected=1, actual=2)"),
        ]
        for kind, account, status, reason in decided:
            row = Intent(
                f"{kind}{account}", kind, account, account if kind == "bid" else 0, "", 1, 10 * account, 0.0, 0
            )
            (action,) = journal.begin([row])
            assert action is not None
            journal.set_status(action, status, reason)
        past = look_back(events, journal.actions(), BIDDER)
    whole = describe_past(past)
    assert [one.account for one in past] == [1, 2, 3, 4]
    assert (past[0].given, past[0].ours) == (75 * WAD, 55 * WAD)
    assert past[3].given == 35 * WAD
    assert whole["captured_percent"] == round(100 * 55 / 220, 2)
    assert {cause: float(amount) for cause, amount in whole["missed"].items()} == {
        "not wanted: limits, margin, patience or cost": 40,
        "refused: gas and data wei above the budget": 50,
        "refused: StateChanged": 50,
        "came second": 5,
        "took a part": 20,
    }
    assert len(render_past(past)) == 2


def test_bundles_count_by_what_they_were_paid():
    """One's own and others'."""
    events = [
        _event("BundleBid", 1, 11, bidder=BIDDER, giveUp=30 * WAD),
        _event("BundleBid", 1, 12, bidder=RIVAL, giveUp=10 * WAD),
    ]
    (past,) = look_back(events, [], BIDDER)
    assert (past.given, past.ours, past.bids) == (40 * WAD, 30 * WAD, 2)


def test_nothing_gave_nothing():
    """No auction is no error."""
    assert describe_past([])["captured_percent"] is None
    assert len(render_past([])) == 2
