"""Five lines that anyone understands."""

import dataclasses

from crossmargin.simulation.demo.verdict import headline, verdict


def lines(run):
    """Give the verdict by what its lines are about."""
    return dict(verdict(run))


def test_it_has_five_lines(run):
    """What happened, who, cross against isolated, bad debt, conservation."""
    about = ["What happened", "Liquidated", "Cross against isolated", "Bad debt", "Conservation"]
    assert [name for name, _ in verdict(run)] == about


def test_it_says_what_happened(run):
    """The furthest move of each price, and of volatility."""
    assert lines(run)["What happened"] == (
        "ETH down 20.0 % after 20 min; volatility of ETH weekly from 60 to 80 %. Played: 30 min in 31 blocks."
    )


def test_it_says_who_was_liquidated_and_what_they_kept(run):
    """Each by name; and what it cost, beside what would have been."""
    assert lines(run)["Liquidated"] == (
        "2 of 4 accounts. They kept, in USD: long 4,600 of 10,000; gone 0 of 3,000. Of the rest 340 went to keepers; "
        "left alone, all of them together would have ended with 1,800."
    )
    assert lines(dataclasses.replace(run, auctions=()))["Liquidated"].startswith("nobody: all 4 accounts")


def test_it_compares_cross_and_isolated(run):
    """The same book, held both ways."""
    assert lines(run)["Cross against isolated"] == (
        "book, 20,000 USD: in one account no auction, 19,000 kept; in 1 accounts 1 auction, 4,600 kept."
    )
    alone = dataclasses.replace(run, accounts=run.accounts[2:])
    assert lines(alone)["Cross against isolated"] == "no book is held in both ways here."


def test_it_says_who_bore_bad_debt(run):
    """Or that there was none."""
    assert lines(run)["Bad debt"] == (
        "150 USD, left by gone. Borne 100 by the insurance fund, 30.00 by winners of the markets, 15.00 by lenders, "
        "5.00 by the deficit ledger."
    )
    assert lines(dataclasses.replace(run, losses=()))["Bad debt"].startswith("none: ")


def test_it_says_whether_the_books_add_up(run):
    """A failed check is named."""
    assert lines(run)["Conservation"] == "BROKEN: 1 of 2 checks failed: deficit."
    assert "all 1 checks hold" in lines(dataclasses.replace(run, checks=run.checks[:1]))["Conservation"]


def test_a_calm_run_has_a_verdict(run):
    """Nothing moved, nobody was liquidated."""
    calm = dataclasses.replace(run, blocks=run.blocks[:1], auctions=(), losses=())
    assert lines(calm)["What happened"].startswith("no price moved. ")


def test_the_headline_has_the_numbers_in_one_sentence(run):
    """For those who read no further."""
    assert headline(run) == (
        "ETH down 20.0 % after 20 min: 2 of 4 accounts were liquidated and kept 4,600 of 13,000 USD, to keepers they "
        "gave 340; bad debt: 150 USD."
    )
