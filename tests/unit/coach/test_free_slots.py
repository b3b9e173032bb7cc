"""When two people could talk."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.coach.free_slots import Wanted, free_slots

ZONE = dt.timezone(dt.timedelta(hours=1))
FRIDAY = dt.datetime(2026, 11, 27, 15, 30, tzinfo=ZONE)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of that week."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_the_first_slot_is_on_the_next_working_day():
    """Asked on a Friday with nothing planned: Monday at nine, then Tuesday, then Wednesday of December."""
    slots = free_slots([], FRIDAY, Wanted(minutes=45))
    assert [f"{begin:%a %d %H:%M}" for begin, _ in slots] == ["Mon 30 09:00", "Tue 01 09:00", "Wed 02 09:00"]


def test_a_slot_begins_after_what_is_busy_on_a_quarter():
    """Busy from 8:00 to 9:40 and from 10:15 to 17:00: 9:45 is too short for 45 minutes, so the day has none."""
    busy = [(at(30, 8), at(30, 9, 40)), (at(30, 10, 15), at(30, 17))]
    assert free_slots(busy, FRIDAY, Wanted(minutes=30, days=3, most=1))[0][0] == at(30, 9, 45)
    assert free_slots(busy, FRIDAY, Wanted(minutes=45, days=3, most=1)) == ()


spans = st.tuples(st.integers(0, 14 * 96), st.integers(1, 60)).map(
    lambda p: (
        FRIDAY + dt.timedelta(minutes=15 * p[0] + 7),
        FRIDAY + dt.timedelta(minutes=15 * (p[0] + p[1])),
    )
)


@given(busy=st.lists(spans, max_size=30), minutes=st.sampled_from([15, 45, 120]))
def test_no_slot_overlaps_what_is_busy_or_leaves_working_hours(busy, minutes):
    """Whatever two calendars hold, a slot is free, inside 9 to 17, on a quarter, on a working day, one a day."""
    slots = free_slots(busy, FRIDAY, Wanted(minutes=minutes))
    for begin, end in slots:
        assert not any(since < end and until > begin for since, until in busy)
        assert begin.hour >= 9
        assert end <= begin.replace(hour=17, minute=0)
        assert begin.minute % 15 == 0
        assert begin.weekday() < 5
    assert len({begin.date() for begin, _ in slots}) == len(slots) <= 3
