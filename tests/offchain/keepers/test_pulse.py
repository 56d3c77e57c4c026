import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from keepers.errors import (
    AbiError,
    BusyError,
    HaltError,
    LostError,
    MirrorError,
    NodeError,
    QuorumError,
    ReorgError,
    ResponseError,
    StoreError,
    TransportError,
    WrongChainError,
)
from keepers.runner import _rebuilding
from keepers.store import BlockStore, Journal, open_stores
from keepers.store.file import FileDatabase
from tests.offchain.keepers.beat_rig import Beat
from tests.offchain.keepers.block_samples import begin_action, header_of, raw_log

ROOT = Path(__file__).parents[3]


@pytest.fixture
def beat(tmp_path):
    """Give a pulse."""
    made = Beat(tmp_path)
    yield made
    made.stores.close()


@pytest.mark.parametrize(
    "error",
    [
        TransportError("cut"),
        BusyError("429", 1.0),
        NodeError("eth_call", -32000, "internal error"),
        ResponseError("half an answer"),
        ReorgError("another history"),
        StoreError("keeper.db: database or disk is full"),
    ],
)
def test_nodes_and_disk_never_halt(beat, error):
    """A hundred in a row are waited out; meanwhile the keeper says that it is not ready, and why."""
    beat.run(*[error] * 100, None)
    name = "disk" if isinstance(error, StoreError) else "node"
    assert all(reasons[name] == str(error) for reasons in beat.seen)
    assert beat.health.ready() == {}
    assert beat.metrics.registry.get_sample_value("keeper_errors_in_a_row") == 0


def test_same_trouble_is_said_once(beat, capsys):
    """A full disk is one line, not one a second."""
    beat.run(*[StoreError("disk full")] * 50, None)
    shown = capsys.readouterr().out
    assert shown.count("[error") == 1
    assert "disk full" in shown


def test_missing_quorum_is_a_reason_of_its_own(beat):
    """Too few nodes that agree: `/ready` says so, the nodes are not blamed for it, and they are not hammered."""
    beat.run(*[QuorumError("no block that 2 of 3 nodes have: a at 10, b silent, c silent")] * 3, None)
    assert all("2 of 3" in reasons["quorum"] and "node" not in reasons for reasons in beat.seen)
    assert beat.slept >= 3 * 0.5
    assert beat.health.ready() == {}


@pytest.mark.parametrize("error", [ZeroDivisionError("own"), KeyError("own"), AbiError("no such function")])
def test_own_mistakes_in_a_row_halt(beat, error):
    """Three in a row end the keeper; a clean step in between, or a node's error, does not count."""
    beat.run(error, error, None, error, error, TransportError("down"), None)
    with pytest.raises(HaltError):
        beat.run(error, error, TransportError("down"), error, None)


@pytest.mark.parametrize("error", [WrongChainError("other"), LostError("deleted")])
def test_what_no_wait_can_mend_halts_at_once(beat, error):
    """Another chain, a database that is gone."""
    with pytest.raises(type(error)):
        beat.run(error, None)


def test_node_that_is_down_at_the_start_is_waited_for(beat):
    """Starting is tried until it works."""
    answers: list[object] = [TransportError("down")] * 20 + [ResponseError("still syncing"), "ready"]

    async def start() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert beat.run(work=start) == "ready"
    assert beat.health.ready() == {}


def test_mirror_that_cannot_be_is_built_anew(beat):
    """An event about something unknown means that one was lost: everything is read from the chain again, thrice."""
    store = BlockStore(beat.stores.chain, 4)
    tries = []

    def live(failures: int) -> Callable[[], Awaitable[None]]:
        async def once() -> None:
            tries.append(store.event_count())
            store.write([(header_of(1), [raw_log(1, 0)])])
            if len(tries) <= failures:
                raise MirrorError("never listed")

        return once

    asyncio.run(_rebuilding(live(2), store))
    assert tries == [0, 0, 0]
    tries.clear()
    store.clear()
    with pytest.raises(MirrorError):
        asyncio.run(_rebuilding(live(9), store))
    assert len(tries) == 4


def test_deleted_database_is_put_back_and_the_keeper_halts(beat, tmp_path):
    """Nothing of the journal is lost, nothing goes into a file that has no name, one line says what to do."""
    journal = Journal(beat.stores.journal)
    begin_action(journal)
    (tmp_path / "keeper.db").unlink()
    with pytest.raises(LostError, match="deleted"):
        beat.run(None, None)
    beat.stores.close()
    with open_stores(tmp_path / "keeper.db") as again:
        assert [row.key for row in Journal(again.journal).actions()] == ["bid:1"]


def test_database_deleted_on_a_disk_in_trouble_is_put_back_later(beat, tmp_path):
    """No part of it passes for the journal, and the log of the deleted one does not spoil what is put back."""
    begin_action(Journal(beat.stores.journal))
    path, database = tmp_path / "keeper.db", beat.stores.journal
    path.unlink()
    _pragma(database, "query_only = ON")
    with pytest.raises(StoreError, match="readonly"):
        database.require()
    assert not path.exists()
    _pragma(database, "query_only = OFF")
    with pytest.raises(LostError, match="deleted"):
        database.require()
    assert sorted(one.name for one in tmp_path.glob("keeper.db*")) == ["keeper.db", "keeper.db.lock"]
    beat.stores.close()
    with open_stores(path) as again:
        assert [row.key for row in Journal(again.journal).actions()] == ["bid:1"]


def _pragma(database: FileDatabase, value: str) -> None:
    with database.connect() as connection:
        connection.execute(text(f"PRAGMA {value}"))


def test_replaced_database_is_not_written_to(beat, tmp_path):
    """Another file of the name is somebody else's: what was open is written beside it."""
    begin_action(Journal(beat.stores.journal))
    path = tmp_path / "keeper.db"
    path.rename(tmp_path / "old.db")
    path.write_bytes(b"")
    with pytest.raises(LostError, match="replaced"):
        begin_action(Journal(beat.stores.journal), "bid:2")
    assert path.read_bytes() == b""
    assert (tmp_path / f"keeper.db.rescued-{os.getpid()}").stat().st_size > 0


@pytest.mark.parametrize(
    ("pragma", "back", "words"),
    [("max_page_count = 1", "max_page_count = 1000000", "full"), ("query_only = ON", "query_only = OFF", "readonly")],
)
def test_full_or_read_only_disk_is_one_clear_error(beat, pragma, back, words):
    """Nothing is half written: what could not be kept was not done, and all goes on once it can be."""
    journal = Journal(beat.stores.journal)

    def set_pragma(value: str) -> None:
        with beat.stores.journal.connect() as connection:
            connection.execute(text(f"PRAGMA {value}"))

    set_pragma(pragma)
    with pytest.raises(StoreError, match=words) as caught:
        _fill(journal)
    assert "\n" not in str(caught.value)
    assert "INSERT" not in str(caught.value)
    before = len(journal.actions())
    set_pragma(back)
    begin_action(journal, "bid:last")
    assert len(journal.actions()) == before + 1


def _fill(journal: Journal) -> None:
    for number in range(500):
        begin_action(journal, f"bid:{number}")


def test_unwritable_folder_is_a_plain_error(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(StoreError, match="nowhere"):
        open_stores(tmp_path / "nowhere" / "keeper.db")


def test_process_waits_for_a_node_and_stops_when_told(start_waiting):
    """As a process: no node at all, and it is alive, not ready, and ends well on SIGTERM."""
    process, log = start_waiting
    until = time.monotonic() + 60
    while "step_failed" not in log.read_text():
        assert process.poll() is None
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


@pytest.fixture
def start_waiting(tmp_path):
    """Start a keeper whose node is not there."""
    import json

    from tests.offchain.keepers.sample_venue import ADDRESSES

    path, deployment, log = tmp_path / "keeper.toml", tmp_path / "31337.json", tmp_path / "log"
    contracts = {name: {"address": address, "block": 1} for name, address in ADDRESSES.items()}
    deployment.write_text(json.dumps({"chain_id": 31337, "contracts": contracts}))
    path.write_text(
        f'[chain]\nrpc_urls = ["http://127.0.0.1:9"]\ndeployment = "{deployment}"\n'
        f'[bidder]\nowner = "0x{"aa" * 20}"\n[service]\nmetrics_port = 0\ndatabase = "{tmp_path / "keeper.db"}"\n'
    )
    with log.open("wb") as out:
        command = [sys.executable, "-m", "keepers", "run", "--config", path]
        process = subprocess.Popen(command, stderr=out, cwd=ROOT)  # noqa: S603 - this interpreter
    yield process, log
    process.kill()
    process.wait()
