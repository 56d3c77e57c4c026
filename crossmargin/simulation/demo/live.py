"""The run as it goes, on the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from crossmargin.chain.times import span_text
from crossmargin.simulation.demo.outcome import BlockSample
from crossmargin.simulation.demo.run import Observer
from crossmargin.simulation.stage.amounts import price
from crossmargin.simulation.stage.parts import ShownParts
from crossmargin.simulation.stage.prices import PRICE_DECIMALS, PriceSeries

__all__ = ["LiveObserver"]


class LiveObserver(ShownParts, Observer):
    """Scenario time and prices beside the part that plays, and a line for whoever gets into trouble."""

    def __init__(self, console: Console, series: PriceSeries) -> None:
        """Show on `console` how far a series has been played."""
        super().__init__(console)
        self._series = series
        self._troubled: list[str] = []

    def block(self, sample: BlockSample, troubled: Sequence[str]) -> None:
        """Show scenario time, prices, and who is in trouble; say it when somebody gets into it."""
        begin, end = self._series.times[0], self._series.times[-1]
        moving = {name: value for name, value in sample.prices.items() if name in self._moving}
        prices = "  ".join(f"{name} {price(value, PRICE_DECIMALS)}" for name, value in moving.items())
        for name in troubled:
            if name not in self._troubled:
                self._changed(sample, name, "yellow", f": health {self._factor(sample, name)}")
        for name in self._troubled:
            if name not in troubled:
                self._changed(sample, name, "green", ": settled")
        self._troubled = list(troubled)
        what = f"{span_text(sample.time - begin)}  {prices}  in trouble: {len(troubled)}"
        self.step(min(sample.time, end) - begin, end - begin, what)

    @property
    def _moving(self) -> set[str]:
        return {name for name, values in self._series.prices.items() if len(set(values)) > 1}

    def _changed(self, sample: BlockSample, name: str, style: str, text: str) -> None:
        since = span_text(sample.time - self._series.times[0])
        self.say(Text.assemble(f"  {since:>10}  ", (name, style), text))

    @staticmethod
    def _factor(sample: BlockSample, name: str) -> str:
        value = sample.health.get(name)
        return "-" if value is None else f"{value / 10**18:.3f}"
