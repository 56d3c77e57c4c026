"""The keeper's configuration: one frozen object, read from a TOML file and KEEPER_ environment variables.

Amounts are given in the unit of the file (USD, gwei), defaults too; they are kept in wad and wei. Reads the file, the
environment and, when asked, the passphrase; nothing else.
"""

import os
import stat
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from crossmargin.chain.units import ChainId
from crossmargin.model.units import AssetIndex, Ppm
from keepers.chore_settings import ChoreSettings
from keepers.entries import AddressEntry as _Address
from keepers.entries import Entries as _Part
from keepers.entries import amount as _amount
from keepers.errors import SettingsError
from keepers.fleet_settings import FleetSettings
from keepers.outside import ClosingSettings, HedgerSettings, PricingSettings, RelaySettings
from keepers.routes import Route
from keepers.strategy_settings import StrategySettings
from keepers.units import Blocks, ClockSeconds, Gwei, Part

__all__ = [
    "BidderSettings",
    "ChainSettings",
    "ChoreSettings",
    "ExecutorSettings",
    "FleetSettings",
    "MirrorSettings",
    "ServiceSettings",
    "Settings",
    "SignerSettings",
    "StrategySettings",
    "load_settings",
]

MIN_BUMP: Final = Ppm(125_000)


class ChainSettings(_Part):
    """Where the chain and the venue are."""

    rpc_urls: Annotated[list[str], Field(min_length=1)] = Field(
        ["http://127.0.0.1:8545"],
        description="HTTP endpoints: the best is asked; with three, most and at least two must have a block",
    )
    ws_url: str | None = Field(None, description="WebSocket endpoint: only wakes the keeper early, polling goes on")
    chain_id: ChainId = Field(ChainId(31337), gt=0, description="refuse any other chain")
    deployment: Path | None = Field(None, description="deployment file; default deployments/<chain_id>.json")
    poll_interval: ClockSeconds = Field(ClockSeconds(1.0), gt=0, description="seconds between looks at the head")
    request_timeout: ClockSeconds = Field(
        ClockSeconds(5.0), gt=0, description="seconds until a whole answer counts as lost"
    )
    reorg_depth: Blocks = Field(Blocks(64), ge=1, description="blocks kept to be undone")
    confirmations: Blocks = Field(
        Blocks(3), ge=1, description="blocks on top of a receipt until it is settled; undone it is open again"
    )
    fee_model: Literal["auto", "plain", "op-stack", "arbitrum"] = Field(
        "auto", description="how the chain charges for data"
    )
    log_range: Blocks = Field(
        Blocks(2000), ge=1, description="most blocks per request while catching up; less where a node refuses"
    )


class SignerSettings(_Part):
    """The key that signs. The passphrase comes from an environment variable or a file, never from a flag."""

    keystore: Path | None = Field(None, description="encrypted keystore (JSON, version 3)")
    passphrase_env: str | None = Field(None, description="name of the environment variable with the passphrase")
    passphrase_file: Path | None = Field(None, description="file with the passphrase, readable by its owner only")

    remote_url: str | None = Field(None, description="JSON-RPC of a remote signer (web3signer), instead of a keystore")
    remote_address: _Address | None = Field(None, description="address that the remote signer signs for")

    @property
    def named(self) -> bool:
        """Whether there is a key to sign with."""
        return self.keystore is not None or self.remote_url is not None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.remote_url is None) != (self.remote_address is None):
            msg = "signer: remote_url and remote_address go together"
            raise ValueError(msg)
        if self.keystore is not None and self.remote_url is not None:
            msg = "signer: name a keystore or a remote signer, not both"
            raise ValueError(msg)
        return self

    def passphrase(self) -> str:
        """Read the passphrase from the one source that is configured."""
        if (self.passphrase_env is None) == (self.passphrase_file is None):
            msg = "signer: name exactly one of passphrase_env and passphrase_file"
            raise SettingsError(msg)
        if self.passphrase_env is not None:
            value = os.environ.get(self.passphrase_env)
            if value is None:
                msg = f"signer: environment variable {self.passphrase_env} is not set"
                raise SettingsError(msg)
            return value
        return _read_secret(self.passphrase_file or Path())


class BidderSettings(_Part):
    """The vault account that bids: its owner is the signer, or gave the signer the permission to bid."""

    owner: _Address | None = Field(None, description="owner of the account; default the signer")
    sub_id: int = Field(0, ge=0, lt=2**96, description="sub-account")


class MirrorSettings(_Part):
    """How the local copy of the venue is screened and checked."""

    screen_margin_ppm: Part = Field(
        Ppm(20_000), description="accounts below a health factor of 1 + this are verified exactly"
    )
    audit_every: Blocks = Field(
        Blocks(5), ge=1, description="blocks between checks of random accounts against the chain"
    )
    audit_sample: int = Field(16, ge=1, description="accounts per check")
    audit_tolerance_ppm: Part = Field(Ppm(200), description="largest difference of a health factor [ppm]")
    clean_audits: int = Field(3, ge=1, description="checks without mismatch until trading resumes")
    verify_most: int = Field(200, ge=1, description="accounts near liquidation verified per block, worst first")
    heal_every: Blocks = Field(
        Blocks(50), ge=1, description="blocks between refreshes of the next accounts from the chain"
    )
    chunk: int = Field(40, ge=1, description="accounts per call to the lens")


class ExecutorSettings(_Part):
    """How transactions are sent."""

    tip: Gwei = _amount(1, "priority fee [gwei]")
    max_fee: Gwei = _amount(200, "never pay more per gas; calls stay one raise below [gwei]")
    replace_after: ClockSeconds = Field(
        ClockSeconds(12.0), gt=0, description="seconds without inclusion until the fee is raised"
    )
    bump_ppm: Ppm = Field(MIN_BUMP, ge=MIN_BUMP, description="raise of a replacement [ppm]; nodes ask for 10 to 12.5 %")
    gas_margin_ppm: Ppm = Field(Ppm(250_000), ge=0, description="gas limit above the estimate [ppm]")
    max_spend_per_day: Gwei = _amount(0, "most gas money for new actions in 24 hours [gwei]; 0 for no limit")
    max_pending: int = Field(250, ge=1, description="most transactions in no block yet")
    simulate_on: Literal["pending", "latest"] = Field(
        "pending", description="state that a call is tried on; with pending what rivals have sent counts"
    )
    retry_seconds: ClockSeconds = Field(ClockSeconds(12.0), ge=0, description="pause after an action that failed")
    contract: _Address | None = Field(None, description="KeeperExecutor that liquidates without capital")
    routes: dict[AssetIndex, Route] = Field(
        {}, description='what it sells, by asset index: fees of pools [ppm], tokens between them ("500 0x... 100")'
    )


class ServiceSettings(_Part):
    """The process."""

    database: Path = Field(
        Path("keeper.db"), description="journal (SQLite); what was read from the chain is in a file beside it"
    )
    metrics_host: str = Field("127.0.0.1", description="address of /metrics, /live and /ready")
    metrics_port: int = Field(9464, ge=0, le=65535, description="0 picks a free port")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="of the JSON log")
    stale_after: ClockSeconds = Field(
        ClockSeconds(30.0), gt=0, description="seconds without a new head until not ready"
    )
    heartbeat_every: Blocks = Field(
        Blocks(50), ge=1, description="blocks between lines in the log that say how it goes"
    )
    min_balance: Gwei = _amount(10_000_000, "signer's balance below which not ready [gwei]")
    max_errors: int = Field(10, ge=1, description="own mistakes in a row that halt the keeper")


class Settings(BaseSettings):
    """Everything the keeper is told."""

    model_config = SettingsConfigDict(
        env_prefix="KEEPER_", env_nested_delimiter="__", extra="forbid", frozen=True, validate_default=True
    )

    dry_run: bool = Field(True, description="decide and log, but send nothing")
    chain: ChainSettings = ChainSettings()
    signer: SignerSettings = SignerSettings()
    bidder: BidderSettings = BidderSettings()
    strategy: StrategySettings = StrategySettings()
    chores: ChoreSettings = ChoreSettings()
    mirror: MirrorSettings = MirrorSettings()
    executor: ExecutorSettings = ExecutorSettings()
    relay: RelaySettings = RelaySettings()
    closing: ClosingSettings = ClosingSettings()
    hedger: HedgerSettings = HedgerSettings()
    pricing: PricingSettings = PricingSettings()
    fleet: FleetSettings = FleetSettings()
    service: ServiceSettings = ServiceSettings()

    @model_validator(mode="after")
    def _someone_acts(self) -> Self:
        if not self.signer.named and (not self.dry_run or self.bidder.owner is None):
            msg = "signer.keystore or signer.remote_url is needed to send; a dry run needs one or bidder.owner"
            raise ValueError(msg)
        return self

    @property
    def deployment_path(self) -> Path:
        """Where the deployment file is."""
        return self.chain.deployment or Path("deployments") / f"{self.chain.chain_id}.json"


def load_settings(path: Path, *, live: bool | None = None) -> Settings:
    """Read the file and the environment (which wins); `live` overrides `dry_run`."""
    if not path.is_file():
        msg = f"no configuration at {path}"
        raise SettingsError(msg)

    class _FileSettings(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del dotenv_settings, file_secret_settings
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    try:
        return _FileSettings() if live is None else _FileSettings(dry_run=not live)
    except (ValidationError, ValueError) as error:
        msg = f"{path}: {error}"
        raise SettingsError(msg) from error


def _read_secret(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            msg = f"{path} is readable by others (mode {stat.S_IMODE(mode):o}); use chmod 600"
            raise SettingsError(msg)
        return path.read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        msg = f"signer: passphrase file: {error}"
        raise SettingsError(msg) from error
