"""Gather what lesson 6 is marked by: challenges, the memo, the decision, promises, audits, incidents, the last page."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import ValidationError

from shipworthy.coach.lesson_own import Happened, Owned, Promised, Signed
from shipworthy.coach.recorded import Memo
from shipworthy.domain.decision import Decision
from shipworthy.domain.errors import Refused
from shipworthy.services.opened import Opened
from shipworthy.services.pressure_test import Tested, pressure_test
from shipworthy.services.watch import Standing, watch
from shipworthy.store.course_file import read_truth
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.evalset_file import placed_cases
from shipworthy.store.layout import Layout
from shipworthy.store.practice import looks_taken
from shipworthy.store.promises import promises_path, read_incidents

GAPS = ("FRM-02", "FRM-03", "FRM-05", "FRM-09")
"""Challenges that the brief of the practice launch leaves open as it is handed out."""
ENDS = ("pause", "roll back", "narrow")
PAGE, DIFFERENTLY, LONGEST = "portfolio/portfolio.md", "What I would do differently", 100_000


def owned(launch: Opened) -> Owned:
    """Return what somebody answered for; nothing is asked before the holdout was opened."""
    with launch.ledger.read() as connection:
        if not looks_taken(connection):
            return Owned()
    layout = launch.layout
    tested = pressure_test(layout.folder)
    verdict, memo, page = tested.facts.verdict, tested.facts.memo, _page(layout.folder / PAGE)
    return Owned(
        opened=True,
        mended=_mended(tested),
        accepted=_accepted(tested),
        blocking=tuple(found.rule.id for found in tested.challenged.blocking),
        memo=memo is not None and memo.stale is not True,
        sins=_sins(memo) if memo else (),
        signed=_signed(layout),
        included=tuple(verdict.scope.included) if verdict else (),
        promises=_promised(launch),
        wanted=read_truth().audited,
        happened=_happened(launch),
        page=page,
        differently=_under(page, DIFFERENTLY),
        exposed=any(name in page for name in read_truth().names),
    )


def _mended(tested: Tested) -> tuple[str, ...]:
    found = {each.rule.id for each in tested.challenged.findings}
    return tuple(gap for gap in GAPS if gap not in found and gap not in tested.challenged.not_asked)


def _accepted(tested: Tested) -> tuple[tuple[str, str], ...]:
    taken = (found.accepted for found in tested.challenged.findings)
    return tuple((each.rule, each.reason) for each in taken if each is not None)


def _sins(memo: Memo) -> tuple[str, ...]:
    """Return words of the memo that promise too much, numbers without a count, and bad news that it hides."""
    kinds = (memo.untraced, memo.naked, memo.vague, memo.absolute, memo.hidden_bad_news)
    return tuple(words for kind in kinds for words in kind or ())


def _signed(layout: Layout) -> Signed | None:
    found = []
    for name, content in read_decisions(layout).items():
        said = content["signed"] if content else {}
        try:
            decision = Decision.model_validate(said.get("decision"), strict=False)
        except ValidationError:
            continue  # `verify` says what is wrong with it
        found.append((str(said.get("at", "")), name, decision))
    if not found:
        return None
    last = max(found, key=lambda each: each[:2])[2]
    return Signed(last.chosen, last.verdict, last.reverse_if, last.review_on is not None, last.expect)


def _promised(launch: Opened) -> tuple[Promised, ...]:
    if not promises_path(launch.layout).is_file():
        return ()
    try:
        standings = watch(launch.layout.folder).standings
    except Refused:
        return ()
    guards = {each.id for each in launch.reading.criteria if each.kind == "guardrail"}
    return tuple(_one(standing, guards) for standing in standings)


def _one(standing: Standing, guards: set[str]) -> Promised:
    it = standing.promise
    wires = [wire for wire in it.tripwires if wire.action in ENDS]
    return Promised(
        name=it.id,
        where=it.slice,
        guards=it.criterion in guards,
        looked_after=bool(it.owner.strip() and it.source.strip()),
        ends=any(wire.who.strip() and wire.tested_on for wire in wires),
        audited=standing.watched.detector.outputs,
        broken=standing.status == "broken",
    )


def _happened(launch: Opened) -> tuple[Happened, ...]:
    tags = {placed.case.id: placed.case.tags for placed in placed_cases(launch.layout, [])}
    return tuple(
        Happened(
            promises=tuple(each.promises),
            mode=each.failure_mode,
            slices=frozenset(
                f"{tag}={value}" for case in each.cases for tag, value in (tags.get(case) or {}).items()
            ),
        )
        for each in read_incidents(launch.layout, []).values()
    )


def _page(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(LONGEST)


def _under(page: str, heading: str) -> str:
    r"""Return what stands under a heading of a page.

    >>> _under("# A\n## What now\nRead first.\n## B\nx", "What now")
    'Read first.'
    """
    found = re.search(rf"^#+ {re.escape(heading)}\s*\n(.*?)(?=^#|\Z)", page, re.DOTALL | re.MULTILINE)
    return found.group(1).strip() if found else ""
