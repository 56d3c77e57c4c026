"""Times and lengths of time as people read them."""

import pytest

from crossmargin.chain.times import clock_text, day_text, minute_text, span_text, time_text

EIGHT = 1_800_000_000  # 2027-01-15 08:00:00


def test_times_are_in_utc_whatever_zone_the_machine_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine in another zone writes the same."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert time_text(EIGHT) == "2027-01-15 08:00:00 UTC"
    assert minute_text(EIGHT + 59) == "2027-01-15 08:00"
    assert day_text(EIGHT) == "2027-01-15"
    assert clock_text(EIGHT + 61.9) == "08:01:01"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (90, "90 s"),
        (60, "1 min"),
        (7_199, "120 min"),
        (7_200, "2 h"),
        (86_400, "1 d"),
        (90_000, "25 h"),
        (302_400, "3.5 d"),
    ],
)
def test_a_length_is_written_in_the_largest_unit_that_fits(seconds: int, text: str) -> None:
    """No tail is longer than a digit."""
    assert span_text(seconds) == text
