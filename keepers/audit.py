"""Whether the mirror may be trusted: what a look found is judged here. Asks nothing and changes nothing else."""

from typing import Final

import structlog

from crossmargin.model.units import AccountId
from keepers.contracts import Contracts
from keepers.look import Seen
from keepers.metrics import Health, Metrics
from keepers.mirror.state import Oracles, VenueState
from keepers.settings import MirrorSettings
from keepers.units import Blocks

__all__ = ["Audit"]

log = structlog.get_logger(__name__)
_NOT_TOLD: Final = Oracles()


class Audit:
    """Counts the clean audits in a row; one mismatch takes trust away until there are enough again."""

    def __init__(self, contracts: Contracts, settings: MirrorSettings, *, metrics: Metrics, health: Health) -> None:
        """Begin with trust in the mirror and in the deployment's file."""
        self._oracles = Oracles(contracts.addresses["OracleAdapter"], contracts.addresses["OptionOracle"])
        self._settings = settings
        self._metrics = metrics
        self._health = health
        self._clean = settings.clean_audits

    @property
    def trusted(self) -> bool:
        """Tell whether enough audits in a row were clean."""
        return self._clean >= self._settings.clean_audits

    def due(self, blocks: Blocks) -> bool:
        """Tell whether to look at a sample, after so many blocks: every few, and always while there is no trust."""
        return blocks % self._settings.audit_every == 0 or not self.trusted

    def judge(self, seen: Seen) -> list[AccountId]:
        """Take trust away for mismatches, and count what was sampled and clean; give the accounts in doubt."""
        if seen.mismatches:
            self._clean = 0
            self._metrics.mismatches.inc(len(seen.mismatches))
            for one in seen.mismatches:
                account, block = hex(one.account), seen.block.number
                log.error("mirror_mismatch", account=account, mirror=one.mirror, chain=one.chain, block=block)
        elif seen.sampled:
            self._clean += 1
        self._metrics.mirror_ok.set(int(self.trusted))
        self._health.set("mirror", None if self.trusted else "mirror and chain disagree: trading has stopped")
        self._check_oracles(seen.venue)
        return [one.account for one in seen.mismatches]

    def _check_oracles(self, venue: VenueState) -> None:
        """Say so when the venue has other oracles than the deployment's file names."""
        other = venue.oracles not in {_NOT_TOLD, self._oracles}
        self._health.set("oracles", "the venue's oracles are not those of the deployment's file" if other else None)
