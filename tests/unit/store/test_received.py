"""Files of what was received: what was acknowledged is read back after any loss, and nothing else is."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.store.received import CLOSED, FIRST, Sealed, Segment, close_after_crash, files_in

AT = 1_795_403_795 * 10**9


def written(folder: Path, *groups: list[bytes]) -> Path:
    """Write groups into a file that is left open, as by a kill."""
    segment = Segment(folder, "2026-11-26")
    for group in groups:
        segment.append(group, AT)
    return segment.path


def lines(path: Path) -> list[bytes]:
    """Return what is read back of whole groups."""
    return [line.rstrip() for group in Sealed(path).groups() if group.whole for line in group.lines]


def test_what_was_appended_is_read_back_with_the_time_of_its_arrival(tmp_path: Path) -> None:
    """Two groups, in their order, each with its seal."""
    path = written(tmp_path, [b'{"a":1}', b'{"b":2}'], [b'{"c":3}'])
    groups = list(Sealed(path).groups())
    assert [(g.lines, g.arrived, g.first, g.whole) for g in groups] == [
        ([b'{"a":1}\n', b'{"b":2}\n'], AT, 2, True),
        ([b'{"c":3}\n'], AT, 5, True),
    ]


def test_cut_at_every_byte_nothing_acknowledged_before_the_cut_is_lost(tmp_path: Path) -> None:
    """A file cut anywhere gives exactly the groups whose seals stand before the cut; a reader closes it once."""
    whole = written(tmp_path, [b'{"a":1}', b'{"b":2}'], [b'{"c":3}'], [b'{"d":4}']).read_bytes()
    ends = [
        place
        for place in range(len(whole) + 1)
        if whole[:place].endswith(b"}\n") and b'"sealed"' in whole[:place].splitlines()[-1]
    ]
    sizes = [0, 2, 3, 4]
    path = tmp_path / "2026-11-26-002.jsonl"
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        assert close_after_crash(path)
        assert len(lines(path)) == sizes[sum(end <= cut for end in ends)]
        assert path.read_bytes().endswith(CLOSED)
        assert not close_after_crash(path)
        held = Sealed(path)
        assert all(group.whole for group in held.groups())
        assert (held.closed, held.unsealed) == (True, 0)


def test_a_tail_of_zeros_was_never_acknowledged(tmp_path: Path) -> None:
    """After a loss of power the disk had made room and written nothing into it."""
    path = written(tmp_path, [b'{"a":1}'])
    with path.open("ab") as file:
        file.write(bytes(5000))
    assert close_after_crash(path)
    assert lines(path) == [b'{"a":1}']


def test_a_group_that_was_damaged_later_is_told_from_the_others(tmp_path: Path) -> None:
    """One letter of the second group is another: the groups around it are read."""
    path = written(tmp_path, [b'{"a":1}'], [b'{"b":2}'], [b'{"c":3}'])
    path.write_bytes(path.read_bytes().replace(b'{"b":2}', b'{"b":3}'))
    assert [group.whole for group in Sealed(path).groups()] == [True, False, True]
    close_after_crash(path)
    assert lines(path) == [b'{"a":1}', b'{"c":3}']


def test_a_last_group_that_was_damaged_is_kept_and_told(tmp_path: Path) -> None:
    """Nobody can say whether it was acknowledged, so closing the file does not throw it away."""
    path = written(tmp_path, [b'{"a":1}'], [b'{"b":2}'])
    path.write_bytes(path.read_bytes().replace(b'{"b":2}', b'{"b":3}'))
    close_after_crash(path)
    assert [group.whole for group in Sealed(path).groups()] == [True, False]


def test_a_disk_that_takes_a_few_bytes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write takes three bytes at most: the file is whole all the same."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, bytes(data[:3])))
    path = written(tmp_path, [b'{"a":1}', b'{"b":2}'])
    assert lines(path) == [b'{"a":1}', b'{"b":2}']


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_after_a_failure_nothing_is_written_or_acknowledged(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, or a sync that failed, is never tried again; what was acknowledged before stays."""
    segment = Segment(tmp_path, "2026-11-26")
    segment.append([b'{"a":1}'], AT)
    with monkeypatch.context() as patched:
        patched.setattr(
            os, call, lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))
        )
        with pytest.raises(Unavailable, match="No space left"):
            segment.append([b'{"b":2}'], AT)
    with pytest.raises(Unavailable, match="No space left"):
        segment.append([b'{"c":3}'], AT)
    segment.close()
    assert b'{"c":3}' not in segment.path.read_bytes()
    assert close_after_crash(segment.path)
    assert lines(segment.path)[0] == b'{"a":1}'


def test_every_group_is_on_the_disk_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sync follows the last write of each group, and the folder that names the new file is synced too."""
    calls: list[str] = []
    write, sync = os.write, os.fsync

    def noted_write(file: int, data: memoryview) -> int:
        """Write, and note it."""
        calls.append("write")
        return write(file, data)

    def noted_sync(file: int) -> None:
        """Sync, and note of what."""
        calls.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        sync(file)

    monkeypatch.setattr(os, "write", noted_write)
    monkeypatch.setattr(os, "fsync", noted_sync)
    segment = Segment(tmp_path, "2026-11-26")
    assert calls == ["write", "file", "folder"]
    segment.append([b'{"a":1}'], AT)
    assert calls[3:] == ["write", "file"]


def test_every_writer_begins_its_own_file(tmp_path: Path) -> None:
    """Two on one day have two, in the order of their numbers, the thousandth after the ninth."""
    first, second = Segment(tmp_path, "2026-11-26"), Segment(tmp_path, "2026-11-26")
    (tmp_path / "2026-11-26-1000.jsonl").write_bytes(FIRST)
    (tmp_path / "notes.jsonl").write_bytes(b"")
    assert [path.name for path in files_in(tmp_path)] == [
        "2026-11-26-001.jsonl", "2026-11-26-002.jsonl", "2026-11-26-1000.jsonl",
    ]  # fmt: skip
    assert (first.path.stat().st_mode & 0o777, second.path.stat().st_mode & 0o777) == (0o600, 0o600)


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A file that begins otherwise is none that was received."""
    (tmp_path / "a.jsonl").write_text('{"trace": 1}\n')
    with pytest.raises(BadInput, match="none that was received"):
        list(Sealed(tmp_path / "a.jsonl").groups())
