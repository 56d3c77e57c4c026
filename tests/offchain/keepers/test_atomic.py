"""Liquidating without capital: when it is wanted, what the call is, and what comes of it."""

from dataclasses import replace

import pytest
from eth_abi.abi import decode
from eth_utils.crypto import keccak
from pydantic import ValidationError

from crossmargin.model.auction import Rest, largest_fraction, whole_price
from crossmargin.model.units import PPM, WAD
from keepers.abi import load_abi
from keepers.calls import Call
from keepers.chain import RawLog, Receipt
from keepers.contracts import CONTRACTS, AddressBook, Contracts
from keepers.executor.results import read_outcome
from keepers.offers import Offer
from keepers.rivals import Rivals, Turns, taken
from keepers.settings import ExecutorSettings
from keepers.strategies import Action, ActionKind, decide
from keepers.strategies.bid import hedge_cost
from keepers.strategies.start import starter_pay
from keepers.units import GWEI
from tests.offchain.keepers.atomic_samples import CONTRACT, MIDDLE, OWN, POOR, SALE, borrower
from tests.offchain.keepers.sample_venue import ADDRESSES
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH_CALL,
    ETH_PERPETUAL,
    SICK,
    TERMS,
    account,
    auction,
    auction_started,
    order,
    settings,
    snapshot,
)

WHERE = "0x" + "ee" * 20


def _decided(sick, cfg=DEFAULTS, **changes: object) -> list[Action]:
    return decide(snapshot(sick, **{"contract": CONTRACT, "bidder": POOR, **changes}), cfg)


def _venue() -> Contracts:
    abis = {name: load_abi(name) for name in (*CONTRACTS, "KeeperExecutor")}
    return Contracts(AddressBook({**ADDRESSES, "KeeperExecutor": WHERE}, 0), abis)


def test_starts_and_takes_at_once():
    """A borrower below maintenance is started and bid for in one call, at the price that a start gives."""
    sick = borrower()
    (job,) = _decided(sick)
    assert (job.kind, job.account, job.kind.contract) == (ActionKind.EXECUTE, SICK, "KeeperExecutor")
    ((starts, (bid,), sales, closings, least),) = job.args
    assert starts == (Call("LiquidationAuction", "start", (SICK, OWN)),)
    assert (sales, closings) == ((SALE,), ())

    pay = starter_pay(sick, snapshot().params)
    rest = Rest(9_000 * WAD - pay, -1_000 * WAD - pay, 10_000 * WAD)
    price = whole_price(TERMS, rest, 0)
    fraction = largest_fraction(TERMS, rest, price)
    unit = rest.value - price - hedge_cost(sick, snapshot(), DEFAULTS)
    assert bid.args[:2] == (SICK, OWN)
    assert bid.args[2] >= fraction >= 2 * bid.args[3]
    assert price <= bid.args[4] <= price + unit
    assert bid.args[5] == 2**256 - 1
    assert DEFAULTS.min_profit < least < job.expected < unit * fraction // WAD + pay


def test_bids_in_an_auction_that_runs():
    """One that was started is not started again, and its state must not have changed."""
    (job,) = _decided(borrower(in_auction=True), auctions={SICK: auction(8_000, 9_000)})
    ((starts, (bid,), _, _, _),) = job.args
    assert (starts, job.auction, bid.args[5]) == ((), 1, 7)


@pytest.mark.parametrize(
    "sick",
    [
        replace(borrower(), legs=account(legs=((ETH_PERPETUAL, 1.0),)).legs),
        account(excess=-1_000, equity=9_000, requirement=10_000, spot=((0, 50_000), (1, 50_000))),
        account(excess=-1_000, equity=-1, requirement=10_000, spot=((0, 100_000),)),
        borrower(halted=True),
    ],
)
def test_leaves_what_it_cannot_sell_to_those_with_capital(sick):
    """Contracts, assets without a pool, accounts worth nothing before they are started, and halted prices."""
    found = _decided(sick, bidder=None)
    assert ActionKind.EXECUTE not in {one.kind for one in found}
    assert [one.kind for one in found] == [ActionKind.START]


def _holder(size: float = 5.0, **changes: object):
    return replace(borrower(), legs=account(legs=((ETH_PERPETUAL, size),)).legs, **changes)


def _with_offers(sick, *offers: Offer) -> list[Action]:
    changed = replace(snapshot(sick, contract=CONTRACT, bidder=POOR), offers=offers)
    return [one for one in decide(changed, DEFAULTS) if one.kind is ActionKind.EXECUTE]


def test_contracts_are_closed_against_offers():
    """The best that reach far enough, whole: the contract fills no more than it has."""
    offers = [Offer(order(price, 3), 3 * WAD) for price in (1990, 1999, 1980)]
    (job,) = _with_offers(_holder(), *offers)
    closings = job.args[0][3]
    assert [(one[0][4], one[2]) for one in closings] == [(1999 * WAD, 3 * WAD), (1990 * WAD, 3 * WAD)]
    assert _venue().encode(job.kind.contract, job.kind.function, *job.args)[1].startswith("0x")
    (short,) = _with_offers(_holder(-2.0), Offer(order(2001, -2), 2 * WAD))
    assert len(short.args[0][3]) == 1


@pytest.mark.parametrize(
    ("sick", "offer"),
    [
        (_holder(), Offer(order(2000, 9), 4 * WAD)),
        (_holder(), Offer(order(2000, -9), 9 * WAD)),
        (_holder(), Offer(order(2000, 9, account=SICK), 9 * WAD)),
        (_holder(), Offer(order(2000, 9, account=OWN), 9 * WAD)),
        (_holder(), Offer(order(2000, 9, instrument=ETH_CALL), 9 * WAD)),
        (
            replace(borrower(), legs=account(legs=((ETH_CALL, 1.0),)).legs),
            Offer(order(50, 9, instrument=ETH_CALL), 9 * WAD),
        ),
    ],
)
def test_what_offers_do_not_close_whole_is_left(sick, offer):
    """Too little, the wrong side, its own, another market; options, whose arrays would be refreshed."""
    assert _with_offers(sick, offer) == []


def test_waits_for_its_margin_and_pays_for_its_gas():
    """Swaps that cost more than a start gives, or gas that does, are not tried."""
    for found in (_decided(borrower(), settings(hedge_cost_ppm=9_000)), _decided(borrower(), gas_price=500 * GWEI)):
        assert ActionKind.EXECUTE not in {one.kind for one in found}


def test_what_is_under_way_is_left_alone_and_what_failed_goes_the_other_way():
    """No second way beside a job in flight; after one that was refused an ordinary start."""
    sick = borrower()
    (job,) = _decided(sick)
    assert _decided(sick, busy=frozenset({SICK})) == []
    assert [one.kind for one in _decided(sick, done=frozenset({job.key}), bidder=None)] == [ActionKind.START]


def test_the_call_holds_the_auctions_calls():
    """What the contract gets are the very data that the auction takes."""
    venue = _venue()
    (job,) = _decided(borrower())
    where, data = venue.encode(job.kind.contract, job.kind.function, *job.args)
    kinds = ["(bytes[],bytes[],(address,(address,uint24)[])[],bytes[],uint256)"]
    ((starts, bids, sales, _, least),) = decode(kinds, bytes.fromhex(data[10:]))
    ((_, (bid,), _, _, minimum),) = job.args
    assert where == WHERE
    assert "0x" + starts[0].hex() == venue.encode("LiquidationAuction", "start", SICK, OWN)[1]
    assert "0x" + bids[0].hex() == venue.encode("LiquidationAuction", "bid", *bid.args)[1]
    assert (sales, least) == ((SALE,), minimum)


def test_the_take_is_the_cash_that_the_contract_says():
    """Profit less gas; the bid's mark value says nothing about what swaps brought."""
    venue, topic = _venue(), "0x" + "0" * 64
    entry = next(one for one in load_abi("KeeperExecutor").events if one["name"] == "Executed")
    assert not entry["inputs"][0]["indexed"]
    log = RawLog(5, topic, 0, topic, WHERE, ("0x" + keccak(text="Executed(uint256)").hex(),), f"0x{70 * WAD:064x}")
    receipt = Receipt(topic, 5, topic, True, 1_000_000, GWEI, (log,), 0, 0)
    (job,) = _decided(borrower())
    row = type("Row", (), {"kind": job.kind.value, "account": SICK})()
    found = read_outcome(venue, row, receipt, 2_000 * WAD)
    assert (found.result.value, found.result.paid, found.take) == (70 * WAD, 0, 68 * WAD)


def test_the_contracts_account_is_no_rival():
    """What the keeper does by its contract is its own: nobody waits for it, and turns are those of starts and bids."""
    rivals = Rivals(BIDDER, OWN)
    rivals.see(taken([auction_started(5, OWN)]))
    assert rivals.now() == frozenset()
    (job,) = _decided(borrower())
    start = replace(job, kind=ActionKind.START)
    for rival in range(1 << 96, 40 << 96, 1 << 96):
        alike = [bool(Turns(BIDDER, OWN).ready([one], [rival], 10)) for one in (job, start)]
        assert alike in ([True, True], [False, False])


def test_routes_are_read_and_refused():
    """Fees and the tokens between them."""
    read = ExecutorSettings.model_validate({"routes": {"0": "500", "1": f"3000 {MIDDLE} 100"}})
    assert read.routes == {0: ((500, None),), 1: ((3000, MIDDLE), (100, None))}
    for text in ("", "500 100", f"500 {MIDDLE}", f"{PPM} {MIDDLE} 1", "fee", "-5"):
        with pytest.raises(ValidationError, match="fees of pools"):
            ExecutorSettings.model_validate({"routes": {0: text}})
