"""The door before the key: calls that are switched on, empty transfers to oneself, and what was signed already."""

import asyncio

import pytest
from eth_account import Account
from sqlalchemy import text

from keepers.abi import load_abi
from keepers.contracts import CONTRACTS, OWN, SOME, AddressBook, Contracts
from keepers.errors import SignerError
from keepers.executor.guard import Guard, allowed
from keepers.executor.local import KeySigner
from keepers.executor.signer import Fees, Unsigned
from keepers.settings import Settings
from keepers.strategies import ActionKind
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import KEY, Bench, _action
from tests.offchain.keepers.sample_venue import paper_venue

SIGNER = KeySigner(Account.from_key(KEY), 31337)
STRANGER = KeySigner(Account.from_key("0x" + "02" * 32), 31337)
VENUE = paper_venue()
OFF = {
    "strategy": {
        "bundles": False,
        "end_restored": False,
        "poke": False,
        "refresh_arrays": False,
        "end_expiries": False,
    }
}
ON = {
    "chores": {
        "push_feeds": True,
        "renew_arrays": True,
        "observe_volatility": True,
        "settle": True,
        "redeem_receipts": True,
    },
    "closing": {"orders": ["orders.jsonl"]},
    "executor": {"contract": "0x" + "cc" * 20},
}


def _settings(**parts: object) -> Settings:
    return Settings(**{"dry_run": False, "signer": {"keystore": "k"}, **parts})


def _sign(to: str, data: str, settings: Settings | None = None):
    guard = Guard(SIGNER, VENUE, settings or _settings())
    return asyncio.run(guard.sign(Unsigned(0, to, data, 50_000, Fees(9 * GWEI, GWEI))))


def _calls(settings: Settings) -> set[ActionKind]:
    """Name the kinds that may be signed for on a venue that has every contract."""
    names = (*CONTRACTS, *SOME, OWN)
    book = AddressBook({name: f"0x{index + 1:040x}" for index, name in enumerate(names)}, 0)
    venue = Contracts(book, {name: load_abi(name) for name in names})
    found = allowed(venue, settings)
    return {
        kind
        for kind in ActionKind
        if (venue.addresses[kind.contract], venue.selector(kind.contract, kind.function)) in found
    }


def test_what_is_switched_on_may_be_called_and_nothing_else():
    """Starting and bidding always; upkeep, chores, closing and the own contract where the settings have them."""
    least = {ActionKind.START, ActionKind.BID}
    upkeep = {ActionKind.BUNDLE, ActionKind.END, ActionKind.POKE, ActionKind.REFRESH, ActionKind.RENEW_ARRAYS}
    upkeep |= {ActionKind.OBSERVE_SETTLEMENT, ActionKind.FINISH_SETTLEMENT}
    assert _calls(_settings(**OFF)) == least
    assert _calls(_settings()) == least | upkeep
    assert _calls(_settings(**OFF, chores={"renew_arrays": True})) == least | {
        ActionKind.REFRESH,
        ActionKind.RENEW_ARRAYS,
    }, "one call"
    assert _calls(_settings(**ON)) == set(ActionKind)


@pytest.mark.parametrize(
    ("to", "data"),
    [
        (VENUE.addresses["MarginVault"], VENUE.selector("MarginVault", "withdraw") + "00" * 128),
        (VENUE.addresses["MarginVault"], VENUE.selector("LiquidationAuction", "bid") + "00" * 224),
        (VENUE.addresses["LiquidationAuction"], "0x"),
        (VENUE.addresses["LiquidationAuction"], "0x095ea7b3" + "00" * 64),
        ("0x" + "77" * 20, "0x"),
        (SIGNER.address, "0x095ea7b3"),
    ],
)
def test_whatever_else_is_refused(to, data):
    """Another contract, another function, a transfer to somebody, a call of oneself."""
    with pytest.raises(SignerError, match="not to be signed"):
        _sign(to, data)
    assert _sign(SIGNER.address, "0x") == asyncio.run(
        SIGNER.sign(Unsigned(0, SIGNER.address, "0x", 50_000, Fees(9 * GWEI, GWEI)))
    )


def test_what_is_redeemed_goes_to_the_accounts_owner():
    """The key of an operator that may withdraw pays nobody else, whatever the journal says."""
    owner, other = "ab" * 20, "cd" * 20
    settings = _settings(chores={"redeem_receipts": True})

    def withdrawal(to: str) -> str:
        return VENUE.selector("MarginVault", "withdraw") + owner + "00" * 12 + "11" * 32 + "22" * 32 + "00" * 12 + to

    _sign(VENUE.addresses["MarginVault"], withdrawal(owner), settings)
    for data in (withdrawal(other), withdrawal(owner)[:-2], withdrawal(owner) + "00"):
        with pytest.raises(SignerError, match="not to be signed"):
            _sign(VENUE.addresses["MarginVault"], data, settings)


@pytest.fixture
def bench(tmp_path):
    """Give an executor with a bid that waits for a raise, and close its database in the end."""
    made = Bench(tmp_path)
    made.chain.accept = False
    assert made.submit(_action())
    yield made
    made.database.close()


def _rewrite(bench: Bench, statement: str, **values: object) -> None:
    with bench.database.journal.begin() as connection:
        connection.execute(text(statement), values)


def _raise(bench: Bench):
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    (waiting,) = bench.chain.pool.values()
    return waiting


def test_whoever_rewrites_the_journal_gets_nothing_else_signed(bench):
    """A raise signs what was signed before, whatever the journal says that was."""
    (first,) = bench.chain.pool.values()
    _, other = paper_venue().encode("LiquidationAuction", "bid", *_action(9).args)
    _rewrite(bench, "UPDATE actions SET call = :other", other=other)
    assert _raise(bench).data == first.data


def test_another_key_s_transaction_is_not_raised(bench):
    """One that somebody else has signed, put in the place of ours, gets no signature."""
    (first,) = bench.chain.pool.values()
    _, other = paper_venue().encode("LiquidationAuction", "bid", *_action(9).args)
    call = Unsigned(0, paper_venue().addresses["LiquidationAuction"], other, 125_000, Fees(9 * GWEI, GWEI))
    _, raw = asyncio.run(STRANGER.sign(call))
    _rewrite(bench, "UPDATE transactions SET raw = :raw", raw=raw)
    bench.chain._eth_getTransactionByHash = lambda wanted: {"hash": wanted}
    assert _raise(bench) == first
    assert len(bench.journal.transactions(1)) == 1
