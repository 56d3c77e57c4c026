"""Who bore what an account lost beyond its equity."""

from collections.abc import Mapping

from crossmargin.simulation.demo.outcome import DemoRun
from crossmargin.simulation.stage.amounts import usd

__all__ = ["bearers", "borne_by", "loss_lines"]


def bearers(run: DemoRun, until: int | None = None) -> Mapping[str, int]:
    """Add up what each bore, up to a time [s since 1970]."""
    losses = [loss for loss in run.losses if until is None or loss.time <= until]
    return {
        "the insurance fund": sum(loss.fund for loss in losses),
        "winners of the markets": sum(loss.markets for loss in losses),
        "lenders": sum(loss.lenders for loss in losses),
        "the deficit ledger": sum(loss.deficit for loss in losses),
    }


def borne_by(run: DemoRun) -> str:
    """Write who bore how much."""
    return ", ".join(f"{usd(amount)} by {who}" for who, amount in bearers(run).items() if amount)


def loss_lines(run: DemoRun) -> list[str]:
    """Say how much bad debt there was and who bore it, and what became of the insurance fund."""
    first, last = run.blocks[0], run.blocks[-1]
    change = last.fund - first.fund
    sign = "+" if change > 0 else ""
    lines = [f"insurance fund: {usd(first.fund)} before, {usd(last.fund)} after ({sign}{usd(change)})"]
    if not run.losses:
        return ["bad debt: none", *lines]
    debt = f"bad debt: {usd(run.bad_debt())}, borne {borne_by(run)}; deficit ledger at the end {usd(last.deficit)}"
    return [debt, *lines]
