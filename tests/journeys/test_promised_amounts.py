"""Claims on seconds and dollars become promises on them; the mix of the traffic is held against what is known of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shipworthy.importers import live_fast

LAUNCH = """
title: Answers
candidate: new
variants: {new: {recorded: true}}
slices:
  topic: {by: topic}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  scorer: {recorded: passed}
- id: quick
  kind: guardrail
  estimand: quantile
  of: latency_s
  quantile: 0.9
  bar: {at_most: 3, why: people leave after that}
- id: cheap
  kind: guardrail
  estimand: mean
  of: cost_usd
  cap: 0.1
  bar: {at_most: 0.02, why: what an answer is worth}
"""
SIGN = ("--by", "Ada", "--reverse-if", "a promise breaks", "--review-on", "2027-04-15")
HEAD = "id,topic,passed,latency_s,cost_usd\n"


@pytest.fixture
def promised(once: Callable[..., Path], folder: Callable[..., Path], ship: Any, tmp_path: Path) -> Path:
    """A launch whose answers were right, quick and cheap; a quarter of its sealed cases is about returns."""

    def making() -> Path:
        made = folder(
            launch_yaml=LAUNCH,
            criteria_yaml=CRITERIA,
            evalset__cases_jsonl="".join(
                json.dumps(
                    {"id": f"q{i}", "tags": {"topic": "orders" if i % 4 else "returns"}, "part": "holdout"}
                )
                + "\n"
                for i in range(400)
            ),
        )
        assert ship("lock", made).code == 0
        seen = tmp_path / "seen.csv"
        seen.write_text(
            "case,passed,latency_s,cost_usd\n"
            + "".join(f"q{i},{int(i % 20 > 0)},1.5,0.008\n" for i in range(400))
        )
        assert ship("import", seen, "--launch", made, "--variant", "new").code == 0
        said = ship("decide", made, "--yes")
        assert said.code == 0, said.out + said.err
        ship("memo", made)
        assert ship("sign", made, *SIGN).code == 0
        assert ship("promise", made, "--owner", "Ada").code == 0
        return made

    return once("promised", making)


def live(path: Path, *, cost: float = 0.008, seconds: float = 1.5, orders: int = 75, n: int = 200) -> Path:
    """Write live outputs, all of them right; so many of 100 are about orders."""
    rng = random.Random(path.name)
    path.write_text(
        HEAD
        + "".join(
            f"{path.stem}{i},{'orders' if rng.randrange(100) < orders else 'returns'},1,{seconds},{cost}\n"
            for i in range(n)
        )
    )
    return path


def status(said: Any) -> dict[str, str]:
    """Return the status of every promise."""
    return {each["id"]: each["status"] for each in said.json["promises"]}


def test_claims_on_seconds_and_dollars_become_promises_that_are_read_back(promised: Path, ship: Any) -> None:
    """The quantile is a share in time, the mean a mean with its cap; a second call changes nothing."""
    text = (promised / "promises.yaml").read_text()
    assert "measure: latency_s\n  at_most: 3.0\n" in text
    assert "rate: 0.9\n" in text
    assert "measure: cost_usd\n  at_most: 0.02\n  cap: 0.1\n" in text
    assert text.count("rate:") == 2
    again = ship("promise", promised)
    assert [line for line in again.out.splitlines() if line.startswith("as it was")] == [
        "as it was: cheap",
        "as it was: quick",
        "as it was: right",
    ]
    assert (promised / "promises.yaml").read_text() == text


def test_dearer_answers_break_the_promise_on_dollars_alone(promised: Path, ship: Any, tmp_path: Path) -> None:
    """At 0.8 cents nothing speaks against it; at 4 cents it breaks, in dollars, and the others are kept."""
    kept = ship("watch", promised, live(tmp_path / "w1.csv"), "--format", "json")
    assert set(status(kept).values()) == {"kept"}
    dear = live(tmp_path / "w2.csv", cost=0.04)
    said = ship("watch", promised, dear)
    now = status(ship("watch", promised, "--format", "json"))
    assert (said.code, now) == (13, {"right": "kept", "quick": "kept", "cheap": "broken"})
    assert (
        "The promise of at most $0.020 on average (no output counts more than $0.10) is breached" in said.out
    )
    assert "$0.040 on average since" in said.out
    weekly = ship("watch", promised, "--weekly")
    assert "at most $0.020 on average" in weekly.out


def test_slower_answers_break_the_promise_on_seconds_alone(promised: Path, ship: Any, tmp_path: Path) -> None:
    """Four seconds where three were promised of 90 in 100."""
    ship("watch", promised, live(tmp_path / "w1.csv"))
    said = ship("watch", promised, live(tmp_path / "w2.csv", seconds=4), "--format", "json")
    assert (said.code, status(said)) == (13, {"right": "kept", "quick": "broken", "cheap": "kept"})


def test_without_declared_shares_the_mix_is_held_against_the_eval_set(
    promised: Path, ship: Any, tmp_path: Path
) -> None:
    """Three of four sealed cases are about orders: such traffic says nothing, one in four is said, and not called declared."""
    alike = ship("watch", promised, live(tmp_path / "w1.csv"))
    other = ship("watch", promised, live(tmp_path / "w2.csv", orders=25, n=400))
    weekly = ship("watch", promised, "--weekly")
    assert "mixed" not in alike.out
    assert "AT RISK  right" in other.out
    assert "The traffic is not mixed like the eval set: orders went down and returns went up" in other.out
    assert "(eval set 75 of 100)" in weekly.out
    assert "declared" not in weekly.out.partition("\n")[2]


def test_large_files_say_the_same_of_a_mean(
    promised: Path, ship: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fast way reads the same share of the cap, to the last digit, also beyond the cap and without a cost."""
    pytest.importorskip("duckdb", reason="the optional extra `tables` is not installed")
    file = live(tmp_path / "w1.csv")
    file.write_text(file.read_text() + "x1,orders,1,1.5,0.013\nx2,orders,1,1.5,7\nx3,orders,1,1.5,\n")
    told = []
    for large in (10**9, 1):
        monkeypatch.setattr(live_fast, "LARGE", large)
        monkeypatch.setattr(live_fast, "LARGE_PACKED", large)
        other = tmp_path / f"copy-{large}"
        other.mkdir()
        for name in ("launch.yaml", "criteria.yaml", "promises.yaml"):
            (other / name).write_text((promised / name).read_text())
        told.append(ship("watch", other, file, "--format", "json").json["promises"])
    assert told[0] == told[1]
    assert {each["id"]: each["audited"] for each in told[0]} == {"right": 203, "quick": 203, "cheap": 202}


MISTAKES = {
    "a rate beside a cap": (
        "measure: cost_usd, at_most: 0.02, cap: 0.1, rate: 0.8",
        "it follows from `at_most` and `cap`",
    ),
    "a cap below the mean": ("measure: cost_usd, at_most: 0.2, cap: 0.1", "above 0 and below `cap`"),
    "a cap without a mean": ("measure: cost_usd, cap: 0.1", "above 0 and below `cap`"),
    "a cap of a criterion": ("criterion: right, at_most: 0.2, cap: 0.4", "a measure and at_most together"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mean_that_cannot_be_promised_is_named_with_its_line(
    promised: Path, ship: Any, text: str, message: str
) -> None:
    """What is missing or too much of a promise on a mean is a mistake in the file."""
    (promised / "promises.yaml").write_text(f"- {{id: a, {text}}}\n")
    said = ship("watch", promised)
    assert said.code == 3
    assert message in said.err
    assert "promises.yaml:1" in said.err


def test_a_tripwire_with_a_day_waits_for_it_and_is_pulled_from_then_on(
    promised: Path, ship: Any, tmp_path: Path
) -> None:
    """Too few outputs: what is due long ago is done now, what is due far ahead is said with its day, another state says nothing."""
    (promised / "promises.yaml").write_text(
        "- id: right\n  criterion: right\n  rate: 0.8\n  labels: 500\n  tripwires:\n"
        "  - {when: not enough data, by: 2020-01-01, action: pause, who: Ada}\n"
        "  - {when: not enough data, by: 2999-01-01, action: roll back}\n"
        "  - {when: broken, action: narrow, who: Zoë}\n"
    )
    said = ship("watch", promised, live(tmp_path / "w1.csv"))
    weekly = ship("watch", promised, "--weekly")
    assert "DO NOW: pause (Ada)" in said.out
    assert "If it is still not enough data on 2999-01-01: roll back: nobody is named who can" in said.out
    assert "narrow" not in said.out
    assert "DO NOW: pause, by Ada" in weekly.out
    assert "If it is still not enough data on 2999-01-01: roll back" in weekly.out
