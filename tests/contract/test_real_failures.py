"""Reasons that people wrote for failed outputs of two real features, coded into failure modes by the words they use."""

from __future__ import annotations

import csv
import gzip
import random
import re
from pathlib import Path

import pytest

from shipworthy.statistics.unseen import Unseen

GRADES = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "evalgen-grades"
MODES = {
    "names a person": r"\bpii\b",
    "follow-up": r"follow",
    "examination missing": r"physical exam",
    "dosage missing": r"dosage",
    "odd text": r"weird thing|2 bullets",
    "too long": r"\blong\b|concise",
    "holds a link": r"\blink\b",
    "repeats a bad review": r"bad|sabotage|sabotages|not be the greatest|popping open",
    "low rating": r"rating|3\.4",
    "invented": r"hallucinated|usb",
    "beside the point": r"not related",
    "repetitive": r"repetitive",
    "format": r"hashtag",
}

pytestmark = pytest.mark.skipif(
    not GRADES.is_dir(), reason="the recorded files lie beside the project, not in it"
)


def reviewed(name):
    """Return for each graded output the modes its reason names; none where it was good."""
    with gzip.open(GRADES / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {mode for mode, words in MODES.items() if re.search(words, row["grading_feedback"].lower())}
        if row["grade"] != "True"
        else set()
        for row in rows
    ]


@pytest.mark.parametrize(("name", "outputs", "failed"), [("medical", 84, 27), ("product", 100, 49)])
def test_every_reason_is_coded(name, outputs, failed):
    """As many outputs failed as the makers counted, and each reason names a mode."""
    groups = reviewed(name)
    assert (len(groups), sum(map(bool, groups))) == (outputs, failed)


@pytest.mark.parametrize(
    ("name", "modes", "alone", "upper"), [("medical", 6, 2, 0.1317), ("product", 8, 3, 0.1212)]
)
def test_what_is_still_unseen_in_a_real_review(name, modes, alone, upper):
    """What a review of this size has seen, what stands alone, and how much may be unseen."""
    unseen = Unseen.from_groups(reviewed(name))
    curve = [round(unseen.expected_modes(t), 1) for t in (10, 20, 40, 80)]
    print(f"\n{name}: {unseen.modes}, curve {curve}, upper {unseen.upper(0.05):.4f}")  # noqa: T201
    assert (len(unseen.modes), unseen.alone) == (modes, alone)
    assert unseen.upper(0.05) == pytest.approx(upper, abs=0.0005)


@pytest.mark.parametrize("name", ["medical", "product"])
def test_half_a_review_bounds_what_the_other_half_brings(name):
    """In at most 5 of 100 of 300 halvings the other half brings new modes in more outputs than the bound says."""
    groups, above, bounds, shares = reviewed(name), 0, [], []
    for seed in range(300):
        mixed = list(groups)
        random.Random(seed).shuffle(mixed)
        half = len(mixed) // 2
        known = set().union(*mixed[:half])
        share = sum(not group <= known for group in mixed[half:]) / (len(mixed) - half)
        bound = Unseen.from_groups(mixed[:half]).upper(0.05)
        above, bounds, shares = above + (share > bound), [*bounds, bound], [*shares, share]
    said = f"new in {sum(shares) / 300:.3f} of the other half, bound {sum(bounds) / 300:.3f}"
    print(f"\n{name}: {said}; above it {above} of 300")  # noqa: T201
    assert above <= 15
