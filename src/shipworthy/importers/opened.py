"""Opening a file that a stranger made: plain or gzip, capped in size, a piece at a time.

Every limit is checked while bytes arrive, never after they have been gathered, so that a small file
that unpacks into a huge one, or a line that never ends, is refused before it costs anything.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.importers.interface import MAX_LINE_BYTES

CHUNK_BYTES = 1024 * 1024
HEAD_BYTES = 4096
MAX_TOTAL_BYTES = 2 * 1024**3
"""The most that one file may unpack to."""
MAX_WHOLE_BYTES = 1024**3
"""The most that is held at once, for the formats that are one JSON value."""
MAX_RATIO = 200
RATIO_FREE_BYTES = 64 * 1024 * 1024
"""A ratio says nothing about small files: up to here any is accepted."""

GZIP_MAGIC = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def head_of(path: Path) -> bytes:
    """Return the first 4 KiB after gunzip, without a byte order mark.

    Raises:
        BadInput: the file is missing, empty, or damaged within its first bytes.
    """
    if not path.is_file():
        raise BadInput(
            "there is no such file", where=str(path), remedy="check the path; a folder is not read"
        )
    first = next(chunks(path, size=HEAD_BYTES), b"")
    if not first.strip(b"\0 \t\r\n"):
        raise BadInput("the file is empty", where=f"{path}:1", remedy="export it again; nothing was read")
    return first


def chunks(path: Path, *, size: int = CHUNK_BYTES, limit: int = MAX_TOTAL_BYTES) -> Iterator[bytes]:
    """Yield the file's bytes after gunzip, a piece at a time, without a byte order mark.

    Raises:
        BadInput: it unpacks to more than the limits allow, is damaged, or is not UTF-8 by its first bytes.
    """
    total = 0
    with _opened(path) as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        if not packed and path.stat().st_size > limit:
            raise _too_big(path, limit)
        stream: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=raw, mode="rb") if packed else raw
        while piece := _read(stream, size, path):
            if total == 0:
                piece = _without_mark(piece, path)
            total += len(piece)
            if total > limit:
                raise _too_big(path, limit)
            if packed and total > RATIO_FREE_BYTES and total > MAX_RATIO * raw.tell():
                raise bomb(path)
            yield piece


def whole(path: Path) -> bytes:
    """Return everything in the file after gunzip, for a format that is one JSON value."""
    return b"".join(chunks(path, limit=MAX_WHOLE_BYTES))


def byte_lines(path: Path) -> Iterator[bytes]:
    r"""Yield the lines without their `\n`; a line longer than the limit is refused, not gathered."""
    for _, block in _blocks(path):
        yield from block.removesuffix(b"\n").split(b"\n")


def text_lines(path: Path) -> Iterator[str]:
    r"""Yield the lines as text, each with `\n` at its end.

    Raises:
        BadInput: a line is not UTF-8; the error names it.
    """
    for number, block in _blocks(path):
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            line = number + block.count(b"\n", 0, error.start)
            raise BadInput("the text is not UTF-8", where=f"{path}:{line}", remedy=_RESAVE) from error
        # Told that only "\n" ends a line, the buffer cuts lines several times as fast as a loop does.
        yield from io.StringIO(text, newline="\n")


def _blocks(path: Path) -> Iterator[tuple[int, bytes]]:
    r"""Yield runs of complete lines, each ended by `\n`, with the number of the first of them."""
    number, held, held_bytes = 1, list[bytes](), 0
    for piece in chunks(path):
        if b"\0" in piece:
            line = number + piece.count(b"\n", 0, piece.index(b"\0"))
            raise BadInput("a NUL byte stands in the text", where=f"{path}:{line}", remedy=_RESAVE)
        end = piece.rfind(b"\n") + 1
        if end:
            block = b"".join([*held, piece[:end]])
            yield number, block
            number += block.count(b"\n")
            held, held_bytes = [], 0
        held.append(piece[end:])
        held_bytes += len(piece) - end
        if held_bytes > MAX_LINE_BYTES:
            raise BadInput(
                f"the line is longer than {MAX_LINE_BYTES // 1024**2} MB",
                where=f"{path}:{number}",
                remedy="check that the file is a table with one row a line",
            )
    if held_bytes:
        yield number, b"".join([*held, b"\n"])


def bomb(path: Path) -> BadInput:
    """Return the error for a file that unpacks out of all proportion."""
    return BadInput(
        f"the file unpacks to more than {MAX_RATIO} times its size",
        where=f"{path}:1",
        remedy="unpack it yourself if you trust where it came from, and import the result",
    )


_RESAVE = "save the file as UTF-8 text"


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unavailable(
            f"the file cannot be opened: {error.strerror}",
            where=str(path),
            remedy="check that you may read it",
        ) from error


def _read(stream: IO[bytes] | gzip.GzipFile, size: int, path: Path) -> bytes:
    try:
        return stream.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadInput(
            f"the gzip file is damaged or cut short ({error})",
            where=f"{path}:1",
            remedy="copy or export it again; nothing of it is kept",
        ) from error
    except OSError as error:
        raise Unavailable(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            remedy="check the disk and try again",
        ) from error


def _without_mark(piece: bytes, path: Path) -> bytes:
    if piece.startswith(UTF16_BOMS):
        raise BadInput("the text is UTF-16, not UTF-8", where=f"{path}:1", remedy=_RESAVE)
    return piece.removeprefix(BOM)


def _too_big(path: Path, limit: int) -> BadInput:
    return BadInput(
        f"the file holds more than {limit // 1024**3} GB",
        where=f"{path}:1",
        remedy="split it, or export it as JSONL or Parquet, which are read a row at a time",
    )
