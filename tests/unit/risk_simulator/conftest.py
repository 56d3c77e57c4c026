"""The venue of the engine's tests."""

from tests.unit.risk_engine.conftest import ask, case, engine, parameters, params, probe, simulator

__all__ = ["ask", "case", "engine", "parameters", "params", "probe", "simulator"]
