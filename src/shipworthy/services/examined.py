"""Examined: what a look at every case says of the eval set, for the sceptic; texts and tags alone, no outcome."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from shipworthy.coach.observed import Cases, Mode
from shipworthy.decision.health import Finding
from shipworthy.domain.evalset import Case
from shipworthy.services.opened import opened
from shipworthy.services.set_doctor import doctor, examine
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.layout import Layout

MOST = 20_000
"""In larger eval sets twins and leaks are not searched for here; `set doctor` does."""
PROVOKES = "failure_mode"
"""The tag by which a case says which failure mode it is meant to provoke."""
AUTHOR, COLLECTED = "author", "collected"
"""The tags by which a case says who wrote it, and on which day it was collected."""
_HOSTILE, _NO = frozenset({"hostile", "adversarial"}), frozenset({"", "no", "false", "0", "none"})


def examined(folder: Path, known: Cases, *, today: dt.date | None = None, anyway: bool = False) -> Cases:
    """Return what is known of the eval set with its sources, its hostile cases, its twins and its leaks.

    Args:
        folder: the launch folder, without problems.
        known: what the index says.
        today: the day it is asked; ages are not known without it.
        anyway: also while `check` has something to say of the folder.
    """
    kept = list(read_cases(Layout(folder), []))
    sources = Counter(case.source.strip() for case in kept)
    known = replace(
        known,
        sources=dict(sources) if any(sources) else None,
        hostile=_hostile(kept),
        authors=dict(Counter(case.tags[AUTHOR].strip() for case in kept if AUTHOR in case.tags)) or None,
        median_days=_median_days(kept, today),
    )
    if not kept or len(kept) > MOST:
        return known
    sealed = {case.id for case in kept if case.part == "holdout"}
    found = _findings(folder, anyway=anyway)
    prompted = {name for each in found if each.kind == "leak" and each.mend for name in each.cases}
    twins = {name for each in found if each.kind.startswith("twins") for name in each.cases}
    return replace(known, prompted=tuple(sorted(prompted & sealed)), near_twins=len(twins & sealed))


def _findings(folder: Path, *, anyway: bool) -> tuple[Finding, ...]:
    if not anyway:
        return doctor(folder).findings
    with opened(folder) as launch:
        return examine(launch).findings


def provoked(folder: Path, modes: Sequence[Mode]) -> tuple[Mode, ...]:
    """Return failure modes with the cases that are meant to provoke them; not known where no case says so by its tag.

    Args:
        folder: the launch folder, without problems.
        modes: what is known of them.
    """
    counts = Counter(case.tags[PROVOKES] for case in read_cases(Layout(folder), []) if PROVOKES in case.tags)
    return tuple(replace(mode, cases=counts[mode.id]) for mode in modes) if counts else tuple(modes)


def _median_days(kept: Sequence[Case], today: dt.date | None) -> float | None:
    """Return the age of the middle case of those that say by a tag when they were collected; None where none does."""
    if today is None:
        return None
    days = []
    for case in kept:
        try:
            days.append((today - dt.date.fromisoformat(case.tags[COLLECTED].strip())).days)
        except (KeyError, ValueError):
            continue  # without a day, or with words in its place: its age is not known
    return float(median(days)) if days else None


def _hostile(kept: Sequence[Case]) -> int | None:
    """Count the hostile cases; None where no tag and no source speaks of them."""
    tagged = [[case.tags[name].casefold() for name in _HOSTILE if name in case.tags] for case in kept]
    named = sum(any(word in case.source.casefold() for word in _HOSTILE) for case in kept)
    if not named and not any(tagged):
        return None
    return max(named, sum(any(value not in _NO for value in values) for values in tagged))
