"""What posting a transaction's bytes costs beside running it, by the kind of chain: one interface, read per block."""

from keepers.fees.data import ArbitrumData, DataPrice, EcotoneData, FjordData, NoData, sample
from keepers.fees.models import FeeModel, fee_model

__all__ = [
    "ArbitrumData",
    "DataPrice",
    "EcotoneData",
    "FeeModel",
    "FjordData",
    "NoData",
    "fee_model",
    "sample",
]
