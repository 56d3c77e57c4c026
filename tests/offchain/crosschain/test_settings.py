"""The configuration of signers and relayers, and what is wrong with it in a line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from crossmargin.crosschain.command import main
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.errors import RelayConfigError

A, B = "0x" + "11" * 20, "0x" + "22" * 20
FILE = f"""
hub = "venue"

[chains.venue]
rpc = "http://$NODE:8545"
domain = 31337
contract = "{A}"
finality = "finalized"

[chains.other]
rpc = "http://127.0.0.1:8546"
domain = 31338
contract = "{B}"
finality = 12

[transports.signers]
kind = "attestation"
at = {{ venue = "{A}", other = "{B}" }}
stores = ["signatures"]

[signers.first]
transport = "signers"
key = {{ env = "FIRST_SIGNER" }}
store = "signatures"

[relay]
key = {{ keystore = "relay-key.json", passphrase_env = "PASSPHRASE" }}
spend_limit = 0.25
"""


@pytest.fixture
def load(tmp_path):
    """Load a file with changes."""

    def read(*changes):
        text = FILE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "crosschain.toml"
        path.write_text(text)
        return CrossChainSettings.load(path)

    return read


def test_folders_are_beside_the_file(load, tmp_path, monkeypatch):
    """Variables in a node's address come from the environment; money is exact."""
    monkeypatch.setenv("NODE", "10.0.0.1")
    settings = load()
    assert settings.chains["venue"].url == "http://10.0.0.1:8545"
    assert settings.transports["signers"].stores == (tmp_path / "signatures",)
    assert settings.signers["first"].store == tmp_path / "signatures"
    assert settings.relay.key.keystore == tmp_path / "relay-key.json"
    assert settings.relay.spent_file == tmp_path / "relay-spent.json"
    assert settings.relay.seen == tmp_path / "relay-seen"
    assert str(settings.relay.spend_limit) == "0.25"
    assert (settings.spokes, settings.names) == (("other",), {31337: "venue", 31338: "other"})


def test_the_example_of_the_operators_page_is_right(tmp_path):
    """But for the addresses, which everybody has his own of."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "cross-chain-operators.md").read_text()
    text = page.partition("```toml\n")[2].partition("```")[0]
    path = tmp_path / "crosschain.toml"
    path.write_text(text.replace('"0x..."', f'"{A}"'))
    settings = CrossChainSettings.load(path)
    assert settings.transports.keys() == {"own", "hyperlane"}
    assert settings.relay.heartbeat == 300


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('hub = "venue"', 'hub = "here"'), "hub: no chain is named 'here'"),
        (("domain = 31338", "domain = 31337"), "chains: each needs a domain of its own"),
        (("finality = 12", 'finality = "soon"'), "chains.other.finality"),
        (("finality = 12", ""), "chains.other.finality: is missing"),
        (("finality = 12", "finality = 12\nblocks = 3"), "chains.other.blocks: no such field"),
        ((f'contract = "{B}"', 'contract = "0x1"'), "chains.other.contract: '0x1' is not an address with its checksum"),
        (('kind = "attestation"', 'kind = "pigeon"'), "transports.signers.kind"),
        (
            ('kind = "attestation"', 'kind = "hyperlane"\nstanding = "fast"'),
            "transports.signers.standing: a checkpoint cannot be taken back: only full",
        ),
        ((f'venue = "{A}", ', ""), "transports.signers.at: the hub's chain is missing"),
        (("other = ", "third = "), "transports.signers.at: no chain is named 'third'"),
        (('transport = "signers"', 'transport = "x"'), "signers.first.transport: no transport is named 'x'"),
        (('store = "signatures"', 'store = "s"\nchains = ["x"]'), "signers.first.chains: the transport is not on 'x'"),
        (("spend_limit = 0.25", "spend_limit = -1"), "relay.spend_limit"),
        (("[relay]", "[relay"), "not TOML"),
    ],
)
def test_mistakes_are_told_in_a_line(load, tmp_path, change, said):
    """With the file and the field."""
    with pytest.raises(RelayConfigError) as caught:
        load(change)
    assert str(caught.value).startswith(f"{tmp_path / 'crosschain.toml'}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["attest"], "signers.first.key: the environment has no FIRST_SIGNER"),
        (["attest", "second"], "no signer of attestation is named 'second': there are first"),
        (["validate"], "the configuration names no signers of hyperlane"),
        (["relay"], "relay.key: the environment has no PASSPHRASE"),
    ],
)
def test_commands_end_with_a_line(load, tmp_path, monkeypatch, arguments, said):
    """And status 1."""
    monkeypatch.delenv("FIRST_SIGNER", raising=False)
    monkeypatch.delenv("PASSPHRASE", raising=False)
    load()
    result = CliRunner().invoke(main, [arguments[0], "--config", str(tmp_path / "crosschain.toml"), *arguments[1:]])
    assert result.exit_code == 1
    assert f"crosschain: {said}" in result.output
