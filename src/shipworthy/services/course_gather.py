"""Gather what lessons 3 to 5 are marked by: talks, criteria, groups, the lock, looks, the verdict, the page about it."""

from __future__ import annotations

from pathlib import Path

from shipworthy.coach.lesson_ask import Asked
from shipworthy.coach.lesson_bound import Bounded
from shipworthy.coach.lesson_prove import Proved
from shipworthy.domain.errors import BadInput, Misused, Refused
from shipworthy.domain.interview import Coding
from shipworthy.services.check import check
from shipworthy.services.decide import Decided, prospect
from shipworthy.services.opened import Opened
from shipworthy.services.plan import plan_in
from shipworthy.services.planned import Lock, last_lock, plan_of
from shipworthy.services.verdict_now import verdict_now
from shipworthy.store.course_file import read_truth
from shipworthy.store.evalset_file import placed_cases
from shipworthy.store.practice import labels_given, looks_taken

CANDIDATE, PAGE, LONGEST = "drafts", "shown.md", 100_000


def asked(folder: Path) -> Asked:
    """Return what became of the talks."""
    truth, talks = read_truth(), check(folder).interviews
    standing = [each for each in talks if each.head.consent.state == "given"]
    coded = [(talk, coding) for talk in standing for coding in talk.codings]
    strong = ("did", "habit")
    guesses = [one for _, one in coded if any(_meets(talk.text, one, truth.guesses) for talk in standing)]
    return Asked(
        talks=sum(each.head.consent.state in ("given", "withdrawn") for each in talks),
        frozen=sum(each.may_be_coded for each in standing),
        taken_back=sum(each.head.consent.state == "withdrawn" for each in talks),
        right_one=not any(truth.withdrawn in each.text for each in standing),
        exposed=_exposed(folder, (*truth.names, truth.withdrawn)),
        did=len({talk.person for talk, one in coded if one.kind == "did" and one not in guesses}),
        guesses=len(guesses),
        guesses_as_facts=sum(one.kind in strong for one in guesses),
    )


def _meets(text: str, coding: Coding, passages: tuple[str, ...]) -> bool:
    """Whether an excerpt of a text and one of the passages have characters in common."""
    at = [(text.find(passage), len(passage)) for passage in passages]
    here = text[coding.start : coding.end] == coding.text
    return here and any(0 <= start < coding.end and coding.start < start + n for start, n in at)


def _exposed(folder: Path, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return files in which a name, a number or a word that was taken back still stands."""
    files = [*sorted((folder / "material/talks").glob("*")), *sorted((folder / "interviews").glob("*"))]
    return tuple(
        str(file.relative_to(folder))
        for file in files
        if file.is_file() and any(word in _page(file) for word in words)
    )


def bounded(launch: Opened) -> Bounded:
    """Return what was written before the holdout is opened."""
    cases = [placed.case for placed in placed_cases(launch.layout, [])]
    lock = _lock(launch)
    return Bounded(
        criteria=launch.reading.criteria,
        twins=read_truth().twins,
        groups={case.id: case.group for case in cases},
        sealed=sum(case.part == "holdout" for case in cases),
        short=_short(launch),
        locked=lock is not None,
        changed=tuple(change.split(":", 1)[0] for change in lock.changes) if lock else (),
    )


def proved(launch: Opened) -> Proved:
    """Return what was recorded and opened, and what was written about it."""
    goals = [each for each in launch.reading.criteria if each.kind == "goal"]
    raw = tuple(each.id for each in goals if each.estimand != "judged_rate")
    lock = _lock(launch)
    with launch.ledger.read() as connection:
        looks, labels = looks_taken(connection), labels_given(connection, CANDIDATE)
    decided = _revealed(launch) if looks else None
    verdict = decided.verdict if decided else None
    inside = set(verdict.scope.included) if verdict else set()
    everywhere = bool(verdict) and not inside
    lower = [
        claim.lower
        for claim in (verdict.claims if verdict else ())
        if claim.lower is not None and claim.estimand != "quantile" and (everywhere or claim.slice in inside)
    ]
    return Proved(
        locked=lock is not None,
        missing=_missing(launch) if lock else 0,
        corrected=bool(goals) and not raw,
        raw=raw,
        labels=labels,
        looks=looks,
        verdict=verdict.verdict if verdict else "",
        excluded=tuple(left.slice.split("=", 1)[-1] for left in verdict.scope.excluded) if verdict else (),
        lowest=tuple(n for low in lower for n in {int(100 * low), round(100 * low)}),
        page=_page(launch.layout.folder / PAGE),
    )


def _lock(launch: Opened) -> Lock | None:
    try:
        plan = plan_of(launch)
    except (BadInput, Misused, Refused):
        return None
    with launch.ledger.read() as connection:
        return last_lock(connection, plan)


def _short(launch: Opened) -> tuple[str, ...]:
    """Return claims that the sealed groups cannot show even if nothing fails."""
    try:
        planned = plan_in(launch)
    except (BadInput, Misused, Refused):
        return ()
    return tuple(
        f"{sized.criterion} on {sized.slice}" if sized.slice else sized.criterion
        for sized in planned.outlook.sized
        if sized.groups < sized.least
    )


def _missing(launch: Opened) -> int:
    try:
        there = prospect(launch, CANDIDATE)
    except (BadInput, Misused, Refused):
        return launch.cases.planned("holdout").n_cases
    return launch.cases.planned("holdout").n_cases if there.sealed is None else there.sealed.missing


def _revealed(launch: Opened) -> Decided | None:
    """Return the free replay of a look that was taken; None where files changed since."""
    try:
        now = verdict_now(launch, CANDIDATE)
    except (BadInput, Misused, Refused):
        return None
    return now.decided if now.is_revealed else None


def _page(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(LONGEST)
