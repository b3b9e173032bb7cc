"""Outputs that people labelled, as examples: of open parts alone, with what was said of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, exists, or_, select

from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.tables import PARTS, cases, labels, members, texts

MOST = 2000
"""Labels that are looked at, the latest first."""


class Example(NamedTuple):
    """An output that may stand as an example.

    Attributes:
        case: id of its case.
        repeat: which go at it.
        text: the output as recorded.
        note: what the person said of it.
        state: pass, fail or defer.
    """

    case: str
    repeat: int
    text: str
    note: str
    state: str

    @property
    def name(self) -> str:
        """How it is named in files and commands."""
        return self.case if self.repeat == 1 else f"{self.case}/{self.repeat}"


def labelled_outputs(
    connection: Connection, set_no: int, state: str, *, most: int = MOST
) -> Iterator[tuple[Example, frozenset[str]]]:
    """Yield outputs whose label holds and says this, the latest first, with the failure modes it names.

    Args:
        connection: a consistent view.
        set_no: the eval set; outputs of cases that are sealed, or no longer in it, are left out.
        state: pass, fail or defer.
        most: how many labels are looked at.
    """
    c, t = labels.c, texts.c
    same = and_(t.variant_no == c.variant_no, t.case_no == c.case_no, t.repeat == c.repeat, t.attempt == 0)
    query = (
        select(cases.c.key, c.repeat, t.text, c.note, c.modes)
        .select_from(
            labels.join(cases, cases.c.no == c.case_no)
            .join(members, and_(members.c.case_no == c.case_no, members.c.set_no == set_no))
            .join(texts, same)
        )
        .where(c.state == state, t.text.is_not(None), _open(), ~_newer())
        .order_by(c.no.desc())
        .limit(most)
    )
    seen: set[tuple[str, str]] = set()
    for case, repeat, text, note, modes in connection.execute(query):
        if (case, text) not in seen:
            seen.add((case, text))
            yield Example(case, repeat, text, note, state), frozenset(json.loads(modes))


def contested_outputs(connection: Connection, set_no: int, *, most: int = MOST) -> Iterator[Example]:
    """Yield outputs that one person passed and another failed under one criterion, the latest first."""
    other = labels.alias()
    c, o = labels.c, other.c
    differs = exists().where(
        o.variant_no == c.variant_no, o.case_no == c.case_no, o.repeat == c.repeat, o.criterion == c.criterion,
        o.reviewer_no != c.reviewer_no, o.state == "pass",
    )  # fmt: skip
    found = labelled_outputs(connection, set_no, "fail", most=most)
    keys = {
        (key, repeat)
        for key, repeat in connection.execute(
            select(cases.c.key, c.repeat)
            .select_from(labels.join(cases, cases.c.no == c.case_no))
            .where(c.state == "fail", differs)
            .limit(most)
        )
    }
    return (example for example, _ in found if (example.case, example.repeat) in keys)


def outputs_named(connection: Connection, set_no: int, names: Collection[str]) -> list[Example]:
    """Return outputs that a person named as `case` or `case/repeat`; those of sealed cases are left out."""
    wanted = {found for name in names for found in _readings(name)}
    if not wanted:
        return []
    t = texts.c
    query = (
        select(cases.c.key, t.repeat, t.text)
        .select_from(
            texts.join(cases, cases.c.no == t.case_no).join(
                members, and_(members.c.case_no == t.case_no, members.c.set_no == set_no)
            )
        )
        .where(
            or_(*(and_(cases.c.key == key, t.repeat == repeat) for key, repeat in sorted(wanted))),
            t.attempt == 0, t.text.is_not(None), _open(),
        )
        .order_by(cases.c.key, t.repeat, t.variant_no)
    )  # fmt: skip
    return [Example(key, repeat, text, "", "") for key, repeat, text in connection.execute(query)]


def _readings(name: str) -> Iterator[tuple[str, int]]:
    """Yield what a name may mean: a case's id may have a stroke in it."""
    yield name, 1
    case, stroke, repeat = name.rpartition("/")
    if stroke and repeat.isdigit() and len(repeat) < 6:
        yield case, int(repeat)


def _open() -> Any:
    return members.c.part.in_([PARTS.index(part) for part in sorted(OPEN_PARTS)])


def _newer() -> Any:
    """Whether somebody said something else of the output since, or took the label back."""
    later, c = labels.alias(), labels.c
    o = later.c
    return exists().where(
        o.reviewer_no == c.reviewer_no, o.variant_no == c.variant_no, o.case_no == c.case_no, o.repeat == c.repeat,
        o.criterion == c.criterion, o.turn == c.turn, o.version > c.version,
    )  # fmt: skip
