import dataclasses
import json

import pytest
from rich.console import Console

from crossmargin.simulation.demo.layout import (
    HEALTH_FLOOR,
    Span,
    binding_rows,
    health_series,
    loss_series,
    option_health_series,
    price_series,
)
from crossmargin.simulation.demo.losses import loss_lines
from crossmargin.simulation.demo.outcome import WAD, save_run
from crossmargin.simulation.demo.report import (
    about_rows,
    account_rows,
    book_rows,
    keeper_rows,
    option_rows,
    report,
    series_rows,
)
from crossmargin.simulation.stage.amounts import health, tokens, usd


def test_liquidated_compounds_what_was_left(run):
    """A half, then a quarter of the rest, are five eighths."""
    assert run.liquidated("long") == WAD * 5 // 8


def test_price_got_weighs_bids_by_value(run):
    """The price is payment over value; bidders who were paid do not count."""
    assert run.price_got("long") == 4_900 * WAD // 5_200
    assert run.price_got("gone") is None


def test_bad_debt_is_the_sum_of_its_parts(run):
    """Fund, markets, lenders and ledger add up."""
    assert run.bad_debt() == run.bad_debt("gone") == 150 * WAD
    assert run.bad_debt("long") == 0


def test_given_up_leaves_out_what_others_paid(run):
    """A reward comes out of the account's value; the payout of an insolvent one does not."""
    assert run.given_up("long") == 330 * WAD
    assert run.given_up("gone") == 10 * WAD


def test_bid_profit_is_value_less_payment(run):
    """A bidder who is paid gains what exceeds the negative value."""
    rescue = run.auctions[1].bids[0]
    assert rescue.profit == 50 * WAD


def test_keeper_take_is_net_of_gas(run):
    """Received and paid for starting, less payments and gas."""
    assert run.keepers[0].take == 207 * WAD


def test_account_rows_say_who_bid_and_at_what_price(run):
    """The table has what was sold, at what price, to whom."""
    header, rows = account_rows(run)
    cells = dict(zip(header, rows[0], strict=True))
    assert cells["liquidated"] == "62.5 %"
    assert cells["price got"] == "94.2 %"
    assert cells["who bid"] == "keeper 1, keeper 2"
    assert dict(zip(header, rows[2], strict=True))["price got"] == "paid to take"
    assert dict(zip(header, rows[3], strict=True))["HF low"] == "-"


def test_book_rows_compare_both_ways(run):
    """Sub-accounts of a book are summed."""
    header, rows = book_rows(run)
    cross, isolated = (dict(zip(header, row, strict=True)) for row in rows)
    assert (cross["held"], cross["auctions"], isolated["auctions"]) == ("cross", "0", "1")
    assert (cross["given to keepers"], isolated["given to keepers"]) == ("0", "330")


def test_keeper_rows_have_one_line_each(run):
    """Keepers are listed in order."""
    assert [row[0] for row in keeper_rows(run)[1]] == ["keeper 1", "keeper 2", "keeper 3"]


def test_keeper_rows_show_the_keepers_own_count(run):
    """What the journal says stands beside what the chain says."""
    keeper = dataclasses.replace(run.keepers[0], reported={"take": {"net": "206.500000000000000000"}})
    _, rows = keeper_rows(dataclasses.replace(run, keepers=(keeper,)))
    assert rows[0][-2:] == ["207", "206"]
    assert keeper_rows(run)[1][0][-1] == "-"


def test_option_rows_say_what_binds_and_when(run):
    """Requirement and scenario at first, when it was greatest, and at the end."""
    assert option_rows(run)[1] == [
        ["whole", "1,000", "-5 %, vol up", "2,000", "20 min", "least charge", "2,000", "least charge"],
        ["gone", "100", "+15 %, tail", "100", "0 s", "+15 %, tail", "0", "-"],
    ]


def test_series_rows_follow_marks_and_volatility(run):
    """A series has its mark, its expiry the volatility."""
    assert series_rows(run)[1] == [
        ["ETH-PUT", "3,800", "2025-10-17 19:30", "50.00", "450", "450", "60.0 %", "80.0 %", "80.0 %"]
    ]


def test_binding_rows_join_what_stays(run):
    """A row has one span for each time that a scenario binds."""
    rows = dict(binding_rows(run))
    assert rows["whole"] == [Span(0, 5, "-5 %, vol up"), Span(5, 30, "least charge")]
    assert rows["gone"] == [Span(0, 21, "+15 %, tail")]


def test_accounts_with_options_have_a_panel_of_their_own(run):
    """Each account is in one of the two."""
    assert [line.label for line in option_health_series(run)] == ["whole", "gone"]
    assert [line.label for line in health_series(run)] == ["long", "idle"]


def test_loss_lines_name_who_bore_the_loss(run):
    """Losses are told apart by who bore them."""
    text = loss_lines(run)[0]
    assert text.startswith(
        "bad debt: 150, borne 100 by the insurance fund, 30.00 by winners of the markets, 15.00 by lenders"
    )


def test_loss_lines_without_losses(run):
    """Nothing lost is said so."""
    assert loss_lines(dataclasses.replace(run, losses=()))[0] == "bad debt: none"


def test_about_rows_describe_everyone(run):
    """A name alone says little."""
    assert about_rows(run)[1][:2] == [["long", "A perpetual."], ["whole", "A book."]]


def test_loss_series_show_small_losses(run):
    """In dollars, added up by who bore them; the fund from where it began."""
    lines = {line.label: line.values for line in loss_series(run)}
    assert lines["insurance fund, change"][14:16] == (0.0, -100.0)
    assert lines["bad debt borne by lenders"][14:16] == (0.0, 15.0)
    assert [line.values[-1] for line in loss_series(dataclasses.replace(run, losses=()))] == [-100.0, 0.0]


def test_health_is_drawn_as_it_is(run):
    """No line is cut at a top; what cannot be on a logarithmic axis is at its bottom."""
    blocks = tuple(
        dataclasses.replace(each, health={**each.health, "long": 40 * WAD, "idle": 0}) for each in run.blocks
    )
    lines = {line.label: line.values for line in health_series(dataclasses.replace(run, blocks=blocks))}
    assert (lines["long"][0], lines["idle"][0]) == (40.0, HEALTH_FLOOR)


def test_report_begins_with_the_verdict(run):
    """Then tables; markup in a text is shown as it is."""
    titled = dataclasses.replace(run, accounts=(dataclasses.replace(run.accounts[0], name="[bold]x[/]"),))
    console = Console(record=True, width=200)
    console.print(report(titled))
    text = console.export_text()
    assert text.startswith("What happened: ETH down 20.0 % after 20 min")
    assert "[bold]x[/]" in text


def test_report_shows_checks(run):
    """A check that failed stands out, and fails the run."""
    console = Console(record=True, width=200)
    console.print(report(run))
    text = console.export_text()
    assert "FAILED deficit: 5 is left" in text
    assert not run.passed


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-5 * WAD // 10, "-0.50"), (1_234_567 * WAD, "1,234,567"), (-1, "0.00")]
)
def test_usd(value, text):
    """Dollars are whole above a hundred, and never minus zero."""
    assert usd(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0, 18, "0"), (15 * 10**17, 18, "1.5"), (1_234 * 10**6, 6, "1,234"), (10, 18, "0"), (-10, 18, "0")],
)
def test_tokens(value, decimals, text):
    """Four decimals are enough for a reader."""
    assert tokens(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), [(None, "-"), (WAD, "1.000"), (10**30, ">99")])
def test_health(value, text):
    """Infinite and huge health factors are cut."""
    assert health(value) == text


def test_prices_that_move_alike_are_drawn_once(run):
    """A staked asset would hide the one it follows; what stands still is left out."""
    blocks = tuple(
        dataclasses.replace(each, prices={**each.prices, "stETH": each.prices["ETH"] * 6 // 5}) for each in run.blocks
    )
    assert [line.label for line in price_series(dataclasses.replace(run, blocks=blocks))] == ["ETH"]


def test_save_run_keeps_integers_exact(run, tmp_path):
    """Money stays an integer in the record."""
    save_run(run, tmp_path / "run.json")
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["accounts"][0]["equity_before"] == 10_000 * WAD
    assert record["blocks"][0]["health"]["idle"] is None
