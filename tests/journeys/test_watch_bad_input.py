"""What may come instead of a clean file of live outputs: each is said with its place, and nothing that was there is lost."""

from __future__ import annotations

import gzip
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LAUNCH = """
title: Watched
candidate: new
variants: {new: {recorded: true}}
slices:
  topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""
PROMISES = """
- {id: right, criterion: right, rate: 0.8, labels: 10}
- {id: quick, measure: latency_s, at_most: 3, rate: 0.8, labels: 10}
"""
HEAD = "id,time,topic,passed,latency_s\n"
GOOD = HEAD + "".join(f"x{i},2026-03-0{1 + i % 7}T10:00:00Z,{'ab'[i % 2]},1,0.5\n" for i in range(40))


@pytest.fixture
def watched(once: Callable[..., Path], folder: Callable[..., Path], ship: Any, tmp_path: Path) -> Path:
    """A launch with two promises and forty good outputs."""

    def making() -> Path:
        made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, promises_yaml=PROMISES)
        first = tmp_path / "first.csv"
        first.write_text(GOOD)
        assert ship("watch", made, first).code == 0
        return made

    return once("watched", making)


def audited(said: Any) -> dict[str, int]:
    """Return how many values each promise has."""
    return {each["id"]: each["audited"] for each in said.json["promises"]}


REFUSED = {
    "an empty file": ("w.csv", b"", "the file is empty"),
    "a header and no row": ("w.csv", HEAD.encode(), "there is a header but no row"),
    "cut in the middle of a row": (
        "w.csv",
        (HEAD + "y1,2026-03-09,a,1,0.5\ny2,2026-03-09,a").encode(),
        "w.csv:3",
    ),
    "cut in the middle of an object": (
        "w.jsonl",
        b'{"id": "y1", "passed": 1}\n{"id": "y2", "pas',
        "w.jsonl:2",
    ),
    "a cut archive": ("w.csv.gz", gzip.compress(GOOD.encode() * 9)[:-30], "cut short"),
    "a word for a score": ("w.csv", (HEAD + "y1,2026-03-09,a,1,0.5\ny2,,a,maybe,0.5\n").encode(), "w.csv:3"),
    "a negative latency": ("w.csv", (HEAD + "y1,,a,1,-4\n").encode(), "'-4', which is no amount"),
    "a latency that is no number": ("w.csv", (HEAD + "y1,,a,1,NaN\n").encode(), "which is no amount"),
    "another form in the middle": ("w.csv", (HEAD + 'y1,,a,1,1\n{"id": "y2"}\n').encode(), "w.csv:3"),
    "no column that names the output": ("w.csv", b"passed\n1\n", "no column names the case"),
    "the score has another name now": (
        "w.csv",
        b"id,ok_now\ny1,1\n",
        "no row of the file is about a promise",
    ),
    "scores out of range": ("w.csv", b"id,passed\ny1,7\ny2,-1\n", "not between 0 and 1"),
    "an id with a line break": ("w.jsonl", b'{"id": "a\\nb", "passed": 1}\n', "which cannot name a case"),
    "an id without end": ("w.csv", b"id,passed\n" + b"z" * 2000 + b",1\n", "which cannot name a case"),
    "two columns of one name": ("w.csv", b"id,passed,passed\ny1,1,0\n", "two columns are named 'passed'"),
    "zero bytes": ("w.csv", HEAD.encode() + b"y1,,a,1\0,1\n", "w.csv:2"),
    "no UTF-8": ("w.csv", HEAD.encode() + b"y\xff,,a,1,1\n", "w.csv:2"),
    "a picture": ("w.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "w.csv"),
    "no Parquet": ("w.parquet", b"PAR1 and no more", "w.parquet"),
}


@pytest.mark.parametrize(("name", "content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_counted_is_refused_whole(
    watched: Path, ship: Any, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    """One message with file, line and remedy; what was there stays, and the corrected file comes in afterwards."""
    bad = tmp_path / name
    bad.write_bytes(content)
    said = ship("watch", watched, bad)

    assert said.code == 3
    assert message in said.err
    assert "to mend it" in said.err
    assert audited(ship("watch", watched, "--format", "json")) == {"right": 40, "quick": 40}


TAKEN = {
    "a clock that jumps ahead": (
        "y1,2999-01-01,a,1,1\n",
        "1 rows have a time before 2000 or after tomorrow",
        1,
    ),
    "a clock at its beginning": ("y1,1970-01-01T00:00:00Z,a,1,1\n", "before 2000 or after tomorrow", 1),
    "a clock that stopped": ("y1,2026-03-09,a,1,1\ny2,yesterday,a,1,1\n", "no time that can be read", 2),
    "a late row": ("y1,2026-02-01,a,1,1\n", "1 rows are of days before 2026-03-07", 1),
    "an hour that comes twice": (
        "y1,2026-10-25T02:30:00+02:00,a,1,1\ny2,2026-10-25T02:30:00+01:00,a,1,1\n",
        "2 rows",
        2,
    ),
    "a row twice": ("y1,2026-03-09,a,1,1\ny1,2026-03-09,a,1,1\n", "1 rows were there already", 1),
    "a row that was there": ("x3,2026-03-09,a,0,9\ny1,2026-03-09,a,1,1\n", "1 rows were there already", 1),
    "a slice that nobody declared": (
        "y1,2026-03-09,zzz,1,1\n",
        "1 rows have topic='zzz', which is not declared",
        1,
    ),
    "a slice that is a program": (
        "y1,2026-03-09,<script>alert(1)</script>,1,1\n",
        "which is not declared",
        1,
    ),
    "no slice": ("y1,2026-03-09,,1,1\n", "1 rows have no topic", 1),
    "an id that is a formula": ("=HYPERLINK(1),2026-03-09,a,1,1\n", "1 outputs that are new", 1),
    "an id that is a statement": (
        "'; DROP TABLE journal; --,2026-03-09,a,1,1\n",
        "1 outputs that are new",
        1,
    ),
}


@pytest.mark.parametrize(("rows", "message", "added"), TAKEN.values(), ids=TAKEN)
def test_what_is_odd_is_counted_and_said(
    watched: Path, ship: Any, tmp_path: Path, rows: str, message: str, added: int
) -> None:
    """Clocks that jump, late and repeated rows, slices that nobody knows: each output counts once, and the oddity is said."""
    path = tmp_path / "odd.csv"
    path.write_text(HEAD + rows)
    said = ship("watch", watched, path, "--format", "json")

    assert said.code == 0
    assert message in said.err
    assert audited(said) == {"right": 40 + added, "quick": 40 + added}
    assert ship("verify", watched).code == 0


def test_a_label_that_comes_late_counts_for_what_it_is_about(
    watched: Path, ship: Any, tmp_path: Path
) -> None:
    """An output comes with its latency, and days later with its label: each is counted once."""
    for name, text in (
        ("now", "id,latency_s\ny1,1\n"),
        ("later", "id,latency_s,passed\ny1,1,1\n"),
        ("again", "id,passed\ny1,0\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(text)
    now, later = (
        audited(ship("watch", watched, tmp_path / f"{n}.csv", "--format", "json")) for n in ("now", "later")
    )
    again = ship("watch", watched, tmp_path / "again.csv")

    assert (now, later) == ({"right": 40, "quick": 41}, {"right": 41, "quick": 41})
    assert (again.code, "not known already" in again.err) == (3, True)


PROMISED = {
    "about nothing": ("- {id: a, rate: 0.9}\n", "a criterion, or a measure with at_most"),
    "about a measure without a bound": (
        "- {id: a, rate: 0.9, measure: latency_s}\n",
        "a measure and at_most together",
    ),
    "about two things": (
        "- {id: a, rate: 0.9, criterion: right, measure: cost_usd, at_most: 1}\n",
        "a criterion, or a measure with at_most",
    ),
}


@pytest.mark.parametrize(("text", "message"), PROMISED.values(), ids=PROMISED)
def test_a_promise_without_a_source_of_values_is_named_with_its_line(
    watched: Path, ship: Any, text: str, message: str
) -> None:
    """A promise that nothing can be counted for is a mistake in the file, with its line."""
    (watched / "promises.yaml").write_text(text)
    said = ship("watch", watched)

    assert said.code == 3
    assert message in said.err
    assert "promises.yaml:1" in said.err


def test_values_that_were_changed_behind_the_ledger_are_found(watched: Path, ship: Any) -> None:
    """Forty passes that somebody cuts to thirty-nine in the database do not verify."""
    ledger = sqlite3.connect(watched / ".shipworthy/ledger.db")
    ledger.execute(
        "UPDATE watched_values SET vals = substr(vals, 1, length(vals) - 1) WHERE series = 'right'"
    )
    ledger.commit()
    ledger.close()
    said = ship("verify", watched)

    assert said.code != 0
    assert "the values of right that event 1 brought are not those that were sealed" in said.out + said.err


@pytest.mark.parametrize("bounds", [1, 20, 40])
def test_each_output_counts_once_for_each_promise_however_many_there_are(
    folder: Callable[..., Path], ship: Any, tmp_path: Path, bounds: int
) -> None:
    """Three hundred rows of a hundred outputs, with gaps: the first value of each counts, here, and in a later file."""
    rng = random.Random(bounds)
    many = "".join(
        f"- {{id: q{n}, measure: latency_s, at_most: {n + 1}, rate: 0.5, labels: 10}}\n"
        for n in range(bounds)
    )
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, promises_yaml=PROMISES + many)
    first: dict[tuple[str, str], str] = {}
    for name in ("one", "two"):
        rows = [
            {
                "id": f"x{rng.randrange(100)}",
                "passed": rng.choice(["", "", "0", "1"]),
                "latency_s": rng.choice(["", f"{rng.uniform(0, bounds + 2):.3f}"]),
            }
            for _ in range(300)
        ]
        for row in rows:
            for what in ("passed", "latency_s"):
                if row[what]:
                    first.setdefault((row["id"], what), row[what])
        file = tmp_path / f"{name}.csv"
        file.write_text(
            HEAD + "".join(f"{r['id']},2026-03-01,a,{r['passed']},{r['latency_s']}\n" for r in rows)
        )
        ship("watch", made, file)
    told = {each["id"]: each for each in ship("watch", made, "--format", "json").json["promises"]}
    labels = [int(value) for (_, what), value in first.items() if what == "passed"]
    seconds = [float(value) for (_, what), value in first.items() if what == "latency_s"]
    assert (told["right"]["audited"], told["right"]["passed"]) == (len(labels), sum(labels))
    assert {n: (told[f"q{n}"]["audited"], told[f"q{n}"]["passed"]) for n in range(bounds)} == {
        n: (len(seconds), sum(each <= n + 1 for each in seconds)) for n in range(bounds)
    }


def test_more_promises_than_can_be_told_apart_are_refused_with_the_line(watched: Path, ship: Any) -> None:
    """The sixty-fourth bound is named with its line and a remedy; promises that share a bound may be as many as you like."""
    line = "- {{id: q{n}, measure: cost_usd, at_most: 0.{n:03}, rate: 0.9}}\n"
    more = "".join(line.format(n=n) for n in range(10, 71))
    shared = "".join(
        f"- {{id: s{n}, criterion: right, slice: topic=a, rate: 0.{n}}}\n" for n in range(10, 30)
    )
    path = watched / "promises.yaml"
    path.write_text(PROMISES + more + shared)
    assert ship("watch", watched).code == 0
    path.write_text(PROMISES + more + line.format(n=71))
    said = ship("watch", watched)
    assert said.code == 3
    assert "promises.yaml:65" in said.err
    assert "at most 63 different criteria and bounds" in said.err
    assert "share one bound" in said.err
