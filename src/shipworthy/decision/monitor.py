"""After launch: is what was promised still kept? Audited outputs in, a state out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from shipworthy.statistics.e_detector import DROPS, EDetector
from shipworthy.statistics.e_detector_many import followed_many
from shipworthy.statistics.early_warning import EarlyWarning
from shipworthy.statistics.mix_change import MixChange, reweighted
from shipworthy.statistics.results import NotEstimable

Promised = Literal["kept", "warning", "breached"]
MixOf = Literal["declared", "eval set"]

MATTERS = 0.02
"""A change of mix under this share of the traffic is no reason to look, however well it is shown."""

ONCE_IN = 2_000
"""Audited outputs between two early warnings without a cause, on average, unless the promise says otherwise."""


_SHARES = "an early warning counts passes and failures, and some audits are shares"


@dataclass(frozen=True)
class Promise:
    """What was promised at launch, and how it is watched.

    Attributes:
        rate: the share of outputs that pass, in (0, 1).
        error: chance, over the whole life of the promise, of calling it breached while it is kept.
        once_in: audited outputs between two early warnings without a cause, on average.
        shares: slice to its expected share of the traffic; empty where no mix is known.
        mix_of: whether the shares were declared, or are those of the eval set.
        cap: for a mean, the most that one output counts; a value is then the share of it that is not used up.
        unit: for a mean, what it is a mean of.
    """

    rate: float
    error: float = 0.05
    once_in: float = ONCE_IN
    shares: Mapping[str, float] = field(default_factory=dict)
    mix_of: MixOf = "declared"
    cap: float | None = None
    unit: Literal["latency_s", "cost_usd", ""] = ""

    @property
    def fallen(self) -> float:
        """The rate that the early warning is quickest at: twice as many failures, or half the passes if that is less far."""
        return max(1.0 - 2.0 * (1.0 - self.rate), self.rate / 2.0)


@dataclass(frozen=True)
class Audit:
    """Outputs audited together, in the order of the audit.

    Attributes:
        values: 1 for passed, 0 for anything else, or a group's share in [0, 1].
        slices: the slice of each, where a mix was declared; empty text where it has none of the declared ones.
        names: where slices are given by number, their names.
    """

    values: Sequence[float] | npt.NDArray[np.float64]
    slices: Sequence[str] | npt.NDArray[np.generic] = ()
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Followed:
    """What is to be known of all audits so far in order to go on: the same whether they came at once or bit by bit.

    Attributes:
        promise: what was promised; fixed at launch.
        detector: the evidence on which a breach rests.
        early: the early warning, or why there is none.
        mix: the test of the traffic mix, or why there is none.
        passed: the sum of all values.
        by_slice: slice to its number of outputs and the sum of their values.
        before: for each bet of the detector, the sum of the values before its strongest start.
        until: once it is breached, the sum of the values before the output at which that began.
    """

    promise: Promise
    detector: EDetector
    early: EarlyWarning | NotEstimable
    mix: MixChange | NotEstimable
    passed: float = 0.0
    by_slice: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    before: tuple[float, ...] = (0.0,) * len(DROPS)
    until: float | None = None

    @classmethod
    def start(cls, promise: Promise) -> Followed:
        """Return what is known before the first audit."""
        warning: EarlyWarning | NotEstimable = NotEstimable(_SHARES)
        if promise.cap is None:
            warning = EarlyWarning.start(promise=promise.rate, fallen=promise.fallen, once_in=promise.once_in)
        mix: MixChange | NotEstimable = NotEstimable("no mix was declared")
        if promise.shares:
            mix = MixChange.start(declared=promise.shares, alpha=promise.error)
        return cls(promise, EDetector.start(promise=promise.rate, alpha=promise.error), warning, mix)

    def after(self, audit: Audit) -> Followed:
        """Return what is known after a further audit.

        Raises:
            ValueError: a value is outside [0, 1], or a mix was declared and a value has no slice beside it.
        """
        values = np.asarray(audit.values, dtype=np.float64)
        if not len(values):
            return self
        detector = followed_many(self.detector, values)
        early = self.early
        if isinstance(early, EarlyWarning):
            early = early.after_many(values) if _yes_or_no(values) else NotEstimable(_SHARES)
        mix, by_slice = self._mixed(audit, values)
        sums = np.concatenate([[self.passed], self.passed + np.cumsum(values)])
        first = self.detector.outputs + 1
        before = tuple(
            float(sums[start - first]) if start >= first else known
            for (_, start), known in zip(detector.tops, self.before, strict=True)
        )
        return replace(
            self, detector=detector, early=early, mix=mix, by_slice=by_slice, before=before,
            passed=float(sums[-1]), until=self._until(detector, sums),
        )  # fmt: skip

    def _until(self, detector: EDetector, sums: npt.NDArray[np.float64]) -> float | None:
        """Return the sum of the values before the break, once there is one."""
        if self.until is not None or detector.began is None:
            return self.until
        first = self.detector.outputs + 1
        if detector.began >= first:
            return float(sums[detector.began - first])
        starts = [start for _, start in self.detector.tops]
        return self.before[starts.index(detector.began)]

    def _mixed(
        self, audit: Audit, values: npt.NDArray[np.float64]
    ) -> tuple[MixChange | NotEstimable, Mapping[str, tuple[int, float]]]:
        """Return the test of the mix and the counts by slice after an audit; what has no declared slice is passed over."""
        if isinstance(self.mix, NotEstimable):
            return self.mix, self.by_slice
        if len(audit.slices) != len(values):
            raise ValueError(
                f"every audited output needs its slice: {len(values)} values, {len(audit.slices)} slices"
            )
        slices, by_slice, counts = np.asarray(audit.slices), dict(self.by_slice), {}
        for name in self.promise.shares:
            here = np.array([each == name for each in audit.names])[slices] if audit.names else slices == name
            counts[name] = int(here.sum())
            n, passed = by_slice.get(name, (0, 0.0))
            by_slice[name] = (n + counts[name], passed + float(values[here].sum()))
        return self.mix.after(counts), by_slice

    def told(self) -> Watched:
        """Return the state, and everything it rests on."""
        since: float | NotEstimable = NotEstimable("nothing was breached")
        if self.detector.began is not None and self.until is not None:
            since = (self.passed - self.until) / (self.detector.outputs - self.detector.began + 1)
        return Watched(
            self.promise,
            _state(self),
            self.detector,
            self.early,
            self.mix,
            self.passed,
            since,
            _mix_effect(self),
        )


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
        ValueError: a value is outside [0, 1], or a mix was declared and a value has no slice beside it.

    >>> watch(Promise(0.9), [Audit([1, 1, 1, 1, 0] * 10)]).state
    'kept'
    >>> watch(Promise(0.9), [Audit([1, 0] * 30)]).state
    'breached'
    """
    followed = Followed.start(promise)
    for audit in audits:
        followed = followed.after(audit)
    return followed.told()


def moved_by(mix: MixChange) -> float:
    """Return the share of the outputs that would have to change their slice for the declared mix; 0 with none counted.

    >>> moved_by(MixChange.start(declared={"a": 0.5, "b": 0.5}).after({"a": 60, "b": 40}))
    0.1
    """
    n = sum(mix.counts)
    if not n:
        return 0.0
    off = (abs(count / n - share) for count, (_, share) in zip(mix.counts, mix.declared, strict=True))
    return round(sum(off) / 2, 12)


def _state(followed: Followed) -> Promised:
    if followed.detector.alarm_at is not None:
        return "breached"
    early, mix = followed.early, followed.mix
    rings = isinstance(early, EarlyWarning) and early.ringing
    moved = isinstance(mix, MixChange) and mix.changed and moved_by(mix) >= MATTERS
    return "warning" if rings or moved else "kept"


def _yes_or_no(values: npt.NDArray[np.float64]) -> bool:
    return bool(((values == 0.0) | (values == 1.0)).all())


def _mix_effect(followed: Followed) -> float | NotEstimable:
    if isinstance(followed.mix, NotEstimable):
        return followed.mix
    counted = {name: both for name, both in followed.by_slice.items() if both[0]}
    total = sum(n for n, _ in counted.values())
    if not total:
        return NotEstimable("nothing audited yet")
    rates = {name: passed / n for name, (n, passed) in counted.items()}
    now = reweighted(rates=rates, shares={name: n / total for name, (n, _) in counted.items()})
    then = reweighted(rates=rates, shares=followed.promise.shares)
    if isinstance(now, NotEstimable) or isinstance(then, NotEstimable):
        return then if isinstance(then, NotEstimable) else now
    return now - then
