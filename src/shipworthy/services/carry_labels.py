"""Labels out to a file and in from one: a JSON object a line, one for each label that holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.domain.review import OPEN_READING, Output, Said, Turn
from shipworthy.services.desk import Desk
from shipworthy.services.label_commits import ToSave
from shipworthy.services.planned import candidate_of
from shipworthy.services.queue_kinds import variant_no
from shipworthy.services.reviewer import reviewer_number
from shipworthy.services.save_label import Saving, checked_label
from shipworthy.store.drawable import sealed_cases
from shipworthy.store.lookup import members_of
from shipworthy.store.output_texts import keys_of, recorded_outputs, variant_names
from shipworthy.store.review import LabelRow, current_labels

LONGEST_LINE = 1 << 20
MOST_LINES = 1_000_000
CHUNK = 500


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A label in a file."""

    case: str
    reviewer: str
    state: Literal["pass", "fail", "defer"]
    repeat: int = 1
    variant: str = ""
    criterion: str = OPEN_READING
    turn: Literal["own", "again", "settled"] = "own"
    note: str = ""
    modes: list[str] = []
    step: int | None = None
    at: str = ""
    scores: dict[str, float] = {}
    """1 or 0 by criterion, on the line that counts for its output: so a table of live outputs can be read from it."""


@dataclass(frozen=True)
class Exported:
    """What was written; labels of sealed outputs never are, since a file of them could be summed up."""

    path: Path
    labels: int
    sealed: int


@dataclass(frozen=True)
class Imported:
    """What became of a file of labels."""

    labels: int
    known: int


def export_labels(desk: Desk, path: Path, *, criterion: str | None = None) -> Exported:
    """Write every label that holds on an output that is not sealed.

    Raises:
        Refused: the file exists.
        Unavailable: it cannot be written.
    """
    if path.exists():
        raise Refused("the file exists", where=str(path), remedy="name another")
    with desk.launch.ledger.read() as connection:
        rows = current_labels(connection, criterion)
        sealed = sealed_cases(connection, desk.launch.cases.no)
        keys = keys_of(connection, [row.output for row in rows])
        names = variant_names(connection)
    desk.refresh(always=True)
    people = {number: name for name, number in desk.people.items()}
    open_ones = [row for row in rows if row.case_no not in sealed]
    counting = _counting(open_ones)
    try:
        with path.open("xb") as file:
            for row in open_ones:
                line = _line(row, keys, names, people)
                if id(row) in counting:
                    line.scores = {row.criterion: float(row.said.state == "pass")}
                file.write(msgspec.json.encode(line) + b"\n")
    except OSError as error:
        raise Unavailable(f"the file cannot be written: {error.strerror}", where=str(path)) from error
    return Exported(path, len(open_ones), len(rows) - len(open_ones))


def import_labels(desk: Desk, path: Path) -> Imported:
    """Bring labels in from a file; a file that contradicts a label that is here is refused whole.

    Raises:
        BadInput: a line is no label, or names a case, an output, a criterion or a failure mode that there is not;
            or a label differs from the one that the same person gave here. Nothing of the file stays.
    """
    placed = list(_lines(path))
    with desk.launch.ledger.read() as connection:
        outputs = _outputs(desk, connection, path, [line for _, line in placed])
        held = {
            (row.reviewer_no, row.output, row.criterion, row.turn): row for row in current_labels(connection)
        }
    new: list[ToSave] = []
    known = 0
    for (number, line), output in zip(placed, outputs, strict=True):
        wanted = _to_save(desk, line, output, f"{path.name}:{number}")
        here = held.get(wanted.chain)
        if here is not None and here.said != wanted.said:
            raise BadInput(
                f"{line.reviewer} said `{here.state}` of case `{line.case[:60]}` here, and `{line.state}` there",
                where=f"{path.name}:{number}",
                remedy="let the person settle which one holds, and keep that line",
            )
        if here is not None:
            known += 1
        else:
            new.append(wanted)
    for future in [desk.commits.submit(wanted) for wanted in new]:
        future.result()
    return Imported(len(new), known)


def _counting(rows: list[LabelRow]) -> set[int]:
    """Return which labels count for their outputs: what was settled, else what all said; where people differ, none."""
    given: dict[tuple[Output, str], list[LabelRow]] = {}
    for row in rows:
        if row.criterion and row.turn != "again" and row.said.state in ("pass", "fail"):
            given.setdefault((row.output, row.criterion), []).append(row)
    counting = set()
    for labels in given.values():
        settled = [row for row in labels if row.turn == "settled"] or labels
        if len({row.said.state for row in settled}) == 1:
            counting.add(id(settled[0]))
    return counting


def _line(row: LabelRow, keys: dict[int, str], names: dict[int, str], people: dict[int, str]) -> Line:
    said = row.said
    turn: Any = row.turn
    state: Any = said.state
    return Line(
        case=keys[row.case_no], reviewer=people[row.reviewer_no], state=state, repeat=row.repeat,
        variant=names[row.variant_no], criterion=row.criterion, turn=turn, note=said.note,
        modes=list(said.modes), step=said.step, at=row.at,
    )  # fmt: skip


def _lines(path: Path) -> Iterator[tuple[int, Line]]:
    decoder = msgspec.json.Decoder(Line)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), start=1):
                if not line.strip():
                    continue
                if len(line) > LONGEST_LINE or number > MOST_LINES:
                    raise BadInput(
                        "a line that is too long", where=f"{path.name}:{number}", remedy="split it"
                    )
                yield number, decoder.decode(line)
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput(
            f"a line that is no label: {str(error)[:200]}",
            where=path.name,
            remedy="write one JSON object a line, with `case`, `reviewer` and `state`",
        ) from error


def _outputs(desk: Desk, connection: Connection, path: Path, lines: list[Line]) -> list[Output]:
    """Return the output that each line is about."""
    default = candidate_of(desk.launch.launch) if any(not line.variant for line in lines) else ""
    numbers = {
        name: variant_no(desk.launch, connection, name or default)
        for name in {line.variant for line in lines}
    }
    known = members_of(connection, desk.launch.cases.no, {line.case for line in lines})
    there = recorded_outputs(connection, set(numbers.values()))
    found = []
    for line in lines:
        member = known.get(line.case)
        output = Output(numbers[line.variant], member.no if member else 0, line.repeat)
        if output not in there:
            raise BadInput(
                f"there is no answered output of case `{line.case[:200]}`, repeat {line.repeat}",
                where=path.name,
                remedy="import or run the outputs first, or correct the id",
            )
        found.append(output)
    return found


def _to_save(desk: Desk, line: Line, output: Output, where: str) -> ToSave:
    criteria = {criterion.id for criterion in desk.launch.reading.criteria}
    if line.criterion and line.criterion not in criteria:
        raise BadInput(f"there is no criterion `{line.criterion[:60]}`", where=where)
    said = Said(line.state, line.note, tuple(line.modes), line.step)
    content = msgspec.json.encode((list(output), msgspec.structs.replace(line, scores={}))).decode()
    client = f"import-{hashlib.sha256(content.encode()).hexdigest()[:40]}"
    checked = checked_label(desk, Saving("", 0, line.reviewer, said, 0, client))
    number = reviewer_number(desk, line.reviewer)
    turn: Turn = line.turn
    version = desk.version((number, output, line.criterion, turn))
    return ToSave(
        number, output, line.criterion, turn, checked, version, client, blind=json.dumps({"imported": True})
    )
