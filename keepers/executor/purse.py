"""Whether the signer can pay for gas. Once it cannot, nothing is sent until it can. Asks nothing."""

import structlog

from keepers.units import Wei

__all__ = ["Purse"]

log = structlog.get_logger(__name__)


class Purse:
    """Remembers what is missing; says so once."""

    def __init__(self) -> None:
        """Begin without a doubt."""
        self.lacking: str | None = None
        self._needed = Wei(0)

    def lacks(self, balance: Wei, needed: Wei) -> None:
        """Note what there is, and what is needed beside all that waits to be mined."""
        self.refused(f"the signer has {balance} wei of gas money, {needed} are needed", needed)

    def refused(self, why: str, needed: Wei) -> None:
        """Note that there is too little."""
        if self.lacking is None:
            log.error("no_gas_money", why=why)
        self.lacking, self._needed = why, max(self._needed, needed)

    def see(self, balance: Wei) -> None:
        """Note what there is now."""
        if self.lacking is not None and balance >= self._needed:
            log.info("gas_money_found", balance=balance)
            self.lacking, self._needed = None, Wei(0)
