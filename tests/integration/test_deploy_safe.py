"""A market is changed through a Safe: exported, hashed offline, signed, scheduled, waited for, executed, followed."""

import json
from dataclasses import replace

import pytest
from eth_account.messages import encode_typed_data
from hexbytes import HexBytes
from safe_eth.eth import EthereumClient
from safe_eth.safe import Safe as SafeLibrary

from crossmargin.chain.decimals import wad
from crossmargin.deployment import plan
from crossmargin.deployment.configure import operations
from crossmargin.deployment.export import export_calls
from crossmargin.deployment.review import read_file, review
from crossmargin.deployment.safe import batch_checksum
from crossmargin.deployment.track import follow, meaning, strangers
from crossmargin.errors import DeploymentError
from tests.helpers.changes import MARKET, listing_market

OTHER = "0x000000000000000000000000000000000000dEaD"


@pytest.fixture
def changed(governed_by):
    """Change a fee, as somebody without any key of the Safe would export it."""

    def change(config):
        fees = config.rules["ETH"].model_copy(update={"taker_fee": config.rules["ETH"].taker_fee * 2})
        return config.model_copy(update={"rules": {**config.rules, "ETH": fees}})

    return governed_by(change)


def sign_and_send(safe, entry, signers, sender):
    """Build the file's transaction with Safe's own library, compare its hash, sign it and bring it to the Safe."""
    fields = entry["safeTx"]
    library = SafeLibrary(safe.address, EthereumClient(safe.url))
    transaction = library.build_multisig_tx(
        fields["to"], int(fields["value"]), bytes(HexBytes(fields["data"])), safe_nonce=int(fields["nonce"])
    )
    assert transaction.safe_tx_hash.to_0x_hex() == entry["safeTxHash"]
    for each in signers:
        transaction.sign(each.private_key)
    transaction.call(tx_sender_address=sender.address)
    sent, _ = transaction.execute(sender.private_key)
    assert library.w3.eth.wait_for_transaction_receipt(sent)["status"] == 1


def exported(context, folder):
    """Export what comes next; read both files."""
    export_calls(context, operations(context, plan(context.config)), folder)
    return [json.loads((folder / name).read_text()) for name in ("batch.json", "signing.json")]


def test_a_change_goes_through_a_safe(venue, changed, safe, owners, other, tmp_path):
    """Schedule, delay, execute: each step signed from the files alone, and seen in the record."""
    batch, signing = exported(changed, tmp_path)
    (entry,) = signing["transactions"]
    (call,) = batch["transactions"]
    (tracked,) = changed.record.operations
    assert (entry["method"], tracked.state) == ("schedule", "exported")
    assert entry["meaning"].startswith("Exchange.setRules(")

    sign_and_send(safe, entry, owners[:2], other)

    follow(changed)
    assert tracked.state == "scheduled"
    assert not any(each.waits for each in strangers(changed))
    assert exported(changed, tmp_path)[1]["transactions"] == []
    venue.warp(venue.config.governance.delay)

    (entry,) = exported(changed, tmp_path)[1]["transactions"]
    assert (entry["method"], entry["safeTx"]["nonce"]) == ("execute", "1")
    sign_and_send(safe, entry, owners[1:], other)

    follow(changed)
    assert tracked.state == "executed"
    assert operations(changed, plan(changed.config)) == []
    assert call["contractMethod"]["name"] == "schedule"


def test_a_market_is_listed_through_a_safe(venue, governed_by, safe, owners, other, trader, maker, tmp_path):
    """With the rules of its fills, both in two rounds; then it is traded."""
    listing = governed_by(listing_market)
    for step in ("schedule", "execute"):
        _, signing = exported(listing, tmp_path)
        assert [(each["step"], each["method"]) for each in signing["transactions"]] == [
            ("rules.USDT", step),
            (f"instrument.{MARKET}.listed", step),
        ]
        for entry in signing["transactions"]:
            sign_and_send(safe, entry, owners[:2], other)
        venue.warp(venue.config.governance.delay)

    assert operations(listing, plan(listing.config)) == []
    for each in (trader, maker):
        venue.deposit(each, "USDC", "1000")
    venue.trade(trader, maker, listing.record.instruments[MARKET], "500", "1")
    assert venue.position(trader, listing.record.instruments[MARKET])[0] == wad(500)


def test_hashes_are_those_of_the_safe_and_of_eip_712(changed, safe, node, tmp_path):
    """The contract's own hash, and domain and message by another library."""
    _, signing = exported(changed, tmp_path)
    (entry,) = signing["transactions"]
    transaction = {
        name: HexBytes(value) if name == "data" else value if value.startswith("0x") else int(value)
        for name, value in entry["safeTx"].items()
    }

    assert HexBytes(entry["safeTxHash"]) == HexBytes(safe.contract.getTransactionHash(*transaction.values()))
    assert HexBytes(entry["domainHash"]) == HexBytes(safe.contract.domainSeparator())
    signable = encode_typed_data(full_message=safe.document(transaction))
    assert (HexBytes(entry["domainHash"]), HexBytes(entry["messageHash"])) == (signable.header, signable.body)
    assert signing["safeVersion"] == "1.4.1"


def test_the_batch_is_the_transaction_builders(changed, safe, venue, tmp_path):
    """Version, chain, meta with its checksum, and decoded calls whose data says the same."""
    batch, _ = exported(changed, tmp_path)
    (call,) = batch["transactions"]

    assert (batch["version"], batch["chainId"]) == ("1.0", "31337")
    assert batch["meta"]["createdFromSafeAddress"] == safe.address
    assert batch["meta"]["checksum"] == batch_checksum(batch)
    assert batch_checksum({**batch, "chainId": "1"}) != batch["meta"]["checksum"]
    values = call["contractInputsValues"]
    assert list(values) == [each["name"] for each in call["contractMethod"]["inputs"]] == ["target", "data", "when"]
    assert call["data"] == venue.manager.schedule.encode(values["target"], values["data"], int(values["when"]))
    assert call["to"] == venue.manager.address


def test_a_signer_sees_what_a_file_would_change(changed, safe, venue, node, run, tmp_path):
    """On a copy, after the delay, without a price growing old; the chain itself stays as it is."""
    _, signing = exported(changed, tmp_path)
    (entry,) = signing["transactions"]
    block = node.web3.eth.block_number

    code, said = run("review", changed, tmp_path / "signing.json")

    assert code == 0
    assert said.startswith(
        f"1 transactions of {safe.address}; compare the hashes with the wallet's:\n- nonce 0: schedule "
    )
    assert f"  domain {entry['domainHash']} message {entry['messageHash']} safeTx {entry['safeTxHash']}\n" in said
    assert [line.split() for line in said.splitlines() if "│" in line] == [
        ["│", "rules.ETH.takerFee", "│", "400", "│", "800", "│"]
    ]
    assert node.web3.eth.block_number == block
    assert venue.exchange.rulesOf(venue.feed("ETH"))["takerFee"] == 400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda entry: entry["safeTx"].update(to=OTHER), "its domainHash is|its messageHash is"),
        (lambda entry: entry["safeTx"].update(operation="1"), "its safeTx is"),
        (lambda entry: entry.update(safeTxHash="0x" + "11" * 32), "its safeTxHash is"),
    ],
)
def test_a_file_that_was_changed_is_not_for_signing(changed, safe, tmp_path, change, said):
    """Whatever it says must be what its hashes say."""
    _, signing = exported(changed, tmp_path)
    change(signing["transactions"][0])
    (tmp_path / "signing.json").write_text(json.dumps(signing))
    with pytest.raises(DeploymentError, match=said):
        read_file(tmp_path / "signing.json", 31337, safe.address)


def test_a_signer_sees_the_call_and_not_what_the_file_says_of_it(changed, safe, tmp_path):
    """Text beside the hashes is nobody's signature."""
    _, signing = exported(changed, tmp_path)
    signing["transactions"][0].update(step="nothing", meaning="nothing", method="nothing")
    (tmp_path / "signing.json").write_text(json.dumps(signing))

    (entry,) = read_file(tmp_path / "signing.json", 31337, safe.address)

    assert meaning(changed, entry.to, entry.data).startswith("schedule Exchange.setRules(")
    assert meaning(changed, OTHER, entry.data).startswith(f"a call of {OTHER}, which is no contract of the venue: 0x")


def test_a_signer_sees_what_would_be_refused(changed, safe, other, tmp_path):
    """Executed before it was scheduled: by the call's name, with the remedy."""
    exported(changed, tmp_path)
    (entry,) = read_file(tmp_path / "signing.json", 31337, safe.address)
    target, data, _ = changed.contract("AccessManager").decode_function_input(entry.data)[1].values()
    early = changed.contract("AccessManager").encode_abi("execute", args=[target, data])

    found = review(changed, plan(changed.config), safe.address, [replace(entry, data=early)])

    ((place, remedy),) = [(each.place, each.remedy) for each in found.refused]
    assert place.startswith("execute Exchange.setRules(")
    assert found.changes == []
    assert remedy


def test_a_file_for_another_safe_is_refused(changed, safe, tmp_path):
    """Chain and Safe are this venue's."""
    exported(changed, tmp_path)
    with pytest.raises(DeploymentError, match="is for chain 31337"):
        read_file(tmp_path / "signing.json", 1, safe.address)
