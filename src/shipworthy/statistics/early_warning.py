"""An early warning: quicker than the e-detector, and wrong now and then at a rate worked out exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable

IntArray = npt.NDArray[np.generic]

MOST_STATES = 1_200
"""A larger Markov chain is not solved; it would take a promise so near 1 that hardly anything fails."""

_CLOSE = 0.05
_ROUNDED = 1e-6
_COUNTED = 1e8


@dataclass(frozen=True)
class EarlyWarning:
    """A CUSUM of passes and failures that rings when failures crowd.

    Estimand: whether the rate of independent yes-or-no outputs fell from `promise` to about `fallen`.

    A failure adds `up` points, a pass takes `down` away, never below 0; it rings from `height` points on
    and stops ringing when it is back at 0. The points follow the log likelihood ratio of the two rates
    in whole numbers, so that the time between false rings is that of a finite Markov chain and is
    solved exactly, not approximated. It rings for ever again even where the promise is kept: it
    is a reason to look, never a breach.

    Assumptions: outputs are independent, each passed or not, and are a random part of the traffic.
    Failures that come in clusters make it ring more often than stated.

    Source: Page (1954), Biometrika 41, 100-115; Brook and Evans (1972), Biometrika 59, 539-549, for the
    Markov chain; Reynolds and Stoumbos (1999), Journal of Quality Technology 31, 87-108, for passes and failures.

    Attributes:
        promise: the promised rate.
        fallen: the rate it is quickest at.
        up: points for a failure.
        down: points off for a pass.
        height: points from which on it rings.
        points: where it stands.
        outputs: how many were followed.
        rings: how often it began to ring.
        ringing: whether it rings now.

    Example: 90 % promised, a fall to 80 % to be noticed, at most one false ring in 2,000 outputs.
        >>> warning = EarlyWarning.start(promise=0.9, fallen=0.8, once_in=2000)
        >>> warning.up, warning.down, warning.height
        (6, 1, 37)
        >>> round(warning.outputs_between_rings(0.9)), round(warning.outputs_between_rings(0.8))
        (2140, 78)
        >>> warning.after([0] * 7).ringing
        True
    """

    promise: float
    fallen: float
    up: int
    down: int
    height: int
    points: int = 0
    outputs: int = 0
    rings: int = 0
    ringing: bool = False

    @classmethod
    def start(cls, *, promise: float, fallen: float, once_in: float) -> EarlyWarning | NotEstimable:
        """Return a warning set so that false rings are at least so far apart on average.

        Args:
            promise: the promised rate, in (0, 1).
            fallen: the rate to be noticed soon, below the promise and above 0.
            once_in: at most one ring in so many outputs on average while the rate is the promised one;
                above 1 and under a hundred million.

        Returns:
            The warning, or why it would need more than `MOST_STATES` points.
        """
        promise = validate.between("promise", promise)
        fallen = validate.between("fallen", fallen, high=promise)
        once_in = validate.between("once_in", once_in, low=1.0, high=_COUNTED)
        return _set_up(promise, fallen, once_in)

    def after(self, outcomes: Iterable[bool | int]) -> EarlyWarning:
        """Return the warning after further outputs, in the order of the audit.

        Args:
            outcomes: 1 or True for passed, 0 or False for anything else.
        """
        points, outputs, rings, ringing = self.points, self.outputs, self.rings, self.ringing
        for outcome in outcomes:
            if outcome not in (0, 1):
                raise ValueError(f"an outcome must be 0 or 1, got {outcome!r}")
            outputs += 1
            points = min(max(points - self.down if outcome else points + self.up, 0), self.height)
            if points == self.height and not ringing:
                ringing, rings = True, rings + 1
            elif points == 0:
                ringing = False
        return replace(self, points=points, outputs=outputs, rings=rings, ringing=ringing)

    def after_many(self, outcomes: IntArray) -> EarlyWarning:
        """Return the warning after very many further outputs, exactly as `after` does.

        Between two failures the points only fall, so that a step is taken a failure and not an output.

        Args:
            outcomes: an array of 1 for passed and 0 for anything else, in the order of the audit.
        """
        failed = np.flatnonzero(np.asarray(outcomes) == 0)
        points, rings, ringing = self.points, self.rings, self.ringing
        ends = np.append(failed, len(outcomes))
        for number, passes in enumerate(np.diff(ends, prepend=-1).tolist()):
            points -= self.down * (passes - 1)
            if points <= 0 and passes > 1:
                points, ringing = 0, False
            if number < len(failed):
                points = min(points + self.up, self.height)
                if points == self.height and not ringing:
                    ringing, rings = True, rings + 1
        return replace(
            self, points=points, outputs=self.outputs + len(outcomes), rings=rings, ringing=ringing
        )

    def outputs_between_rings(self, rate: float) -> float | NotEstimable:
        """Return the average number of outputs from 0 points to a ring, at a true rate.

        Args:
            rate: chance that an output passes, in [0, 1].

        Returns:
            At the promise the average run without any cause, at a fallen rate the average delay; or that
            rings are too rare to be counted.
        """
        rate = validate.within("rate", rate, low=0.0, high=1.0)
        length = _run_length(self.up, self.down, self.height, rate)
        return length if length <= _COUNTED else NotEstimable(f"at {rate:g} it hardly ever rings")

    def chance_of_ring(self, *, within: int, rate: float) -> float:
        """Return the chance that it rings within the next so many outputs, from 0 points.

        Args:
            within: how many outputs, at least 0.
            rate: chance that an output passes, in [0, 1].
        """
        within = validate.count("within", within)
        rate = validate.within("rate", rate, low=0.0, high=1.0)
        quiet = np.zeros(self.height)
        quiet[0] = 1.0
        for _ in range(within):
            moved = np.zeros(self.height)
            moved[self.up :] += (1.0 - rate) * quiet[: max(self.height - self.up, 0)]
            moved[: self.height - self.down] += rate * quiet[self.down :]
            moved[0] += rate * float(quiet[: self.down].sum())
            quiet = moved
        return min(max(1.0 - float(quiet.sum()), 0.0), 1.0)


def whole_steps(*, promise: float, fallen: float) -> tuple[int, int]:
    """Return points for a failure and off for a pass, nearly in the ratio of the log likelihood ratios.

    Args:
        promise: in (0, 1).
        fallen: below the promise and above 0.

    Returns:
        The smallest whole numbers within 5 % of the best ratio.

    Assumptions: none. Source: Reynolds and Stoumbos (1999), as for `EarlyWarning`. Example:
        >>> whole_steps(promise=0.9, fallen=0.8), whole_steps(promise=0.5, fallen=0.4)
        ((6, 1), (4, 5))
    """
    promise = validate.between("promise", promise)
    fallen = validate.between("fallen", fallen, high=promise)
    ratio = math.log((1.0 - fallen) / (1.0 - promise)) / math.log(promise / fallen)
    down = 1
    while True:
        up = max(round(ratio * down), 1)
        # The points must fall while the promise is kept, and rise when it is not.
        drifts = (1 - promise) * up < promise * down and (1 - fallen) * up > fallen * down
        if drifts and abs(up / down / ratio - 1.0) <= _CLOSE:
            return up, down
        down += 1


@lru_cache(maxsize=256)
def _set_up(promise: float, fallen: float, once_in: float) -> EarlyWarning | NotEstimable:
    up, down = whole_steps(promise=promise, fallen=fallen)
    low, high = 0, up
    while high <= MOST_STATES and _run_length(up, down, high, promise) < once_in:
        low, high = high, 2 * high
    if high > MOST_STATES:
        return NotEstimable(
            f"a promise of {promise:g} leaves too few failures for an early warning; the e-detector has no such limit"
        )
    while high - low > 1:
        middle = (low + high) // 2
        if _run_length(up, down, middle, promise) < once_in:
            low = middle
        else:
            high = middle
    return EarlyWarning(promise, fallen, up, down, high)


@lru_cache(maxsize=256)
def _run_length(up: int, down: int, height: int, rate: float) -> float:
    """Solve the Markov chain on the points below the height, and lower the answer by its rounding."""
    if rate == 1.0:
        return math.inf
    moves = np.eye(height)
    for state in range(height):
        moves[state, max(state - down, 0)] -= rate
        if state + up < height:
            moves[state, state + up] -= 1.0 - rate
    length = float(np.linalg.solve(moves, np.ones(height))[0]) * (1.0 - _ROUNDED)
    return length if 0.0 < length <= _COUNTED else math.inf
