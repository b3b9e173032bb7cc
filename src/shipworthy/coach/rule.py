"""A rule of the sceptic: what it looks for, why it matters, what to do; and what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["blocks", "warns", "notes"]
"""Holds back a ship; is mended or accepted by a named person; advice."""
Area = Literal["worth it", "users", "failures", "evidence", "running it"]

SEVERITIES: tuple[Severity, ...] = ("blocks", "warns", "notes")
AREAS: tuple[Area, ...] = ("worth it", "users", "failures", "evidence", "running it")


class Saw(NamedTuple):
    """What a rule saw."""

    text: str
    """The facts, with their numbers, as one sentence part."""
    subjects: tuple[str, ...] = ()
    """What it is about: criteria, slices, failure modes; accepting covers these and no others."""


@dataclass(frozen=True)
class Rule:
    """One question of the sceptic.

    Attributes:
        id: its name, as FRM-01.
        severity: what an open finding does.
        title: what it finds, in a few words.
        asks: the question as a sceptical executive puts it.
        matters: one consequence, measured where somebody measured it.
        fix: what to do.
        command: the command that does it or begins it; `{folder}` stands for the launch.
        source: where the rule comes from.
        saw: the rule itself: the facts, then the values of `needs`; None when there is nothing to say.
        needs: facts that must be known; while one is not, the rule is silent and counted as not asked.
        moves: whether mending it can change what the verdict says.
    """

    id: str
    severity: Severity
    title: str
    asks: str
    matters: str
    fix: str
    command: str
    source: str
    saw: Callable[..., Saw | None]
    needs: tuple[str, ...] = ()
    moves: bool = False

    @property
    def family(self) -> str:
        """The letters before the number."""
        return self.id.split("-", maxsplit=1)[0]

    @property
    def area(self) -> Area:
        """Which of the five parts of readiness it belongs to."""
        return _AREA.get(self.id, _AREA_OF_FAMILY[self.family])


_AREA_OF_FAMILY: dict[str, Area] = {
    "FRM": "worth it",
    "CST": "worth it",
    "USR": "users",
    "FLR": "failures",
    "CRT": "evidence",
    "SET": "evidence",
    "RUN": "evidence",
    "LAB": "evidence",
    "JDG": "evidence",
    "NAR": "evidence",
    "SCP": "running it",
    "LCH": "running it",
    "PST": "running it",
}
_AREA: dict[str, Area] = {"SCP-01": "evidence", "SCP-05": "evidence", "SCP-06": "evidence"}


def named(names: list[str] | tuple[str, ...], most: int = 3) -> str:
    """Return names as text, the first few and how many more there are.

    >>> named(["a", "b", "c", "d"])
    'a, b, c and 1 more'
    """
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "case"), counted(1200, "case")
    ('1 case', '1,200 cases')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
