"""Seeded faults of nodes, relay, fees, disk and clock, deep reorganisations and kills: nothing is lost or doubled.

No call costs more than it is worth. Store, journal and chain agree in the end, on a chain of paper, by bundles to a
relay and on Anvil. Each run has more than forty faults; HYPOTHESIS_PROFILE=deep has more than a thousand in all.
"""

import os
import time
from collections import Counter

import pytest

from keepers.store import ActionStatus
from tests.offchain.keepers.anvil_chain import AnvilChain
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.fake_relay import FakeRelay
from tests.offchain.keepers.fault_rig import SIGNER, Rig

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "")
RUNS = {"pr": 8, "deep": 25}.get(PROFILE, 3)
OTHER_RUNS = {"pr": 2, "deep": 8}.get(PROFILE, 1)
CASES = [
    *(("paper", 12, seed) for seed in range(RUNS)),
    *(
        (kind, depth, seed)
        for kind, depth in (("deep", 64), ("relay", 12), ("anvil", 12))
        for seed in range(OTHER_RUNS)
    ),
]
STEPS = 90


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]} {case[2]}")
def rig(tmp_path, request, monkeypatch):
    """Give a rig a chain and a seed."""
    kind, depth, seed = request.param
    chain = AnvilChain(SIGNER.address.lower()) if kind == "anvil" else FakeChain()
    made = Rig(tmp_path, seed, chain, depth, FakeRelay(chain) if kind == "relay" else None)
    monkeypatch.setattr(time, "time", made.now_by_the_wall)
    yield made
    made.stores.close()
    if isinstance(chain, AnvilChain):
        chain.close()


def test_nothing_is_lost_or_doubled(rig):
    """After the faults a bid is mined within three blocks; store, journal and nonces are what the chain says."""
    for number in range(STEPS):
        if rig.dice.random() < 0.35:
            rig.mend()
        if rig.dice.random() < 0.7:
            rig.break_something()
        rig.mine(f"0x{number:04x}", f"0x{number:04x}aa")
        rig.step(submit=rig.dice.random() < 0.4)
    rig.mend()
    rig.restart()
    assert sum(rig.faults.values()) > 40, rig.faults
    before = sum(rig.successes().values())
    for number in range(3):
        rig.step(submit=number == 0)
        rig.mine()
    assert sum(rig.successes().values()) > before
    for _ in range(6):
        rig.step(submit=False)
        rig.mine()
    rig.step(submit=False)

    stored = [(log.block, log.data) for log in rig.store.events()]
    mined = rig.successes()
    settled = Counter(row.call for row in rig.journal.actions([ActionStatus.SETTLED]))
    hashes = rig.chain.hashes()
    assert stored == rig.chain.all_logs()
    assert max(mined.values()) == 1
    assert settled == mined
    spent = [(data, wei) for data, wei in rig.chain.spendings(rig.signer.address) if data != "0x"]
    assert [data for data, wei in spent if wei > rig.worth[data]] == []
    assert all(hashes[row.block] == row.block_hash for row in rig.journal.actions([ActionStatus.SETTLED]))
    assert rig.journal.open_actions() == []
    assert len(rig.chain.calls(rig.signer.address)) == rig.journal.nonce_floor(rig.signer.address)
    assert rig.relay is None or rig.relay.brought > 5
