"""Settings of a fleet: keepers with signers of their own that bid for one account, and share a journal."""

from pydantic import Field

from keepers.entries import Entries
from keepers.units import ClockSeconds

__all__ = ["FleetSettings"]


class FleetSettings(Entries):
    """Several keepers that bid for one account: each has a signer, all share a journal on a server."""

    journal: str = Field(
        "", description="journal that members share (postgresql://keeper@db.example/keeper); empty for a file"
    )
    lease_seconds: ClockSeconds = Field(
        ClockSeconds(5.0), ge=0.5, description="seconds without a sign of life until others take over"
    )
