import pytest

from keepers.errors import StoreError, WrongChainError
from keepers.store import ActionStatus, BlockStore, Journal, TransactionRow, open_stores
from tests.offchain.keepers.block_samples import begin_action, header_of, raw_log


@pytest.fixture
def database(tmp_path):
    """Open an empty database."""
    with open_stores(tmp_path / "keeper.db") as opened:
        yield opened


@pytest.fixture
def blocks(database):
    """Keep four blocks that can be undone."""
    return BlockStore(database.chain, depth=4)


def test_append_stores_events_and_cursor_together(blocks):
    """What was appended comes back in order."""
    blocks.write([(header_of(1), [raw_log(1, 0), raw_log(1, 1)])])
    blocks.write([(header_of(2), [])])
    assert blocks.cursor() == header_of(2)
    assert list(blocks.events()) == [raw_log(1, 0), raw_log(1, 1)]


def test_append_twice_is_refused_and_changes_nothing(blocks):
    """A block is stored once, whatever calls it again."""
    blocks.write([(header_of(1), [raw_log(1, 0)])])
    with pytest.raises(StoreError):
        blocks.write([(header_of(1), [raw_log(1, 0)])])
    assert blocks.event_count() == 1


def test_append_of_another_branch_is_refused(blocks):
    """A block whose parent is not the cursor does not get in."""
    blocks.write([(header_of(1), [])])
    with pytest.raises(StoreError):
        blocks.write([(header_of(2, "b"), [])])
    assert blocks.cursor() == header_of(1)


def test_append_refuses_logs_of_another_block(blocks):
    """A node that answers with foreign logs is not believed."""
    with pytest.raises(StoreError):
        blocks.write([(header_of(1), [raw_log(2, 0)])])
    with pytest.raises(StoreError):
        blocks.write([(header_of(1), [raw_log(1, 0, "b")])])
    assert blocks.cursor() is None


def test_undo_removes_blocks_and_events_above(blocks):
    """After an undo the store is as if the orphans had never been."""
    for number in (1, 2, 3):
        blocks.write([(header_of(number), [raw_log(number, 0)])])
    assert blocks.write([], fork=1) == 2
    assert blocks.cursor() == header_of(1)
    assert list(blocks.events()) == [raw_log(1, 0)]


def test_undo_below_what_is_kept_is_refused(blocks):
    """Old blocks are forgotten, and an undo to one of them is an error."""
    for number in range(1, 9):
        blocks.write([(header_of(number), [])])
    assert [header.number for header in blocks.recent()] == [8, 7, 6, 5, 4]
    with pytest.raises(StoreError):
        blocks.write([], fork=3)


def test_database_is_tied_to_its_chain(database):
    """Another chain's keeper cannot use it."""
    database.bind({"chain": "1"})
    database.bind({"chain": "1"})
    with pytest.raises(WrongChainError):
        database.bind({"chain": "2"})


def test_database_has_one_writer(database, tmp_path):
    """A second keeper on the same file is refused; a reader is not."""
    with pytest.raises(StoreError, match="in use"):
        open_stores(tmp_path / "keeper.db")
    open_stores(tmp_path / "keeper.db", read_only=True).close()


def test_journal_takes_a_key_once_until_it_failed(database):
    """The same action is not recorded twice, unless the first came to nothing."""
    journal = Journal(database.journal)
    first = begin_action(journal)
    assert begin_action(journal) is None
    for status in (ActionStatus.SENT, ActionStatus.MINED, ActionStatus.SETTLED):
        journal.set_status(first, status)
        assert begin_action(journal) is None
    journal.set_status(first, ActionStatus.FAILED, "reverted")
    second = begin_action(journal)
    assert [action.id for action in journal.actions()] == [first, second]


def test_journal_keeps_large_numbers(database):
    """Ids of 256 bits and negative amounts survive."""
    journal = Journal(database.journal)
    begin_action(journal)
    (action,) = journal.open_actions()
    assert (action.account, action.expected, action.auction) == (2**255, -(10**30), 3)


def test_nonce_floor_only_rises(database):
    """What was signed once is never signed again for another action."""
    journal = Journal(database.journal)
    action = begin_action(journal)
    assert journal.nonce_floor("0xs") == 0
    for nonce, fee in ((4, 10), (3, 20)):
        journal.add_transactions([TransactionRow(f"0x{fee}", action, False, "0xs", nonce, fee, 1, 21_000, "0x", 1.0)])
    assert journal.nonce_floor("0xs") == 5
    assert [row.nonce for row in journal.transactions(action)] == [4, 3]
    assert journal.open_actions()[0].status is ActionStatus.SENT
