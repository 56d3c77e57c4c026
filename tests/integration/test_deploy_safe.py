"""A market is changed through a Safe: exported, hashed offline, signed, scheduled, waited for, executed, followed."""

import json

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hexbytes import HexBytes

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, VenueContext, plan
from crossmargin.deployment.configure import operations
from crossmargin.deployment.export import export_calls
from crossmargin.deployment.review import read_file, review
from crossmargin.deployment.roles import Role
from crossmargin.deployment.safe import batch_checksum
from crossmargin.deployment.track import follow, strangers
from crossmargin.errors import DeploymentError
from tests.helpers.safe import Safe

OTHER = "0x000000000000000000000000000000000000dEaD"


@pytest.fixture
def owners(accounts):
    """Three signers, of whom two are enough."""
    return list(accounts[12:15])


@pytest.fixture
def safe(venue, node, owners, governor, keeper):
    """Hand the governor's roles to a real Safe."""
    safe = Safe(node, owners, 2, sender=keeper)
    delay = venue.config.governance.delay
    for role in (Role.GOVERNOR, Role.ADMINISTRATOR):
        venue.govern(venue.manager, "grantRole", role, safe.address, delay)
    for role in (Role.GOVERNOR, Role.ADMINISTRATOR):
        venue.manager.renounceRole(role, governor, sender=governor)
    return safe


@pytest.fixture
def changed(venue, node, safe, other):
    """Change a fee, as somebody without any key of the Safe would export them."""
    config = venue.config.with_roles(governor=safe.address)
    fees = config.rules["ETH"].model_copy(update={"taker_fee": config.rules["ETH"].taker_fee * 2})
    config = config.model_copy(update={"rules": {**config.rules, "ETH": fees}})
    record = venue.record.model_copy(deep=True)
    record.roles["governor"] = safe.address
    chain = Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
    return VenueContext(chain, config, record)


def sign_and_send(safe, entry, owners, sender):
    """Sign the exported hash, which is all a wallet shows, and bring it to the Safe."""
    digest = HexBytes(entry["safeTxHash"])
    ordered = sorted(owners, key=lambda each: int(each.address, 16))
    signatures = b"".join(bytes(Account.unsafe_sign_hash(digest, each.private_key).signature) for each in ordered)
    fields = dict(entry["safeTx"])
    fields.pop("nonce")
    arguments = [value if value.startswith("0x") else int(value) for value in fields.values()]
    return safe.contract.execTransaction(*arguments, signatures, sender=sender)


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


def test_a_signer_sees_what_a_file_would_change(changed, safe, venue, node, tmp_path):
    """On a copy, after the delay, without a price growing old; the chain itself stays as it is."""
    exported(changed, tmp_path)
    block = node.web3.eth.block_number
    entries = read_file(tmp_path / "signing.json", 31337, safe.address)

    found = review(changed, plan(changed.config), safe.address, entries)

    assert found.refused == []
    assert found.changes == [("rules.ETH.takerFee", 400, 800)]
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


def test_a_file_for_another_safe_is_refused(changed, safe, tmp_path):
    """Chain and Safe are this venue's."""
    exported(changed, tmp_path)
    with pytest.raises(DeploymentError, match="is for chain 31337"):
        read_file(tmp_path / "signing.json", 1, safe.address)
