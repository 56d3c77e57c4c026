"""Orders: made, signed, filled, cancelled, and how much of them is filled."""

from itertools import count
from typing import Final

from eth_account.signers.local import LocalAccount
from web3 import Web3
from web3.types import Nonce, TxReceipt

from crossmargin.chain.accounts import owner_of
from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.signers import Signer
from crossmargin.client.connection import Connection
from crossmargin.client.orders import MAX_FEE, OWNER_EPOCH, Order, hash_order, sign_order
from crossmargin.model.units import AccountId, OperatorEpoch, Ppm, Seconds, Wad

__all__ = ["Trading"]

_ORDER_TTL: Final = Seconds(60)
_EPOCH_SHIFT: Final = 56


class Trading(Connection):
    """Orders of the signer, and fills of anybody's, by instruments' names."""

    def __init__(self, web3: Web3, record: DeploymentRecord, signer: Signer | LocalAccount) -> None:
        """Bind the contracts of a complete deployment."""
        super().__init__(web3, record, signer)
        self._nonces = count(self._now() << 32)

    def order(
        self,
        instrument: str,
        size: Wad,
        limit_price: Wad,
        *,
        account: AccountId | None = None,
        max_fee: Ppm = MAX_FEE,
        ttl: Seconds = _ORDER_TTL,
        nonce: Nonce | None = None,
        reduce_only: bool = False,
    ) -> Order:
        """Make an order of the signer: size [wad base, positive buys], price [wad USD], valid for `ttl` seconds."""
        account = self._or_own(account)
        return Order(
            account=account,
            signer=self.address,
            instrument=self.instrument(instrument),
            size=size,
            limit_price=limit_price,
            max_fee=max_fee,
            expiry=self._until(ttl),
            nonce=Nonce(next(self._nonces)) if nonce is None else nonce,
            epoch=self._epoch(account),
            reduce_only=reduce_only,
        )

    def _epoch(self, account: AccountId) -> OperatorEpoch:
        """Tell how often the account's owner has named the signer as its operator; 0 where the signer owns it."""
        owner = owner_of(account)
        if owner == self.address:
            return OWNER_EPOCH
        word: int = self._read("MarginVault", "operatorOf", owner, self.address)
        return OperatorEpoch(word >> _EPOCH_SHIFT)

    def sign(self, order: Order) -> bytes:
        """Sign an order, to be given to whoever may fill it."""
        return sign_order(order, self._transactor.chain_id, self._address_of("Exchange"), self._signer)

    def hash(self, order: Order) -> bytes:
        """Compute the hash under which the exchange knows the order."""
        return hash_order(order, self._transactor.chain_id, self._address_of("Exchange"))

    def fill(
        self, maker: Order, maker_signature: bytes, taker: Order, size: Wad, taker_signature: bytes = b""
    ) -> TxReceipt:
        """Fill `size` [wad base] of two orders at the maker's price; one's own taker order needs no signature."""
        return self._send(
            self._contracts["Exchange"], "fill", maker.encode(), maker_signature, taker.encode(), taker_signature, size
        )

    def cancel(self, order: Order) -> TxReceipt:
        """Void an order."""
        return self._send(self._contracts["Exchange"], "cancel", order.encode())

    def cancel_all(self, minimum_nonce: Nonce, account: AccountId | None = None) -> TxReceipt:
        """Void every order of a smaller nonce."""
        return self._send(self._contracts["Exchange"], "cancelAll", self._or_own(account), minimum_nonce)

    def filled(self, order: Order) -> Wad:
        """Size of the order that is filled [wad base]; 2^256 - 1 when cancelled."""
        return Wad(self._read("Exchange", "filledOf", self.hash(order)))
