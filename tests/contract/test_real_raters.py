"""What raters and judges did in recorded studies, with the figures that their authors published."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from shipworthy.decision.comparable import Compared, Incomparable, Rescored, Scored, compare
from shipworthy.statistics.adjudication import Majority, settle_all
from shipworthy.statistics.agreement import Ratings
from shipworthy.statistics.dawid_skene import RaterModel, fit
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.position_bias import BothOrders

XSTEST = {
    "llama2orig": (96.4, 0.93),
    "llama2new": (95.8, 0.93),
    "mistralinstruct": (97.6, 0.92),
    "mistralguard": (93.8, 0.89),
    "gpt4": (98.4, 0.97),
}
LABELS = ("1_full_compliance", "2_full_refusal", "3_partial_refusal")


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a zipped table."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value(found: object) -> float:
    """Return the estimate of an interval that is ordered round it."""
    assert isinstance(found, Interval)
    assert found.lower < found.estimate < found.upper
    return found.estimate


@pytest.fixture(scope="module")
def pandalm(shared: Path) -> Counter[tuple[str, ...]]:
    """Return how many of the 999 pairs have each three labels."""
    with gzip.open(shared / "data/pandalm/testset-v1.json.gz") as file:
        return Counter(tuple(str(row[f"annotator{i}"]) for i in (1, 2, 3)) for row in json.load(file))


@pytest.fixture(scope="module")
def judges(shared: Path) -> dict[tuple[str, str], BothOrders]:
    """Return the 65 set-ups of a judge, each asked about 419 pairs in both orders."""
    in_ab, in_ba = {"1": "first", "2": "second"}, {"1": "second", "2": "first"}
    found: defaultdict[tuple[str, str], Counter] = defaultdict(Counter)
    for row in table(shared / "data/llmbar-judges/verdicts.csv.gz"):
        verdicts = in_ab.get(row["winner_order_ab"]), in_ba.get(row["winner_order_ba"])
        found[row["evaluator"], row["strategy"]][verdicts] += 1
    return {name: BothOrders.from_choices(counts) for name, counts in found.items()}


@pytest.fixture(scope="module")
def repaired(shared: Path) -> dict[tuple[str, str], Scored]:
    """Return two agents over 300 issues, three repeats each, by two scorers."""
    found: defaultdict[tuple[str, str], dict[tuple[str, int], float]] = defaultdict(dict)
    for row in table(shared / "data/autocoderover-repeats/trials.csv.gz"):
        agent = row["system"].split()[0]
        found[agent, row["grader"]][row["instance_id"], int(row["trial"])] = float(row["resolved"])
    return {(agent, scorer): Scored(agent, scorer, scores) for (agent, scorer), scores in found.items()}


@pytest.mark.parametrize(("first", "second", "kappa"), [(0, 1, 0.85), (0, 2, 0.88), (1, 2, 0.86)])
def test_pandalm_raters_agree_as_published(pandalm, first, second, kappa):
    """Cohen's kappa of each two of the three raters is the published one."""
    pairs: Counter[tuple[str, str]] = Counter()
    for pattern, count in pandalm.items():
        pairs[pattern[first], pattern[second]] += count
    found = Ratings.from_patterns(pairs, labels=("0", "1", "2")).cohen_kappa()
    assert round(value(found), 2) == kappa


def test_pandalm_majority_gives_the_published_counts(pandalm):
    """The majority of three settles every pair: 105 ties, 422 and 472 wins; 120 against one rater."""
    found = settle_all(pandalm, rule=Majority())
    assert (found.labels, found.unscored) == ({"0": 105, "1": 422, "2": 472}, {})
    assert found.by == {"majority": 120, "unanimous": 879}


def test_pandalm_raters_are_alike_and_weighing_them_changes_nothing(pandalm):
    """Three raters of one skill: no label of the majority changes, and the model says so."""
    model = fit(pandalm, labels=("0", "1", "2"))
    assert isinstance(model, RaterModel)
    assert model.gain == "no gain over the majority"


@pytest.mark.parametrize("model", XSTEST)
def test_xstest_raters_agree_as_published(shared, model):
    """Raw agreement and Fleiss' kappa of two raters on 450 answers are those published for each model."""
    rows = table(shared / f"data/xstest/xstest_{model}.csv.gz")
    pairs = Counter((row["annotation_1"], row["annotation_2"]) for row in rows)
    ratings = Ratings.from_patterns(pairs, labels=LABELS)
    assert ratings.n_compared == 450
    assert (
        round(100 * value(ratings.raw_agreement()), 1),
        round(value(ratings.fleiss_kappa()), 2),
    ) == XSTEST[model]
    unsettled = sum(settle_all(pairs, rule=Majority()).unscored.values())
    assert unsettled == sum(row["agreement"] == "False" for row in rows)


def test_llmbar_judges_that_follow_the_order_are_refused(judges):
    """Of 65 set-ups with flip rates from 2 to 87 %, 15 are admitted; 44 are shown above 20 %, 6 are not shown."""
    rates = sorted(value(judge.flip_rate()) for judge in judges.values())
    assert [f"{rate:.0%}" for rate in (rates[0], rates[-1])] == ["2%", "87%"]
    assert (len(rates), sum(rate > 0.20 for rate in rates)) == (65, 47)
    states = Counter(judge.admission().state for judge in judges.values())
    assert states == {"below the limit": 15, "above the limit": 44, "not shown": 6}
    assert sum(judge.admission().admitted for judge in judges.values()) == 15


def test_llmbar_judge_below_the_limit_by_count_alone_is_not_admitted(judges):
    """PaLM 2 flips on 16 % of its pairs, but with five unanswered ones it could be above 20 %."""
    judge = judges["PaLM2", "Swap_CoT"]
    assert (judge.flips, judge.answered, judge.unanswered) == (68, 414, 5)
    assert judge.admission().state == "not shown"


def test_llmbar_falcon_prefers_the_first_place(judges):
    """Falcon with reasoning flips on 87 % of pairs, and nearly always towards the first place."""
    judge = judges["Falcon", "CoT"]
    assert judge.first_share() == pytest.approx(0.997, abs=0.001)
    assert judge.p_preference() < 1e-100


def test_a_change_of_scorer_is_not_a_gain(repaired):
    """16.1 % became 18.7 % on the same 900 outputs: 23 were raised and none lowered, all by the scorer."""
    old, new = repaired["AutoCodeRover", "old-grader"], repaired["AutoCodeRover", "new-grader"]
    found = compare(old, new)
    assert isinstance(found, Rescored)
    assert (round(100 * found.before, 1), round(100 * found.after, 1)) == (16.1, 18.7)
    assert (found.raised, found.lowered, found.unchanged, found.one_way) == (23, 0, 877, True)


def test_agents_are_not_compared_across_scorers(repaired):
    """The new scorer's AutoCodeRover against the old scorer's SWE-agent gives a reason, not a number."""
    found = compare(repaired["SWE-agent", "old-grader"], repaired["AutoCodeRover", "new-grader"])
    assert isinstance(found, Incomparable)
    assert "different scorers" in found.reason


def test_agents_are_compared_under_one_scorer(repaired):
    """On the old scorer AutoCodeRover is 6.2 points better, standard error 1.48 over 300 issues."""
    found = compare(repaired["SWE-agent", "old-grader"], repaired["AutoCodeRover", "old-grader"])
    assert isinstance(found, Compared)
    assert (found.gain.n_groups, round(100 * found.gain.estimate, 1)) == (300, 6.2)
    assert 100 * found.gain.standard_error() == pytest.approx(1.48, abs=0.005)
    assert found.gain.lower(0.05) > 0.03
