"""Folders, files and surroundings that nobody would choose: every command says what is wrong in three lines."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from shipworthy.cli.main import main; main()"]
LAUNCH = """
title: Odd
candidate: new
variants:
  new: {recorded: true}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = "- id: right\n  bar: {at_least: 0.8, why: agents said so}\n  scorer: {recorded: passed}\n"


@pytest.fixture
def launch(
    once: Callable[..., Path], folder: Callable[..., Path], tmp_path: Path, ship: Callable[..., object]
) -> Path:
    """A decided launch with 60 sealed cases that all passed."""

    def making() -> Path:
        made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
        (made / "evalset").mkdir()
        rows = [{"id": f"c{i}", "input": f"t{i}", "part": "holdout"} for i in range(60)]
        (made / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (tmp_path / "rows.csv").write_text("case,passed\n" + "".join(f"c{i},1\n" for i in range(60)))
        ship("lock", made)
        ship("import", tmp_path / "rows.csv", "--launch", made, "--variant", "new")
        assert ship("decide", made).code == 0
        return made

    return once("launch", making)


HEAD = b"title: Odd\n"
BOMB = b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 10)
)


@pytest.mark.parametrize("name", ["launch.yaml", "criteria.yaml", "taxonomy.yaml"])
@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xef\xbb\xbftitle: x\r\nvariants:\r\n  new: {recorded: true}\r\n",
        b"\xff\xfe\x00",
        b"\x00",
        b"- a\n- b: [",
        b"title: a\ntitle: b\n",
        b"\ttitle: x\n",
        b"&a [*a]\n",
        b"a: &a {b: *a}\n",
        BOMB,
        b"title: " + b"9" * 6000 + b"\n",
        b"error: 1e999999\n",
        b"error: .nan\n",
        b"error: 0x10\n",
        b"? [a, b]\n: c\n",
        b"? {a: b}\n: c\n",
        b"1: 2\nnull: 3\ntrue: 4\n2027-01-01: 5\n",
        b"title: !!python/object/apply:os.system ['true']\n",
        b"title: !odd x\nvariants: !odd {a: b}\n",
        b"title: 2027-13-45\n",
        b"decision: {by: 2027-13-45}\n",
        b"x: &x {title: a}\n<<: *x\n",
        b"<<: [1, 2]\n",
        b"<<: 1\n",
        b"variants: [1, 2]\nslices: 3\ncriteria: {}\n",
        b"variants: {new: null}\nslices: {s: null}\n",
        b"variants: {1: {recorded: true}, '': {recorded: true}}\n",
        b"--- a\n--- b\n",
        b"%YAML 9.9\n---\ntitle: x\n",
        b"[" * 5000,
        b"a: " * 3000,
        b'title: "\\ud800"\n',
        b"looks: {end: 1e99}\n",
        b"looks: {end: " + b"9" * 400 + b"}\n",
        b"- id: right\n  bar: {at_least: .inf}\n  scorer: {recorded: passed}\n",
        b"- id: right\n  bar: {at_least: 0.8}\n  hoped_for: 7\n  scorer: {recorded: passed}\n",
        b"- [1]\n- 2\n- null\n- {id: [x]}\n- {id: {x: y}}\n",
        b"set: !!set {a, b}\nmap: !!omap [a: b]\nbin: !!binary aGk=\n",
    ],
)  # fmt: skip
def test_no_yaml_breaks_a_command(folder, ship, name, text):
    """Anchors in circles, bombs, huge numbers, dates, odd keys and tags: problems, never a breakdown."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (made / name).write_bytes(text)

    codes = {ship("check", made).code, ship("decide", made).code}

    assert codes <= {0, 3, 11}


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "c0", "part": "holdout"}',
        b"[]",
        b"null",
        b'{"id": 1}',
        b'{"id": "a\\u0000b\\nc", "part": "holdout"}',
        b'{"id": "\\ud800"}',
        b'{"id": "x", "input": "\\ud800"}',
        b'{"id": "x", "input": "\xff"}',
        b'{"id": "x", "input": ' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'{"id": "x", "input": 1e999}',
        b'{"id": "x", "input": ' + b"9" * 5000 + b"}",
        b'{"id": "' + b"x" * 2_000_000 + b'"}',
        b'{"id": "x", "tags": {"a": 1}}',
        b'{"id": "x", "tags": null}',
        b'{"id": "x", "group": ""}',
        b'{"id": " c0"}',
        b'{"id": "x", "part": "sealed"}',
        b'{"id": "x"}{"id": "y"}',
        b"\xef\xbb\xbf" + b'{"id": "x"}',
        b"\x00",
    ],
)
def test_no_line_of_an_eval_set_breaks_a_command(launch, ship, line):
    """Odd ids, deep nesting, surrogates, zeros: a problem at its line, or a case."""
    with (launch / "evalset/cases.jsonl").open("ab") as file:
        file.write(line + b"\n")

    assert ship("check", launch).code in (0, 3)
    assert ship("decide", launch).code in (3, 11, 0)


def _dangling(launch: Path) -> None:
    (launch / "evalset/b.jsonl").symlink_to(launch / "nowhere")


def _folder_of_cases(launch: Path) -> None:
    (launch / "evalset/b.jsonl").mkdir()


def _ledger_is_a_folder(launch: Path) -> None:
    (launch / ".shipworthy/ledger.db").unlink()
    (launch / ".shipworthy/ledger.db").mkdir()


def _ledger_is_cut(launch: Path) -> None:
    path = launch / ".shipworthy/ledger.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _ledger_is_cut_early(launch: Path) -> None:
    path = launch / ".shipworthy/ledger.db"
    path.write_bytes(path.read_bytes()[:5000])


def _ledger_is_scratched(launch: Path) -> None:
    path = launch / ".shipworthy/ledger.db"
    bytes_ = bytearray(path.read_bytes())
    for at in range(4096, len(bytes_), 4096):
        bytes_[at : at + 200] = b"\xff" * 200
    path.write_bytes(bytes_)


def _ledger_of_later_days(launch: Path) -> None:
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")


def _ledger_without_a_table(launch: Path) -> None:
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        connection.execute("DROP TABLE looks")


def _private_is_a_file(launch: Path) -> None:
    (launch / ".shipworthy").rename(launch / "away")
    (launch / ".shipworthy").write_text("")


def _evalset_is_a_file(launch: Path) -> None:
    (launch / "evalset").rename(launch / "away")
    (launch / "evalset").write_text("")


def _launch_is_a_folder(launch: Path) -> None:
    (launch / "launch.yaml").unlink()
    (launch / "launch.yaml").mkdir()


def _memo_is_a_file(launch: Path) -> None:
    (launch / "memo").write_text("")


def _pipe(launch: Path) -> None:
    (launch / "evalset/b.jsonl").symlink_to("/dev/null")


@pytest.mark.parametrize(
    "spoil",
    [
        _dangling, _folder_of_cases, _ledger_is_a_folder, _ledger_is_cut, _ledger_is_cut_early, _ledger_is_scratched,
        _ledger_of_later_days, _ledger_without_a_table, _private_is_a_file, _evalset_is_a_file, _launch_is_a_folder,
        _memo_is_a_file, _pipe,
    ],
)  # fmt: skip
def test_a_spoilt_folder_is_named_and_breaks_no_command(launch, ship, tmp_path, spoil):
    """Folders where files should be, links to nowhere, half a ledger: said in words, and never a ship from it."""
    spoil(launch)

    for command in (
        ("check", launch),
        ("decide", launch),
        ("memo", launch),
        ("verify", launch),
        ("lock", launch),
        ("run", launch, "--trust"),
        ("import", tmp_path / "rows.csv", "--launch", launch, "--variant", "new"),
    ):
        said = ship(*command)
        assert said.code in (0, 1, 3, 11), (command, said)
        if said.code in (1, 3):
            assert said.err or said.out


@pytest.mark.parametrize(
    "name", ["with space", "what?now", "hash#tag", "per%20cent", "quote'd\"", "-dash", "ünï", "a" * 200, "semi;colon", "new\nline"]
)  # fmt: skip
def test_any_folder_name_keeps_its_ledger_inside_it(launch, ship, name):
    """The ledger lies in the folder, whatever its name means to a shell or in an address."""
    moved = launch.rename(launch.with_name(name))

    assert ship("decide", moved).code == 0
    assert ship("verify", moved).code == 0
    assert {path.name for path in moved.parent.iterdir()} == {name, "rows.csv"}


def _run(*tokens: object, **surroundings: str) -> subprocess.CompletedProcess[bytes]:
    keep = {key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH")}
    return subprocess.run(
        [*COMMAND, *map(str, tokens)], capture_output=True, env=keep | surroundings, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "surroundings",
    [
        pytest.param({"LC_ALL": "C"}, marks=pytest.mark.campaign),
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        pytest.param({"PYTHONIOENCODING": "ascii"}, marks=pytest.mark.campaign),
        pytest.param({"HOME": "/nonexistent"}, marks=pytest.mark.campaign),
        pytest.param({"TERM": "dumb", "COLUMNS": "0"}, marks=pytest.mark.campaign),
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "HOME": "/nonexistent", "TERM": "dumb", "COLUMNS": "0"},
    ],
    ids=["C", "POSIX", "ascii", "no home", "narrow", "all but POSIX"],
)
def test_a_poor_terminal_still_gets_the_verdict(launch, surroundings):
    """Without UTF-8, without a home: the same exit code, and words on stdout."""
    said = _run("decide", launch, **surroundings)

    assert said.returncode == 0, said.stderr.decode()
    assert b"Traceback" not in said.stderr
    assert b"Ship" in said.stdout


def test_a_reader_that_stops_listening_changes_nothing(launch):
    """`decide | head -1` prints no traceback."""
    command = " ".join([f"'{sys.executable}'", "-c", "'from shipworthy.cli.main import main; main()'"])
    said = subprocess.run(
        ["bash", "-c", f"{command} decide '{launch}' --format json | head -1 >/dev/null; {command} decide '{launch}' >&-; true"],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    assert b"Traceback" not in said.stderr
    assert b"Exception ignored" not in said.stderr


def test_a_full_disk_is_said_in_words(launch, tmp_path):
    """Output to a full device: exit code 1 and one sentence."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        said = subprocess.run(
            [*COMMAND, "decide", str(launch)], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )

    assert said.returncode == 1
    assert b"Traceback" not in said.stderr
