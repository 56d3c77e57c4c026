"""The contract that liquidates without capital, as the chain has it: whose it is, and what it sells how. Reads only."""

from crossmargin.model.units import AccountId, AssetIndex
from keepers.errors import SettingsError
from keepers.lens import Lens
from keepers.routes import Step
from keepers.settings import Settings
from keepers.strategies import AtomicContract
from keepers.units import Address, BlockHash

__all__ = ["read_contract"]

_NAME = "KeeperExecutor"


async def read_contract(lens: Lens, block: BlockHash, settings: Settings, sender: Address) -> AtomicContract | None:
    """Ask the contract who may use it and where; None without one. One that is another's, or elsewhere, is refused."""
    cfg = settings.executor
    if cfg.contract is None:
        return None
    views = ("keeper", "vault", "account", "quoteToken")
    (keeper,), (bound,), (account,), (quote,) = await lens.read(block, *((_NAME, view, ()) for view in views))
    if keeper != sender:
        raise SettingsError(f"executor.contract {cfg.contract} is worked by {keeper}, not by {sender}")
    if bound != lens.vault:
        raise SettingsError(f"executor.contract {cfg.contract} is of the vault {bound}, not of {lens.vault}")
    assets = await lens.read(block, *(("MarginVault", "assetAt", (index,)) for index in cfg.routes))
    tokens = {index: Address(asset["token"]) for index, (asset,) in zip(cfg.routes, assets, strict=True)}
    return AtomicContract(AccountId(account), _sales(tokens, cfg.routes, Address(quote)))


def _sales(
    tokens: dict[AssetIndex, Address], routes: dict[AssetIndex, tuple[Step, ...]], quote: Address
) -> dict[AssetIndex, tuple[str, tuple[tuple[str, int], ...]]]:
    """Write each sale as the contract takes it: the token, and of each pool what it gives and its fee."""
    return {
        index: (tokens[index], tuple((step.token or quote, step.fee) for step in route))
        for index, route in routes.items()
    }
