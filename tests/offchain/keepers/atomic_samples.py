"""A keeper without capital, its contract, and a borrower to liquidate with it."""

from keepers.strategies import AtomicContract
from tests.offchain.keepers.venue_samples import BIDDER, account

TOKEN, QUOTE, MIDDLE = ("0x" + 20 * digits for digits in ("0a", "0b", "0c"))
OWN = 0xC0 << 96
SALE = (TOKEN, ((MIDDLE, 500), (QUOTE, 100)))
CONTRACT = AtomicContract(OWN, {0: SALE})
POOR = account(BIDDER, excess=0, equity=0, initial=0)


def borrower(**changes: object):
    """Build a borrower below maintenance, with a loan of 91,000 against 100,000."""
    return account(excess=-1_000, equity=9_000, requirement=10_000, spot=((0, 100_000),), cash=-91_000, **changes)
