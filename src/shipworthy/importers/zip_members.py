"""Reading members of a ZIP that a stranger made, one at a time, nothing extracted.

The standard library reads the whole directory into memory before anything can be counted, and knows no
zstandard before Python 3.14; so the directory is walked here, under its limits, and each member is
unpacked no further than the directory says it goes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import MAX_LINE_BYTES
from shipworthy.importers.opened import MAX_RATIO, MAX_TOTAL_BYTES, RATIO_FREE_BYTES, bomb

MAX_MEMBERS = 200_000
MAX_DIRECTORY_BYTES = 64 * 1024 * 1024
MAX_WINDOW_BYTES = 128 * 1024 * 1024
STORED, DEFLATED, ZSTANDARD = 0, 8, 93

_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ENTRY, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF


class Member(NamedTuple):
    """One entry of the directory: what it claims to be."""

    name: str
    method: int
    encrypted: bool
    crc: int
    packed: int
    size: int
    offset: int


class Archive:
    """A ZIP whose directory has been read and found within the limits.

    Raises:
        BadInput: it is no ZIP, is cut short, or claims more than the limits allow.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            try:
                self.members = list(self._directory(file))
            except (struct.error, ValueError, OverflowError, OSError) as error:
                raise self._damaged("its directory cannot be read") from error
        size = sum(member.size for member in self.members)
        if size > MAX_TOTAL_BYTES:
            raise self._refused(
                f"the archive says it unpacks to {size / 1024**3:.1f} GB; at most 2 GB are read"
            )
        if size > RATIO_FREE_BYTES and size > MAX_RATIO * path.stat().st_size:
            raise bomb(path)

    def read(self, members: list[Member]) -> Iterator[tuple[Member, bytes]]:
        """Yield each member with its content, unpacked one at a time."""
        with self._path.open("rb") as file:
            for member in members:
                yield member, self._content(file, member)

    def _content(self, file: IO[bytes], member: Member) -> bytes:
        if member.encrypted or member.method not in (STORED, DEFLATED, ZSTANDARD):
            raise self._refused(f"member {member.name[:80]!r} is encrypted or packed by an unknown method")
        if max(member.size, member.packed) > MAX_LINE_BYTES:
            raise self._refused(f"member {member.name[:80]!r} holds more than {MAX_LINE_BYTES // 1024**2} MB")
        local = b""
        if member.offset < file.seek(0, io.SEEK_END):
            file.seek(member.offset)
            local = file.read(30)
        if len(local) < 30 or local[:4] != _LOCAL:
            raise self._damaged(f"member {member.name[:80]!r} is not where the directory says")
        file.seek(sum(struct.unpack("<HH", local[26:])), io.SEEK_CUR)
        packed = file.read(member.packed)
        if len(packed) < member.packed:
            raise self._damaged(f"member {member.name[:80]!r} is cut short")
        data = self._unpacked(packed, member)
        if len(data) != member.size or zlib.crc32(data) != member.crc:
            raise self._damaged(f"member {member.name[:80]!r} is not what the directory says")
        return data

    def _unpacked(self, packed: bytes, member: Member) -> bytes:
        """Return at most one byte more than the directory promises, which is enough to know it lies."""
        if member.method == STORED:
            return packed
        if member.method == DEFLATED:
            try:
                return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size + 1)
            except zlib.error as error:
                raise self._damaged(f"member {member.name[:80]!r} cannot be unpacked") from error
        import zstandard  # noqa: PLC0415 - only logs of recent versions need it

        try:
            reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).stream_reader(packed)
            return reader.read(member.size + 1)
        except zstandard.ZstdError as error:
            raise self._damaged(f"member {member.name[:80]!r} cannot be unpacked") from error

    def _directory(self, file: IO[bytes]) -> Iterator[Member]:
        n_entries, n_bytes, offset = self._end(file)
        if n_entries > MAX_MEMBERS or n_bytes > MAX_DIRECTORY_BYTES:
            raise self._refused(f"the archive has {n_entries:,} members; at most {MAX_MEMBERS:,} are read")
        file.seek(offset)
        directory = file.read(n_bytes)
        at = 0
        for _ in range(n_entries):
            member, at = _entry(directory, at)
            yield member
        if directory[at : at + 4] == _ENTRY:
            raise self._damaged("its directory holds more than it says")

    def _end(self, file: IO[bytes]) -> tuple[int, int, int]:
        """Return the number of entries, and the length and place of the directory."""
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 22 - _FULL_16 - 20))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0:
            raise self._damaged("it has no directory")
        n_entries, n_bytes, offset = struct.unpack("<HII", tail[at + 10 : at + 20])
        if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR_64:
            file.seek(struct.unpack("<Q", tail[at - 12 : at - 4])[0])
            record = file.read(56)
            if record[:4] != _END_64:
                raise self._damaged("its directory is not where it says")
            n_entries, n_bytes, offset = struct.unpack("<QQQ", record[32:56])
        return n_entries, n_bytes, offset

    def _damaged(self, how: str) -> BadInput:
        return BadInput(
            f"the archive is damaged or cut short: {how}",
            where=f"{self._path}:1",
            remedy="copy or export it again; nothing of it is kept",
        )

    def _refused(self, what: str) -> BadInput:
        return BadInput(
            what, where=f"{self._path}:1", remedy="check where the file came from, or export the run as JSON"
        )


def _entry(directory: bytes, at: int) -> tuple[Member, int]:
    if directory[at : at + 4] != _ENTRY:
        raise ValueError
    flags, method = struct.unpack_from("<HH", directory, at + 8)
    crc, packed, size, n_name, n_extra, n_comment = struct.unpack_from("<IIIHHH", directory, at + 16)
    (offset,) = struct.unpack_from("<I", directory, at + 42)
    name_end = at + 46 + n_name
    name = directory[at + 46 : name_end].decode("utf-8", "replace")
    if _FULL_32 in (packed, size, offset):
        size, packed, offset = _wide(directory[name_end : name_end + n_extra], size, packed, offset)
    return Member(name, method, bool(flags & 1), crc, packed, size, offset), name_end + n_extra + n_comment


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return the sizes from the 64-bit field, which holds only those that did not fit, in this order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = [size, packed, offset]
            wide = iter(struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length - length % 8]))
            for index, value in enumerate(values):
                if value == _FULL_32:
                    values[index] = next(wide, (value,))[0]
            return values[0], values[1], values[2]
        at += 4 + length
    return size, packed, offset
