"""The eval set on disk: read a line at a time, with every mistake at its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from shipworthy.domain.evalset import Case
from shipworthy.domain.problem import Problem
from shipworthy.store.layout import Layout

MAX_LINE_BYTES = 64 * 1024 * 1024


def fingerprint(layout: Layout) -> str:
    """Return a hash over the names and bytes of the eval set's files."""
    digest = hashlib.sha256()
    for path in layout.evalset_files():
        digest.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def read_cases(layout: Layout, problems: list[Problem]) -> Iterator[Case]:
    """Yield the cases of all files in order; put mistakes into `problems` and go on.

    An id that stands twice is a mistake; the first one counts.
    """
    seen: dict[str, str] = {}
    decoder = msgspec.json.Decoder(Case)
    for path in layout.evalset_files():
        name = f"evalset/{path.name}"
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES + 1), b""), start=1):  # noqa: B023
                if not line.strip():
                    continue
                case = _case(decoder, line, name, number, problems)
                if case is None:
                    continue
                if case.id in seen:
                    problems.append(
                        Problem(
                            name, number, 0, f"the case id `{case.id}` a second time",
                            f"ids that differ; the first is at {seen[case.id]}", "rename one of the two",
                        )
                    )
                    continue
                seen[case.id] = f"{name}:{number}"
                yield case


def _case(
    decoder: msgspec.json.Decoder[Case], line: bytes, name: str, number: int, problems: list[Problem]
) -> Case | None:
    try:
        case = decoder.decode(line)
    except msgspec.ValidationError as error:
        problems.append(_invalid(str(error), name, number))
        return None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        said = str(error).split(" (byte")[0].lower()
        problems.append(
            Problem(name, number, 0, f"a line that is not JSON ({said})", "one JSON object a line", "mend or remove the line")
        )
        return None
    if not case.id:
        problems.append(Problem(name, number, 0, "an empty `id`", "an id", "give the case an id"))
        return None
    return case


def _invalid(said: str, name: str, number: int) -> Problem:
    if "missing required field `id`" in said:
        return Problem(name, number, 0, "a case without `id`", "an id of its own", 'add `"id": "…"`')
    return Problem(name, number, 0, said[0].lower() + said[1:], "a case as the reference describes it", "correct the field")
