from crossmargin.chain.decimals import wad
from crossmargin.model.funding import Fill, FundingState, FundingTerms, updated
from tests.unit.clearinghouse.conftest import market

TERMS = FundingTerms(window=28_800, impact_notional=wad(100_000), max_rate=20_000)


def read(venue) -> FundingState:
    """Funding of the ether perpetual as the chain has it."""
    found = market(venue, "ETH-PERP")
    premium = venue.clearinghouse.premium(venue.instrument("ETH-PERP"))["value"]
    return FundingState(found["index"], premium, found["rate"], found["updated_at"])


def test_accrue_funding_equals_the_model(venue, modules, trader, maker, other):
    """A fill sets the rate, time accrues it, a poke decays the premium: to the wei."""
    start = read(venue)
    receipt = modules.trade("ETH-PERP", trader, maker, 20, "2031.5")
    after_fill = updated(start, TERMS, receipt.time, wad(2000), Fill(wad("2031.5"), wad(40_630)))
    assert read(venue) == after_fill
    assert after_fill.premium > 0

    venue.warp(5000)
    receipt = venue.clearinghouse.accrueFunding(venue.instrument("ETH-PERP"), sender=other)

    expected = updated(after_fill, TERMS, receipt.time, wad(2000), Fill(wad(0), wad(0)))
    assert read(venue) == expected
    event = receipt.event("FundingUpdated")
    assert (event.fundingIndex, event.fundingRate, event.premium) == (expected.index, expected.rate, expected.premium)


def test_funding_paid_is_funding_received(venue, modules, trader, maker):
    """INV-04: what longs pay, shorts get, but for rounding kept by the market."""
    modules.trade("ETH-PERP", trader, maker, 20, 2080)
    venue.set_price("ETH", 2080)
    venue.warp(86_400)
    modules.trade("ETH-PERP", trader, maker, 1, 2084)
    venue.set_price("ETH", 2080)
    venue.warp(86_400)
    venue.settle(trader)
    venue.settle(maker)

    paid, received = wad(100_000) - venue.cash(trader), venue.cash(maker) - wad(100_000)

    assert paid > wad(4)
    assert 0 <= paid - received <= 4
    assert market(venue, "ETH-PERP")["pool"] == paid - received


def test_accrue_funding_leaves_futures_at_zero(venue, modules, trader, maker, other):
    """A dated future pays no funding, whatever its premium."""
    modules.trade("ETH-FUTURE", trader, maker, 20, 2060)
    venue.warp(5000)

    venue.clearinghouse.accrueFunding(venue.instrument("ETH-FUTURE"), sender=other)

    found = market(venue, "ETH-FUTURE")
    assert (found["index"], found["rate"]) == (0, 0)


def test_accrue_funding_refuses_unlisted_instruments(venue, other):
    """There is no market to bring to now."""
    with venue.refuses("UnknownInstrument", id=77):
        venue.clearinghouse.accrueFunding(77, sender=other)
