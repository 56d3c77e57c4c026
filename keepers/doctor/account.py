"""Who acts and with what: keystore, permission, gas money, tokens that could be deposited, margin to bid with."""

from dataclasses import dataclass
from shutil import which

from crossmargin.model.permissions import Permission
from crossmargin.model.units import WAD, AccountId
from keepers import token
from keepers.contracts import Contracts
from keepers.doctor.finding import Finding, good, guarded, poor, wrong
from keepers.executor import Signer, load_signer
from keepers.lens import Lens
from keepers.node import Node
from keepers.own_contract import read_contract
from keepers.relays import Relays
from keepers.settings import Settings
from keepers.units import GWEI, Address

__all__ = ["Actor", "examine_actor", "examine_key"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The bidder's account, whose it is, and the address that signs or would."""

    account: AccountId
    owner: Address
    sender: Address


async def examine_key(settings: Settings) -> tuple[Finding, Signer | None]:
    """Open the keystore; a dry run needs none."""
    if not settings.signer.named:
        return poor("signer", "none", "a dry run goes without; to send, run `keeper init`"), None
    signer: list[Signer] = []

    async def open_it() -> Finding:
        signer.append(load_signer(settings.signer, settings.chain.chain_id))
        where = settings.signer.keystore or settings.signer.remote_url
        return good("signer", f"{signer[0].address} of {where}")

    advice = "set signer.keystore, and one of passphrase_env and passphrase_file"
    found = await guarded("signer", advice, open_it())
    return found, signer[0] if signer else None


async def examine_actor(node: Node, contracts: Contracts, settings: Settings, actor: Actor) -> list[Finding]:
    """Ask the chain what signer and bidder may do and have."""
    lens = Lens(node, contracts, settings.mirror.chunk)
    return [
        await guarded("permission", "ask the owner", _permission(node, lens, actor)),
        await guarded("gas money", "ask another node", _gas_money(node, settings, actor)),
        await guarded("quote money", "ask another node", _quote(node, contracts, actor)),
        await guarded("margin", "is the account one of this venue?", _margin(node, lens, settings, actor)),
        await guarded("pause", "ask another node", _pause(node, lens)),
        await guarded("closing", "ask another node", _closing(node, lens, settings, actor)),
        await guarded("helpers", "look at their commands", _helpers(settings)),
        await guarded("contract", "deploy one with `keeper deploy-executor`", _contract(node, lens, settings, actor)),
    ]


async def _permission(node: Node, lens: Lens, actor: Actor) -> Finding:
    head = await node.head()
    call = ("MarginVault", "isAuthorised", (actor.account, actor.sender, int(Permission.BID)))
    ((permitted,),) = await lens.read(head.hash, call)
    if permitted:
        return good("permission", f"{actor.sender} may bid for account {actor.account:#x}")
    advice = f"{actor.owner} has to call setOperator({actor.sender}, {int(Permission.BID)}, <expiry>)"
    return wrong("permission", f"{actor.sender} may not bid for account {actor.account:#x}", advice)


async def _closing(node: Node, lens: Lens, settings: Settings, actor: Actor) -> Finding:
    """Tell whether what was taken over could be closed, and whether somebody offers to."""
    if not settings.closing.orders:
        return good("closing", "no orders named: what was taken over stays until it is closed by hand")
    orders = await Relays(settings.closing).all()
    head = await node.head()
    call = ("MarginVault", "isAuthorised", (actor.account, actor.sender, int(Permission.TRADE)))
    ((permitted,),) = await lens.read(head.hash, call)
    if not permitted:
        both = int(Permission.BID | Permission.TRADE)
        advice = f"{actor.owner} has to call setOperator({actor.sender}, {both}, <expiry>)"
        return wrong("closing", f"{actor.sender} may not trade for account {actor.account:#x}", advice)
    found = f"{len(orders)} orders of {len(settings.closing.orders)} sources"
    return good("closing", found) if orders else poor("closing", found, "look at the sources in closing.orders")


async def _helpers(settings: Settings) -> Finding:
    """Tell whether the operator's programs are there; what they say is seen when they are asked."""
    named = {"hedger": settings.hedger.command, "pricing": settings.pricing.command}
    lost = [f"{name} ({command[0]})" for name, command in named.items() if command and which(command[0]) is None]
    if lost:
        return wrong(
            "helpers", f"cannot be run: {', '.join(lost)}", "name programs that are in the PATH, or whole paths"
        )
    return good("helpers", ", ".join(name for name, command in named.items() if command) or "none")


async def _gas_money(node: Node, settings: Settings, actor: Actor) -> Finding:
    balance, least = await node.balance(actor.sender), settings.service.min_balance
    found = f"{balance / WAD:.6f} ({balance // GWEI} gwei)"
    if balance >= least:
        return good("gas money", found)
    return wrong("gas money", f"{found}, {least / WAD:.6f} are wanted", f"send some to {actor.sender}")


async def _quote(node: Node, contracts: Contracts, actor: Actor) -> Finding:
    """Tell what could be deposited; nothing has to be."""
    (answer,) = await node.calls([contracts.encode("MarginVault", "quoteToken")])
    (quote,) = contracts.decode_output("MarginVault", "quoteToken", answer)
    vault = contracts.addresses["MarginVault"]
    asked = [token.balance_of(actor.owner), token.allowance(actor.owner, vault), token.decimals()]
    held, allowed, decimals = map(token.number, await node.calls([(quote, data) for data in asked]))
    scale = 10**decimals
    return good("quote money", f"{actor.owner} has {held / scale:,.2f}, the vault may take {allowed / scale:,.2f}")


async def _margin(node: Node, lens: Lens, settings: Settings, actor: Actor) -> Finding:
    states = await lens.states((await node.head()).hash, [actor.account])
    kept = settings.strategy.margin_reserve
    if not states:
        return wrong("margin", "the account cannot be evaluated", "the venue lacks a price: tell its guardian")
    excess, cash = states[0].initial.paid_excess, states[0].cash
    found = f"{excess / WAD:,.2f} USD to bid with, {cash / WAD:,.2f} of it cash, {kept / WAD:,.2f} are kept"
    return (
        good("margin", found) if excess > kept else wrong("margin", found, "`keeper deposit` cash, or close positions")
    )


async def _contract(node: Node, lens: Lens, settings: Settings, actor: Actor) -> Finding:
    own = await read_contract(lens, (await node.head()).hash, settings, actor.sender)
    if own is None:
        return good("contract", "none: bids with capital only")
    found = f"{settings.executor.contract} sells assets {sorted(own.sales)} for account {own.account:#x}"
    return good("contract", found) if own.sales else poor("contract", found, "set executor.routes")


async def _pause(node: Node, lens: Lens) -> Finding:
    head = await node.head()
    ((until,),) = await lens.read(head.hash, ("MarginVault", "pausedUntil", ()))
    if until <= head.timestamp:
        return good("pause", "none")
    left = until - head.timestamp
    return poor("pause", f"new risk is paused for {left} s", "bids go on, with the bidder's own cash only")
