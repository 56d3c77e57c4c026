"""The lister: when a new weekly expiry comes, lists the weekly options of it, through the timelock."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from logging import Logger
from typing import Final

from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.signers import KeySigner
from crossmargin.chain.times import day_text
from crossmargin.client.venue import Venue as Client
from crossmargin.deployment import Chain, NetworkConfig, Setting, VenueContext
from crossmargin.deployment.configure import carry_out, operations
from crossmargin.deployment.fields import next_weekly
from crossmargin.deployment.instruments import InstrumentSettings
from crossmargin.deployment.markets import market_steps
from crossmargin.model.instruments import decode
from crossmargin.model.units import Seconds
from crossmargin.simulation.stage.venue import Actor, Venue

__all__ = ["Lister", "following"]

_WEEKLY: Final = "weekly"


def following(config: NetworkConfig, record: DeploymentRecord, now: Seconds) -> dict[str, InstrumentSettings]:
    """Give the weekly options that are to be listed at `now`, beside those that have a name already."""
    expiry, found = next_weekly(now), {}
    day = datetime.fromtimestamp(expiry, UTC)
    for name, each in config.instruments.items():
        if each.expiry == _WEEKLY and (decode(record.instruments[name]).expiry or now) < expiry:
            later = name.replace(_WEEKLY.upper(), day_text(expiry))
            found[later if later != name else f"{name}-{day_text(expiry)}"] = each.model_copy(update={"expiry": day})
    return {name: each for name, each in found.items() if name not in config.instruments}


class Lister:
    """Whoever governs the living venue."""

    def __init__(
        self, venue: Venue, governor: Actor, clients: Sequence[Client], named: Callable[[], None], log: Logger
    ) -> None:
        """Act as `governor`; `clients` learn new names, and `named` is called when there are any."""
        own = venue.context.chain
        self._chain = Chain(own.web3, KeySigner(governor.key), own.artifacts)
        self._venue, self._clients, self._named, self._log = venue, clients, named, log
        self._waiting: set[str] = set()

    def turn(self) -> None:
        """Name what comes next; schedule it, and execute it when its time has come."""
        if not self._waiting:
            self._name(Seconds(self._chain.web3.eth.get_block("latest")["timestamp"]))
        if self._waiting:
            self._list()

    def _name(self, now: Seconds) -> None:
        """Fix names and ids before anything is sent: whoever reads the venue must know what it lists."""
        config, record = self._venue.config, self._venue.context.record
        added = following(config, record, now)
        if not added:
            return
        config = config.model_copy(update={"instruments": {**config.instruments, **added}})
        for name, each in added.items():
            record.instruments[name] = config.instrument_id(name, now)
            expiry = decode(record.instruments[name]).expiry or now
            record.slices[f"{each.underlying}:{_WEEKLY}-{day_text(expiry)}"] = expiry
        self._venue.context = VenueContext(self._venue.context.chain, config, record)
        record.save(self._venue.path)
        for client in self._clients:
            client.record.instruments.update(record.instruments)
            client.record.slices.update(record.slices)
        self._waiting = set(added)
        self._named()
        self._log.info("to be listed: %s", ", ".join(added))

    def _list(self) -> None:
        venue = VenueContext(self._chain, self._venue.config, self._venue.context.record)
        wanted = {f"instrument.{name}.listed": name for name in self._waiting}
        steps = [each for each in market_steps(venue.config) if isinstance(each, Setting) and each.name in wanted]
        outcome = carry_out(venue, operations(venue, steps))
        for done in outcome.done:
            self._log.info("%s: %s", "executed" if done.ready_at else "scheduled", done.name)
        for refused in outcome.refused:
            self._log.warning("refused: %s", refused)
        self._waiting = {wanted[each.name] for each in operations(venue, steps)}
        venue.record.save(self._venue.path)
