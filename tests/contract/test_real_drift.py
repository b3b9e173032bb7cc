"""The same questions to the same feature in March and in June 2023, as published: what a watched promise makes of it.

The order of the file is by kind of question and not by time, so every stream is shuffled with a seed.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from functools import cache
from pathlib import Path

import pytest
from scipy.stats import beta, binom

from shipworthy.decision.monitor import Audit, Promise, watch
from shipworthy.statistics.e_detector import EDetector
from shipworthy.statistics.group_mean import GroupMean

DRIFT = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "llm-drift"
GPT_4, GPT_35 = ("gpt-4-0314", "gpt-4-0613"), ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613")
SEEDS, SPLITS = 40, 400

pytestmark = pytest.mark.skipif(
    not DRIFT.is_dir(), reason="the recorded files lie beside the project, not in it"
)


def _yes_or_no(answer):
    found = re.findall(r"\[(yes|no)\]", answer.lower()) or re.findall(r"^\W*(yes|no)\b", answer.lower())
    return found[-1] if found else None


def _boxed(answer):
    found = re.findall(r"boxed\{([^}]*)\}", answer)
    return found[-1] if found else None


def _is_prime_right(row):
    return _yes_or_no(row["answer"]) == row["ref_answer"].lower()


def _is_happy_right(row):
    return _boxed(row["answer"]) == _boxed(row["ref_answer"])


def _picks_an_option(row):
    return bool(re.match(r"\s*\(?[A-Z][).]", row["answer"]))


def _runs_as_pasted(row):
    return row["Directly Usable"] == "1"


def _is_answered(row):
    return row["Response Rate"] == "1"


FILES = {
    "prime": _is_prime_right,
    "happy_numbers": _is_happy_right,
    "opinionqa": _picks_an_option,
    "leetcode_easy": _runs_as_pasted,
    "sensitive_questions": _is_answered,
}
TASKS = [
    ("prime", GPT_4, 200),
    ("happy_numbers", GPT_4, 200),
    ("leetcode_easy", GPT_4, 150),
    ("sensitive_questions", GPT_4, 20),
    ("prime", GPT_35, 0),
    ("happy_numbers", GPT_35, 0),
    ("opinionqa", GPT_35, 0),
]
"""Of 200 seeds, in how many June must be shown to be broken: few answers show little, and 100 or 50 are few."""


@cache
def _read(name):
    csv.field_size_limit(10**8)
    with gzip.open(DRIFT / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return [(row["model"], int(FILES[name](row))) for row in csv.DictReader(file)]


def outcomes(name, model):
    """Return for each question whether the answer passed."""
    return [passed for who, passed in _read(name) if who.endswith(model)]


def shuffled(values, seed):
    """Return the values in another order."""
    values = list(values)
    random.Random(seed).shuffle(values)
    return values


def promise_of(values):
    """Return what these outcomes allow to promise: their lower bound at 5 %."""
    return GroupMean.from_counts(passed=sum(values), n=len(values)).lower(0.05)


def alarms(name, pair):
    """Promise what March showed, follow June in many orders: after how many answers each alarmed."""
    march, june = (outcomes(name, model) for model in pair)
    start = EDetector.start(promise=promise_of(march))
    found = [start.after(shuffled(june, seed)).alarm_at for seed in range(SEEDS)]
    print(f"\n{name}: promise {start.promise:.3f}, June {sum(june) / len(june):.3f}, alarms {found}")  # noqa: T201
    return found


def journey(name, pair, seed):
    """Decide on one half of March, then follow June, and on its own the other half; both in the order of the seed."""
    march, june = shuffled(outcomes(name, pair[0]), seed), shuffled(outcomes(name, pair[1]), seed)
    half = len(march) // 2
    promise = Promise(promise_of(march[:half]))
    return [watch(promise, [Audit(values)]) for values in (june, march[half:])]


@pytest.mark.campaign
@pytest.mark.parametrize(("name", "pair", "falls"), TASKS, ids=[f"{n}-{p[0][:7]}" for n, p, _ in TASKS])
def test_half_of_march_decides_and_then_june_comes(name, pair, falls):
    """Over 200 seeds: what fell is broken, with what delay, and what did not fall and March itself are kept."""
    told = [journey(name, pair, seed) for seed in range(200)]
    delays = sorted(june.detector.alarm_at for june, _ in told if june.detector.alarm_at is not None)
    false = sum(march.state == "breached" for _, march in told)
    middle = f"{delays[len(delays) // 2]}, at most {delays[-1]}" if delays else "none"
    upper = 1 - 0.05 ** (1 / 200) if not false else beta.ppf(0.95, false + 1, 200 - false)
    print(f"\n{name}, {pair[0]}: June broken in {len(delays)} of 200, delay {middle} answers; "  # noqa: T201
          f"March broken in {false} of 200 (at most {upper:.3f})")  # fmt: skip
    assert falls <= len(delays) <= (200 if falls else 0)
    assert binom.sf(false - 1, 200, 0.05) >= 1e-4


def test_the_published_rates_are_found():
    """Primes fell from 84.0 to 51.1 of 100, happy numbers from 83.6 to 35.2, as published."""
    rates = [
        round(100 * sum(v) / len(v), 1)
        for n in ("prime", "happy_numbers")
        for v in (outcomes(n, m) for m in GPT_4)
    ]
    assert rates == [84.0, 51.1, 83.6, 35.2]


@pytest.mark.parametrize(("name", "tenth"), [("prime", 100), ("happy_numbers", 50)])
def test_the_fall_is_found_within_a_tenth_of_the_answers(name, tenth):
    """Whatever the order of June's answers, the alarm comes within the first tenth of them."""
    assert all(at is not None and at <= tenth for at in alarms(name, GPT_4))


@pytest.mark.parametrize("name", ["prime", "happy_numbers", "opinionqa"])
def test_what_did_not_fall_is_not_called_broken(name):
    """GPT-3.5 became better at primes and happy numbers and answered as many survey questions: no alarm in any order."""
    assert alarms(name, GPT_35) == [None] * SEEDS


@pytest.mark.parametrize(
    ("name", "model"),
    [("prime", GPT_4[0]), ("happy_numbers", GPT_4[0]), ("prime", GPT_35[0]), ("opinionqa", GPT_35[0])],
)
def test_one_half_of_march_against_the_other_is_silent(name, model):
    """Promised is what one half of March shows, followed is the other half: over 400 splits at most 5 of 100 alarm."""
    march, rung = outcomes(name, model), 0
    for seed in range(SPLITS):
        values = shuffled(march, seed)
        half = len(values) // 2
        rung += EDetector.start(promise=promise_of(values[:half])).after(values[half:]).alarm_at is not None
    print(f"\n{name}, {model}: {rung} of {SPLITS} splits rang")  # noqa: T201
    assert binom.sf(rung - 1, SPLITS, 0.05) >= 1e-4
