"""A claim over all traffic, where the eval set's slices are not as frequent as in the traffic."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.decision.answered import answered_by_slice
from shipworthy.decision.measure import MIN_GROUPS, Measured, Picked, counts_of, group_values, refusal
from shipworthy.domain.criteria import Criterion
from shipworthy.statistics.mix_distance import MixDistance, mix_distance
from shipworthy.statistics.production_mix import MixedRate

WEIGHED = ("rate", "all_of_k", "any_of_k", "mean", "quantile")
"""Estimands that are a mean over groups of values in [0, 1], and so can be weighed slice by slice."""

UNLIKELY = 0.01
"""A mix as far from the declared shares as one eval set in a hundred would be is worth a note."""


@dataclass(frozen=True)
class Mix:
    """A partition of the traffic with declared shares, and the group outcomes in each of its slices."""

    shares: dict[str, float]
    picked: dict[str, Picked]


def weighed(criterion: Criterion, everywhere: Picked, mix: Mix) -> Measured:
    """Measure a criterion over all traffic, each slice weighed by its share.

    Args:
        criterion: what is asked; one of `WEIGHED`.
        everywhere: the group outcomes of all slices together.
        mix: the same outcomes slice by slice; no group has cases in two of them.
    """
    counts = counts_of(everywhere)
    refused = refusal(criterion, counts, everywhere)
    if refused is not None:
        return Measured(counts, refused)
    if criterion.answered is not None:
        found = answered_by_slice(everywhere, mix.picked, shares=mix.shares, least_groups=MIN_GROUPS)
        return Measured(counts, found)
    histograms = {name: group_values(criterion, picked) for name, picked in mix.picked.items()}
    return Measured(counts, MixedRate.from_slices(histograms, shares=mix.shares))


def note_on(mix: Mix) -> str:
    """Say where the eval set's mix is not the traffic's; empty where it is as like it as chance allows."""
    groups = {name: sum(n for _, n in picked) for name, picked in mix.picked.items()}
    found = mix_distance(groups, shares=mix.shares)
    if not isinstance(found, MixDistance) or found.p_value >= UNLIKELY:
        return ""
    total = sum(groups.values())
    far = max(mix.shares, key=lambda name: mix.shares[name] - groups.get(name, 0) / total)
    return (
        f"the eval set has another mix than the traffic ({far}: {100 * groups.get(far, 0) / total:.0f} of 100 groups, "
        f"{100 * mix.shares[far]:.0f} of 100 expected): claims over all traffic weigh each slice by its share"
    )
