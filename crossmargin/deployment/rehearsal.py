"""A deployment played on a copy of its chain: what it would send and cost, and every step that would be refused."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from web3.exceptions import Web3Exception

from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.units import Gas
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.deployer import Deployer, Progress
from crossmargin.deployment.fork import copy_of
from crossmargin.deployment.plan import plan
from crossmargin.deployment.preflight import preflight
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Context, Step
from crossmargin.deployment.target import Chain
from crossmargin.errors import CrossMarginError, RecordError

__all__ = ["Checked", "Rehearsal", "check", "rehearse"]

_NOTHING: Final = Gas(0)
_ETHER: Final = Decimal(10**18)
_GWEI: Final = Decimal(10**9)


@dataclass
class Rehearsal:
    """What came of it."""

    transactions: int = 0
    gas: Gas = _NOTHING
    refused: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Checked:
    """All that is known before the first transaction."""

    problems: list[Problem]
    rehearsal: Rehearsal | None
    """None where nobody is named to govern, or a spoke's hub is not known, so that there is no plan."""
    price: int
    """Most that a unit of gas may cost, as each transaction will offer it now [wei]."""
    balance: int
    """Of the deployer [wei]."""

    @property
    def cost(self) -> int:
        """What the deployer has to have [wei]."""
        return self.price * self.rehearsal.gas if self.rehearsal else 0

    def summary(self) -> str:
        """Say what a deployment would take."""
        if self.rehearsal is None:
            return "not rehearsed: there is no plan without governor and guardian, nor for a spoke without its hub"
        least = "at least " if self.problems else ""
        return (
            f"{least}{self.rehearsal.transactions} transactions, {self.rehearsal.gas:,} gas: up to "
            f"{ether(self.cost)} ether at {self.price / _GWEI:.3g} gwei; the deployer has {ether(self.balance)}"
        )


def ether(wei: int) -> str:
    """Write an amount for people."""
    return f"{(wei / _ETHER).quantize(Decimal('0.0001')).normalize():,f}"


class _Going(Deployer):
    """Goes on past what is refused, and keeps it."""

    def __init__(self, venue: Context[Any], steps: list[Step], found: Rehearsal) -> None:
        super().__init__(venue, steps)
        self._found = found

    def _take(self, step: Step) -> None:
        try:
            super()._take(step)
        except RecordError:
            pass  # needs a contract whose own step was refused
        except (CrossMarginError, Web3Exception) as error:
            self._found.refused.append(Problem.of(step.name, error))


def rehearse(
    chain: Chain,
    config: NetworkConfig | SpokeConfig,
    record: DeploymentRecord,
    progress: Progress = lambda _done, _all, _name: None,
) -> Rehearsal:
    """Take every step that is left on a copy; the record and the chain stay as they are."""
    found = Rehearsal()
    before = len(record.transactions)
    with copy_of(chain, record.deployer) as copy:
        venue = Context[Any](copy, config, record.model_copy(deep=True))
        _Going(venue, plan(config), found).run(progress)
    made = venue.record.transactions[before:]
    found.transactions, found.gas = len(made), Gas(sum(each.gas_used for each in made))
    return found


def check(
    chain: Chain,
    config: NetworkConfig | SpokeConfig,
    record: DeploymentRecord,
    progress: Progress = lambda _done, _all, _name: None,
) -> Checked:
    """Read, then rehearse. What is refused on the copy is listed where nothing else is wrong, for it may follow."""
    problems = preflight(chain, config, record)
    governance = config.governance
    planned = governance.governor and governance.guardian
    if isinstance(config, SpokeConfig) and config.hub.address is None:
        planned = None
    rehearsal = rehearse(chain, config, record, progress) if planned else None
    if rehearsal is not None and not problems:
        problems = rehearsal.refused
    latest = chain.web3.eth.get_block("latest")
    price = 2 * latest["baseFeePerGas"] + chain.web3.eth.max_priority_fee
    checked = Checked(problems, rehearsal, price, chain.web3.eth.get_balance(chain.sender.address))
    if checked.balance < checked.cost:
        found = f"has {ether(checked.balance)} ether, the deployment may take {ether(checked.cost)}"
        missing = ether(checked.cost - checked.balance)
        checked.problems.append(Problem(f"deployer {record.deployer}", found, f"send it {missing} more"))
    return checked
