"""`make demo SCENARIO=two-chains`: what is locked backs a position, is sold and redeemed; a theft takes a bucket."""

import json
from decimal import Decimal

import pytest

from crossmargin.simulation.two_chains.chart import draw_chart
from crossmargin.simulation.two_chains.outcome import save_run
from crossmargin.simulation.two_chains.play import Observer, play
from crossmargin.simulation.two_chains.report import verdict, write_page


class Told(Observer):
    """Keeps what it is told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.parts, self.deeds = [], []

    def part(self, name):
        """Keep a part's name."""
        self.parts.append(name)

    def deed(self, deed):
        """Keep a deed."""
        self.deeds.append(deed)


@pytest.fixture(scope="module")
def played(artifacts, tmp_path_factory):
    """Play it once."""
    told = Told()
    return play(tmp_path_factory.mktemp("logs"), told), told


def test_every_check_holds(played):
    """Credited to the wei, sold, paid, and no more lost than the bound."""
    assert [name for name, passed in played[0].checks.items() if not passed] == []
    assert len(played[0].checks) == 8


def test_a_stolen_transport_takes_its_bucket_where_it_is_enough(played):
    """Nearly all of the bound, in both directions: the attack is a real one, and the pause ends it."""
    attacks = [each for each in played[0].attacks if each.required == 1]
    assert [each.token for each in attacks] == ["WETH@other", "WETH"]
    for each in attacks:
        assert each.bucket < each.taken <= each.bound < Decimal("1.2") * each.bucket
        assert each.taken > Decimal("0.99") * each.bound
        assert each.samples[-1].taken == each.samples[-2].taken
    assert [each.refusal for each in attacks] == ["RoutePaused", "SpokePaused"]


def test_a_stolen_transport_takes_nothing_where_two_agree(played):
    """Neither receipts nor tokens."""
    attacks = [each for each in played[0].attacks if each.required == 2]
    assert [each.token for each in attacks] == ["WETH2@other", "WETH2"]
    assert [(each.taken, each.bound) for each in attacks] == [(0, 0), (0, 0)]


def test_deeds_are_told_as_they_happen(played):
    """Each once, in order; the story has both chains."""
    run, told = played
    assert tuple(told.deeds) == run.deeds
    assert [each.time for each in run.deeds] == sorted(each.time for each in run.deeds)
    assert {each.where for each in run.deeds} == {"hub", "other", "both"}
    assert told.parts == [name for name in run.seconds if name != "compile"] or told.parts == list(run.seconds)


def test_receipts_are_told_by_chain(played):
    """What alice has locked is credited; what she lost the bidder has, and redeems."""
    locked, left, won, paid = played[0].holdings
    assert {each.receipt for each in played[0].holdings} == {"WETH@other"}
    assert locked.locked == locked.credited == locked.held == left.held + won.held
    assert (won.locked, paid.held) == (0, 0)
    assert paid.redeemed == won.held > 0


def test_picture_and_record_are_made(played, tmp_path):
    """A real run can be drawn and saved; amounts stay exact."""
    run = played[0]
    draw_chart(run, tmp_path / "demo.png")
    save_run(run, tmp_path / "demo.json")
    write_page(run, tmp_path / "demo.html")
    page = (tmp_path / "demo.html").read_text()
    assert "Receipts by chain" in page
    assert "http" not in page
    assert (tmp_path / "demo.png").stat().st_size > 10_000
    record = json.loads((tmp_path / "demo.json").read_text())
    assert Decimal(record["attacks"][0]["taken"]) == run.attacks[0].taken
    assert verdict(run)[-1] == "Lost where two have to agree: 0."
    assert "its bucket of 100 or 200 and what refilled" in verdict(run)[-2]
