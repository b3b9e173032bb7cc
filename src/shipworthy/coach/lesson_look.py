"""Lesson 1, Look: enough was read, what fails was seen, and each failure has a note that says something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shipworthy.coach.lesson import Marked, Point
from shipworthy.coach.rule import counted, named

ENOUGH, SEEN, WORDS = 40, 0.8, 4
GENERIC = frozenset(
    [
        "a",
        "an",
        "and",
        "answer",
        "bad",
        "badly",
        "broken",
        "draft",
        "error",
        "fail",
        "fails",
        "failed",
        "incorrect",
        "is",
        "it",
        "just",
        "no",
        "not",
        "ok",
        "poor",
        "really",
        "reply",
        "so",
        "terrible",
        "the",
        "this",
        "very",
        "was",
        "weird",
        "wrong",
    ]
)
"""Words that say that something is wrong, and not what."""


@dataclass(frozen=True)
class Noted:
    """What somebody said of one draft.

    Attributes:
        case: the case that it answers.
        failed: whether it was said to fail.
        note: what went wrong first.
    """

    case: str
    failed: bool
    note: str = ""


@dataclass(frozen=True)
class Looked:
    """What was read, and what there was to see.

    Attributes:
        noted: drafts with a label; those put off are not among them.
        planted: case to what was planted in its draft; empty where nothing was.
        hints: what was planted to how one looks for it, without saying what it is.
    """

    noted: tuple[Noted, ...]
    planted: Mapping[str, str]
    hints: Mapping[str, str]


def mark_look(looked: Looked) -> Marked:
    """Mark lesson 1."""
    return Marked(1, (_enough(looked), _seen(looked), _spared(looked), _notes(looked)))


def says_something(note: str) -> bool:
    """Tell whether a note has four words, and one that says what went wrong.

    >>> says_something("it is just really bad"), says_something("gives the deposit as thirty")
    (False, True)
    """
    words = re.findall(r"[\w'-]+", note.casefold())
    return len(words) >= WORDS and any(word not in GENERIC for word in words)


def _enough(looked: Looked) -> Point:
    n = len(looked.noted)
    asked = f"at least {ENOUGH} drafts are labelled"
    if n >= ENOUGH:
        return Point(asked, done=True, said=f"{n} are")
    said = f"{n} are; {ENOUGH - n} to go. `shipworthy look label` goes on where you stopped, and drafts you put off come back at the end"
    return Point(asked, done=False, said=said)


def _seen(looked: Looked) -> Point:
    asked = "at least four in five of the failing drafts that you read are marked as failing"
    wrong = [each for each in looked.noted if looked.planted.get(each.case)]
    if not wrong:
        return Point(asked, done=False, said="you have not come to a failing draft yet: read on")
    missed = [looked.planted[each.case] for each in wrong if not each.failed]
    if len(missed) <= (1 - SEEN) * len(wrong) + 1e-9:
        return Point(asked, done=True, said="they are")
    hints = [hint for mode, hint in looked.hints.items() if mode in missed]
    said = (
        f"{counted(len(missed), 'draft')} passed that the shop could not send. Look again: {' '.join(hints)}"
    )
    return Point(asked, done=False, said=said)


def _spared(looked: Looked) -> Point:
    asked = "at least four in five of the good drafts that you read are marked as passing"
    good = [each for each in looked.noted if not looked.planted.get(each.case)]
    accused = sum(each.failed for each in good)
    if not good:
        return Point(asked, done=False, said="you have not come to a good draft yet: read on")
    if accused <= (1 - SEEN) * len(good) + 1e-9:
        return Point(asked, done=True, said="they are")
    said = (
        f"{counted(accused, 'draft')} failed that the shop could send as they stand. A draft that you would word "
        "otherwise is not a failure: name the line of rules.md that it breaks, or let it pass"
    )
    return Point(asked, done=False, said=said)


def _notes(looked: Looked) -> Point:
    asked = f"each failing draft has a note of {WORDS} words or more that says what went wrong"
    failed = [each for each in looked.noted if each.failed]
    empty = [each.case for each in failed if not says_something(each.note)]
    if not failed:
        return Point(asked, done=False, said="no draft is marked as failing yet")
    if not empty:
        return Point(asked, done=True, said=f"{counted(len(failed), 'note')} do")
    said = (
        f"yours on {named(empty)} {'does' if len(empty) == 1 else 'do'} not say it yet. Write the first thing that went "
        "wrong, so that a colleague knows it without seeing the draft"
    )
    return Point(asked, done=False, said=said)
