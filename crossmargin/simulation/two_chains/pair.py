"""A venue on one local chain and its spoke on another, deployed and configured as any two are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crossmargin.chain.processes import Processes
from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Artifacts, Chain, Context, Deployer, NetworkConfig, SpokeConfig, open_record, plan
from crossmargin.deployment.configure import Operation, carry_out, operations
from crossmargin.deployment.peers import with_peers
from crossmargin.deployment.steps import SpokeContext, VenueContext
from crossmargin.errors import DeploymentError
from crossmargin.simulation.stage.chain import LocalChain
from crossmargin.simulation.stage.venue import Actor
from crossmargin.simulation.two_chains.mailbox import deploy_mailbox

__all__ = ["Pair", "Side", "deploy_pair", "govern"]

Progress = Callable[[int, int, str], None]

START: Final = 2_051_265_600
"""Monday 2035-01-01 12:00 UTC."""
_ROUNDS: Final = 4
"""Of the timelock, at most: routes before their feeds, feeds before their assets."""


@dataclass
class Side:
    """One of the two."""

    chain: LocalChain
    context: Context[Any]
    file: Path
    governor: Actor
    guardian: Actor
    poster: Actor

    def contract(self, name: str) -> Any:  # noqa: ANN401 (a bound contract)
        """Bind a contract of the deployment."""
        return self.context.contract(name)

    def as_sender(self, actor: Actor) -> Context[Any]:
        """Give the same deployment to another sender."""
        self.chain.give_ether(actor.address)
        chain = Chain(self.chain.web3, KeySigner(actor.key), self.context.chain.artifacts, url=self.chain.url)
        return Context[Any](chain, self.context.config, self.context.record)


@dataclass
class Pair:
    """Both."""

    hub: Side
    spoke: Side

    @property
    def poster(self) -> Actor:
        """Who posts prices."""
        return self.hub.poster

    @property
    def venue(self) -> VenueContext:
        """The venue, with the hub."""
        return self.hub.context

    @property
    def holder(self) -> SpokeContext:
        """The spoke."""
        return self.spoke.context

    def pass_time(self, seconds: int) -> None:
        """Let time pass on both chains, to the same second."""
        until = max(self.hub.chain.now, self.spoke.chain.now) + seconds
        for side in (self.hub, self.spoke):
            side.chain.mine(until)


def deploy_pair(
    processes: Processes,
    folder: Path,
    venue: NetworkConfig,
    spoke: SpokeConfig,
    progress: Progress = lambda _done, _all, _name: None,
) -> Pair:
    """Deploy the venue, then the spoke, which is built with the hub's address; then tell the hub of its spoke."""
    artifacts = Artifacts()
    chains = [
        LocalChain(processes, START, config.chain_id, name=f"anvil-{config.network}") for config in (venue, spoke)
    ]
    for each in chains:
        deploy_mailbox(each)
    hub_side = _deploy(chains[0], artifacts, folder, venue, progress)
    spoke_side = _deploy(chains[1], artifacts, folder, with_peers(spoke, folder), progress)
    pair = Pair(hub_side, spoke_side)
    pair.hub.context = Context[Any](
        pair.hub.context.chain, with_peers(pair.venue.config, folder), pair.hub.context.record
    )
    govern(pair.hub, pair.pass_time, progress)
    return pair


def govern(side: Side, pass_time: Callable[[int], None], progress: Progress = lambda _done, _all, _name: None) -> None:
    """Take everything that differs from the configuration through the timelock, until nothing does."""
    context = side.as_sender(side.governor)
    for round_ in range(_ROUNDS):
        found = operations(context, plan(context.config))
        if not found:
            side.context.record.save(side.file)
            return
        progress(round_, _ROUNDS, f"{len(found)} changes through the timelock")
        _carry_out(context, found)
        pass_time(context.config.governance.delay)
        _carry_out(context, operations(context, plan(context.config)))
    raise DeploymentError(f"{len(operations(context, plan(context.config)))} changes are left")


def _carry_out(context: Context[Any], found: Sequence[Operation]) -> None:
    outcome = carry_out(context, found)
    if outcome.refused:
        raise DeploymentError("; ".join(map(str, outcome.refused)))


def _deploy(chain: LocalChain, artifacts: Artifacts, folder: Path, config: Any, progress: Progress) -> Side:  # noqa: ANN401
    roles = ("deployer", "governor", "guardian", "poster")
    deployer, governor, guardian, poster = (Actor.named(f"{config.network} {role}") for role in roles)
    for actor in (deployer, governor, guardian, poster):
        chain.give_ether(actor.address)
    named = config.with_roles(governor=governor.address, guardian=guardian.address, poster=poster.address)
    target = Chain(chain.web3, KeySigner(deployer.key), artifacts, url=chain.url)
    file = folder / f"{named.chain_id}.json"
    context = Context[Any](target, named, open_record(target, named, file))
    Deployer(context, plan(named), file).run(progress)
    return Side(chain, context, file, governor, guardian, poster)
