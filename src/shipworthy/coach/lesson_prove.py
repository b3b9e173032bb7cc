"""Lesson 5, Prove: a judge that labels correct, a holdout that is opened once, and a page that says what it showed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shipworthy.coach.lesson import Marked, Point
from shipworthy.coach.rule import counted, named

LABELS = 100
WORDS = ("ship narrower", "do not ship", "not yet", "ship")
"""Verdicts; the longer ones first, because a shorter one stands in them."""
TOO_MUCH = ("proves", "proven", "guarantee", "guarantees", "guaranteed", "safe", "significant", "robust")


@dataclass(frozen=True)
class Proved:
    """What was recorded and opened, and what was written about it.

    Attributes:
        locked: whether a plan was locked.
        missing: sealed outputs of the candidate that are not recorded.
        corrected: whether the goal is a judged rate that labels correct.
        raw: goals that take a judge's word as it is.
        labels: how many labels of the candidate's outputs there are.
        looks: variant of each look, oldest first.
        verdict: what was computed; empty before a look.
        excluded: names of the slices that it leaves out.
        lowest: for claims inside the scope, how many of 100 it could be at least.
        page: what somebody wrote into shown.md; empty where nothing.
    """

    locked: bool
    missing: int
    corrected: bool
    raw: tuple[str, ...] = ()
    labels: int = 0
    looks: tuple[str, ...] = ()
    verdict: str = ""
    excluded: tuple[str, ...] = ()
    lowest: tuple[int, ...] = ()
    page: str = ""


def mark_prove(proved: Proved) -> Marked:
    """Mark lesson 5."""
    points = (_judge, _labels, _recorded, _once, _word, _scope, _bound, _modest)
    return Marked(5, tuple(point(proved) for point in points))


def _judge(proved: Proved) -> Point:
    asked = "the goal takes the judge's word only as labels correct it"
    if proved.corrected:
        return Point(asked, done=True, said="it does")
    said = (
        f"{f'{named(proved.raw)} does not' if proved.raw else 'there is no goal yet'}. A judge that passes too much makes the feature look better than it is: "
        "`estimand: judged_rate`, with `labels`, in criteria.yaml, before the lock"
    )
    return Point(asked, done=False, said=said)


def _labels(proved: Proved) -> Point:
    asked = f"at least {LABELS} labels of people are there to correct it by"
    said = (
        f"{proved.labels} are"
        if proved.labels
        else "none is there yet: `shipworthy label` brings material/labels.csv in"
    )
    return Point(asked, done=proved.labels >= LABELS, said=said)


def _recorded(proved: Proved) -> Point:
    asked = "the outcomes of all sealed cases are recorded after the lock"
    if not proved.locked:
        return Point(asked, done=False, said="no plan is locked yet: lesson 4 comes first")
    if proved.missing:
        said = f"{proved.missing:,} are missing: `shipworthy import` material/outcomes.csv for the variant drafts"
        return Point(asked, done=False, said=said)
    return Point(asked, done=True, said="they are")


def _once(proved: Proved) -> Point:
    asked = "the holdout was opened once, for the variant that was planned"
    if proved.looks == ("drafts",):
        return Point(asked, done=True, said="the journal has one look")
    if not proved.looks:
        return Point(
            asked, done=False, said="nobody has opened it: `shipworthy decide`, when all is recorded"
        )
    said = (
        f"the journal has {counted(len(proved.looks), 'look')}, at {named(tuple(dict.fromkeys(proved.looks)))}. A second prompt that "
        "is tried on the same sealed cases may win by luck, and a look cannot be taken back: begin anew with `shipworthy learn start`, "
        "and keep the other prompt for fresh cases"
    )
    return Point(asked, done=False, said=said)


def _word(proved: Proved) -> Point:
    asked = "shown.md begins with the verdict that was computed"
    said = _verdict_of(proved.page)
    if not proved.page.strip():
        return Point(asked, done=False, said="there is no shown.md in the practice folder yet")
    if not proved.verdict:
        return Point(asked, done=False, said="nothing is computed on sealed cases yet, so nothing is shown")
    if said == proved.verdict:
        return Point(asked, done=True, said="it does")
    begins = f"it begins with `{said}`" if said else "its first line names no verdict"
    return Point(
        asked,
        done=False,
        said=f"{begins}. Run `shipworthy decide` again, which is free, and read its first line word by word",
    )


def _scope(proved: Proved) -> Point:
    asked = "shown.md names every part of the traffic that is left out"
    page = proved.page.casefold()
    if not page.strip() or not proved.verdict:
        return Point(asked, done=False, said="not before there is a verdict, and a page about it")
    left = [name for name in proved.excluded if not re.search(rf"\b{re.escape(name.casefold())}\b", page)]
    if not left:
        return Point(asked, done=True, said="it does")
    said = f"{counted(len(left), 'part is', 'parts are')} missing. Whoever reads only your page would switch it on for them too"
    return Point(asked, done=False, said=said)


def _bound(proved: Proved) -> Point:
    asked = "shown.md says how low a rate inside the scope could be, and not only what was seen"
    numbers = {int(found) for found in re.findall(r"\b\d{1,3}\b", proved.page)}
    if proved.verdict and numbers & set(proved.lowest):
        return Point(asked, done=True, said="it does")
    said = "not yet. The reader decides by what it could be at worst: `shipworthy decide` has it beside each claim, as 'could be as low as'"
    return Point(asked, done=False, said=said)


def _modest(proved: Proved) -> Point:
    asked = "shown.md uses no word that promises more than counts can"
    found = [word for word in TOO_MUCH if re.search(rf"\b{word}\b", proved.page.casefold())]
    if proved.page.strip() and not found:
        return Point(asked, done=True, said="it does not use any")
    said = (
        f"it says {named(found)}. Say what was counted, of how many" if found else "there is no shown.md yet"
    )
    return Point(asked, done=False, said=said)


def _verdict_of(page: str) -> str:
    r"""Return the verdict that the first line with words names.

    >>> _verdict_of("\n# Ship narrower: only hire")
    'ship narrower'
    """
    first = next((line for line in page.casefold().splitlines() if re.search(r"\w", line)), "")
    return next((word for word in WORDS if re.search(rf"\b{word}\b", first)), "")
