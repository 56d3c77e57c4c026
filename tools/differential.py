"""Compare RiskEngine and RiskSimulator with the reference model on random portfolios, in process, to the wei.

Needs artifacts (`forge build`) and the repository's root in PYTHONPATH. Exit status 1 and the seed of the batch at the
first difference.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from random import Random
from typing import Any, Final, cast

from eth_abi.abi import decode, encode
from eth_typing import ABIFunction
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types, get_abi_output_types
from pyrevm import EVM, BlockEnv
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from crossmargin.deployment import Artifacts
from crossmargin.model.parameters import RiskParams
from crossmargin.model.units import Seconds
from tests.helpers.engine_probe import Case, answers, case_words, expected, fits, parameter_words
from tests.helpers.random_cases import random_case, random_configuration
from tests.offchain.model.books import NOW

BATCH: Final = 32
"""Cases of one configuration, tried in one call."""
DEPLOYER: Final = "0x" + "11" * 20
GAS: Final = 10**15


class Venue:
    """A probe with its engine and simulator on an EVM in this process."""

    def __init__(self) -> None:
        """Deploy them, and the parameters of the engine."""
        self._artifacts = Artifacts()
        self._evm = EVM(spec_id="CANCUN", gas_limit=2 * GAS)
        self._evm.set_block_env(BlockEnv(timestamp=NOW, gas_limit=2 * GAS))
        self._probe = self._deploy("EngineProbe", 0)
        parameters = self._deploy("RiskParameters", 2)
        self._engine = self._deploy("RiskEngine", 4, parameters)
        self._call("setRiskEngine", (self._engine,))
        self._simulator = self._deploy("RiskSimulator", 3)

    def _deploy(self, name: str, probes: int, *more: str) -> str:
        """Deploy a contract whose constructor takes the probe's address so many times, and then others."""
        addresses = ([self._probe] * probes if probes else []) + list(more)
        arguments = encode(["address"] * len(addresses), addresses)
        return str(self._evm.deploy(DEPLOYER, self._artifacts[name].creation_code + arguments, gas=GAS))

    def _call(self, name: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        entry = cast("ABIFunction", self._artifacts["EngineProbe"].functions[name])
        data = function_abi_to_4byte_selector(entry) + encode(get_abi_input_types(entry), arguments)
        output = self._evm.message_call(DEPLOYER, self._probe, data, gas=GAS)
        # what the probe was told would last until the next call
        self._evm.reset_transient_storage()
        return decode(get_abi_output_types(entry), output)

    def answers(self, params: RiskParams, cases: list[Case]) -> list[dict[str, Any]]:
        """Ask about every case under one configuration, and forget the configuration."""
        before = self._evm.snapshot()
        words = [case_words(case) for case in cases]
        _, results = self._call("run", (self._engine, self._simulator, parameter_words(params), words))
        self._evm.revert(before)
        return answers(results, self._artifacts["EngineProbe"].functions["run"])


@dataclass(frozen=True)
class Outcome:
    """What came of one batch: how many cases were compared, and the first difference."""

    seed: int
    compared: int
    difference: str | None


_venue: list[Venue] = []
"""That of this process, deployed with its first batch."""


def try_batch(seed: int) -> Outcome:
    """Make a configuration and cases from a seed, and compare every answer with the model's."""
    if not _venue:
        _venue.append(Venue())
    pick = Random(seed).randint  # noqa: S311 (a seed, not a secret)
    params = random_configuration(pick)
    cases = [case for case in (random_case(pick, params) for _ in range(BATCH)) if fits(case)]
    for number, (case, answer) in enumerate(zip(cases, _venue[0].answers(params, cases), strict=True)):
        wanted = expected(case, Seconds(NOW))
        for name, value in wanted.items():
            if answer[name] != value:
                said = f"case {number}: {name} is {answer[name]}, the model says {value}\n{case}"
                return Outcome(seed, number, said)
    return Outcome(seed, len(cases), None)


def outcomes(first: int, batches: int, workers: int) -> Iterator[Outcome]:
    """Try batches of consecutive seeds, in processes of their own where there are several workers."""
    seeds = range(first, first + batches)
    if workers == 1:
        yield from map(try_batch, seeds)
        return
    with Pool(workers) as pool:
        yield from pool.imap_unordered(try_batch, seeds)


def main(arguments: list[str] | None = None) -> int:
    """Compare until as many cases as asked agree; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="compare at least so many")
    parser.add_argument("--seed", type=int, default=1, help="of the first batch; the next one has the next seed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    options = parser.parse_args(arguments)

    console = Console()
    start, compared, batches = time.monotonic(), 0, 0
    columns = (TextColumn("cases"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("cases", total=options.cases)
        for outcome in outcomes(options.seed, options.cases, options.workers):
            compared, batches = compared + outcome.compared, batches + 1
            progress.update(task, completed=min(compared, options.cases))
            if outcome.difference:
                console.print(outcome.difference, markup=False)
                console.print(f"[red]differs:[/] tools/differential.py --seed {outcome.seed} --cases 1 --workers 1")
                return 1
            if compared >= options.cases:
                break
    wall = time.monotonic() - start
    console.print(
        f"{compared:,} cases of {batches:,} configurations agree: seed {options.seed}, {wall:,.0f} s, "
        f"{compared / wall:,.1f} cases a second, {options.workers} workers"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
