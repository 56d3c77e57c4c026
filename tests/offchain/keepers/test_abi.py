import pytest

from keepers.abi import ErrorCodec, load_abi
from keepers.chain import RawLog
from keepers.errors import AbiError, ResponseError
from tests.offchain.keepers.sample_venue import ADDRESSES, log_of, paper_venue


def test_logs_are_read_as_the_general_codec_writes_them():
    """Signed numbers, wide ids, addresses, flags and structs survive."""
    args = {"account": 2**256 - 1, "id": 2**60, "size": -5, "basis": -(2**127)}
    (event,) = paper_venue().decode([log_of("Clearinghouse", "PositionChanged", **args)])
    assert (event.contract, event.name, event.args) == ("Clearinghouse", "PositionChanged", args)
    token = "0x" + "ab" * 20
    moved = {"from": 1, "to": 2, "token": token, "amount": 3}
    assert paper_venue().decode([log_of("MarginVault", "CollateralMoved", **moved)])[0].args == moved
    maintenance = {"liquidityHaircut": 1, "collateralShock": 2, "derivativeShock": 3}
    params = {"maintenance": maintenance, "initial": {}, "group": 4, "exposureCap": 5}
    (event,) = paper_venue().decode([log_of("RiskParameters", "UnderlyingSet", underlying=9, params=params)])
    assert event.args["params"]["maintenance"] == {**maintenance, "basisCharge": 0, "basisChargePerYear": 0}
    assert (event.args["underlying"], event.args["params"]["group"], event.args["params"]["exposureCap"]) == (9, 4, 5)


def test_foreign_logs_are_left_out():
    """Another address, another topic, no topic: none of the venue's."""
    known = log_of("MarginVault", "CashChanged", account=1, delta=2, cash=3)
    strangers = [
        RawLog(1, "h", 0, "t", "0x" + "99" * 20, known.topics, known.data),
        RawLog(1, "h", 0, "t", ADDRESSES["MarginVault"], ("0x" + "12" * 32,), known.data),
        RawLog(1, "h", 0, "t", ADDRESSES["MarginVault"], (), known.data),
    ]
    assert paper_venue().decode(strangers) == []


def test_cut_off_data_is_an_error():
    """Missing words are not read as zeros."""
    known = log_of("MarginVault", "CashChanged", account=1, delta=2, cash=3)
    cut = RawLog(1, "h", 0, "t", known.address, known.topics, known.data[:-2])
    with pytest.raises(ResponseError):
        paper_venue().decode([cut])
    with pytest.raises(ResponseError):
        paper_venue().decode_output("MarginLens", "screen", b"\x00" * 31)


def test_reverts_are_named():
    """A custom error comes out with its arguments."""
    codec = ErrorCodec([load_abi("LiquidationAuction")])
    from eth_abi.abi import encode
    from eth_utils.crypto import keccak

    data = keccak(text="NonceMismatch(uint256,uint256,uint256)")[:4] + encode(["uint256"] * 3, [1, 2, 3])
    assert codec.describe("0x" + data.hex()) == "NonceMismatch(account=1, actual=2, expected=3)"
    assert codec.describe("0x12345678") == "0x12345678"


def test_unknown_names_are_errors():
    """A renamed function or a missing file is found at once."""
    with pytest.raises(AbiError):
        load_abi("NoSuchContract")
    with pytest.raises(AbiError):
        load_abi("MarginLens").function("noSuchFunction")
