"""After launch: promises made of what was signed, watched on audited outputs; incidents that become cases."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from pathlib import Path

import pytest

LAUNCH = """
title: Prime numbers
candidate: gpt4
variants: {gpt4: {recorded: true}}
decision: {question: "Let it say which numbers are prime?", who: the head of the help desk, by: 2027-03-01}
harm: [{event: a wrong answer, who: reader, low: 1, high: 2}]
"""
RIGHT = """
- id: right
  bar: {at_least: BAR, why: what the answers are worth at least}
  scorer: {recorded: passed}
"""
SIGN = ("--by", "Ada", "--reverse-if", "the promise breaks", "--review-on", "2027-04-15")


@pytest.fixture
def promised(once, launch, outcomes, ship) -> Path:
    """A launch that shipped at 80 of 100, with its promise."""

    def making() -> Path:
        ship("lock", launch)
        ship(
            "import",
            outcomes("holdout", 200, fails=lambda i: i % 20 == 0),
            "--launch",
            launch,
            "--variant",
            "new",
        )
        assert ship("decide", launch, "--yes").code == 0
        ship("memo", launch)
        assert ship("sign", launch, *SIGN).code == 0
        assert ship("promise", launch, "--owner", "Ada").code == 0
        return launch

    return once("promised", making)


def audit(tmp_path: Path, name: str, values: list[int], topic: str = "a") -> Path:
    """Write a week of audited outputs."""
    path = tmp_path / f"{name}.csv"
    path.write_text(
        "case,passed,topic\n" + "".join(f"{name}-{i},{v},{topic}\n" for i, v in enumerate(values))
    )
    return path


def status(said) -> dict[str, str]:
    """Return the status of every promise."""
    return {each["id"]: each["status"] for each in said.json["promises"]}


def test_a_promise_goes_from_not_enough_data_to_kept_to_broken(promised, ship, tmp_path):
    """30 good outputs are too few; 60 are kept; then two of three fail, and the exit code is 13 from then on."""
    good = ship("watch", promised, audit(tmp_path, "w1", [1] * 30), "--format", "json")
    kept = ship("watch", promised, audit(tmp_path, "w2", [1] * 45), "--format", "json")
    bad = ship("watch", promised, audit(tmp_path, "w3", [1, 0, 0] * 30), "--format", "json")
    later = ship("watch", promised, audit(tmp_path, "w4", [1] * 60))

    assert set(status(good).values()) == {"not enough data"}
    assert "kept" in status(kept).values()
    assert "broken" in status(bad).values()
    assert (good.code, kept.code, bad.code, later.code) == (0, 0, 13, 13)
    assert "DO NOW: look (Ada)" in later.out


def test_files_and_rows_that_come_twice_count_once(promised, ship, tmp_path):
    """The same file again, and a file that repeats its rows among new ones."""
    first = audit(tmp_path, "w1", [1] * 40)
    ship("watch", promised, first)
    again = ship("watch", promised, first, "--format", "json")
    both = tmp_path / "both.csv"
    both.write_text(first.read_text().replace("topic\n", "topic\nnew-1,1,a\n", 1))
    more = ship("watch", promised, both, "--format", "json")

    assert "nothing is counted twice" in again.err
    assert {each["audited"] for each in again.json["promises"]} <= {0, 40}
    assert {each["audited"] for each in more.json["promises"]} <= {0, 41}
    assert "40 rows were there already" in more.err.replace(",", "")
    assert ship("verify", promised).code == 0


def test_a_file_that_grew_is_read_from_where_it_ended(promised, ship, tmp_path):
    """Ten rows more at the end of a file: only these are read, and a mistake among them is told by its line in the whole."""
    path = audit(tmp_path, "w1", [1] * 40)
    ship("watch", promised, path)
    path.write_text(path.read_text() + "".join(f"more-{i},1,a\n" for i in range(10)))
    more = ship("watch", promised, path, "--format", "json")
    path.write_text(path.read_text() + "more-10,1,a\nmore-11,1\n")
    cut = ship("watch", promised, path)

    assert "w1.csv: 10 rows that were added since it was taken in, 10 outputs that are new" in more.err
    assert {each["audited"] for each in more.json["promises"]} <= {0, 50}
    assert cut.code == 3
    assert "w1.csv:53" in cut.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("case,passed\n", "no row"),
        ("case,other\nx,1\n", "no row of the file is about a promise"),
        ("case,passed\nx,7\n", "no row of the file is about a promise"),
        ("hello", ""),
    ],
)
def test_a_stream_that_changed_its_form_is_refused_and_nothing_is_lost(
    promised, ship, tmp_path, text, message
):
    """No rows, no label, a label out of range, no table: one message, and what was there stays."""
    ship("watch", promised, audit(tmp_path, "w1", [1] * 40))
    bad = tmp_path / "bad.csv"
    bad.write_text(text)
    said = ship("watch", promised, bad)
    assert said.code == 3
    assert message in said.err
    assert any(each["audited"] == 40 for each in ship("watch", promised, "--format", "json").json["promises"])


def test_nothing_is_promised_that_nobody_signed(launch, ship):
    """Without a signed decision there is no promise, and nothing to watch."""
    assert "nothing was promised yet" in ship("watch", launch).err
    assert ship("promise", launch).code == 3


def test_mistakes_in_promises_are_named_with_their_line(promised, ship):
    """A criterion that is not there, and a rate above 1."""
    (promised / "promises.yaml").write_text(
        "- id: a\n  criterion: nothing\n  rate: 0.9\n- id: b\n  criterion: right\n  rate: 9\n"
    )
    said = ship("watch", promised)
    assert said.code == 3
    assert "promises.yaml:2" in said.err
    assert "promises.yaml:6" in said.err


def test_an_incident_becomes_a_case_and_the_lock_still_holds(promised, ship):
    """What happened is written down; its case is open, and the verdict on the sealed ones is the same as before."""
    before = ship("decide", promised, "--format", "json", "--canonical").out
    said = ship("incident", promised, "--what", "a refund was promised", "--input", "After 40 days?", "--expected", "No",
                "--tag", "topic=a", "--severity", "harmful", "--detected-by", "user")  # fmt: skip
    case = json.loads((promised / "evalset/incidents.jsonl").read_text().splitlines()[0])

    assert said.code == 0, said.err
    assert (case["part"], case["source"], case["tags"]) == ("explore", "incident", {"topic": "a"})
    assert ship("check", promised).code == 0
    assert ship("decide", promised, "--format", "json", "--canonical").out == before
    assert ship("incident", promised, "--what", "x", "--mode", "nothing").code == 3
    assert ship("verify", promised).code == 0


def prime(shared: Path) -> dict[str, dict[str, int]]:
    """Return month to question to whether GPT-4 was right."""
    with gzip.open(shared / "data/llm-drift/prime.csv.gz", "rt", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, dict[str, int]] = {"0314": {}, "0613": {}}
    for row in rows:
        month = row["model"][-4:]
        if "gpt-4" in row["model"] and month in found:
            said = re.findall(r"\b(yes|no)\b", row["answer"].lower())
            found[month][row["query"]] = int(bool(said) and said[-1] == row["ref_answer"].lower())
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_june_breaks_what_march_promised_and_march_keeps_it(shared, folder, ship, tmp_path, seed):
    """llm-drift: decided on half of March's answers, promised at its bar; the other half keeps it, June breaks it."""
    right = prime(shared)
    asked = sorted(right["0314"])
    random.Random(seed).shuffle(asked)
    first, second = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    cases = "".join(json.dumps({"id": f"q{i}", "part": "holdout"}) + "\n" for i in range(len(first)))
    made = folder(launch_yaml=LAUNCH, criteria_yaml=RIGHT.replace("BAR", "0.75"), evalset__cases_jsonl=cases)
    assert ship("lock", made).code == 0
    deciding = tmp_path / "march.csv"
    deciding.write_text("case,passed\n" + "".join(f"q{i},{right['0314'][q]}\n" for i, q in enumerate(first)))
    assert ship("import", deciding, "--launch", made, "--variant", "gpt4").code == 0
    assert ship("decide", made, "--yes").code == 0
    ship("memo", made)
    assert ship("sign", made, *SIGN).code == 0
    assert ship("promise", made).code == 0

    null = ship(
        "watch", made, audit(tmp_path, "march-2", [right["0314"][q] for q in second]), "--format", "json"
    )
    june = ship(
        "watch", made, audit(tmp_path, "june", [right["0613"][q] for q in second]), "--format", "json"
    )

    assert (null.code, null.json["promises"][0]["status"]) == (0, "kept")
    assert (june.code, june.json["promises"][0]["status"]) == (13, "broken")
    delay = june.json["promises"][0]["shown_after"] - len(second)
    print(f"seed {seed}: broken {delay} audited outputs after the change")  # noqa: T201 - shown with -s
    assert 0 < delay < 150
