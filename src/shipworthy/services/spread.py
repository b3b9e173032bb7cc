"""Spread: how long outputs of a variant took and what they cost, on open cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from shipworthy.decision.distribution import Distribution, distribution
from shipworthy.domain.criteria import Criterion
from shipworthy.services.opened import Opened
from shipworthy.services.show import variant_of
from shipworthy.store.of_outputs import Of
from shipworthy.store.outcomes import cases_of, took
from shipworthy.store.remember import remembered

SHARES = (0.5, 0.9, 0.99)


@dataclass(frozen=True)
class Spread:
    """What the outputs of a variant took.

    Attributes:
        variant: whose.
        latency: seconds; an output that never came took longer than any.
        cost: money.
        bars: the criteria that draw a line through one of them.
    """

    variant: str
    latency: Distribution
    cost: Distribution
    bars: dict[Literal["latency_s", "cost_usd"], tuple[Criterion, ...]]


def spread_of(launch: Opened, variant: str | None = None) -> Spread:
    """Return how times and costs of a variant's outputs on open cases are spread.

    Raises:
        BadInput: there is no such variant, or nothing is recorded of it.
    """
    bars = {of: tuple(c for c in launch.reading.criteria if c.of == of) for of in ("latency_s", "cost_usd")}
    shares = {of: (*SHARES, *(c.quantile for c in found if c.quantile)) for of, found in bars.items()}
    with launch.ledger.read() as connection:
        name, number = variant_of(launch, connection, variant)

        def make() -> tuple[Distribution, Distribution]:
            found, cases = (
                took(connection, Of(launch.cases.no, number, None)),
                cases_of(connection, launch.cases.no),
            )
            group = cases.group[found.at]
            latency = np.where(found.answered, found.latency_s, np.inf)
            return (
                distribution(latency, group, shares["latency_s"]),
                distribution(found.cost_usd, group, shares["cost_usd"]),
            )

        latency, cost = remembered(connection, ("spread", launch.cases.no, number, str(shares)), make)
    return Spread(name, latency, cost, bars)  # type: ignore[arg-type]
