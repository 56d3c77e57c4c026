"""`keeper doctor`: looks at everything a run needs, and says what to do about what is wrong. Changes nothing."""

from keepers.doctor.examine import examine
from keepers.doctor.finding import Finding, State, render

__all__ = ["Finding", "State", "examine", "render"]
