"""Weekly: one page on every promise, week by week, and the mail that carries it; reads only what was taken in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.domain.errors import Unavailable
from shipworthy.domain.promise import Tripwire
from shipworthy.exporters.weekly import Told, weekly_html, weekly_text
from shipworthy.narrative.monitoring import sentences
from shipworthy.narrative.rollout import rollout_words
from shipworthy.narrative.weeks import in_window, quota_words, traffic_words, weeks_of
from shipworthy.services.mix_to_keep import mix_to_keep
from shipworthy.services.rollout import rollout
from shipworthy.services.send_mail import Letter
from shipworthy.services.watch import Standing, Status, read_promised, standings
from shipworthy.services.watched_days import Days, days_of
from shipworthy.store import watched
from shipworthy.store.ledger import open_ledger
from shipworthy.store.read import Reading

WORST_FIRST: tuple[Status, ...] = ("broken", "at risk", "not enough data", "kept")


@dataclass(frozen=True)
class Weekly:
    """The page, and what a mail of it says.

    Attributes:
        title: the launch, and the day.
        lead: how many promises are in which state.
        promises: every promise, the worst first.
        foot: the stage of going live, and the mix of the traffic.
        broken: whether any promise is broken.
    """

    title: str
    lead: str
    promises: tuple[Told, ...]
    foot: tuple[str, ...]
    broken: bool

    @property
    def html(self) -> str:
        """The page."""
        return weekly_html(self.title, self.lead, self.promises, self.foot)

    @property
    def text(self) -> str:
        """The page as text."""
        return weekly_text(self.lead, self.promises, self.foot)

    def letter(self, sender: tuple[str, str], to: tuple[str, str]) -> Letter:
        """Return the mail: its text, and the page attached."""
        return Letter(
            sender, to, f"{self.title}: {self.lead}", self.text, attached={"weekly.html": self.html.encode()}
        )


def weekly(folder: Path, *, today: dt.date | None = None) -> Weekly:
    """Say where every promise stands, week by week.

    Args:
        folder: the launch folder.
        today: the day on the page; today unless said.

    Raises:
        Refused: nothing was promised.
        FolderHasProblems: the folder has mistakes.
    """
    reading, promises = read_promised(folder)
    day = today or dt.datetime.now().astimezone().date()
    ledger = open_ledger(reading.layout.ledger)
    try:
        with ledger.read() as connection:
            told = [standing for standing, _ in standings(reading, promises, connection)]
            days = days_of(promises, connection)
            step = rollout(reading.launch, told, connection, today=day)
            foot = (*(rollout_words(step) if step else ()), *_traffic(reading, connection))
    finally:
        ledger.close()
    told.sort(key=lambda each: WORST_FIRST.index(each.status))
    counts = Counter(each.status for each in told)
    lead = ", ".join(f"{counts[status]:,} {status}" for status in WORST_FIRST if counts[status])
    return Weekly(
        f"{reading.launch.title}: promises on {day.isoformat()}", lead, tuple(_told(each, days) for each in told),
        foot, bool(counts["broken"]),
    )  # fmt: skip


def write_weekly(folder: Path, made: Weekly, *, today: dt.date | None = None) -> Path:
    """Write the page as `weekly/DATE.html`, whole or not at all.

    Raises:
        Unavailable: it cannot be written.
    """
    day = today or dt.datetime.now().astimezone().date()
    path = folder / "weekly" / f"{day.isoformat()}.html"
    try:
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        unfinished.write_text(made.html, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise Unavailable(f"the page cannot be written: {error.strerror}", where=str(path)) from error
    return path


def _told(each: Standing, days: dict[str, Days]) -> Told:
    promise, own = each.promise, days[each.promise.id]
    title = promise.statement or promise.id
    do_now = tuple(map(_by_whom, each.pulled))
    later = tuple(f"If it is still {each.status} on {wire.by}: {_by_whom(wire)}." for wire in each.waiting)
    quota = quota_words(in_window(own, promise.window_days), promise.labels, promise.window_days)
    return Told(
        promise.id,
        title,
        each.status,
        (*sentences(each.watched), *([each.doubt] if each.doubt else []), *later, quota),
        do_now,
        weeks_of(title, promise.rate, own, mean=each.watched.promise if promise.cap is not None else None),
    )


def _by_whom(wire: Tripwire) -> str:
    return f"{wire.action}, by {wire.who}" if wire.who else f"{wire.action}; nobody is named who can"


def _traffic(reading: Reading, connection: Connection) -> tuple[str, ...]:
    mix = mix_to_keep(reading, connection)
    counts: Counter[str] = Counter()
    mixes = {each.seq: each.mixes for each in watched.intakes(connection)}
    for row in watched.day_counts(connection):
        if not row.series:
            counts[mixes[row.seq][row.mix].get(mix.by, "")] += row.n
    said = traffic_words(dict(counts), mix.shares, of=mix.of)
    return (said,) if said else ()
