"""Putting the signer's own quote tokens into the bidder's account: approve, deposit, wait for both.

It takes the journal's lock, so that no keeper signs with the same nonces meanwhile.
"""

import asyncio
from decimal import Decimal
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.units import PPM, TokenUnits
from keepers import token
from keepers.contracts import Contracts, load_contracts
from keepers.errors import ResponseError, RpcError, SettingsError
from keepers.executor import Signer, load_signer
from keepers.executor.fees import first_offer
from keepers.executor.signer import Unsigned
from keepers.identity import account_of, identify
from keepers.node import Node
from keepers.runner import connect
from keepers.settings import Settings
from keepers.store import Journal, open_stores
from keepers.units import Address, HexData, Nonce, TxHash

__all__ = ["deposit"]

_PATIENCE: Final = 180
_PAUSE: Final = 0.5


async def deposit(settings: Settings, amount: Decimal) -> list[TxHash]:
    """Deposit an amount of quote tokens; give the hashes of what it took."""
    if not settings.signer.named:
        msg = "a signer is needed to deposit"
        raise SettingsError(msg)
    signer = load_signer(settings.signer, settings.chain.chain_id)
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    with open_stores(settings.service.database) as stores:
        async with connect(settings) as rpc:
            node = Node(rpc)
            try:
                stores.bind(await identify(settings, node, contracts))
                _refuse_unmined(Journal(stores.journal), signer, await node.nonce(signer.address))
                return await _deposit(settings, node, contracts, signer, amount)
            finally:
                await node.survey.close()


def _refuse_unmined(journal: Journal, signer: Signer, nonce: Nonce) -> None:
    if journal.nonce_floor(signer.address) > nonce:
        msg = "the keeper has sent what is in no block yet: deposit when it is"
        raise SettingsError(msg)


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
    return [await _send(settings, node, signer, call) for call in calls]


async def _send(settings: Settings, node: Node, signer: Signer, call: tuple[Address, HexData]) -> TxHash:
    """Send one call and wait until it is mined."""
    nonce, _, (gas,) = await node.try_calls(signer.address, [call], state="latest")
    if isinstance(gas, RpcError):
        raise gas
    head, limit = await node.head(), Gas(gas * (PPM + settings.executor.gas_margin_ppm) // PPM)
    fees = first_offer(head.base_fee, settings.executor)
    hashed, raw = await signer.sign(Unsigned(nonce, *call, limit, fees))
    (outcome,) = await node.send([raw])
    if isinstance(outcome, RpcError):
        raise outcome
    for _ in range(int(_PATIENCE / _PAUSE)):
        (receipt,) = await node.receipts([hashed])
        if receipt is not None:
            if not receipt.succeeded:
                raise ResponseError(f"{hashed} reverted in block {receipt.block}")
            return hashed
        await asyncio.sleep(_PAUSE)
    raise ResponseError(f"{hashed} is in no block after {_PATIENCE} s")
