"""Millions of outputs at once: the same evidence as output by output."""

import numpy as np
import pytest

from shipworthy.statistics.e_detector import EDetector
from shipworthy.statistics.e_detector_many import BLOCK, CHUNK, followed_many
from shipworthy.statistics.early_warning import EarlyWarning

RATES = [
    (0.9, 0.93),
    (0.9, 0.9),
    (0.9, 0.85),
    (0.5, 0.5),
    (0.99, 0.995),
    (0.05, 0.06),
    (0.5, 0.9),
    (0.99, 0.3),
]


def stream(rate: float, n: int, seed: int) -> np.ndarray:
    """Draw outputs that pass at a rate."""
    return (np.random.default_rng(seed).random(n) < rate).astype(float)


@pytest.mark.parametrize(("promise", "rate"), RATES)
def test_many_at_once_are_followed_as_one_by_one(promise: float, rate: float) -> None:
    """Evidence, highest evidence, alarm and the strongest start are those of the slow way, but for rounding."""
    values = stream(rate, 3 * CHUNK + 17, 1)
    slow, fast = (
        EDetector.start(promise=promise).after(values.tolist()),
        followed_many(EDetector.start(promise=promise), values),
    )

    assert (fast.outputs, fast.alarm_at, fast.began) == (slow.outputs, slow.alarm_at, slow.began)
    assert fast.highest == pytest.approx(slow.highest, rel=1e-12)
    assert fast.sums == pytest.approx(slow.sums, rel=1e-12)
    assert [begin for _, begin in fast.tops] == [begin for _, begin in slow.tops]


def test_it_makes_no_difference_how_a_stream_is_cut() -> None:
    """A block and a bit at once, or in three pieces that cut chunks: the same alarm at the same output."""
    values = np.concatenate([stream(0.93, BLOCK + 100, 2), stream(0.8, 2000, 3)])
    whole = followed_many(EDetector.start(promise=0.9), values)
    parts = EDetector.start(promise=0.9)
    for piece in np.split(values, [77, 30_001]):
        parts = followed_many(parts, piece)

    assert whole.alarm_at is not None
    assert whole.alarm_at > BLOCK
    assert (parts.alarm_at, parts.began) == (whole.alarm_at, whole.began)
    assert parts.evidence == pytest.approx(whole.evidence, rel=1e-9)


def test_evidence_without_end_is_no_overflow() -> None:
    """Sixty thousand failures: the alarm came at once, and no number ran over."""
    found = followed_many(EDetector.start(promise=0.9), np.zeros(60_000))
    assert (found.alarm_at, found.outputs) == (5, 60_000)
    assert np.isfinite([found.highest, *found.sums, *(worth for worth, _ in found.tops)]).all()


def test_a_value_out_of_range_is_refused() -> None:
    """A value above 1, below 0, or no number."""
    for wrong in (1.5, -0.1, float("nan")):
        with pytest.raises(ValueError, match="value must be"):
            followed_many(EDetector.start(promise=0.9), np.array([1.0, wrong]))


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.6, 0.9, 0.97, 1.0])
def test_an_early_warning_takes_many_at_once_exactly(rate: float) -> None:
    """Points, rings and whether it rings are the same, also when it rang before."""
    start = EarlyWarning.start(promise=0.9, fallen=0.8, once_in=300)
    assert isinstance(start, EarlyWarning)
    for seed in range(40):
        before = start.after(stream(0.7, 30, seed + 100).astype(int).tolist())
        values = stream(rate, int(np.random.default_rng(seed).integers(0, 300)), seed)
        assert before.after_many(values) == before.after(values.astype(int).tolist())
