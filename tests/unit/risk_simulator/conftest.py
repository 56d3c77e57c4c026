"""The venue of the engine's tests."""

from tests.unit.risk_engine.conftest import ask, case, engine, parameters, params, probe, simulator

__all__ = ["ask", "case", "engine", "parameters", "params", "probe", "simulator"]

NOTHING = ([], [], [], [], [], 0)


def change(**parts):
    """Make a change of nothing but the given parts."""
    names = ("instruments", "sizes", "prices", "indices", "amounts", "cash")
    return tuple(parts.get(name, default) for name, default in zip(names, NOTHING, strict=True))
