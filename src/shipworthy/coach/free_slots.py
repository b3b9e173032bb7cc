"""When two people could talk: slots inside working hours that nothing busy overlaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Wanted:
    """What kind of slot is looked for.

    Attributes:
        minutes: how long.
        first: the hour at which a working day begins.
        last: the hour at which it ends.
        days: days ahead that are searched, tomorrow first; Saturdays and Sundays are no working days.
        most: slots at most, one a day, so that there is a choice of days.
    """

    minutes: int = 45
    first: int = 9
    last: int = 17
    days: int = 14
    most: int = 3


def free_slots(busy: Sequence[Span], after: dt.datetime, wanted: Wanted) -> tuple[Span, ...]:
    """Return the first free slot of each of the next working days.

    Args:
        busy: spans that are taken, each with its time zone.
        after: the moment of asking, with the time zone in which working hours are meant.
        wanted: how long, between which hours, how many.

    Returns:
        Slots that begin on a quarter of an hour, at most one a day.
    """
    found: list[Span] = []
    length = dt.timedelta(minutes=wanted.minutes)
    for ahead in range(1, wanted.days + 1):
        day = (after + dt.timedelta(days=ahead)).replace(minute=0, second=0, microsecond=0)
        if day.weekday() >= 5:
            continue
        begin, end = day.replace(hour=wanted.first), day.replace(hour=wanted.last)
        while begin + length <= end:
            taken = [until for since, until in busy if since < begin + length and until > begin]
            if not taken:
                found.append((begin, begin + length))
                break
            begin = _quarter(max(max(taken).astimezone(begin.tzinfo), begin + dt.timedelta(minutes=15)))
        if len(found) == wanted.most:
            break
    return tuple(found)


def _quarter(moment: dt.datetime) -> dt.datetime:
    """Return the next quarter of an hour, or the moment if it is one."""
    over = dt.timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not over else moment - over + dt.timedelta(minutes=15)
