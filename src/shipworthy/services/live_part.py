"""Which part of a file is new: one that grew since it was taken in is read from where it ended."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.importers.registry import choose
from shipworthy.store.watched import Intake

CHUNK = 1 << 20


@dataclass(frozen=True)
class Part:
    """What of a file is to be read.

    Attributes:
        path: the file.
        digest: hash of the whole of it.
        size: its bytes.
        begin: bytes that were taken in before; 0 for the whole file.
        again: the whole file was taken in before.
    """

    path: Path
    digest: str
    size: int
    begin: int = 0
    again: bool = False


def new_part(path: Path, before: Sequence[Intake]) -> Part:
    """Return what of a file was not taken in before: nothing of the same bytes is read twice.

    Raises:
        BadInput: there is no such file.
        Unavailable: it cannot be read.
    """
    if not path.is_file():
        raise BadInput(
            "there is no such file", where=str(path), remedy="check the path; a folder is not read"
        )
    known = {int(each.body["bytes"]): str(each.body["digest"]) for each in before}
    begin, size, hashed = 0, 0, hashlib.blake2b(digest_size=32)
    marks = sorted(known)
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                while marks and marks[0] <= size + len(piece):
                    mark = marks.pop(0)
                    upto = hashed.copy()
                    upto.update(piece[: mark - size])
                    if upto.hexdigest() == known[mark] and _ends_a_line(piece, mark - size):
                        begin = mark
                hashed.update(piece)
                size += len(piece)
    except OSError as error:
        raise Unavailable(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    digest = hashed.hexdigest()
    again = digest in {each.body["digest"] for each in before}
    return Part(path, digest, size, 0 if path.name.endswith(".gz") else begin, again)


def _ends_a_line(piece: bytes, at: int) -> bool:
    return at > 0 and piece[at - 1 : at] == b"\n"


@contextmanager
def readable(part: Part, room: Path) -> Iterator[Path]:
    """Yield a file with the new rows alone, under the header of the whole; mistakes are told by the lines of the whole."""
    name = choose(part.path).name
    if not part.begin or name not in ("csv", "tsv", "jsonl"):
        yield part.path
        return
    rest = room / f"new{''.join(part.path.suffixes[-1:])}"
    header = name != "jsonl"
    with part.path.open("rb") as file, rest.open("wb") as out:
        if header:
            out.write(file.readline())
        file.seek(part.begin)
        while piece := file.read(CHUNK):
            out.write(piece)
    try:
        yield rest
    except BadInput as error:
        raise BadInput(
            error.what, where=_where(error.where, part, rest, header=header), remedy=error.remedy
        ) from error


def _where(where: str, part: Part, rest: Path, *, header: bool) -> str:
    found = re.fullmatch(rf"{re.escape(str(rest))}:(\d+)", where)
    if found is None:
        return where.replace(str(rest), str(part.path))
    lines = 0
    with part.path.open("rb") as file:
        left = part.begin
        while left and (piece := file.read(min(CHUNK, left))):
            lines += piece.count(b"\n")
            left -= len(piece)
    return f"{part.path}:{lines + int(found[1]) - header}"
