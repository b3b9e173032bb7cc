"""Files made to hurt: each is refused quickly, in words, and costs little memory."""

from __future__ import annotations

import gzip
import io
import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from shipworthy.domain.errors import BadInput
from shipworthy.importers.registry import open_file

HEADER = {"version": 2, "status": "success", "eval": {"task": "t", "model": "m"}}
SAMPLE = {"id": 1, "epoch": 1, "scores": {"match": {"value": "C"}}}
MEGABYTE = 1024 * 1024


def consume(path: Path, **options: str) -> int:
    """Read a file to its end and return the number of rows."""
    return sum(len(batch) for batch in open_file(path, **options).batches())


def archive(*members: tuple[str, int, bytes, int, bytes], count: int | None = None) -> bytes:
    """Return a ZIP whose directory says what it is told: name, method, packed bytes, claimed size, true content."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name, method, packed, size, content in members:
        fields = struct.pack(
            "<HHHHHIIIHH", 20, 0, method, 0, 33, zlib.crc32(content), len(packed), size, len(name), 0
        )
        directory.write(b"PK\x01\x02" + struct.pack("<H", 20) + fields)
        directory.write(struct.pack("<HHHII", 0, 0, 0, 0, body.tell()) + name.encode())
        body.write(b"PK\x03\x04" + fields + name.encode() + packed)
    at = body.tell()
    n = len(members) if count is None else count
    end = struct.pack("<HHHHIIH", 0, 0, min(n, 65535), min(n, 65535), directory.tell(), at, 0)
    return body.getvalue() + directory.getvalue() + b"PK\x05\x06" + end


def member(
    name: str, content: object, *, size: int | None = None, zstd: bool = True
) -> tuple[str, int, bytes, int, bytes]:
    """Return a member as it would be written, but for the size it claims."""
    data = json.dumps(content).encode()
    packed = zstandard.compress(data) if zstd else zlib.compress(data, wbits=-15)
    return name, 93 if zstd else 8, packed, len(data) if size is None else size, data


def bomb(*, zstd: bool) -> bytes:
    """Return an archive of a few kilobytes that would unpack to 1 GB, member by member under the limit."""
    blank = b'{"id":1,"input":"' + b" " * (60 * MEGABYTE) + b'"}'
    packed = zstandard.compress(blank) if zstd else zlib.compress(blank, wbits=-15)
    one = (93 if zstd else 8, packed, len(blank), blank)
    members = [(f"samples/{i}_epoch_1.json", *one) for i in range(17)]
    return archive(*members, member("header.json", HEADER))


def many_members() -> bytes:
    """Return an archive whose 64-bit directory lists 300,000 members."""
    entry = (
        b"PK\x01\x02"
        + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    directory = entry * 300_000
    end64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 20, 20, 0, 0, 300_000, 300_000, len(directory), 4)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, 4 + len(directory), 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return b"PK\x03\x04" + directory + end64 + locator + end


def overlapping() -> bytes:
    """Return an archive in which 2,000 names share one member of 2 MB, which would be unpacked as often."""
    data = b"[" + b"1," * MEGABYTE + b"1]"
    packed = zlib.compress(data, wbits=-15)
    whole = archive(("samples/a.json", 8, packed, len(data), data))
    at = whole.index(b"PK\x01\x02")
    entry = whole[at : whole.index(b"PK\x05\x06")]
    end = struct.pack("<HHHHIIH", 0, 0, 2000, 2000, len(entry) * 2000, at, 0)
    return whole[:at] + entry * 2000 + b"PK\x05\x06" + end


def large() -> bytes:
    """Return an archive of 12 MB whose members claim 60 MB each, 2.4 GB in all, below the ratio of a bomb."""
    blob = bytes(12 * MEGABYTE)
    return archive(
        ("blob", 0, blob, len(blob), b""),
        *[member(f"samples/{i}.json", SAMPLE, size=60 * MEGABYTE) for i in range(41)],
    )


def swapped() -> tuple[str, int, bytes, int, bytes]:
    """Return a member whose content was exchanged for one of the same length: only its checksum tells."""
    data = json.dumps(HEADER).encode()
    return "header.json", 8, zlib.compress(data.replace(b'"t"', b'"u"'), wbits=-15), len(data), data


HOSTILE: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "nothing": ("a.csv", "empty", lambda: b""),
    "blanks only": ("a.jsonl", "empty", lambda: b" \n\n\t\n"),
    "an array of nothing": ("a.json", "no row", lambda: b"[]"),
    "zeros": ("a.csv", "empty", lambda: bytes(10_000)),
    "a line of 80 MB": ("a.csv", "longer than 64 MB", lambda: b"case\n" + b"a" * (80 * MEGABYTE)),
    "a cell that never closes": ("a.csv", "field larger", lambda: b'case\n"' + b"a\n" * (20 * MEGABYTE)),
    "a JSON line of 80 MB": ("a.jsonl", "longer than 64 MB", lambda: b'{"case":"' + b"a" * (80 * MEGABYTE)),
    "gzip of 1 GB": (
        "a.csv.gz",
        "200 times its size",
        lambda: gzip.compress(b"case\n") + gzip.compress((b"a" * 1023 + b"\n") * (80 * 1024), 6) * 12,
    ),
    "gzip of one line": (
        "a.csv.gz",
        "200 times its size",
        lambda: gzip.compress(b"case\n" + bytes(70 * MEGABYTE).replace(b"\0", b"a"), 1),
    ),
    "gzip that is text": ("a.csv.gz", "damaged", lambda: b"\x1f\x8b but no more"),
    "NaN in a score": ("a.jsonl", "NaN", lambda: b'{"case":"a","score":NaN}\n'),
    "an infinite score": ("a.csv", "no score", lambda: b"case,score\na,inf\n"),
    "latin-1": ("a.csv", "not UTF-8", lambda: "case\nmüll\n".encode("latin-1")),
    "UTF-16": ("a.csv", "UTF-16", lambda: "case\na\n".encode("utf-16")),
    "a column twice": ("a.csv", "two columns", lambda: b"case,score,score\na,1,0\n"),
    "100,000 columns": (
        "a.csv",
        "names 100001 columns",
        lambda: b"case," + b",".join(b"c%d" % i for i in range(100_000)) + b"\n",
    ),
    "100,000 keys": (
        "a.jsonl",
        "different keys",
        lambda: json.dumps({f"k{i}": i for i in range(100_000)}).encode(),
    ),
    "a key twice": ("a.jsonl", "twice", lambda: b'{"case":"a","score":0,"score":1}'),
    "nesting, an array": (
        "a.json",
        "too deep",
        lambda: b'[{"case":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
    ),
    "nesting, a line": (
        "a.jsonl",
        "too deep",
        lambda: b'{"case":"a","input":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    ),
    "nesting, Inspect": (
        "a.json",
        "too deep",
        lambda: b'{"version": 2, "status": "success", "x":' + b"[" * 100_000,
    ),
    "nesting, promptfoo": ("a.json", "too deep", lambda: b'{"evalId":"e","config":' + b"[" * 100_000),
    "an integer of 100,000 digits": (
        "a.jsonl",
        "cannot be read",
        lambda: b'{"case":"a","score":' + b"9" * 100_000 + b"}",
    ),
    "a repeat of 30 digits": ("a.csv", "no repeat", lambda: b"case,repeat\na," + b"9" * 30 + b"\n"),
    "NUL in a name": ("a.csv", "NUL", lambda: b"case\na\0b\n"),
    "an escape in a name": ("a.jsonl", "cannot name", lambda: b'{"case":"a\\u001b[2Jb"}'),
    "a cancelled run": (
        "a.json",
        "cancelled",
        lambda: json.dumps(HEADER | {"status": "cancelled", "samples": [SAMPLE]}).encode(),
    ),
    "Parquet that is text": ("a.parquet", "no format", lambda: b"case,score\na,1\n"),
    "Parquet that only begins so": ("a.parquet", "cut short", lambda: b"PAR1" + bytes(100)),
    "Parquet of noise": (
        "a.parquet",
        "damaged",
        lambda: b"PAR1" + bytes(range(256)) * 9 + struct.pack("<I", 90) + b"PAR1",
    ),
    "an archive bomb, deflate": ("a.eval", "200 times", lambda: bomb(zstd=False)),
    "an archive bomb, zstd": ("a.eval", "200 times", lambda: bomb(zstd=True)),
    "members that share their bytes": ("a.eval", "unpacks to", overlapping),
    "300,000 members": ("a.eval", "300,000 members", many_members),
    "a directory that holds more": (
        "a.eval",
        "holds more than it says",
        lambda: archive(*[member("samples/1.json", SAMPLE)] * 3, count=1),
    ),
    "a directory that holds less": (
        "a.eval",
        "cannot be read",
        lambda: archive(member("header.json", HEADER), count=9),
    ),
    "a size that lies low": (
        "a.eval",
        "not what the directory says",
        lambda: archive(member("header.json", HEADER, size=9)),
    ),
    "a size that lies high": (
        "a.eval",
        "not what the directory says",
        lambda: archive(member("header.json", HEADER, size=9999)),
    ),
    "a member of 65 MB": (
        "a.eval",
        "more than 64 MB",
        lambda: archive(
            ("blob", 0, bytes(MEGABYTE), MEGABYTE, b""), member("header.json", HEADER, size=65 * MEGABYTE)
        ),
    ),
    "zstd cut short": (
        "a.eval",
        "cannot be unpacked|not what",
        lambda: archive(("header.json", 93, zstandard.compress(json.dumps(HEADER).encode())[:-9], 75, b"")),
    ),
    "an unknown method": ("a.eval", "unknown method", lambda: archive(("header.json", 14, b"x", 1, b"x"))),
    "an archive cut short": ("a.eval", "no directory", lambda: archive(member("header.json", HEADER))[:-30]),
    "an archive of something else": (
        "a.eval",
        "no Inspect log",
        lambda: archive(member("notes.json", HEADER)),
    ),
    "an archive without samples": ("a.eval", "no samples", lambda: archive(member("header.json", HEADER))),
    "more than 2 GB": ("a.eval", "unpacks to 2.4 GB", large),
    "another content": ("a.eval", "not what the directory says", lambda: archive(swapped())),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_file_is_refused_quickly(name: str, tmp_path: Path) -> None:
    """Each is refused in under two seconds of work, however busy the machine, with its place and a remedy, and never by another exception."""
    file_name, says, make = HOSTILE[name]
    path = tmp_path / file_name
    path.write_bytes(make())
    began = time.process_time()
    with pytest.raises(BadInput, match=says) as caught:
        consume(path)
    assert time.process_time() - began < 2
    assert caught.value.where.startswith(str(path))
    assert caught.value.remedy
    assert len(caught.value.diagnosis()) < 1500


def test_honest_archive_beside_the_hostile_ones(tmp_path: Path) -> None:
    """The maker of the hostile archives makes good ones too, packed either way, so their refusals mean something."""
    for zstd in (True, False):
        path = tmp_path / "a.eval"
        members = (
            member("samples/1_epoch_1.json", SAMPLE, zstd=zstd),
            member("header.json", HEADER, zstd=zstd),
        )
        path.write_bytes(archive(*members))
        assert consume(path) == 1


def test_names_that_point_elsewhere_are_only_names(tmp_path: Path) -> None:
    """A member called `../../x` is read like any other or not at all; nothing is ever extracted."""
    path = tmp_path / "in" / "a.eval"
    path.parent.mkdir()
    path.write_bytes(
        archive(
            member("../../x", SAMPLE), member("samples/../../y.json", SAMPLE), member("header.json", HEADER)
        )
    )
    assert consume(path) == 1
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.eval", "in"]


weighed = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")


@weighed
@pytest.mark.parametrize(
    ("name", "begin"),
    [("a.csv", b"case\n"), ("a.jsonl", b'{"case":"'), ("a.json", b"["), ("a.eval", b"PK\x03\x04")],
)
def test_three_gigabytes_cost_little_memory(name: str, begin: bytes, tmp_path: Path) -> None:
    """A file of 3 GB without a line break is refused in under 200 MB of memory."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(3 * 1024 * MEGABYTE)
    assert _peak_of_refusal(path) < 200


@weighed
@pytest.mark.parametrize("begin", [b"", b'"'])
def test_gigabyte_of_letters_costs_little_memory(begin: bytes, tmp_path: Path) -> None:
    """A gigabyte on one line, or in one quoted cell, is refused in under 200 MB of memory though packed small."""
    path = tmp_path / "a.csv.gz"
    line = b"a" * (64 * MEGABYTE) if not begin else b"aaaa\n" * (13 * MEGABYTE)
    path.write_bytes(gzip.compress(b"case\n" + begin, 1) + gzip.compress(line, 1) * 16)
    assert _peak_of_refusal(path) < 200


def _peak_of_refusal(path: Path) -> float:
    """Return the peak memory in MB of a process that tries to read the file and is refused."""
    program = (
        "import sys; from pathlib import Path\n"
        "from shipworthy.domain.errors import BadInput\n"
        "from shipworthy.importers.registry import open_file\n"
        "try: sum(len(b) for b in open_file(Path(sys.argv[1])).batches())\n"
        "except BadInput: print([x for x in open('/proc/self/status') if 'VmHWM' in x][0].split()[1])\n"
    )
    run = [sys.executable, "-c", program, str(path)]
    return float(subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout) / 1024
