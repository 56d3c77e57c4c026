"""The fixtures of the option oracle's tests serve those of its surface."""

from tests.unit.option_oracle.conftest import option, oracle, post, probe, start, surface, warp

__all__ = ["option", "oracle", "post", "probe", "start", "surface", "warp"]
