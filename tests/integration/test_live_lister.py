"""The living venue lists the weekly options of the next expiry when it comes, through the timelock, beside the last."""

import logging
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from eth_account import Account

from crossmargin.client.option_views import Slice
from crossmargin.deployment import VenueContext
from crossmargin.deployment.fields import next_weekly
from crossmargin.model.instruments import decode
from crossmargin.simulation.live.lister import Lister
from crossmargin.simulation.live.maker import maker_accounts
from crossmargin.simulation.stage.venue import Actor
from tests.helpers.option_desk import post_slice

DAY = 86_400
NAMES = ["ETH-2035-01-12-2000-C", "ETH-2035-01-12-2000-P"]


@dataclass
class Place:
    """What the lister needs of the venue's stage."""

    context: VenueContext
    path: Path

    @property
    def config(self):
        """As it is now."""
        return self.context.config


@pytest.fixture
def stage(venue, governor, client, trader, tmp_path):
    """Give the venue as the living one has it, a client that follows it, and how often it was told of names."""
    context = VenueContext(venue.deployment.chain, venue.config, venue.record.model_copy(deep=True))
    stage = SimpleNamespace(place=Place(context, tmp_path / "live.json"), client=client(trader), named=0)

    def named():
        stage.named += 1

    actor = Actor("governor", Account.from_key(governor.private_key))
    stage.lister = Lister(stage.place, actor, [stage.client], named, logging.getLogger())
    return stage


def listed(venue, stage):
    """Name what the chain lists."""
    names = {number: name for name, number in stage.client.record.instruments.items()}
    return [names[view.instrument] for view in stage.client.markets()]


def test_the_next_week_is_listed_when_it_comes(venue, stage):
    """Nothing before Tuesday morning; then named at once, posted, scheduled, executed; once."""
    before = listed(venue, stage)
    accounts = maker_accounts(stage.client)
    stage.lister.turn()
    assert stage.named == 0

    venue.warp(DAY)
    stage.lister.turn()

    record = stage.place.context.record
    assert stage.named == 1
    assert set(NAMES) <= set(stage.client.record.instruments)
    expiry = record.slices["ETH:weekly-2035-01-12"]
    assert expiry == next_weekly(venue.node.now) == decode(record.instruments[NAMES[0]]).expiry
    assert {each.step: each.state for each in record.operations} == {
        f"instrument.{name}.listed": "scheduled" for name in NAMES
    }
    assert listed(venue, stage) == before

    venue.warp(venue.config.governance.delay)
    stage.lister.turn()
    assert listed(venue, stage) == before  # no slice yet

    shape = venue.config.surfaces["ETH"]["weekly"]
    post_slice(venue, "ETH", expiry, Slice(*shape.encode()))
    stage.lister.turn()

    assert sorted(listed(venue, stage)) == sorted([*before, *NAMES])
    assert {each.state for each in record.operations} == {"executed"}
    stage.lister.turn()
    assert stage.named == 1
    # who quoted what keeps its account
    assert accounts.items() <= maker_accounts(stage.client).items()
