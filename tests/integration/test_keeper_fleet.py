"""Two keepers of a fleet as processes: one is killed with what it has signed, and the other brings it in."""

import pytest

from keepers import switch
from tests.helpers.keeper_process import KeeperProcess, pass_until
from tests.offchain.keepers.postgres import running

BID = 16  # Permission.BID
FOR_EVER = 2**48 - 1


@pytest.fixture
def fleet(tmp_path, venue, liquidator, keeper):
    """Give two keepers, of two signers, that bid for the liquidator's account; and their signers."""
    venue.deposit(liquidator, "USDC", "200000")
    venue.vault.setOperator(keeper, BID, FOR_EVER, sender=liquidator)
    made = []
    with running() as server:
        settings = {
            "bidder": {"owner": liquidator.address},
            "fleet": {"journal": server.database(), "lease_seconds": 2.0},
        }
        for number, signer in enumerate((liquidator, keeper)):
            (tmp_path / str(number)).mkdir()
            made.append((KeeperProcess(tmp_path / str(number), venue, signer, settings=settings), signer))
            made[-1][0].start()
        yield made
        for one, _ in made:
            one.kill()


def test_what_a_killed_member_has_signed_is_brought_in(fleet, position, venue, trader):
    """What it has sent is lost with it: the other sends it again within two blocks, and goes on, each thing once."""
    eth, account = venue.node.web3.eth, venue.account(trader)
    for one, _ in fleet:
        one.until(lambda one=one: one.metric("keeper_fleet_members") == 2, "both there")
        switch.pause(one.folder / "keeper.db", "the price falls")
    before = [eth.get_transaction_count(who.address) for _, who in fleet]
    venue.set_price("ETH", "1830")
    venue.node.rpc("evm_setAutomine", False)
    try:
        for one, _ in fleet:
            switch.resume(one.folder / "keeper.db")

        def senders() -> list[int]:
            found = [at for at in (0, 1) if eth.get_transaction_count(fleet[at][1].address, "pending") > before[at]]
            if not found and all(one.metric("keeper_head_block") == eth.block_number for one, _ in fleet):
                venue.node.rpc("evm_mine")
            return found

        fleet[0][0].until(senders, "sent by one")
        first = senders()[0]
        (victim, signer), (survivor, _) = fleet[first], fleet[1 - first]
        victim.kill()
        venue.node.rpc("anvil_dropAllTransactions")
        mined = eth.get_transaction_count(signer.address)
        survivor.until(lambda: survivor.events("took_over"), "taken over")
        for _ in range(2):
            head = eth.block_number
            survivor.until(lambda head=head: survivor.metric("keeper_head_block") >= head, "seen")
            venue.node.rpc("evm_mine")
    finally:
        venue.node.rpc("evm_setAutomine", True)
    assert survivor.events("sent_for_another")
    assert eth.get_transaction_count(signer.address) == mined + 1

    pass_until(survivor, venue, lambda: not venue.vault.isInAuction(account), "restored")
    pass_until(survivor, venue, lambda: survivor.metric("keeper_actions_open") == 0, "settled")
    done = [one["kind"] for one in survivor.status()["journal"] if one["status"] == "settled"]
    bids = venue.auction.contract.events.Bid().get_logs(from_block=0)
    assert (done.count("start"), done.count("bid")) == (1, len(bids))
    assert survivor.metric("keeper_fleet_members") == 1
    assert survivor.metric("keeper_mirror_mismatches_total") == 0
