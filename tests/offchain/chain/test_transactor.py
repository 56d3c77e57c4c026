"""Why a transaction failed, from playing it again."""

from types import SimpleNamespace

import pytest
from hexbytes import HexBytes
from web3.exceptions import ContractCustomError, ContractLogicError

from crossmargin.chain.reverts import ErrorBook
from crossmargin.chain.transactor import Transactor

LIMIT, BLOCK_LIMIT = 600_000, 30_000_000
PAUSED = {"type": "error", "name": "Paused", "inputs": []}
SELECTOR = "0x9e87fac8"


def reason(play, used):
    """Say why a transaction failed that used so much gas; `play` is what happens with so much gas at most."""
    eth = SimpleNamespace(
        get_transaction=lambda _: {"from": "0x", "to": "0x", "input": "0x", "value": 0, "gas": LIMIT},
        get_block=lambda _: {"gasLimit": BLOCK_LIMIT},
        call=lambda call, _: play(call["gas"]),
    )
    transactor = Transactor(SimpleNamespace(eth=eth), None, lambda: ErrorBook([[PAUSED]]))
    receipt = {"blockNumber": 7, "transactionHash": HexBytes("0x" + "11" * 32), "gasUsed": used, "status": 0}
    return str(transactor._failure(receipt)).partition("failed in block 7: ")[2]


def short(needs, then=None):
    """Refuse without a word below some gas; then do what is asked."""

    def play(gas):
        if gas < needs:
            raise ContractLogicError("execution reverted", data="0x")
        if then is not None:
            raise then

    return play


@pytest.mark.parametrize("used", [LIMIT, LIMIT * 98 // 100 - 1, LIMIT * 92 // 100])
def test_too_little_gas_is_named(used):
    """However much of it the calls inside left: the refusal itself says nothing."""
    assert reason(short(700_000), used) == "out of gas, at a limit of 600000: send it again"


def test_what_else_was_wrong_is_named_first():
    """A refusal with a reason is the reason, with the gas it had or with more."""
    paused = ContractCustomError(SELECTOR, data=SELECTOR)
    assert reason(short(0, paused), LIMIT).startswith("Paused()")
    assert reason(short(700_000, paused), LIMIT).startswith("Paused()")


def test_a_refusal_without_a_reason_is_said():
    """Not a pair of empty brackets."""
    assert reason(short(10**9), 30_000) == "refused without a reason"
    assert reason(short(0), 30_000).startswith("it passes when played again")


@pytest.mark.parametrize(
    ("named", "given"),
    [({}, 125_000), ({"gas": 1_500_000}, 1_500_000), ({"gas": 5}, 125_000), ({"gas": 10**9}, BLOCK_LIMIT)],
)
def test_a_transaction_has_at_least_the_gas_that_it_names(named, given):
    """Which is no limit of the estimate, and never beyond the block's."""
    asked = []
    eth = SimpleNamespace(
        chain_id=1,
        max_priority_fee=1,
        estimate_gas=lambda transaction: asked.append(transaction) or 100_000,
        get_block=lambda _: {"gasLimit": BLOCK_LIMIT, "baseFeePerGas": 7},
        get_transaction_count=lambda *_: 3,
    )
    web3 = SimpleNamespace(eth=eth, to_wei=lambda value, _: value)
    transactor = Transactor(web3, SimpleNamespace(address="0x"), lambda: ErrorBook([]))
    assert transactor._complete({"to": "0x", **named})["gas"] == given
    assert asked == [{"from": "0x", "value": 0, "to": "0x"}]
