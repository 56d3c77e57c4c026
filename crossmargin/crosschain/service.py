"""Signers, validators and relayers as services: each turn guarded, none ever the last. Reads, signs and sends."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from requests.exceptions import RequestException
from web3.exceptions import Web3Exception

from crossmargin.crosschain.attest import Attester
from crossmargin.crosschain.links import Link, connect
from crossmargin.crosschain.patience import Patience
from crossmargin.crosschain.relay import Relayer
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.crosschain.validate import Validator
from crossmargin.errors import CrossMarginError, RelayConfigError

__all__ = ["Worker", "relayer", "run", "signers"]

Say = Callable[[str], None]
_LONGEST = 60.0  # s


@dataclass(frozen=True, slots=True)
class Worker:
    """Something that is given turns."""

    name: str
    links: tuple[Link, ...]
    turn: Callable[[Say], object]


def signers(
    settings: CrossChainSettings, kind: Literal["attestation", "hyperlane"], names: Sequence[str]
) -> list[Worker]:
    """Make the signers of a kind of transport that are named, or all; one worker for each chain that they watch."""
    known = {name for name, each in settings.signers.items() if settings.transports[each.transport].kind == kind}
    if strangers := set(names) - known:
        there = ", ".join(sorted(known)) or "none"
        raise RelayConfigError(f"no signer of {kind} is named {min(strangers)!r}: there are {there}")
    if not known:
        raise RelayConfigError(f"the configuration names no signers of {kind}")
    links = connect(settings)
    return [each for name in names or sorted(known) for each in _signer(settings, name, links)]


def _signer(settings: CrossChainSettings, name: str, links: Mapping[str, Link]) -> list[Worker]:
    own = settings.signers[name]
    transport = settings.transports[own.transport]
    key = own.key.signer(f"signers.{name}.key")
    workers = []
    for chain in own.chains or transport.at:
        link, source = links[chain], transport.at[chain]
        if transport.kind == "hyperlane":
            validator = Validator(link, source, key, own.store)
            workers.append(Worker(f"{name} on {chain}", (link,), validator.turn))
        else:
            targets = {links[other].domain: address for other, address in transport.at.items() if other != chain}
            attester = Attester(link, source, targets, key, own.store, standing=transport.standing)
            workers.append(Worker(f"{name} on {chain}", (link,), attester.turn))
    return workers


def relayer(settings: CrossChainSettings, say: Say, *, dry_run: bool) -> Worker:
    """Make the relayer."""
    if settings.relay is None:
        raise RelayConfigError("the configuration has no [relay]")
    links = connect(settings)
    found = Relayer(settings, settings.relay, links, settings.relay.key.signer("relay.key"), say, dry_run=dry_run)
    return Worker("relayer", tuple(links.values()), lambda _: found.turn())


def run(workers: Sequence[Worker], poll: float, say: Say, *, once: bool = False) -> bool:
    """Give turns, every `poll` seconds, for ever or once; tell whether all went well.

    What goes wrong makes only its worker wait.
    """
    patience, checked, well = Patience(longest=_LONGEST), set[Link](), True
    while True:
        for worker in workers:
            if not patience.allows(worker.name, time.monotonic()):
                continue
            try:
                for link in worker.links:
                    _check(link, checked, worker)
                worker.turn(say)
            except (CrossMarginError, Web3Exception, RequestException, OSError) as error:
                wait, well = patience.failed(worker.name, time.monotonic()), False
                say(f"{worker.name}: {_words(error)}; again in {wait:.0f} s")
            except Exception as error:  # noqa: BLE001 (a mistake in here must not silence the channel)
                wait, well = patience.failed(worker.name, time.monotonic()), False
                say(f"{worker.name}: a mistake of this program, please report it: {error!r}; again in {wait:.0f} s")
            else:
                patience.worked(worker.name, time.monotonic())
        if once:
            return well
        time.sleep(poll)


def _check(link: Link, checked: set[Link], worker: Worker) -> None:
    """Make sure once that a node is of the chain that it should be; a relayer goes on without one that is down."""
    if link in checked:
        return
    try:
        link.check()
    except (Web3Exception, RequestException):
        if len(worker.links) == 1:
            raise
    else:
        checked.add(link)


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
