"""The eval set on disk: read a line at a time, with every mistake at its line."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.domain.evalset import Case
from shipworthy.domain.problem import Problem
from shipworthy.store.layout import Layout

LONGEST_ID = 1024
MAX_LINE_BYTES = 64 * 1024 * 1024
MOST_PROBLEMS = 1000
MOST_SEARCHES = 20
"""For so many repeated ids the first place is looked up; for more it would take for ever."""


def fingerprint(layout: Layout) -> str:
    """Return a hash over the names and bytes of the eval set's files."""
    digest = hashlib.sha256()
    for path in layout.evalset_files():
        digest.update(path.name.encode() + b"\0")
        with _opened(path) as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


class Placed(NamedTuple):
    """A case, and the file and line it stands in."""

    file: str
    line: int
    case: Case

    @property
    def place(self) -> str:
        """Return `file:line`."""
        return f"{self.file}:{self.line}"


def read_cases(layout: Layout, problems: list[Problem]) -> Iterator[Case]:
    """Yield the cases of all files in order; put mistakes into `problems` and go on."""
    return (placed.case for placed in placed_cases(layout, problems))


def placed_cases(layout: Layout, problems: list[Problem]) -> Iterator[Placed]:
    """Yield the cases of all files in order with their places; put mistakes into `problems` and go on.

    An id that stands twice is a mistake, and so is a group whose cases lie in different parts: what
    was learnt from its open cases would leak into the sealed ones. The first one counts.
    """
    seen: set[int] = set()  # hashes: a million ids would take twice the room
    parts: dict[str, str] = {}
    before = len(problems)
    for name, number, line in _lines(layout):
        if len(problems) - before >= MOST_PROBLEMS:
            more = f"{MOST_PROBLEMS:,} problems so far; the rest of the eval set was not read"
            problems.append(Problem(name, number, 0, more, "a file of cases", "mend what is listed first"))
            return
        case = _case(line, name, number, problems)
        if case is None:
            continue
        if (known := hash(case.id)) in seen:
            first = _first(layout, case.id) if len(problems) - before < MOST_SEARCHES else "a line above"
            what, expected = (
                f"the case id `{case.id}` a second time",
                f"ids that differ; the first is at {first}",
            )
            problems.append(Problem(name, number, 0, what, expected, "rename one of the two"))
            continue
        seen.add(known)
        if case.group is not None and parts.setdefault(case.group, case.part) != case.part:
            what = f"the group `{case.group}` in part {case.part}, and before in part {parts[case.group]}"
            remedy = "move its cases into the same part"
            problems.append(Problem(name, number, 0, what, "a group that lies in one part", remedy))
            continue
        yield Placed(name, number, case)


def walk_cases(layout: Layout) -> Iterator[Case]:
    """Yield the cases of an eval set that was read without problems before; nothing is held of those that passed.

    Raises:
        BadInput: it has problems after all: somebody changed it meanwhile.
    """
    for name, number, line in _lines(layout):
        try:
            yield _DECODER.decode(line)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            what = "a case that cannot be read any more"
            raise BadInput(what, where=f"{name}:{number}", remedy="run `shipworthy check`") from error


def _lines(layout: Layout) -> Iterator[tuple[str, int, bytes]]:
    for path in layout.evalset_files():
        name = f"evalset/{path.name}"
        with _opened(path) as file:
            for number, line in enumerate(_capped(file.readline), start=1):
                if line.strip():
                    yield name, number, line


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        what = f"a file of cases cannot be read: {error.strerror}"
        raise BadInput(what, where=str(path), remedy="mend or remove it") from error


def _capped(readline: object) -> Iterator[bytes]:
    return iter(lambda: readline(MAX_LINE_BYTES + 1), b"")  # type: ignore[operator]


def _first(layout: Layout, case_id: str) -> str:
    """Return the place where an id stands first."""
    for place, line_number, line in _lines(layout):
        try:
            found = msgspec.json.decode(line, type=_Named)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            continue
        if found.id == case_id:
            return f"{place}:{line_number}"
    return "a line above"


class _Named(msgspec.Struct):
    id: str


_DECODER = msgspec.json.Decoder(Case)


def _case(line: bytes, name: str, number: int, problems: list[Problem]) -> Case | None:
    if len(line) > MAX_LINE_BYTES:
        problems.append(
            Problem(
                name, number, 0, "a line of more than 64 MiB", "one case a line", "split or remove the line"
            )
        )
        return None
    try:
        case = _DECODER.decode(line)
    except msgspec.ValidationError as error:
        problems.append(_invalid(str(error), name, number))
        return None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        said = str(error).split(" (byte")[0].lower()
        problems.append(
            Problem(
                name,
                number,
                0,
                f"a line that is not JSON ({said})",
                "one JSON object a line",
                "mend or remove the line",
            )
        )
        return None
    if found := _unfit(case.id):
        problems.append(
            Problem(name, number, 0, found, "an id on one line, without blanks round it", "mend the id")
        )
        return None
    return case


def _unfit(case_id: str) -> str:
    """Say why no file of outcomes could name a case so; empty when one could."""
    if not case_id:
        return "an empty `id`"
    odd = not case_id.isprintable() and any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in case_id)
    if odd or case_id != case_id.strip():
        return f"the id {case_id[:60]!r}"
    return f"an id of {len(case_id):,} characters" if len(case_id) > LONGEST_ID else ""


def _invalid(said: str, name: str, number: int) -> Problem:
    if "missing required field `id`" in said:
        return Problem(name, number, 0, "a case without `id`", "an id of its own", 'add `"id": "…"`')
    return Problem(
        name,
        number,
        0,
        said[0].lower() + said[1:],
        "a case as the reference describes it",
        "correct the field",
    )


def write_cases(path: Path, cases: Iterable[Case]) -> int:
    """Write cases to a new file, whole or not at all, and return how many there were."""
    unfinished = path.with_suffix(".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"the folder of cases cannot be made: {error.strerror}"
        raise Unavailable(what, where=str(path.parent)) from error
    written = 0
    try:
        with unfinished.open("wb", buffering=1 << 20) as file:
            for case in cases:
                file.write(msgspec.json.encode(case))
                file.write(b"\n")
                written += 1
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return written
