"""Fixtures: a venue deployed once by the deployment library, the same for each test, and its roles."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ape
import pytest
from ape.api import TestAccountAPI
from ape_foundry.provider import FoundryNetworkConfig, FoundryProvider
from eth_account import Account
from hypothesis import HealthCheck, settings

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Artifacts, Chain, Deployer, VenueContext, open_record, plan
from tests.helpers.handles import Handle, Node
from tests.helpers.local_node import connected
from tests.helpers.settings import test_config
from tests.helpers.undone import undone
from tests.helpers.venue import Venue

_QUIET = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
settings.register_profile("dev", max_examples=20, stateful_step_count=20, **_QUIET)
settings.register_profile("pr", max_examples=100, stateful_step_count=40, **_QUIET)
settings.register_profile("deep", max_examples=2_000, stateful_step_count=100, **_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def _remember_settings() -> None:
    """Keep the settings of ape's provider, which it makes anew at each request: a third of what a test costs."""
    read, known = FoundryProvider.settings.fget, dict[int, FoundryNetworkConfig]()

    def settings_of(self: FoundryProvider) -> FoundryNetworkConfig:
        if id(self) not in known:
            known[id(self)] = read(self)
        return known[id(self)]

    FoundryProvider.settings = property(settings_of)


_remember_settings()


def _keep_less() -> None:
    """Start Anvil without what no test asks for: traces of each step, and old states on disk; 200 are in memory.

    They take more than half of a run's time, and the disk is not given back: hundreds of megabytes a run.
    """
    command_of = FoundryProvider.build_command

    def build_command(self: FoundryProvider) -> list[str]:
        asked = [each for each in command_of(self) if each != "--steps-tracing"]
        return [*asked, "--prune-history", "200"]

    FoundryProvider.build_command = build_command


_keep_less()

START = 2_051_265_600  # Monday 2035-01-01 12:00 UTC: every run has the same days to every expiry

ROLES = ("deployer", "governor", "guardian", "poster", "trader", "maker", "keeper", "liquidator", "lender", "other")


@dataclass(frozen=True)
class Roles:
    """Accounts by what they do."""

    deployer: TestAccountAPI
    governor: TestAccountAPI
    guardian: TestAccountAPI
    poster: TestAccountAPI
    trader: TestAccountAPI
    maker: TestAccountAPI
    keeper: TestAccountAPI
    liquidator: TestAccountAPI
    lender: TestAccountAPI
    other: TestAccountAPI

    def keys(self) -> dict[str, str]:
        """Private keys by address."""
        return {account.address: account.private_key for account in vars(self).values()}


@pytest.fixture(scope="session")
def roles(accounts) -> Roles:
    """One test account for each role."""
    return Roles(**{name: accounts[index] for index, name in enumerate(ROLES)})


@pytest.fixture(scope="session")
def artifacts() -> Artifacts:
    """Artifacts of contracts and test helpers, compiled where sources have changed (SKIP_BUILD=1: as they are)."""
    found = Artifacts()
    if not os.environ.get("SKIP_BUILD"):
        found.build()
    return found


@pytest.fixture(scope="session")
def node(artifacts, accounts) -> Node:
    """Reach the Anvil that ape started, and stop its clock at START: only tests move it."""
    node = Node(connected(ape.networks.provider.uri), artifacts)
    node.rpc("anvil_setBlockTimestampInterval", 0)
    node.pass_time(START - node.now)
    node.rpc("evm_mine")
    return node


@pytest.fixture(scope="session")
def board(node, roles) -> Handle:
    """Deploy the poster of all prices."""
    return node.deploy("PriceBoard", sender=roles.deployer)


@pytest.fixture(scope="session")
def venue(node, board, roles) -> Venue:
    """Deploy a venue to the hand-over: every contract, asset and instrument of the local configuration."""
    chain = Chain(node.web3, KeySigner(Account.from_key(roles.deployer.private_key)), node.artifacts)
    config = test_config(governor=roles.governor.address, guardian=roles.guardian.address, poster=board.address)
    context = VenueContext(chain, config, open_record(chain, config, None))
    deployer = Deployer(context, plan(config))
    deployer.run()
    return Venue(node, deployer, board, roles.keys())


@contextmanager
def _undone(request, wanted: set[str]) -> Iterator[None]:
    """Undo what is done on the chain meanwhile, if anything asks for one; the venue forgets the prices set on it."""
    if "accounts" not in wanted:
        yield
        return
    venue = request.getfixturevalue("venue") if "venue" in wanted else None
    kept = dict(venue.prices) if venue else {}
    with undone():
        yield
    if venue:
        venue.prices = kept


@pytest.fixture(scope="module", autouse=True)
def _module_leaves_no_trace(request) -> Iterator[None]:
    """Undo what fixtures of a module did on the chain; node, board and venue are there before them."""
    tests = [test for test in request.session.items if test.path == request.path]
    wanted = {name for test in tests for name in test.fixturenames}
    for name in ("node", "board"):
        if name in wanted:
            request.getfixturevalue(name)
    with _undone(request, wanted):
        yield


@pytest.fixture(autouse=True)
def _test_leaves_no_trace(request, _module_leaves_no_trace) -> Iterator[None]:
    """Undo what a test did on the chain."""
    with _undone(request, set(request.fixturenames)):
        yield


def _role_fixture(name: str):
    @pytest.fixture(scope="session", name=name)
    def fixture(roles) -> Iterator[TestAccountAPI]:
        return getattr(roles, name)

    return fixture


deployer, governor, guardian, poster, trader, maker, keeper, liquidator, lender, other = map(_role_fixture, ROLES)
