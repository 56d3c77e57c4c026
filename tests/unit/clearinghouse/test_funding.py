from crossmargin.chain.decimals import wad
from crossmargin.model.funding import Fill, FundingState, FundingTerms, after_fill, decay, index_at
from tests.unit.clearinghouse.conftest import market

TERMS = FundingTerms(depth=wad(1_000_000), max_rate=20_000)
FEE = 500


def read(venue) -> FundingState:
    """Funding of the ether perpetual as a fill left it, in the same second."""
    found = market(venue, "ETH-PERP")
    premium = venue.clearinghouse.premium(venue.instrument("ETH-PERP"))
    return FundingState(found["index"], premium, found["rate"], found["updated_at"])


def expected(venue, state, receipt, size, price) -> FundingState:
    """Give what the model makes of an opening fill, from the open interest before it."""
    interest = market(venue, "ETH-PERP")["open_interest"] - wad(size)
    fill = Fill(wad(size), wad(price), FEE)
    return after_fill(state, TERMS, fill, now=receipt.time, spot=wad(2000), open_interest=interest)


def test_funding_equals_the_model(venue, modules, trader, maker):
    """Fills move the premium and set the rate, which decays and accrues: to the wei."""
    start = read(venue)
    receipt = modules.trade("ETH-PERP", trader, maker, 20, "2031.5", fee=FEE)
    first = read(venue)
    assert first == expected(venue, start, receipt, 20, "2031.5")
    assert first.premium > 0

    venue.warp(5000)
    left = decay(venue.node.now - first.updated_at)
    assert venue.clearinghouse.premium(venue.instrument("ETH-PERP")) == first.premium * left // wad(1)
    receipt = modules.trade("ETH-PERP", trader, maker, 10, "1990", fee=FEE)

    second = read(venue)
    assert second == expected(venue, first, receipt, 10, "1990")
    assert second.index > 0 > second.premium - first.premium
    event = receipt.event("FundingUpdated")
    assert (event.fundingIndex, event.fundingRate, event.premium) == (second.index, second.rate, second.premium)


def test_nothing_but_a_fill_writes_funding(venue, modules, trader, maker, other):
    """INV-41: not a settlement, nor dust, nor a fill without fees, however often; time runs on the same."""
    modules.trade("ETH-PERP", trader, maker, 20, 2080, fee=FEE)
    before = market(venue, "ETH-PERP")

    for _ in range(3):
        venue.warp(600)
        venue.settle(trader, sender=other)
        modules.trade("ETH-PERP", trader, maker, "0.000000000000000001", 2100, fee=FEE)
        modules.trade("ETH-PERP", trader, maker, 1, 2100, fee=0)

    found = market(venue, "ETH-PERP")
    for kept in ("index", "rate", "updated_at"):
        assert found[kept] == before[kept]
    view = next(each for each in venue.lens.markets() if each.instrument == venue.instrument("ETH-PERP"))
    elapsed = venue.node.now - before["updated_at"]
    assert view.fundingIndex == index_at(before["index"], before["rate"], wad(2000), elapsed) > 0
    assert view.premium == venue.clearinghouse.premium(view.instrument)
    assert view.fundingRate == 3 * view.premium // 10**12


def test_funding_costs_twice_what_it_moves(venue, modules, trader, maker):
    """INV-41: a day of fills at 5 % above the index, to and fro, costs more than twice what 25 contracts then pay."""
    perpetual, day = venue.instrument("ETH-PERP"), 86_400
    venue.govern(venue.clearinghouse, "configureInstrument", perpetual, (wad(100), 0, 20_000), False)
    modules.trade("ETH-PERP", trader, maker, 25, 2000, fee=FEE)
    fees = 0
    for hour in range(24):
        sides = (maker, trader) if hour % 2 else (trader, maker)
        modules.trade("ETH-PERP", *sides, 2, 2100, fee=FEE)
        fees += 2 * wad(2100) * FEE // 10**6
        venue.warp(day // 24)
    venue.warp(7 * day)

    view = next(each for each in venue.lens.markets() if each.instrument == perpetual)
    assert 4 * fees // 10 < 25 * view.fundingIndex < fees // 2


def test_funding_paid_is_funding_received(venue, modules, trader, maker):
    """INV-04: what longs pay, shorts get, but for rounding kept by the market."""
    modules.trade("ETH-PERP", trader, maker, 20, 2080, fee=10_000)
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


def test_dated_instruments_have_no_premium(venue, modules, trader, maker):
    """A future pays no funding, and its fills write none."""
    before = market(venue, "ETH-FUTURE")
    modules.trade("ETH-FUTURE", trader, maker, 20, 2060, fee=FEE)
    venue.warp(5000)

    found = market(venue, "ETH-FUTURE")
    assert (found["index"], found["rate"], found["updated_at"]) == (0, 0, before["updated_at"])
    assert venue.clearinghouse.premium(venue.instrument("ETH-FUTURE")) == 0
