"""Drill: name the rule that asks about a tiny launch's flaw; right and wrong answers go into the practice journal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shipworthy.coach.catalogue import BY_ID
from shipworthy.coach.rule import Rule
from shipworthy.domain.errors import Misused
from shipworthy.services.clock import now
from shipworthy.services.opened import opened
from shipworthy.store import journal
from shipworthy.store.course_file import Drill, read_drills

VERB = "drill"


@dataclass(frozen=True)
class Asked:
    """A drill as it is put to somebody.

    Attributes:
        number: which of them, from 1.
        shows: the tiny launch.
        choices: the rules to choose from, in the order of their names.
    """

    number: int
    shows: str
    choices: tuple[Rule, ...]


@dataclass(frozen=True)
class Answered:
    """An answer to a drill.

    Attributes:
        right: whether the rule named is the one that asks.
        rule: the rule named.
    """

    right: bool
    rule: Rule


def ask_drill(number: int) -> Asked:
    """Return a drill.

    Raises:
        Misused: there is no such drill.
    """
    drill = _drill(number)
    names = sorted([drill.rule, *drill.others])
    return Asked(number, drill.shows, tuple(BY_ID[name] for name in names))


def mark_drill(number: int, named: str) -> Answered:
    """Say whether the rule named is the one that asks; nothing is kept.

    Args:
        number: which drill.
        named: the id of a rule, one of the choices.

    Raises:
        Misused: there is no such drill, or the rule is none of its choices.
    """
    asked, name = ask_drill(number), named.strip().upper()
    if name not in {rule.id for rule in asked.choices}:
        known = ", ".join(rule.id for rule in asked.choices)
        raise Misused("that rule is none of the choices", where=named[:40], remedy=f"name one of {known}")
    return Answered(name == _drill(number).rule, BY_ID[name])


def answer_drill(folder: Path, number: int, named: str) -> Answered:
    """Say whether the rule named is the one that asks, and keep the answer in the journal of the practice launch.

    Args:
        folder: the practice launch.
        number: which drill.
        named: the id of a rule, one of the choices.

    Raises:
        Misused: there is no such drill, or the rule is none of its choices.
        BadInput: there is no such folder.
    """
    answered = mark_drill(number, named)
    with opened(folder) as launch, launch.ledger.write() as connection:
        body = {"number": number, "named": answered.rule.id, "right": answered.right}
        journal.append(connection, verb=VERB, body=body, at=now())
    return answered


def drills_done(folder: Path) -> frozenset[int]:
    """Return the drills that were answered rightly at least once.

    Raises:
        BadInput: there is no such folder.
    """
    with opened(folder) as launch, launch.ledger.read() as connection:
        found = journal.events(connection, VERB)
    return frozenset(body["number"] for _, _, body in found if body.get("right") is True)


def drills() -> int:
    """Return how many drills there are."""
    return len(read_drills())


def _drill(number: int) -> Drill:
    every = read_drills()
    if not 1 <= number <= len(every):
        raise Misused(f"there is no drill {number}", remedy=f"drills go from 1 to {len(every)}")
    return every[number - 1]
