"""Putting the signer's own quote tokens into the bidder's account: approve, deposit, wait for both.

It takes the journal's lock, so that no keeper signs with the same nonces meanwhile.
"""

from decimal import Decimal

from crossmargin.model.units import TokenUnits
from keepers import token
from keepers.contracts import Contracts
from keepers.errors import SettingsError
from keepers.executor import Signer
from keepers.identity import account_of
from keepers.node import Node
from keepers.sending import alone, send
from keepers.settings import Settings
from keepers.units import TxHash

__all__ = ["deposit"]


async def deposit(settings: Settings, amount: Decimal) -> list[TxHash]:
    """Deposit an amount of quote tokens; give the hashes of what it took."""
    async with alone(settings) as (node, contracts, signer):
        return await _deposit(settings, node, contracts, signer, amount)


async def _deposit(
    settings: Settings, node: Node, contracts: Contracts, signer: Signer, amount: Decimal
) -> list[TxHash]:
    account, _ = account_of(settings, signer)
    vault, asked = contracts.encode("MarginVault", "quoteToken")
    (quote,) = contracts.decode_output("MarginVault", "quoteToken", await node.call(vault, asked))
    views = (token.decimals(), token.balance_of(signer.address), token.allowance(signer.address, vault))
    decimals, held, allowed = map(token.number, await node.calls([(quote, data) for data in views]))
    units = amount * 10**decimals
    if units != int(units) or units <= 0:
        raise SettingsError(f"{amount} is no amount of a token with {decimals} decimals")
    wanted = TokenUnits(int(units))
    if held < wanted:
        raise SettingsError(f"{signer.address} has {Decimal(held) / 10**decimals} of {quote}, {amount} are wanted")
    calls = [(quote, token.approve(vault, wanted))] if allowed < wanted else []
    calls.append(contracts.encode("MarginVault", "deposit", account, quote, wanted))
    return [await send(settings, node, signer, call) for call in calls]
