"""Rehearsals: a copy of the chain, prices moved on it, the keeper let loose there. The chain itself is only read."""

from keepers.rehearse.contest import contest, describe_contest, render_contest
from keepers.rehearse.play import rehearse
from keepers.rehearse.shocks import parse_shocks
from keepers.rehearse.verdict import Rehearsal, describe_rehearsal, render_rehearsal

__all__ = [
    "Rehearsal",
    "contest",
    "describe_contest",
    "describe_rehearsal",
    "parse_shocks",
    "rehearse",
    "render_contest",
    "render_rehearsal",
]
