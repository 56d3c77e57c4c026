"""A keeper whose signer another process has, or took: it waits, or begins anew, and reads nothing again for that."""

import asyncio

from keepers.doctor.finding import State
from keepers.doctor.machine import examine_machine
from keepers.errors import FencedError, HeldError
from keepers.runner import _rebuilding
from keepers.settings import Settings
from keepers.store import BlockStore
from tests.offchain.keepers.beat_rig import Beat
from tests.offchain.keepers.block_samples import header_of, raw_log


def test_a_lease_that_another_holds_is_waited_for(tmp_path):
    """As long as it takes, not ready, and by no mistake of its own."""
    beat, left = Beat(tmp_path, most=2), [HeldError("0xa is in use by another process of the fleet")] * 20

    async def join() -> str:
        if left:
            raise left.pop()
        return "joined"

    assert beat.run(work=join) == "joined"
    assert {tuple(reasons) for reasons in beat.seen} == {("standby",)}
    assert beat.health.ready() == {}
    assert beat.metrics.registry.get_sample_value("keeper_errors_in_a_row") == 0
    beat.stores.close()


def test_a_lease_that_was_taken_ends_the_step_at_once_and_the_keeper_begins_anew(tmp_path):
    """However often; what was read from the chain is kept."""
    beat, tries = Beat(tmp_path), []
    store = BlockStore(beat.stores.chain, 4)
    store.write([(header_of(1), [raw_log(1, 0)])])

    async def live() -> None:
        tries.append(store.event_count())
        if len(tries) < 10:
            raise FencedError("the lease of 0xa went to another process of the fleet")

    asyncio.run(_rebuilding(live, store))
    assert tries == [1] * 10
    beat.stores.close()


def test_doctor_looks_at_the_fleets_server(tmp_path):
    """A server that is not there is wrong, in words; no file takes its place."""
    settings = Settings(
        bidder={"owner": "0x" + "aa" * 20},
        service={"database": tmp_path / "keeper.db", "metrics_port": 0},
        fleet={"journal": "postgresql://nobody@127.0.0.1:1/keeper"},
    )
    found = {one.what: one for one in examine_machine(settings, None, 0.0)}["journal"]
    assert found.state is State.WRONG
    assert "fleet.journal" in found.advice
    assert not (tmp_path / "keeper.db").exists()
