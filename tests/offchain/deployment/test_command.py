"""What a person types wrong, or a node refuses, ends in one line that says what to do."""

import click
import pytest
from requests import ConnectionError as NoConnection
from web3.exceptions import Web3RPCError

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.command import find_config, stated_errors
from crossmargin.errors import NetworkConfigError

RIGHT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
POOR = "insufficient funds for gas * price + value"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (RIGHT.lower(), f"has no checksum: compare with its source, then write {RIGHT}"),
        (RIGHT.replace("C8", "c8"), "wrong checksum"),
        (RIGHT[:-1], "not an address"),
        ("venue-governor", "not an address"),
    ],
)
def test_an_address_is_taken_by_its_checksum_alone(address, said):
    """The option is named, and the right form where it can be known."""
    config = NetworkConfig.load(REPOSITORY / "config" / "local.toml")
    with pytest.raises(NetworkConfigError, match=said) as caught:
        config.with_roles(second_guardian=address)
    assert str(caught.value).startswith(f"--second-guardian {address}: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_toml_is_named(tmp_path, monkeypatch):
    """Also where it is another network's: it may be the one that is looked for."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "other.toml").write_text("network = local")
    monkeypatch.setattr("crossmargin.deployment.command.REPOSITORY", tmp_path)
    with pytest.raises(NetworkConfigError, match=r"other\.toml:1: not TOML: invalid value, in column 11$"):
        find_config(1, None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            Web3RPCError("{...}", rpc_response={"error": {"message": POOR}}),
            f"the node refuses: {POOR}: send the account more for gas, then go on by the same command",
        ),
        (NoConnection("refused\nmore"), "the node does not answer as it should: refused"),
        (NotADirectoryError(20, "Not a directory", "LICENSE/31337.json"), "LICENSE/31337.json: Not a directory"),
    ],
)
def test_what_a_node_or_the_system_answers_is_one_line(error, said):
    """No traceback."""
    with pytest.raises(click.ClickException) as caught, stated_errors():
        raise error
    assert caught.value.message == said
