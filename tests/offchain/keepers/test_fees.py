"""What data costs on other chains: by their own formulas, before something is sent and after."""

import asyncio
from hashlib import sha256

import pytest

from crossmargin.model.units import WAD
from keepers.errors import ResponseError
from keepers.fees import ArbitrumData, EcotoneData, FjordData, NoData, fee_model, sample
from keepers.fees.fastlz import fastlz_length
from keepers.fees.models import ARB_SYS, NODE_INTERFACE, ORACLE, Arbitrum, OpStack
from keepers.store import ActionStatus
from keepers.strategies import ActionKind, decide
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import Bench, _action
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.venue_samples import DEFAULTS, account, snapshot

# transactions that OP-stack clients test their formulas with
EMPTY = bytes.fromhex("dd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080")
CALL = bytes.fromhex(
    "02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c190a86bb870151bd62fd12adb8e41ef24f3f"
    f"{'00' * 31}6e{'00' * 12}af88d065e77c8cc2239327c5edb3a432268e5831{'00' * 29}03c1e5{'00' * 63}a0"
    f"{'00' * 31}148c89ed219d02f1a5be012c689b4f5b731827bebe{'00' * 12}"
    "c001a033fd89cb37c31b2cba46b6466e040c61fc9b2a3675a7f5f493ebd5ad77c497f8"
    "a07cdf65680e238392693019b4092f610222e71b7cec06449cb922b93b6a12744e"
)
PRICES = (GWEI, GWEI // 100, 2, 3)
SELECTORS = {
    "isEcotone": "0x4ef6e224",
    "isFjord": "0x960e3a23",
    "l1BaseFee": "0x519b4bd3",
    "blobBaseFee": "0xf8206140",
    "baseFeeScalar": "0xc5985918",
    "blobBaseFeeScalar": "0x68d5dca6",
}


def _word(value: int) -> str:
    return f"{value:064x}"


def _op_chain(*, fjord: bool | None = True, ecotone: bool = True) -> FakeChain:
    """Give a chain whose gas price oracle answers; of before Fjord it does not know that word."""
    chain = FakeChain()
    chain.codes[ORACLE] = "0x60"
    values = dict(zip(SELECTORS, (ecotone, bool(fjord), *PRICES), strict=True))
    for name, value in values.items():
        chain.views[SELECTORS[name]] = "0x" + _word(int(value))
    if fjord is None:
        chain.reverts.add(SELECTORS["isFjord"])
    return chain


def _arbitrum_chain(per_unit: int) -> FakeChain:
    """Give a chain whose node estimates by components, of whatever it is asked about."""
    chain = FakeChain()
    chain.codes[ARB_SYS] = "0xfe"
    asked = f"0xc94e6eeb{_word(0)}{_word(0)}{_word(96)}{_word(0)}"
    chain.views[asked] = "0x" + "".join(map(_word, (30_000, 9_000, GWEI // 10, per_unit)))
    return chain


def _price(chain: FakeChain, name: str = "auto"):
    async def read():
        node = chain.node()
        return await (await fee_model(name, node)).price(await node.head())

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("data", "length"), [(b"", 0), (b"\1" * 1000, 21), (bytes(1000), 21), (EMPTY, 31), (CALL, 202)]
)
def test_compressed_lengths_are_the_chains(data, length):
    """As the clients of OP-stack chains compute them."""
    assert fastlz_length(data) == length


def test_noise_does_not_shrink():
    """Nothing is found twice in noise: every 32 bytes bear one more."""
    noise = b"".join(sha256(bytes([number])).digest() for number in range(8))
    assert fastlz_length(noise) == 256 + 8


def test_formulas_give_the_known_fees():
    """Fjord has a least size of 100; Ecotone asks by bytes. Both as the clients' own tests have them."""
    assert FjordData(*PRICES).fee(EMPTY) == 3_203_000
    assert EcotoneData(*PRICES).fee(EMPTY) == 960_900
    size = -42_585_600 + 836_500 * 202
    assert FjordData(*PRICES).fee(CALL) == size * (16 * 2 * GWEI + 3 * GWEI // 100) // 10**12


def test_chains_are_told_apart():
    """By what they are born with; the fork by what their oracle says. A chain before Ecotone is refused."""
    assert _price(FakeChain()) == NoData()
    assert _price(_op_chain()) == FjordData(*PRICES)
    assert _price(_op_chain(fjord=False)) == _price(_op_chain(fjord=None)) == EcotoneData(*PRICES)
    assert _price(_arbitrum_chain(7)) == ArbitrumData(7)
    assert _price(_op_chain(), "plain") == NoData()
    with pytest.raises(ResponseError, match="Ecotone"):
        _price(_op_chain(ecotone=False))
    with pytest.raises(ResponseError, match="NodeInterface"):
        _price(FakeChain(), "arbitrum")
    assert NODE_INTERFACE.endswith("c8")


def test_a_block_is_asked_about_once():
    """What was read is kept until the next block."""

    async def read() -> list[str]:
        chain = _op_chain()
        node = chain.node()
        model = OpStack(node)
        head = await node.head()
        chain.asked.clear()
        await model.price(head)
        await model.price(head)
        return chain.asked

    assert asyncio.run(read()) == ["eth_call"] * 6


def test_data_counts_in_what_is_expected():
    """A start that its pay covers is left alone once its data costs more than that; Arbitrum's data too."""
    sick = account(excess=-100, equity=900)  # its start pays 6 dollars; ether costs 2,000
    for dear in (FjordData(10**13, GWEI, 10**6, 1), EcotoneData(10**13, GWEI, 10**6, 1), ArbitrumData(10**12)):
        assert decide(snapshot(sick, data=dear), DEFAULTS) == []
    for cheap in (FjordData(GWEI, GWEI, 1000, 1), EcotoneData(GWEI, GWEI, 1000, 1), ArbitrumData(GWEI // 10)):
        (found,) = decide(snapshot(sick, data=cheap), DEFAULTS)
        assert found.kind is ActionKind.START
        gas = snapshot(sick).gas_cost(sick)
        assert found.expected == 6 * WAD - gas - cheap.fee(sample(7)) * 2000


def test_samples_are_as_long_as_calls_and_shrink_as_they_do():
    """A word of arguments is 32 bytes; a signed call of seven compresses to about three quarters."""
    assert len(sample(7)) == 124 + 7 * 32
    assert 220 < fastlz_length(sample(7)) < 340


@pytest.mark.parametrize("extra", [0, 1])
def test_signed_bytes_are_priced_before_they_are_sent(tmp_path, extra):
    """An action whose budget is a wei short of gas and data is not sent."""
    bench = Bench(tmp_path)
    bench.fees = OpStack(_op_chain().node())
    bench.restart()
    probe = _action(nonce=1)
    assert bench.submit(probe)
    (row,) = bench.journal.transactions(1)
    fee = FjordData(*PRICES).fee(bytes.fromhex(row.raw[2:]))
    assert fee > 0
    bench.journal.set_status(1, ActionStatus.DROPPED)
    assert bench.submit(_action(nonce=1, gas_budget=100_000 * 2 * GWEI + fee - extra)) is not bool(extra)
    bench.database.close()


def test_gas_money_covers_the_fee_beside_the_gas(tmp_path):
    """Where data is paid beside the gas the signer needs both."""
    bench = Bench(tmp_path)
    bench.fees = OpStack(_op_chain().node())
    bench.restart()
    bench.chain.balance = 125_000 * 3 * GWEI
    assert not bench.submit(_action())
    assert bench.executor.lacking is not None
    bench.database.close()


@pytest.mark.parametrize(
    ("charged", "data"),
    [
        ({}, 0),
        ({"l1Fee": hex(10**16)}, 10**16),
        ({"gasUsedForL1": hex(30_000)}, 30_000 * 2 * GWEI),
    ],
)
def test_data_counts_in_what_is_booked(tmp_path, charged, data):
    """A fee beside the gas is added, a part of the gas is in it already; either is named."""
    bench = Bench(tmp_path)
    bench.chain.charged = charged
    bench.submit(_action())
    for _ in range(3):
        bench.chain.mine()
    bench.poll()
    (row,) = bench.journal.actions()
    beside = data if "l1Fee" in charged else 0
    assert row.gas_cost == (90_000 * 2 * GWEI + beside) * 2000
    assert row.data_cost == data * 2000
    assert bench.executor.tracker.fresh[0].take == -row.gas_cost
    bench.database.close()


def test_arbitrum_estimates_hold_the_data(tmp_path):
    """What is in the estimate of gas is not asked for twice."""
    bench = Bench(tmp_path)
    bench.fees = Arbitrum(_arbitrum_chain(GWEI).node())
    bench.restart()
    assert bench.submit(_action(gas_budget=100_000 * 2 * GWEI))
    bench.database.close()
