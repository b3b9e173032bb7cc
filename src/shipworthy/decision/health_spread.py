"""Whether an eval set holds enough of what will come: slices, sources, dates."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from shipworthy.decision.health import Cases, Finding
from shipworthy.decision.marks import Mark
from shipworthy.domain.evalset import Case

HALF = 0.5
"""A slice with less than so much of its share in the holdout is told of."""

OLD_DAYS = 180
"""An eval set without a case younger than this is told of."""

FEW = 20
"""Of fewer cases nobody can say that they come from one place."""

_DATED = frozenset({"date", "day", "created", "month", "when", "at"})
_DATE = re.compile(r"\b((?:19|20)\d{2})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?\b")


def holdout_findings(seen: Cases, marks: Sequence[Mark]) -> Iterator[Finding]:
    """Yield what the holdout cannot show at its size, even if all pass."""
    if not any(case.part == "holdout" for case in seen.cases):
        yield Finding(
            "no holdout",
            mend=True,
            what="no case is in the holdout",
            where=("evalset/",),
            why="nothing can be decided: outcomes on open cases explore and never confirm",
            remedy=f"shipworthy set split {seen.folder} --holdout 0.5",
        )
        return
    for mark in marks:
        sized = mark.sized
        if sized.groups < sized.least:
            place = f"{sized.criterion}{f' on {sized.slice}' if sized.slice else ''}"
            yield Finding(
                "thin slice",
                mend=True,
                what=f"{place} has {sized.groups} groups, and cannot be shown even if all pass: it takes {sized.least}",
                where=("evalset/",),
                why="whatever comes out, this claim ends in *not yet*",
                remedy=f"write {sized.least - sized.groups} more at least (shipworthy set grow {seen.folder}), or claim less there",
            )


def coverage_findings(
    seen: Cases, shares: Mapping[str, float], groups: Mapping[str, int]
) -> Iterator[Finding]:
    """Yield slices that the holdout holds much less of than the traffic does.

    Args:
        seen: the cases.
        shares: slice to its expected share of the traffic.
        groups: slice to its groups in the holdout.
    """
    total = sum(groups.values())
    for name, share in shares.items():
        have = groups.get(name, 0)
        if total and share < 1.0 and have / total < HALF * share:
            more = math.ceil(round((share * total - have) / (1.0 - share), 9))
            yield Finding(
                "coverage",
                mend=False,
                what=f"{name} is {share:.0%} of the traffic and {have / total:.0%} of the holdout ({have} of {total} groups)",
                where=("evalset/", "launch.yaml"),
                why="what holds over all of the holdout says little of what most people will meet",
                remedy=f"write {more} more groups for {name}: shipworthy set grow {seen.folder}",
            )


def source_findings(seen: Cases, today: dt.date) -> Iterator[Finding]:
    """Yield an eval set that comes from one place, or that has grown old."""
    if len(seen.cases) < FEW:
        return
    sources = Counter(case.source for case in seen.cases)
    files = {place.rsplit(":", 1)[0] for place in seen.places}
    if len(sources) == 1:
        source = next(iter(sources))
        said = f"come from one source, `{source[:80]}`" if source else "do not say where they come from"
        yield Finding(
            "one source",
            mend=False,
            what=f"all {len(seen.cases):,} cases {said}{' and stand in one file' if len(files) == 1 else ''}",
            where=tuple(sorted(files)[:3]),
            why="one source has one way of asking; traffic has many",
            remedy="add cases from a second source (logs, tickets, an expert), and name it in `source`",
        )
    dated = [(day, position) for position, case in enumerate(seen.cases) if (day := _day(case))]
    if dated and (today - max(dated)[0]).days > OLD_DAYS:
        newest, position = max(dated)
        yield Finding(
            "stale",
            mend=False,
            what=f"no case is newer than {newest.isoformat()} ({len(dated):,} of {len(seen.cases):,} have a date)",
            where=seen.where(position),
            why="what people ask and what is right to answer has moved since",
            remedy="add cases of the last weeks, with their date in a tag `date`",
        )


def _day(case: Case) -> dt.date | None:
    """Return the date that a case has in a tag or in its source."""
    texts = [value for tag, value in case.tags.items() if tag.casefold() in _DATED]
    for text in [*texts, case.source]:
        found = _DATE.search(text)
        if found:
            try:
                return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
            except ValueError:
                continue
    return None


def text_findings(seen: Cases, texts: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Yield cases without an input: nothing can be said of their twins and leaks."""
    files: dict[str, int] = defaultdict(int)
    empty = [position for position, text in enumerate(texts) if not text]
    for position in empty:
        files[seen.places[position]] += 1
    if empty:
        yield Finding(
            "no text",
            mend=False,
            what=f"{len(empty):,} of {len(texts):,} cases have no text in `input`",
            where=seen.where(*empty[:3]),
            why="twins and leaks among them cannot be found, and count as evidence",
            remedy="write the input of each case, also where outcomes were recorded elsewhere",
            cases=seen.ids(*empty),
        )
