"""What every reader of transcripts hands over, and the limits it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shipworthy.domain.errors import BadInput
from shipworthy.domain.interview import MAX_CHARACTERS
from shipworthy.domain.transcript import cleaned
from shipworthy.importers.opened import chunks

MAX_BYTES = 4 * 1024 * 1024
"""The largest text file that is read; a longer one is no interview."""


@dataclass(frozen=True)
class Transcript:
    """What was said, as text.

    Attributes:
        text: the words; `[0:01:02] Name: …` where times and speakers are known.
        format: which reader read it.
        left_out: characters that cannot be seen and were left out.
        notes: what else was left out, one clause each.
    """

    text: str
    format: str
    left_out: int = 0
    notes: tuple[str, ...] = ()


class Reader(Protocol):
    """One format of transcripts."""

    name: str
    suffixes: tuple[str, ...]

    def read(self, path: Path) -> Transcript:
        """Read a file to its end.

        Raises:
            BadInput: it is not of this format, or too large, or made to hurt.
        """
        ...


def text_of(path: Path) -> str:
    """Return a text file whole, without its byte order mark; UTF-16 is read where it says so.

    Raises:
        BadInput: it is too long, holds a NUL, or is no text.
    """
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path), remedy="check the path")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise too_long(path, f"{size / 1024**2:.1f} MB")
    with path.open("rb") as file:
        mark = file.read(2)
    if mark in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(path.read_bytes(), "utf-16", path)
    content = b"".join(chunks(path, limit=MAX_BYTES))
    if not content.strip():
        raise BadInput("the file is empty", where=f"{path}:1", remedy="export it again; nothing was read")
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise BadInput("a NUL byte stands in the text", where=f"{path}:{line}", remedy=RESAVE)
    return _decoded(content, "utf-8", path)


def finished(text: str, name: str, path: Path, *, notes: tuple[str, ...] = ()) -> Transcript:
    """Return a transcript from its text: cleaned, and held against the limits.

    Raises:
        BadInput: nothing is left, or too much.
    """
    tidy = cleaned(text)
    if not tidy.text.strip():
        raise BadInput("nobody says anything in the file", where=f"{path}:1", remedy="export it again")
    if len(tidy.text) > MAX_CHARACTERS:
        raise too_long(path, f"{len(tidy.text):,} characters")
    return Transcript(tidy.text, name, tidy.left_out, notes)


def too_long(path: Path, size: str) -> BadInput:
    """Return the error for a file that is no single interview."""
    return BadInput(
        f"the file holds {size}, and one interview at most {MAX_CHARACTERS:,} characters",
        where=f"{path}:1",
        remedy="check that it is one interview; split it into several files if it is not",
    )


def clock(seconds: float) -> str:
    """Return a time as it stands before a speaker.

    >>> clock(3725.4)
    '[1:02:05]'
    """
    whole = int(seconds)
    return f"[{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}]"


RESAVE = "save the file as UTF-8 text"


def _decoded(content: bytes, encoding: str, path: Path) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput("the text is not UTF-8", where=f"{path}:{line}", remedy=RESAVE) from error
