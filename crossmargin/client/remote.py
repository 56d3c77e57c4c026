"""Collateral on other chains: locked there for an account here, credited, redeemed, and what waits for what."""

from typing import Final

from eth_utils.address import to_checksum_address
from web3 import Web3
from web3.types import TxReceipt, Wei

from crossmargin.chain.accounts import owner_of
from crossmargin.client.connection import Connection
from crossmargin.client.money import Money
from crossmargin.client.remote_views import HUB, RemoteClaim, RouteFacts, routes
from crossmargin.client.remote_waits import may_deposit, remote_claim
from crossmargin.client.spoke import Spoke
from crossmargin.crosschain.links import Link
from crossmargin.errors import RecordError
from crossmargin.model.permissions import Permission
from crossmargin.model.units import AccountId, Seconds, TokenUnits

__all__ = ["Remote"]

_PERMISSION_TTL: Final = Seconds(365 * 86_400)


class Remote(Money, Connection):
    """What is locked on spokes, by the names of routes: the symbols of their receipts, such as `WETH@other`."""

    def routes(self) -> dict[str, RouteFacts]:
        """Read how every route stands."""
        self._require_hub()
        symbols = {address.lower(): symbol for symbol, address in self.record.tokens.items()}
        head = self._head()
        return {each.name: each for each in self._run(routes(symbols, head.time), head)}

    def permit_hub(self, ttl: Seconds = _PERMISSION_TTL) -> TxReceipt:
        """Let the hub put what is locked for the signer's accounts into them, for `ttl` seconds, by default a year."""
        self._require_hub()
        return self.set_operator(self._address_of(HUB), Permission.DEPOSIT, self._until(ttl))

    def accept_route(self, route: str, *, accepted: bool = True, account: AccountId | None = None) -> TxReceipt:
        """Say whether an account of the signer's takes collateral of a route; without a yes it waits."""
        return self._accept(self._route(route).number, self._or_own(account), accepted=accepted)

    def accepts_route(self, route: str, account: AccountId | None = None) -> bool:
        """Tell whether an account takes collateral of a route."""
        return self._accepts(self._route(route).number, self._or_own(account))

    def hub_may_deposit(self, account: AccountId | None = None) -> bool:
        """Tell whether an account's owner lets the hub deposit for him now."""
        self._require_hub()
        word = self._read("MarginVault", "operatorOf", owner_of(self._or_own(account)), self._address_of(HUB))
        return may_deposit(word, self._now())

    def lock_remote(self, spoke: Spoke, token: str, amount: TokenUnits, account: AccountId | None = None) -> TxReceipt:
        """Lock `amount` [token units] on the spoke's chain, by permit, for an account here; give the lock's receipt.

        Where the signer owns the account, he first lets the hub deposit for him and takes the route, if he has not
        yet. Whoever names somebody else's account gives. RecordError where the spoke is not one of this venue's, or
        has no route.
        """
        owned = self._or_own(account)
        self._require_own(spoke)
        number = self._require_route(spoke, token)
        if owner_of(owned) == self.address:
            if not self.hub_may_deposit(owned):
                self.permit_hub()
            if not self._accepts(number, owned):
                self._accept(number, owned, accepted=True)
        return spoke.lock_with_permit(token, amount, owned)

    def credit_remote(self, route: str, account: AccountId | None = None) -> TxReceipt:
        """Put into the vault what an account may have of a route now, as anybody may."""
        return self._send(self._contracts[HUB], "credit", self._route(route).number, self._or_own(account))

    def redeem_remote(
        self, route: str, amount: TokenUnits, to: str | None = None, account: AccountId | None = None
    ) -> tuple[TxReceipt, TxReceipt]:
        """Take `amount` [token units; 2^256 - 1 = all] of receipts out, and have the token paid to `to` on its chain.

        `to` is an address there, by default that of the account's owner. The receipts are those of the withdrawal,
        and of the message to the spoke, which anybody may send again.
        """
        receiver = to or owner_of(self._or_own(account))
        withdrawn = self.withdraw(route, amount, receiver, account)
        return withdrawn, self.send_redemption(route, receiver)

    def reclaim_remote(
        self, route: str, amount: TokenUnits, to: str | None = None, account: AccountId | None = None
    ) -> tuple[TxReceipt, TxReceipt]:
        """Take back at most `amount` [token units; 2^256 - 1 = all] of what waits, and have it paid to `to` there.

        Only the account's owner may; it is never credited then. `to` and the receipts are as of `redeem_remote`.
        """
        owned = self._or_own(account)
        receiver = Web3.to_checksum_address(to or owner_of(owned))
        taken = self._send(self._contracts[HUB], "reclaim", self._route(route).number, owned, receiver, amount)
        return taken, self.send_redemption(route, receiver)

    def send_redemption(self, route: str, recipient: str | None = None) -> TxReceipt:
        """Tell the spoke what a recipient, by default the signer, is to have been paid in all, as anybody may."""
        found = self._route(route)
        receiver = Web3.to_checksum_address(recipient or self.address)
        fee = self._message_fee(int(found.limits["domain"]))
        return self._send(self._contracts[HUB], "sendRedemption", found.number, receiver, value=fee)

    def prove_redemption(self, spoke: Spoke, recipient: str | None = None) -> list[str]:
        """Prove to a spoke that no message reaches what a recipient, by default the signer, has redeemed on its routes.

        Anybody may. Says what came of it, in lines. CrossChainError where the spoke takes no proof, or none yet.
        """
        self._require_own(spoke)
        hub = to_checksum_address(self._address_of_hub())
        return spoke.prove(Link.to(self.record.network, self.record.chain_id, hub, self.web3, is_hub=True), recipient)

    def remote_claims(self, *spokes: Spoke, account: AccountId | None = None) -> list[RemoteClaim]:
        """Show what an account has locked on each route, and what of it waits for what, in words.

        What is under way between the chains is known of the `spokes` that are given. Redemptions are those to the
        account's owner.
        """
        owned, head, hub = self._or_own(account), self._head(), self._address_of_hub()
        there = {spoke.domain: spoke for spoke in spokes}
        found = []
        for route in self.routes().values():
            spoke = there.get(int(route.limits["domain"]))
            at_spoke = None if spoke is None else spoke.standing(route.limits["token"], owned)
            found.append(self._run(remote_claim(route, owned, hub, head, at_spoke)))
        return found

    # ------------------------------------------------------------ plumbing

    def _accept(self, number: int, account: AccountId, *, accepted: bool) -> TxReceipt:
        return self._send(self._contracts[HUB], "accept", number, account, accepted)

    def _accepts(self, number: int, account: AccountId) -> bool:
        return bool(self._read(HUB, "accepts", number, account))

    def _message_fee(self, domain: int) -> Wei:
        return Wei(self._read(HUB, "messageFee", domain))

    def _route(self, name: str) -> RouteFacts:
        found = self.routes()
        if name not in found:
            raise RecordError(f"no route {name} on {self.record.network}: {', '.join(found) or 'none'}")
        return found[name]

    def _address_of_hub(self) -> str:
        self._require_hub()
        return self._address_of(HUB)

    def _require_hub(self) -> None:
        if HUB not in self._contracts:
            raise RecordError(f"{self.record.network} takes no collateral on other chains")

    def _require_own(self, spoke: Spoke) -> None:
        """Refuse a spoke that reports to another hub, or that this hub does not hear."""
        hub = self._address_of_hub()
        if (spoke.hub, spoke.hub_domain) != (hub, self.record.chain_id):
            raise RecordError(f"the spoke on {spoke.record.network} is of the hub {spoke.hub}, not of {hub}")

    def _require_route(self, spoke: Spoke, token: str) -> int:
        """Give the number of a token's route."""
        number = int(self._read(HUB, "routeNumber", spoke.domain, spoke.token(token)))
        if not number:
            raise RecordError(f"{self.record.network} has no route for {token} of {spoke.record.network}")
        return number
