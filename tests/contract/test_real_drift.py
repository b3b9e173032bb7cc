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
from scipy.stats import binom

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


FILES = {"prime": _is_prime_right, "happy_numbers": _is_happy_right, "opinionqa": _picks_an_option}


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
