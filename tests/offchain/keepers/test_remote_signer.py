"""A key on another machine: what it signs is what was asked for, or nothing is sent."""

import asyncio
import json

import httpx
import pytest
from eth_account import Account

from keepers.errors import SignerError
from keepers.executor import load_signer
from keepers.executor.local import KeySigner
from keepers.executor.remote import RemoteSigner
from keepers.executor.signer import Fees, Unsigned
from keepers.settings import SignerSettings
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import KEY

OWN = KeySigner(Account.from_key(KEY), 31337)
CALL = Unsigned(3, "0x" + "bb" * 20, "0x1234", 50_000, Fees(9 * GWEI, GWEI))


def _answering(**changes: object) -> httpx.MockTransport:
    """Give a signer that signs what it is asked, but for the changes."""

    def answer(request: httpx.Request) -> httpx.Response:
        (asked,) = json.loads(request.content)["params"]
        assert asked.pop("from") == OWN.address
        fields = {name: int(value, 16) if name not in {"to", "data"} else value for name, value in asked.items()}
        fields = {**fields, "to": Account.from_key(KEY).address if "to" in changes else _sum(asked["to"])}
        key = changes.get("key", KEY)
        fields |= {name: value for name, value in changes.items() if name not in {"key", "to"}}
        signed = Account.sign_transaction(fields, key)
        return httpx.Response(200, json={"id": 1, "result": "0x" + bytes(signed.raw_transaction).hex()})

    return httpx.MockTransport(answer)


def _sum(address: str) -> bytes:
    return bytes.fromhex(address.removeprefix("0x"))


def _sign(transport: httpx.MockTransport):
    return asyncio.run(RemoteSigner("http://signer", OWN.address, 31337, transport).sign(CALL))


def test_it_signs_as_the_key_would():
    """The same transaction, to the byte."""
    assert _sign(_answering()) == asyncio.run(OWN.sign(CALL))


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": 4},
        {"value": 1},
        {"to": None},
        {"gas": 60_000},
        {"chainId": 1},
        {"data": "0x"},
        {"key": "0x" + "02" * 32},
    ],
)
def test_another_transaction_is_refused(changes):
    """Whatever differs: nonce, value, receiver, gas, chain, data, or who signed."""
    with pytest.raises(SignerError):
        _sign(_answering(**changes))


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json={"id": 1, "error": {"message": "locked"}}),
        httpx.Response(200, json={"id": 1, "result": "0x02ff"}),
        httpx.Response(502, text="<html>"),
    ],
)
def test_no_answer_is_no_signature(response):
    """An error, nonsense, or a page of a proxy."""
    with pytest.raises(SignerError):
        _sign(httpx.MockTransport(lambda _: response))


def test_settings_name_one_key():
    """A keystore or a remote signer, and the latter with its address."""
    settings = SignerSettings(remote_url="http://signer", remote_address=OWN.address)
    assert load_signer(settings, 31337).address == OWN.address
    for wrong in ({"remote_url": "http://s"}, {"remote_address": OWN.address}):
        with pytest.raises(ValueError, match="go together"):
            SignerSettings(**wrong)
    with pytest.raises(ValueError, match="not both"):
        SignerSettings(keystore="k", remote_url="http://s", remote_address=OWN.address)
