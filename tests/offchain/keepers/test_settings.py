import tomllib
from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address

from keepers.addresses import address_of
from keepers.errors import SettingsError
from keepers.example import example_config
from keepers.settings import Settings, SignerSettings, load_settings

OWNER = '[bidder]\nowner = "0x00000000000000000000000000000000000000AA"\n'


def _write(folder: Path, text: str) -> Path:
    path = folder / "keeper.toml"
    path.write_text(text)
    return path


def test_example_is_valid_and_shows_every_setting(tmp_path):
    """The printed example loads, and uncommented it names the defaults."""
    example = example_config()
    loaded = load_settings(_write(tmp_path, example))
    assert loaded.signer.keystore == Path("keeper.json")
    assert loaded.dry_run
    for name, field in Settings.model_fields.items():
        assert name in example
        for key in getattr(field.annotation, "model_fields", {}):
            assert f"{key} = " in example
    tomllib.loads(example)


def test_dry_run_is_the_default_and_live_overrides_it(tmp_path):
    """Sending needs an explicit word."""
    path = _write(tmp_path, '[signer]\nkeystore = "k.json"\n')
    assert load_settings(path).dry_run
    assert not load_settings(path, live=True).dry_run


def test_amounts_are_read_exactly(tmp_path):
    """USD and gwei become integers without a float's error."""
    loaded = load_settings(_write(tmp_path, OWNER + '[strategy]\nmin_profit = "0.1"\n[executor]\ntip = 0.25\n'))
    assert loaded.strategy.min_profit == 10**17
    assert loaded.executor.tip == 250_000_000


def test_environment_wins_over_the_file(tmp_path, monkeypatch):
    """A container can override single settings."""
    monkeypatch.setenv("KEEPER_CHAIN__CHAIN_ID", "7")
    path = _write(tmp_path, OWNER + "[chain]\nchain_id = 5\n")
    assert load_settings(path).chain.chain_id == 7


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (OWNER + "[strategy]\nmin_proft = 1\n", "min_proft"),
        (OWNER + "[chain]\npoll_interval = 0\n", "poll_interval"),
        (OWNER + "[executor]\nbump_ppm = 50000\n", "bump_ppm"),
        (OWNER + '[strategy]\nmin_profit = "0.0000000000000000001"\n', "min_profit"),
        ('[bidder]\nowner = "0x12"\n', "not an address"),
        ("dry_run = false\n", "keystore"),
        ("", "keystore"),
        ("[chain\n", "keeper.toml"),
    ],
)
def test_wrong_configuration_is_refused_by_name(tmp_path, text, word):
    """A typo, a value out of range or a missing key names itself."""
    with pytest.raises(SettingsError, match=word):
        load_settings(_write(tmp_path, text))


def test_missing_file_is_refused(tmp_path):
    """No configuration is not an empty one."""
    with pytest.raises(SettingsError, match="no configuration"):
        load_settings(tmp_path / "none.toml")


def test_passphrase_comes_from_one_source(tmp_path, monkeypatch):
    """Environment or file, never both, never neither; the file must be private."""
    secret = tmp_path / "secret"
    secret.write_text("open sesame\n")
    secret.chmod(0o600)
    assert SignerSettings(passphrase_file=secret).passphrase() == "open sesame"
    monkeypatch.setenv("WORD", "hush")
    assert SignerSettings(passphrase_env="WORD").passphrase() == "hush"
    secret.chmod(0o644)
    for wrong in (
        SignerSettings(),
        SignerSettings(passphrase_env="WORD", passphrase_file=secret),
        SignerSettings(passphrase_env="UNSET_WORD"),
        SignerSettings(passphrase_file=secret),
        SignerSettings(passphrase_file=tmp_path / "none"),
    ):
        with pytest.raises(SettingsError):
            wrong.passphrase()


@pytest.mark.parametrize("case", [str.lower, str, lambda text: "0x" + text[2:].upper(), lambda text: text[2:]])
def test_address_is_read_with_a_right_checksum_or_none(case):
    """As eth_utils has it, in lower case."""
    text = to_checksum_address("0x" + "5a" * 19 + "ef")
    assert address_of(case(text)) == text.lower()


@pytest.mark.parametrize(
    "text", ["", "0x12", "0x" + "g" * 40, "0x" + to_checksum_address("0x" + "5a" * 20)[2:].swapcase()]
)
def test_wrong_address_is_refused(text):
    """A typing mistake shows in the checksum."""
    with pytest.raises(ValueError, match="not an address"):
        address_of(text)
