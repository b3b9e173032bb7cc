"""Answers to the brief: what stands in a launch, what is blank, and what a person typed as a value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.domain.launch import Launch
from shipworthy.domain.questions import EVERY, QUESTIONS, Blank, Question

LONGEST = 20_000
"""Characters of one answer."""
MOST_ROWS = 200
"""Harms, assumptions or causes; more is no ranking any more."""
_UNSEEN = dict.fromkeys(
    n
    for n in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if n not in (9, 10)
)


def value_at(launch: Launch, key: str) -> Any:
    """Return what stands at a key; None where nothing does.

    >>> value_at(Launch(goal="Right answers."), "goal"), value_at(Launch(), "harm.0.event")
    ('Right answers.', None)
    """
    node: Any = launch
    for step in key.split("."):
        if isinstance(node, list | tuple):
            node = node[int(step)] if step.isdigit() and int(step) < len(node) else None
        else:
            node = getattr(node, step, None)
        if node is None:
            return None
    return node


def spelled(value: Any) -> str:
    r"""Return a value as a person would write it in a form.

    >>> spelled(0.4), spelled(1800.0), spelled(["Ada", "Ben"]), spelled(None)
    ('0.4', '1800', 'Ada\\nBen', '')
    """
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def written_at(launch: Launch, blank: Blank) -> str:
    """Return what is written in a blank; a number that nobody changed from its 0 counts as nothing."""
    value = value_at(launch, blank.key)
    if blank.form == "number" and not value:
        return ""
    return spelled(value)


def rows_of(question: Question, launch: Launch) -> int:
    """Return how many rows a question has."""
    return len(value_at(launch, question.rows) or ()) if question.rows else 0


def every_blank(question: Question, launch: Launch, *, more: int = 0) -> Iterator[Blank]:
    """Yield the blanks of a question, row by row, and those of `more` rows still to be written."""
    yield from question.blanks
    for row in range(rows_of(question, launch) + more):
        for blank in question.row:
            yield blank.at(row)


def lacking(question: Question, launch: Launch) -> tuple[Blank, ...]:
    """Return what a question is still unanswered for; its first row where it has none."""
    rows = rows_of(question, launch)
    places = [*question.blanks, *(blank.at(row) for row in range(max(rows, 1)) for blank in question.row)]
    return tuple(blank for blank in places if blank.needed and not written_at(launch, blank))


def answered(launch: Launch) -> int:
    """Return how many of the nine questions are answered.

    >>> answered(Launch()), answered(Launch(if_nothing="Support goes on by hand."))
    (0, 1)
    """
    return sum(not lacking(question, launch) for question in QUESTIONS)


def find_blank(key: str) -> Blank:
    """Return the blank that a key names.

    Raises:
        BadInput: there is none.
    """
    shape = re.sub(r"\.\d+(?=\.|$)", ".#", key)
    for question in EVERY:
        for blank in (*question.blanks, *question.row):
            if blank.key == shape:
                number = re.search(r"\.(\d+)(?=\.|$)", key)
                if number and int(number[1]) >= MOST_ROWS:
                    break
                return replace(blank, key=key)
    import difflib  # noqa: PLC0415 - only needed when something is misspelt

    known = [blank.key for question in EVERY for blank in (*question.blanks, *question.row)]
    near = difflib.get_close_matches(shape, known, n=1)
    remedy = f"did you mean `{near[0].replace('#', '0')}`?" if near else f"use one of: {', '.join(known)}"
    raise BadInput(f"the brief has no `{key[:80]}`", where="launch.yaml", remedy=remedy)


def parsed(blank: Blank, text: str) -> Any:
    """Return what a person typed as the value that stands in the file; None for nothing.

    Raises:
        BadInput: it is no such value.
    """
    said = clean(text)
    if len(said) > LONGEST:
        raise _wrong(blank, f"{len(said):,} characters", f"keep it to {LONGEST:,}")
    if blank.form == "lines":
        return [line.strip() for line in said.split("\n") if line.strip()] or None
    if not said:
        return None
    if blank.form == "date":
        return _date(blank, said)
    if blank.form == "number":
        return _number(blank, said)
    if blank.form == "choice":
        if said not in blank.choices:
            raise _wrong(blank, f"`{said[:80]}`", f"use one of: {', '.join(blank.choices)}")
        return int(said) if said.isdigit() else said
    return " ".join(said.split())


def clean(text: str) -> str:
    r"""Return text as it may stand in a file: no unseen characters, no half ones, lines ended alike.

    >>> clean(" a\r\nb\x00\u202e ")
    'a\nb'
    """
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return plain.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN).strip()


def _date(blank: Blank, said: str) -> dt.date:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise _wrong(blank, f"`{said[:80]}`", "write the day as 2027-03-01") from None


def _number(blank: Blank, said: str) -> float | int:
    try:
        value = float(said.replace(" ", "").removeprefix("$").removeprefix("€"))
    except ValueError:
        raise _wrong(blank, f"`{said[:80]}`", "write a number, as 0.40") from None
    if not 0 <= value < 1e15:
        raise _wrong(blank, f"`{said[:80]}`", "write a number from 0 on")
    return int(value) if value.is_integer() else value


def _wrong(blank: Blank, what: str, remedy: str) -> BadInput:
    return BadInput(f"{blank.label}: {what} cannot stand there", where=blank.key, remedy=remedy)
