"""Has the traffic a different mix from the one that was declared? A test that may be looked at any time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shipworthy.statistics import validate
from shipworthy.statistics.results import NotEstimable

if TYPE_CHECKING:
    from shipworthy.statistics.exponential_sum import Floats

FIRMNESS = (10.0, 100.0, 1000.0)
"""How many outputs each bet takes the declared shares to be worth: large changes, middling ones, small ones."""

_ROUNDED = 1e-9


@dataclass(frozen=True)
class MixChange:
    """Evidence that the slices' shares of the traffic are not the declared ones.

    Estimand: the share of each slice in the traffic from which the counts come.

    The evidence is the ratio of the counts' chance under shares that were themselves drawn round the
    declared ones (Dirichlet, at three degrees of firmness, averaged) to their chance under the declared
    shares. Under these it is on average 1 at every moment, so that its highest value reaches 1/alpha
    with a chance of at most alpha over any number of looks. Half the error is for all slices together;
    the other half is divided among them, each being asked of itself and the rest.

    Assumptions: outputs are counted one by one and independently fall into exactly one slice. It fails for
    outputs that come in bursts of one slice (count groups instead), and it needs every slice declared.

    Source: Good (1967), JRSS B 29, 399-431, for the ratio; Ramdas et al. (2023), Statistical Science
    38(4), 576-601, for looking at any time.

    Attributes:
        declared: slice to its share; the shares add up to 1.
        alpha: chance of a false alarm over all looks.
        counts: slice to outputs counted so far.
        highest: the most evidence there was at any look.
        moved: slices shown to have moved at some look, with "up" or "down"; by name.

    Example: half, three tenths and a fifth were declared.
        >>> mix = MixChange.start(declared={"orders": 0.5, "returns": 0.3, "billing": 0.2})
        >>> mix.after({"orders": 52, "returns": 29, "billing": 19}).changed
        False
        >>> moved = mix.after({"orders": 52, "returns": 29, "billing": 59})
        >>> moved.changed, moved.moved
        (True, (('billing', 'up'),))
    """

    declared: tuple[tuple[str, float], ...]
    alpha: float
    counts: tuple[int, ...]
    highest: float
    moved: tuple[tuple[str, str], ...] = ()

    @classmethod
    def start(cls, *, declared: Mapping[str, float], alpha: float = 0.05) -> MixChange:
        """Return a test that has counted nothing.

        Args:
            declared: slice to its share, each above 0, adding up to 1; two slices or more.
            alpha: chance of a false alarm over all looks, in (0, 1).
        """
        shares = {name: validate.between(f"share of {name}", share) for name, share in declared.items()}
        if len(shares) < 2 or abs(math.fsum(shares.values()) - 1.0) > 1e-9:
            raise ValueError(
                f"declared must hold two shares or more that add up to 1, got {dict(declared)!r}"
            )
        return cls(tuple(sorted(shares.items())), validate.between("alpha", alpha), (0,) * len(shares), 1.0)

    def after(self, counts: Mapping[str, int]) -> MixChange:
        """Return the test after a further look.

        Args:
            counts: slice to outputs counted since the look before; slices left out had none.
        """
        names = [name for name, _ in self.declared]
        if unknown := sorted(set(counts) - set(names)):
            raise ValueError(f"counts must be of declared slices, got {unknown[0]!r}")
        new = [validate.count(f"count of {name}", counts.get(name, 0)) for name in names]
        total = tuple(a + b for a, b in zip(self.counts, new, strict=True))
        shares, seen = np.array([share for _, share in self.declared]), np.array(total, dtype=np.float64)
        highest = max(self.highest, float(_ratios(seen[None, :], shares)[0]))
        moved = dict(self.moved) | self._moved(seen, shares)
        return MixChange(self.declared, self.alpha, total, highest, tuple(sorted(moved.items())))

    @property
    def changed(self) -> bool:
        """Whether the declared mix is shown to be wrong, of all slices together or of one."""
        return self.highest >= 2.0 / self.alpha or bool(self.moved)

    def share(self, name: str) -> float | NotEstimable:
        """Return the share of the outputs counted so far that fell into a slice."""
        names = [known for known, _ in self.declared]
        if name not in names:
            raise ValueError(f"name must be a declared slice, got {name!r}")
        n = sum(self.counts)
        return self.counts[names.index(name)] / n if n else NotEstimable("nothing counted yet")

    def _moved(self, seen: Floats, shares: Floats) -> dict[str, str]:
        n = seen.sum()
        ratios = _ratios(np.column_stack([seen, n - seen]), np.column_stack([shares, 1.0 - shares]))
        shown = ratios >= 2.0 * len(shares) / self.alpha
        return {
            name: "up" if counted > n * share else "down"
            for (name, share), counted, is_shown in zip(self.declared, seen, shown, strict=True)
            if is_shown
        }


def reweighted(*, rates: Mapping[str, float], shares: Mapping[str, float]) -> float | NotEstimable:
    """Return the rate over all traffic that the slices' own rates give under a mix.

    Estimand: the sum over slices of share times rate; the difference of two mixes is what the mix alone does.

    Args:
        rates: slice to its rate in [0, 1].
        shares: slice to its share, adding up to 1.

    Returns:
        The rate, or which slice has a share and no rate.

    Assumptions: a slice's rate does not depend on how much traffic it has.

    Source: Kitagawa (1955), Journal of the American Statistical Association 50, 1168-1194.

    Example: more of the hard slice, nothing else changed: 0.91 becomes 0.87.
        >>> rates = {"easy": 0.95, "hard": 0.75}
        >>> [round(reweighted(rates=rates, shares={"easy": e, "hard": 1 - e}), 2) for e in (0.8, 0.6)]
        [0.91, 0.87]
    """
    checked = {name: validate.within(f"share of {name}", s, low=0.0, high=1.0) for name, s in shares.items()}
    if abs(math.fsum(checked.values()) - 1.0) > 1e-9:
        raise ValueError(f"shares must add up to 1, got {dict(shares)!r}")
    missing = sorted(name for name, share in checked.items() if share > 0 and name not in rates)
    if missing:
        return NotEstimable(
            f"no rate is known in {missing[0]}, which has {checked[missing[0]]:.0%} of the traffic"
        )
    return math.fsum(
        share * validate.within(f"rate of {name}", rates[name], low=0.0, high=1.0)
        for name, share in checked.items()
        if share > 0
    )


def _ratios(seen: Floats, shares: Floats) -> Floats:
    """Return for each row of counts and shares the averaged likelihood ratio, lowered by its rounding."""
    n = seen.sum(axis=-1)
    firm = np.array(FIRMNESS).reshape(-1, 1, 1)
    prior = firm * shares
    gained = np.sum(_log_gamma(prior + seen) - _log_gamma(prior), axis=-1)
    total = firm[:, :, 0]
    logs = _log_gamma(total) - _log_gamma(total + n) + gained - np.sum(seen * np.log(shares), axis=-1)
    top = logs.max(axis=0)
    mean = top + np.log(np.exp(logs - top).mean(axis=0))
    return np.asarray(np.exp(np.minimum(mean, 600.0) - _ROUNDED - 1e-13 * n), dtype=np.float64)


def _log_gamma(values: Floats) -> Floats:
    """Return ln Γ of some dozen numbers; loading SciPy for it would take longer than a day's outputs."""
    return np.array([math.lgamma(value) for value in values.ravel().tolist()]).reshape(values.shape)
