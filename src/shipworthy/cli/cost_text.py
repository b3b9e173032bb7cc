"""What asking everything again, or anew, costs, in one sentence a variant; sums are rounded up, never down."""

from __future__ import annotations

import math

from shipworthy.services.foreseen_cost import Foreseen

PLACES = 10_000
"""A hundredth of a cent."""


def cost_text(cost: Foreseen) -> str:
    """Say what is asked and what that costs: as it did so far, at the worst of one call each, and of all attempts."""
    again = (
        f"asks for all {cost.planned:,} outputs again, beside the first ones, which go on to count"
        if cost.fresh
        else f"changed since it last ran, so all {cost.planned:,} outputs are asked for anew"
    )
    return f"{cost.variant}: {again}; {_amounts(cost)}"


def _amounts(cost: Foreseen) -> str:
    if not cost.priced:
        return "nobody knows what that costs, as `price_list` says nothing of it"
    if cost.is_free:
        return "that costs nothing, as `price_list` says"
    parts = []
    if cost.usual is not None:
        before = (
            f"the {cost.rests_on:,} asked for so far" if cost.rests_on != 1 else "the one asked for so far"
        )
        parts.append(f"about {usd(cost.usual)} if they cost what {before} did")
    if math.isinf(cost.once):
        parts.append("nobody knows what at most, as some cases hold more than text")
    else:
        parts.append(f"at most {usd(cost.once)} at one call each")
    if cost.attempts > 1 and math.isfinite(cost.most):
        parts.append(f"at most {usd(cost.most)} if each takes all its {cost.attempts} attempts")
    if cost.cap is not None:
        parts.append(f"and no more than {usd(cost.cap)}, as --max-cost says")
    return ", ".join(parts)


def usd(amount: float) -> str:
    """Return an amount, rounded up to a hundredth of a cent.

    >>> usd(0.00301), usd(0.003), usd(1200)
    ('0.0031 USD', '0.0030 USD', '1,200.0000 USD')
    """
    return f"{math.ceil(round(amount * PLACES, 4)) / PLACES:,.4f} USD"
