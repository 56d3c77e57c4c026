import pytest

from crossmargin.simulation.live.endings import ending_step

EXPIRY = 1_800_403_200
HALF_HOUR = 1_800


@pytest.mark.parametrize(
    ("started", "average", "now", "step"),
    [
        (0, 0, EXPIRY - HALF_HOUR - 1, None),
        (0, 0, EXPIRY - HALF_HOUR, "start"),
        (EXPIRY - HALF_HOUR, 0, EXPIRY - 1, None),
        (EXPIRY - HALF_HOUR, 0, EXPIRY, "finish"),
        (EXPIRY - 100, 0, EXPIRY, None),
        (EXPIRY - 100, 0, EXPIRY + HALF_HOUR - 100, "finish"),
        (EXPIRY - HALF_HOUR, 0, EXPIRY + HALF_HOUR + 1, "start"),
        (EXPIRY - HALF_HOUR, 1_999, EXPIRY, "settle"),
    ],
)
def test_an_expiry_is_started_finished_and_settled(started, average, now, step):
    """Half an hour of averaging at least, up to the expiry or beyond; a window that nobody finished begins anew."""
    assert ending_step(EXPIRY, started, average, now) == step
