"""Rehearsals: a copy of the chain, prices moved on it, the keeper let loose there. The chain itself is only read."""

from keepers.rehearse.play import Rehearsal, rehearse
from keepers.rehearse.shocks import parse_shocks
from keepers.rehearse.verdict import describe_rehearsal, render_rehearsal

__all__ = ["Rehearsal", "describe_rehearsal", "parse_shocks", "rehearse", "render_rehearsal"]
