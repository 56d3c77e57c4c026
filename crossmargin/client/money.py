"""Money of accounts: faucets, approvals, deposits, withdrawals, transfers, and who may act for an owner."""

from typing import Any, Final

from web3.contract import Contract
from web3.types import Nonce, TxReceipt

from crossmargin.chain.abis import ERC20, read_abi
from crossmargin.chain.accounts import owner_of
from crossmargin.client.connection import Connection
from crossmargin.client.permits import permit_signature
from crossmargin.model.permissions import Permission
from crossmargin.model.units import AccountId, Seconds, TokenUnits

__all__ = ["Money"]

_PERMIT_TTL: Final = Seconds(3600)


class Money(Connection):
    """What moves money, by tokens' names; amounts in token units."""

    def mint(self, token: str, amount: TokenUnits) -> TxReceipt:
        """Take `amount` [token units] from a test token's faucet."""
        return self._send(self._token(token), "mint", self.address, amount)

    def approve(self, token: str, amount: TokenUnits) -> TxReceipt:
        """Let the vault take `amount` [token units] of the signer's tokens."""
        return self._send(self._token(token), "approve", self._address_of("MarginVault"), amount)

    def deposit(self, token: str, amount: TokenUnits, account: AccountId | None = None) -> TxReceipt:
        """Deposit `amount` [token units] that the vault was approved for."""
        return self._vault("deposit", self._or_own(account), self.token(token), amount)

    def deposit_with_permit(
        self, token: str, amount: TokenUnits, account: AccountId | None = None, ttl: Seconds = _PERMIT_TTL
    ) -> TxReceipt:
        """Approve by signature and deposit in one transaction; the permit is void after `ttl` seconds."""
        address, spender = self.token(token), self._address_of("MarginVault")
        erc20 = self._token(token)
        deadline = self._until(ttl)
        signature = permit_signature(
            self._signer,
            token=address,
            name=erc20.functions.name().call(),
            chain_id=self._transactor.chain_id,
            spender=spender,
            value=amount,
            nonce=Nonce(erc20.functions.nonces(self.address).call()),
            deadline=deadline,
        )
        return self._vault("depositWithPermit", self._or_own(account), address, amount, deadline, *signature)

    def withdraw(
        self, token: str, amount: TokenUnits, to: str | None = None, account: AccountId | None = None
    ) -> TxReceipt:
        """Withdraw `amount` [token units; 2^256 - 1 = all] to the account's owner, or to `to`.

        Of the quote token more than is there becomes a loan.
        """
        owned = self._or_own(account)
        return self._vault("withdraw", owned, self.token(token), amount, to or owner_of(owned))

    def transfer(self, to: AccountId, token: str, amount: TokenUnits, account: AccountId | None = None) -> TxReceipt:
        """Move `amount` [token units] to another account inside the vault."""
        return self._vault("transfer", self._or_own(account), to, self.token(token), amount)

    def set_operator(self, operator: str, permissions: Permission, expiry: Seconds) -> TxReceipt:
        """Let somebody act for all the signer's accounts until `expiry` [s]; `Permission.NONE` revokes.

        Whatever the operator signed before is void.
        """
        return self._vault("setOperator", operator, int(permissions), expiry)

    def _token(self, name: str) -> Contract:
        return self._bind(read_abi(ERC20), self.token(name))

    def _vault(self, function: str, *arguments: Any) -> TxReceipt:  # noqa: ANN401 (what the function takes)
        return self._send(self._contracts["MarginVault"], function, *arguments)
