"""Frame: write answers into the brief; what nobody answered stays as it is, comments and order too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.answers import find_blank, parsed, spelled, value_at, written_at
from shipworthy.domain.errors import BadInput
from shipworthy.domain.launch import Launch
from shipworthy.domain.questions import EVERY, Blank
from shipworthy.services.checked_change import new_problems
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch
from shipworthy.store.yaml_edit import edit_yaml
from shipworthy.store.yaml_put import clear, put, take_rows

_ROW = re.compile(r"^(.*)\.(\d+)\.[^.]+$")


@dataclass(frozen=True)
class Framed:
    """What came of a change.

    Attributes:
        changed: the keys that stand differently now.
        seen: the hash of launch.yaml now.
    """

    changed: tuple[str, ...]
    seen: str


def frame(folder: Path, answers: Mapping[str, str], *, seen: str | None = None) -> Framed:
    """Write answers into `launch.yaml`.

    Args:
        folder: the launch.
        answers: key to what was typed; nothing typed takes the answer away, a key that is not named stays.
        seen: the hash of the file as the person saw it; None where nobody could have changed it since.

    Raises:
        BadInput: a key is none, or what was typed cannot stand there; nothing is saved.
        FolderHasProblems: the file would have new problems; nothing is saved.
        Refused: somebody else changed the file since it was read; nothing is saved.
    """
    launch = read_launch(folder).launch
    typed = {key: (blank := find_blank(key), parsed(blank, text)) for key, text in answers.items()}
    gone = _blank_rows(typed)
    wanted = {key: each for key, each in typed.items() if _row(key) not in gone}
    wanted |= _named(wanted, launch)
    changed = {key: each for key, each in wanted.items() if not _same(launch, *each)}
    taken = {row for row in gone if value_at(launch, f"{row[0]}.{row[1]}") is not None}

    def change(data: Any) -> Any:
        if not isinstance(data, dict):
            raise BadInput(
                "there is nothing in launch.yaml to write into",
                where=str(folder),
                remedy="see `shipworthy init`",
            )
        for blank, value in changed.values():
            _write(data, blank, value)
        for rows in {name for name, _ in taken}:
            take_rows(data, rows, [number for name, number in taken if name == rows])
        return data

    edited = edit_yaml(
        Layout(folder).launch, change, name="launch.yaml", seen=seen, problems=new_problems(folder)
    )
    return Framed((*changed, *(f"{name}.{number}" for name, number in sorted(taken))), edited.after)


def _write(data: Any, blank: Blank, value: Any) -> None:
    if value is not None:
        put(data, blank.key, value)
    elif blank.form in ("line", "text"):
        clear(data, blank.key, left="", keep=True)
    else:
        clear(data, blank.key, keep=blank.form == "date")


def _same(launch: Launch, blank: Blank, value: Any) -> bool:
    """Whether a blank holds the value already; a row that is not there holds nothing."""
    if value is None:
        return not written_at(launch, blank)
    there = value_at(launch, blank.key)
    return there is not None and spelled(there) == spelled(value)


def _row(key: str) -> tuple[str, int] | None:
    found = _ROW.match(key)
    return (found[1], int(found[2])) if found else None


def _blank_rows(typed: Mapping[str, tuple[Blank, Any]]) -> set[tuple[str, int]]:
    """Return the rows that were sent whole and in which nothing is typed; what is chosen from a list is not typed."""
    rows: dict[tuple[str, int], list[bool]] = {}
    for key, (blank, value) in typed.items():
        if (row := _row(key)) is not None and blank.form != "choice":
            rows.setdefault(row, []).append(value is None)
    whole = {question.rows: sum(blank.form != "choice" for blank in question.row) for question in EVERY}
    return {row for row, empty in rows.items() if all(empty) and len(empty) == whole[row[0]]}


def _named(wanted: Mapping[str, tuple[Blank, Any]], launch: Launch) -> dict[str, tuple[Blank, Any]]:
    """Give an assumption that has no short name one, from its first words."""
    made: dict[str, tuple[Blank, Any]] = {}
    known = {each.id for each in launch.assumptions}
    known |= {str(value) for blank, value in wanted.values() if blank.key.endswith(".id") and value}
    for key, (_, value) in wanted.items():
        name = key.removesuffix(".statement") + ".id"
        if not key.endswith(".statement") or not value:
            continue
        given = wanted[name][1] if name in wanted else value_at(launch, name)
        if not given:
            short = short_name(str(value), known)
            known.add(short)
            made[name] = (find_blank(name), short)
    return made


def short_name(text: str, known: Iterable[str]) -> str:
    """Return a short name for a sentence, one that is not taken.

    >>> short_name("Support reads drafts before sending.", {"support-reads-drafts"})
    'support-reads-drafts-2'
    """
    words = re.findall(r"[a-z0-9]+", text.lower())
    name = re.sub(r"^[^a-z]+", "", "-".join(words[:3])[:50]).strip("-") or "assumption"
    taken = set(known)
    return next(each for each in (name, *(f"{name}-{n}" for n in range(2, 1000))) if each not in taken)
