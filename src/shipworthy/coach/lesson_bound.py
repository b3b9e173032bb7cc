"""Lesson 4, Bound: criteria with reasons, twins that count once, enough sealed cases, and a lock before any outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.coach.lesson import Marked, Point
from shipworthy.coach.rule import counted, named
from shipworthy.domain.criteria import Criterion

CRITERIA, WORDS = 3, 4
OWNER = {"goal": 0.8, "guardrail": 0.9}
"""What the owner of the practice shop said, which README.md of the practice launch has in words."""


@dataclass(frozen=True)
class Bounded:
    """What was written before the holdout is opened.

    Attributes:
        criteria: as they are written.
        twins: pairs of cases that one customer wrote.
        groups: case to what it stands or falls with; None for a case that names no group.
        sealed: how many cases the holdout has.
        short: criterion and slice whose bar cannot be shown with the sealed groups there are.
        locked: whether a plan is locked.
        changed: what differs between the locked plan and the folder.
    """

    criteria: tuple[Criterion, ...]
    twins: tuple[tuple[str, str], ...]
    groups: Mapping[str, str | None]
    sealed: int
    short: tuple[str, ...] = ()
    locked: bool = False
    changed: tuple[str, ...] = ()


def mark_bound(bounded: Bounded) -> Marked:
    """Mark lesson 4."""
    points = (_written, _reasons, _must_not, _owner, _once, _enough, _locked)
    return Marked(4, tuple(point(bounded) for point in points))


def _deciding(bounded: Bounded) -> list[Criterion]:
    return [each for each in bounded.criteria if each.kind != "diagnostic"]


def _written(bounded: Bounded) -> Point:
    asked = (
        f"{CRITERIA} criteria or more decide, each a question with an output that passes and one that fails"
    )
    deciding = _deciding(bounded)
    bare = [
        each.id
        for each in deciding
        if not each.question.strip()
        or (each.estimand != "quantile" and not (each.pass_.strip() and each.fail.strip()))
    ]
    if len(deciding) >= CRITERIA and not bare:
        return Point(asked, done=True, said=f"{len(deciding)} do")
    if bare:
        said = f"{named(bare)}: write the question, and one draft for each answer. Two people who read it should never need to ask you"
        return Point(asked, done=False, said=said)
    said = (
        f"{counted(len(deciding), 'criterion decides', 'criteria decide')}: what else did the owner speak of?"
    )
    return Point(asked, done=False, said=said)


def _reasons(bounded: Bounded) -> Point:
    asked = f"each bar has a reason of {WORDS} words or more"
    deciding = _deciding(bounded)
    bare = [each.id for each in deciding if each.bar is None or len(each.bar.why.split()) < WORDS]
    if deciding and not bare:
        return Point(asked, done=True, said="each has")
    said = f"not yet: {named(bare)}. Say who drew the line there, and what happens below it"
    return Point(asked, done=False, said=said if bare else "there is no bar yet")


def _must_not(bounded: Bounded) -> Point:
    asked = "one guardrail says what must not happen"
    found = [each.id for each in bounded.criteria if each.kind == "guardrail" and each.estimand != "quantile"]
    if found:
        return Point(asked, done=True, said=named(found))
    said = "every criterion is about what you hope for, or about time. What would make the owner switch it off at once?"
    return Point(asked, done=False, said=said)


def _owner(bounded: Bounded) -> Point:
    asked = "the bars of the goal and of the guardrail are the ones that the owner spoke of"
    wrong = [
        kind
        for kind, line in OWNER.items()
        if not any(
            each.kind == kind
            and each.bar
            and each.bar.at_least is not None
            and abs(each.bar.at_least - line) < 1e-9
            for each in bounded.criteria
        )
    ]
    if not wrong:
        return Point(asked, done=True, said="they are")
    said = f"no {' and no '.join(wrong)} has it yet. What the owner said stands in README.md; turn 'wrong' into 'right' before you count"
    return Point(asked, done=False, said=said)


def _once(bounded: Bounded) -> Point:
    asked = "messages that say the same count once: they share a group, or one of them is gone"
    apart = sum(
        first in bounded.groups
        and second in bounded.groups
        and (bounded.groups[first] is None or bounded.groups[first] != bounded.groups[second])
        for first, second in bounded.twins
    )
    if not any(case in bounded.groups for pair in bounded.twins for case in pair):
        said = "the new messages are not in the eval set yet: move material/pool.jsonl into evalset/"
        return Point(asked, done=False, said=said)
    if not apart:
        return Point(asked, done=True, said="they do")
    said = (
        f"{counted(apart, 'pair counts', 'pairs count')} as two customers. `shipworthy set doctor` finds and names them; "
        "write the same `group` into both lines"
    )
    return Point(asked, done=False, said=said)


def _enough(bounded: Bounded) -> Point:
    asked = "cases are sealed, and enough of them to show every bar"
    if not bounded.sealed:
        return Point(
            asked, done=False, said="none is sealed yet: `shipworthy set split` gives cases their part"
        )
    if not bounded.short:
        return Point(asked, done=True, said=f"{bounded.sealed} are sealed")
    said = (
        f"out of reach even if nothing fails: {named(bounded.short)}. `shipworthy plan` says how many it takes: seal more, "
        "or claim less there"
    )
    return Point(asked, done=False, said=said)


def _locked(bounded: Bounded) -> Point:
    asked = "the plan is locked, and the folder still is what was locked"
    if bounded.locked and not bounded.changed:
        return Point(asked, done=True, said="it is")
    if not bounded.locked:
        return Point(asked, done=False, said="not yet: `shipworthy lock`, when everything above holds")
    said = (
        f"it was locked and then changed ({named(bounded.changed)}). Before anything is opened, lock again; afterwards "
        "only fresh cases help"
    )
    return Point(asked, done=False, said=said)
