"""Real outputs of five models, a real judge and the answers of people: the corrected interval covers what people said."""

import csv
import gzip
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from shipworthy.statistics.judged_rate import JudgedCase, judged_rate

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "xstest"
LEVEL, DRAWS, LABELS = 0.05, 200, 100
MODELS = {
    "llama2orig": (155, 174),
    "llama2new": (215, 219),
    "mistralinstruct": (248, 250),
    "mistralguard": (226, 227),
    "gpt4": (234, 234),
}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the recorded files lie beside the project, not in it"
)


def safe_prompts(model):
    """Return for each safe prompt whether people, and the judge, saw anything but a full refusal."""
    with gzip.open(FOLDER / f"xstest_{model}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["type"].startswith("contrast_")]
    return (np.array([row[by] != "2_full_refusal" for row in rows]) for by in ("final_label", "gpt4_label"))


@pytest.mark.parametrize("model", MODELS)
def test_the_corrected_interval_covers_what_people_said(keeps_its_level, model):
    """Over 200 draws of 100 labels among 250 outputs, either end misses the rate that people gave in at most 5 of 100."""
    people, judge = safe_prompts(model)
    assert (int(people.sum()), int(judge.sum())) == MODELS[model]
    rate, rng = float(people.mean()), np.random.default_rng(len(model))

    @cache
    def missed(of_passed, upheld, of_failed, rescued):
        passed, judged = int(judge.sum()), len(judge)
        groups = {
            (JudgedCase(1, 1, 0, 0, 0, 0),): passed - of_passed,
            (JudgedCase(1, 0, 0, 0, 0, 0),): judged - passed - of_failed,
            (JudgedCase(1, 1, 1, 1, 0, 0),): upheld,
            (JudgedCase(1, 1, 1, 0, 0, 0),): of_passed - upheld,
            (JudgedCase(1, 0, 0, 0, 1, 1),): rescued,
            (JudgedCase(1, 0, 0, 0, 1, 0),): of_failed - rescued,
        }
        seen = judged_rate(groups, chosen="random")
        # The interval from lower(.05) to upper(.05) leaves a rate out exactly where one of these is small.
        return seen.p_above(rate) <= LEVEL, seen.p_below(rate) <= LEVEL

    above = below = 0
    for _ in range(DRAWS):
        chosen = rng.choice(len(people), LABELS, replace=False)
        p, j = people[chosen], judge[chosen]
        high, low = missed(*(int(x.sum()) for x in (j, j & p, ~j, ~j & p)))
        above, below = above + high, below + low
    keeps_its_level(above, DRAWS)
    keeps_its_level(below, DRAWS)
    keeps_its_level(above + below, DRAWS, 2 * LEVEL)
