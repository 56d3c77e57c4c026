"""The picture: what each attack had taken over time, below what the bucket lets through at most."""

from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from crossmargin.simulation.two_chains.outcome import Attack, TwoChainsRun
from crossmargin.simulation.two_chains.report import verdict

__all__ = ["draw_chart"]

_MINUTE: Final = 60
_TAKEN: Final = "#c04b4b"
_BOUND: Final = "#6f6f6f"
_PAUSE: Final = "#2f6db3"
_GRID: Final = "#e4e4e4"
_ROOM: Final = 1.25
"""Above the bound, of it."""
_LEAST: Final = 100.0
"""Of the axis where nothing may be taken [tokens]."""


def draw_chart(run: TwoChainsRun, path: Path) -> None:
    """Draw the run into a PNG file."""
    with rc_context({"text.parse_math": False}):  # a $ in a title is a dollar
        figure = Figure(figsize=(11, 7.5), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots(2, 2, sharex=True)
        for each, attack in zip(axes.flat, run.attacks, strict=True):
            _attack(each, attack, run.delay)
        for each in axes[-1]:
            each.set_xlabel("minutes since the first forged message")
        for each in axes[:, 0]:
            each.set_ylabel("ETH taken")
        figure.suptitle("\n".join(verdict(run)), fontsize=10, ha="left", x=0.01)
        figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _attack(axes: Axes, attack: Attack, delay: int) -> None:
    minutes = [sample.time / _MINUTE for sample in attack.samples]
    bounds = [float(sample.bound) for sample in attack.samples]
    taken = [float(sample.taken) for sample in attack.samples]
    axes.plot(minutes, bounds, color=_BOUND, linestyle="--", label="at most: bucket and refill until the pause")
    axes.step(minutes, taken, where="post", color=_TAKEN, linewidth=2, label="taken")
    axes.axvline(delay / _MINUTE, color=_PAUSE, linewidth=1, label="guardians pause")
    axes.set_ylim(0, max(bounds[-1] * _ROOM, _LEAST))
    axes.set_title(f"{attack.name} ({attack.token}): {attack.taken:,.1f} of {attack.forged:,.0f}", fontsize=9)
    axes.grid(color=_GRID)
    axes.legend(fontsize=8, loc="upper right" if attack.required > 1 else "lower right")
