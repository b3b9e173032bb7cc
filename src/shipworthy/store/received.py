"""Files of what was received: lines in sealed groups, written to the disk before anybody is told that they are kept.

A file is begun by each receiver and for each day, and never written again once it is closed. Its lines are JSON, so
that any tool can read it. After every group of lines stands a seal with their number and checksum: what no seal
follows was never acknowledged, and does not count.

    {"shipworthy":"received/1"}
    {"trace":"…", …}
    {"trace":"…", …}
    {"sealed":2,"crc":"1c291ca3","at":1795403796000000000}
    {"closed":true}
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shipworthy.domain.errors import BadInput, Unavailable

FIRST = b'{"shipworthy":"received/1"}\n'
CLOSED = b'{"closed":true}\n'
_SEAL = re.compile(rb'\{"sealed":(\d{1,12}),"crc":"([0-9a-f]{8})","at":(\d{1,20})\}\n?')
MOST_BYTES = 256 * 1024 * 1024
"""A file that has grown beyond this is closed, and the next one begun."""
MOST_LINE = 64 * 1024 * 1024


class Segment:
    """The file that is written now.

    Args:
        folder: where it is made.
        day: as 2026-11-26; the file is named by it.

    Raises:
        Unavailable: the disk does not take it.
    """

    def __init__(self, folder: Path, day: str) -> None:
        self.day = day
        self.size = 0
        self._broken = ""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        taken = [int(p.stem[11:]) for p in files_in(folder) if p.stem.startswith(day)]
        self.path = folder / f"{day}-{max(taken, default=0) + 1:03}.jsonl"
        try:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            self._write(FIRST)
            sync_folder(folder)
        except OSError as error:
            raise self._failed(error) from error

    @property
    def full(self) -> bool:
        """Whether the next group belongs into another file."""
        return self.size >= MOST_BYTES

    def append(self, lines: Sequence[bytes], at: int) -> None:
        """Write a group of lines with its seal; on return it survives a loss of power.

        Args:
            lines: each one line, without its end.
            at: when they arrived, in nanoseconds since 1970.

        Raises:
            Unavailable: the disk did not take it; nothing of the group is acknowledged, and nothing more is written.
        """
        if self._broken:
            raise Unavailable(self._broken, where=str(self.path))
        block = b"\n".join(lines) + b"\n"
        seal = b'{"sealed":%d,"crc":"%08x","at":%d}\n' % (len(lines), zlib.crc32(block), at)
        try:
            self._write(block + seal)
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Say that nothing more comes, and let go of the file."""
        try:
            if not self._broken:
                self._write(CLOSED)
        except OSError as error:
            raise self._failed(error) from error
        finally:
            os.close(self._file)

    def _write(self, data: bytes) -> None:
        """Write all of it, however little the disk takes at a time, and wait until it is on the disk."""
        left = memoryview(data)
        while left:
            left = left[os.write(self._file, left) :]
        os.fsync(self._file)
        self.size += len(data)

    def _failed(self, error: OSError) -> Unavailable:
        """A write or sync that failed is never tried again: what is on the disk is then unknown."""
        self._broken = f"what was received could not be written: {error.strerror or error}"
        return Unavailable(
            self._broken,
            where=str(self.path),
            remedy="free some space and start it again: what was acknowledged is kept, and exporters send the rest again",
        )


@dataclass
class Group:
    """Lines that one seal vouches for."""

    arrived: int
    """Nanoseconds since 1970, by the clock of the receiver."""
    lines: list[bytes]
    first: int
    """The number of its first line in the file."""
    whole: bool
    """Whether number and checksum fit; a group that does not fit was damaged later."""


class Sealed:
    """Reads a file of what was received.

    Attributes:
        closed: whether its writer closed it; known once it was read.
        unsealed: lines after the last seal, which were never acknowledged.
        good: bytes up to the end of the last seal, whether it fits or not: what was damaged later is never thrown away.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.closed = False
        self.unsealed = 0
        self.good = len(FIRST)

    def groups(self) -> Iterator[Group]:
        """Yield the sealed groups in their order.

        Raises:
            BadInput: the file does not begin as such a file.
            Unavailable: it cannot be read.
        """
        self.closed, self.unsealed, self.good = False, 0, len(FIRST)
        try:
            with self.path.open("rb") as file:
                if file.readline(len(FIRST) + 1) != FIRST:
                    raise BadInput("the file is none that was received", where=f"{self.path}:1")
                yield from self._groups(file)
        except OSError as error:
            raise Unavailable(
                f"the file cannot be read: {error.strerror or error}", where=str(self.path)
            ) from error

    def _groups(self, file: IO[bytes]) -> Iterator[Group]:
        lines: list[bytes] = []
        crc, number, place, first = 0, 1, len(FIRST), 2
        while line := file.readline(MOST_LINE):
            number += 1
            place += len(line)
            seal = _SEAL.fullmatch(line) if line.startswith(b'{"sealed"') and line.endswith(b"\n") else None
            if seal is not None:
                whole = int(seal[1]) == len(lines) and int(seal[2], 16) == crc
                yield Group(int(seal[3]), lines, first, whole)
                self.good = place
                lines, crc, first = [], 0, number + 1
            elif line == CLOSED and not lines:
                self.closed, self.good = True, place
            else:
                lines.append(line)
                crc = zlib.crc32(line, crc)
        self.unsealed = len(lines)


def files_in(folder: Path) -> list[Path]:
    """Return the files of what was received, oldest first."""
    named = re.compile(r"\d{4}-\d\d-\d\d-\d{3,}\.jsonl")
    found = [p for p in folder.iterdir() if named.fullmatch(p.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.stem[:10], int(path.stem[11:])))


def close_after_crash(path: Path) -> bool:
    """Cut off what was never acknowledged and close a file that its writer left open; say whether it was open."""
    held = Sealed(path)
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - len(CLOSED)))
            if file.read() == CLOSED:
                return False
        if path.stat().st_size < len(FIRST):
            path.write_bytes(FIRST)  # it was killed before it had written its first line
        for _ in held.groups():
            pass
        with path.open("r+b") as file:
            file.truncate(held.good)
            file.seek(0, os.SEEK_END)
            file.write(CLOSED)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable(
            f"the file cannot be written: {error.strerror or error}", where=str(path)
        ) from error
    return True


def sync_folder(folder: Path) -> None:
    """Make sure that a new file is found in its folder after a loss of power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
