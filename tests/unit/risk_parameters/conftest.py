"""The fixtures of the engine's tests serve those of its parameters."""

from tests.unit.risk_engine.conftest import ask, case, engine, parameters, params, probe, simulator

__all__ = ["ask", "case", "engine", "parameters", "params", "probe", "simulator"]
