"""Read when somebody is busy, from a calendar file; events that repeat are laid out for the days asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput

Span = tuple[dt.datetime, dt.datetime]
MOST_BYTES = 20 * 1024 * 1024
MOST_REPEATS = 5000


def busy_spans(path: Path, since: dt.datetime, until: dt.datetime) -> list[Span]:
    """Return the spans in which a calendar is not free.

    Args:
        path: an iCalendar file (.ics).
        since: events that end before it are passed over; its time zone is taken where the file has none.
        until: events that begin after it are passed over.

    Raises:
        BadInput: the file is no calendar, or too large.
    """
    import icalendar  # noqa: PLC0415 - only this command reads calendars

    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("the calendar is too large", where=str(path), remedy="export the next weeks only")
        found = icalendar.Calendar.from_ical(path.read_bytes())
    except OSError as error:
        raise BadInput("there is no such file", where=str(path), remedy="check the path") from error
    except (ValueError, IndexError, KeyError) as error:
        raise BadInput(
            "this is no calendar", where=str(path), remedy="export it as iCalendar (.ics)"
        ) from error
    spans: list[Span] = []
    for event in found.walk("VEVENT"):
        if (
            str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
            or str(event.get("STATUS", "")) == "CANCELLED"
        ):
            continue
        spans += _occurrences(event, since, until)
    return sorted(span for span in spans if span[1] > since and span[0] < until)


def _occurrences(event: Any, since: dt.datetime, until: dt.datetime) -> list[Span]:
    try:
        start = _moment(event.decoded("DTSTART"), since)
        if "DTEND" in event:
            length = _moment(event.decoded("DTEND"), since) - start
        else:
            length = event.decoded("DURATION") if "DURATION" in event else dt.timedelta(days=1)
    except (KeyError, ValueError, AttributeError, TypeError):
        return []
    if "RRULE" not in event:
        return [(start, start + length)]
    from dateutil.rrule import rrulestr  # noqa: PLC0415

    try:
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
        begins = rule.xafter(since - length, count=MOST_REPEATS, inc=True)
        laid_out = []
        for begin in begins:
            if begin > until:
                break
            laid_out.append((begin, begin + length))
    except (ValueError, TypeError):
        return [(start, start + length)]
    without = _left_out(event, since)
    return [span for span in laid_out if span[0] not in without]


def _left_out(event: Any, zone: dt.datetime) -> set[dt.datetime]:
    given = event.get("EXDATE", [])
    lists = given if isinstance(given, list) else [given]
    return {_moment(each.dt, zone) for one in lists for each in getattr(one, "dts", ())}


def _moment(value: Any, zone: dt.datetime) -> dt.datetime:
    """Return a date or a time without a zone as one with the zone of whoever asks."""
    if not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day, tzinfo=zone.tzinfo)
    return value if value.tzinfo else value.replace(tzinfo=zone.tzinfo)
