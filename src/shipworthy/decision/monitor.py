"""After launch: is what was promised still kept? Audited outputs in, a state out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shipworthy.statistics import validate
from shipworthy.statistics.e_detector import EDetector
from shipworthy.statistics.early_warning import EarlyWarning
from shipworthy.statistics.mix_change import MixChange, reweighted
from shipworthy.statistics.results import NotEstimable

Promised = Literal["kept", "warning", "breached"]

ONCE_IN = 2_000
"""Audited outputs between two early warnings without a cause, on average, unless the promise says otherwise."""


@dataclass(frozen=True)
class Promise:
    """What was promised at launch, and how it is watched.

    Attributes:
        rate: the share of outputs that pass, in (0, 1).
        error: chance, over the whole life of the promise, of calling it breached while it is kept.
        once_in: audited outputs between two early warnings without a cause, on average.
        shares: slice to its declared share of the traffic; empty where no mix was declared.
    """

    rate: float
    error: float = 0.05
    once_in: float = ONCE_IN
    shares: Mapping[str, float] = field(default_factory=dict)

    @property
    def fallen(self) -> float:
        """The rate that the early warning is quickest at: twice as many failures, or half the passes if that is less far."""
        return max(1.0 - 2.0 * (1.0 - self.rate), self.rate / 2.0)


@dataclass(frozen=True)
class Audit:
    """Outputs audited together, in the order of the audit.

    Attributes:
        values: 1 for passed, 0 for anything else, or a group's share in [0, 1].
        slices: the slice of each, where a mix was declared.
    """

    values: Sequence[float]
    slices: Sequence[str] = ()


@dataclass(frozen=True)
class Watched:
    """Where a promise stands.

    Attributes:
        promise: what was promised.
        state: breached once the evidence has reached its line, at whatever time; else warning while the
            early warning rings or the mix is shown to have moved; else kept, which is: nothing speaks against it.
        detector: the evidence on which a breach rests.
        early: the early warning, or why there is none.
        mix: the test of the traffic mix, or why there is none.
        passed: the sum of all values.
        since: mean of the values from `detector.began` on; why there is none where nothing was breached.
        mix_effect: what the change of mix alone does to the rate, the slices' own rates being as audited.
    """

    promise: Promise
    state: Promised
    detector: EDetector
    early: EarlyWarning | NotEstimable
    mix: MixChange | NotEstimable
    passed: float
    since: float | NotEstimable
    mix_effect: float | NotEstimable


def watch(promise: Promise, audits: Iterable[Audit]) -> Watched:
    """Follow a promise through all audits since launch.

    Args:
        promise: what was promised; fixed at launch.
        audits: every audit, oldest first; a pure function of them, so the same audits give the same state.

    Returns:
        The state, and everything it rests on.

    Raises:
        ValueError: a value is outside [0, 1], or a mix was declared and a value has no declared slice.

    >>> watch(Promise(0.9), [Audit([1, 1, 1, 1, 0] * 10)]).state
    'kept'
    >>> watch(Promise(0.9), [Audit([1, 0] * 30)]).state
    'breached'
    """
    given = list(audits)
    values = [validate.within("value", value, low=0.0, high=1.0) for audit in given for value in audit.values]
    detector = EDetector.start(promise=promise.rate, alpha=promise.error).after(values)
    early = _early(promise, values)
    mix = _mix(promise, given)
    return Watched(
        promise=promise,
        state=_state(detector, early, mix),
        detector=detector,
        early=early,
        mix=mix,
        passed=sum(values),
        since=_since(detector, values),
        mix_effect=_mix_effect(promise, mix, given),
    )


def _state(
    detector: EDetector, early: EarlyWarning | NotEstimable, mix: MixChange | NotEstimable
) -> Promised:
    if detector.alarm_at is not None:
        return "breached"
    rings = isinstance(early, EarlyWarning) and early.ringing
    moved = isinstance(mix, MixChange) and mix.changed
    return "warning" if rings or moved else "kept"


def _early(promise: Promise, values: list[float]) -> EarlyWarning | NotEstimable:
    if any(value not in (0.0, 1.0) for value in values):
        return NotEstimable("an early warning counts passes and failures, and some audits are shares")
    warning = EarlyWarning.start(promise=promise.rate, fallen=promise.fallen, once_in=promise.once_in)
    return warning if isinstance(warning, NotEstimable) else warning.after(map(int, values))


def _mix(promise: Promise, audits: list[Audit]) -> MixChange | NotEstimable:
    if not promise.shares:
        return NotEstimable("no mix was declared")
    mix = MixChange.start(declared=promise.shares, alpha=promise.error)
    for audit in audits:
        if len(audit.slices) != len(audit.values):
            raise ValueError(
                f"every audited output needs its slice: {len(audit.values)} values, {len(audit.slices)} slices"
            )
        mix = mix.after(Counter(audit.slices))
    return mix


def _since(detector: EDetector, values: list[float]) -> float | NotEstimable:
    if detector.began is None:
        return NotEstimable("nothing was breached")
    bad = values[detector.began - 1 :]
    return sum(bad) / len(bad)


def _mix_effect(promise: Promise, mix: MixChange | NotEstimable, audits: list[Audit]) -> float | NotEstimable:
    if isinstance(mix, NotEstimable):
        return mix
    n, passed = Counter[str](), dict[str, float]()
    for audit in audits:
        for value, name in zip(audit.values, audit.slices, strict=True):
            n[name] += 1
            passed[name] = passed.get(name, 0.0) + value
    if not n:
        return NotEstimable("nothing audited yet")
    rates = {name: passed[name] / n[name] for name in n}
    now = reweighted(rates=rates, shares={name: n[name] / n.total() for name in n})
    then = reweighted(rates=rates, shares=promise.shares)
    if isinstance(now, NotEstimable) or isinstance(then, NotEstimable):
        return then if isinstance(then, NotEstimable) else now
    return now - then
