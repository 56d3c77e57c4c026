import pytest

from crossmargin.simulation.live.endings import ending_step

EXPIRY = 1_800_403_200
HALF_HOUR = 1_800


@pytest.mark.parametrize(
    ("observations", "next_at", "average", "now", "step"),
    [
        (0, EXPIRY - HALF_HOUR, 0, EXPIRY - HALF_HOUR - 1, None),
        (0, EXPIRY - HALF_HOUR, 0, EXPIRY - HALF_HOUR, "observe"),
        (1, EXPIRY - 60, 0, EXPIRY - 61, None),
        (1, EXPIRY - 60, 0, EXPIRY - 60, "observe"),
        (30, EXPIRY, 0, EXPIRY - 1, None),
        (20, EXPIRY, 0, EXPIRY, "finish"),
        (19, EXPIRY, 0, EXPIRY, "observe"),
        (19, EXPIRY + 60, 0, EXPIRY + 59, None),
        (20, 0, 1_999, EXPIRY, "settle"),
    ],
)
def test_an_expiry_is_observed_finished_and_settled(observations, next_at, average, now, step):
    """Once a minute from half an hour before it, up to it or until there are twenty observations."""
    assert ending_step(EXPIRY, observations, next_at, average, now) == step
