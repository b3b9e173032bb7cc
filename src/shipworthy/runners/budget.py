"""A cap on money that is never exceeded: the worst cost of a call is reserved before it is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from shipworthy.domain.target import ModelPrice
from shipworthy.runners.interface import Reply

MILLION = 1e6


@dataclass(frozen=True)
class Cost:
    """What one attempt cost, in USD: exact when both ends agree."""

    low: float
    high: float


def worst(price: ModelPrice, tokens: tuple[int, int]) -> float:
    """Return the most that one attempt can cost, in USD.

    >>> worst(ModelPrice(call=0.01, input=2.0, output=10.0), (1000, 100))
    0.013
    """
    return price.call + (tokens[0] * price.input + tokens[1] * price.output) / MILLION


def cost_of(price: ModelPrice, reply: Reply, reserved: float) -> Cost:
    """Return what an attempt cost: exactly where the target counts its tokens, else a range up to what was reserved."""
    if not reply.billed:
        return Cost(0.0, 0.0)
    per_token = price.input > 0 or price.output > 0
    if per_token and (reply.tokens_in is None or reply.tokens_out is None):
        return Cost(0.0 if reply.text is None else price.call, reserved)
    exact = worst(price, (reply.tokens_in or 0, reply.tokens_out or 0))
    return Cost(0.0 if reply.text is None and reply.fault else exact, exact)


class Budget:
    """Money that may be spent.

    `spent` is what calls cost at most, `reserved` what those in flight may cost at most; their sum never passes
    the cap.

    Args:
        cap: USD; infinite when there is none.
        spent: what earlier calls cost at most.
    """

    def __init__(self, cap: float | None, spent: float = 0.0) -> None:
        self.cap = math.inf if cap is None else cap
        self.spent = spent
        self.reserved = 0.0
        self.in_flight = 0

    def fits(self, amount: float) -> bool:
        """Whether a call that may cost so much can still be sent."""
        return self.spent + self.reserved + amount <= self.cap

    def reserve(self, amount: float) -> bool:
        """Set money aside for a call; False when it does not fit."""
        if not self.fits(amount):
            return False
        self.reserved += amount
        self.in_flight += 1
        return True

    def settle(self, reserved: float, cost: float) -> None:
        """Replace what was set aside by what the call cost at most."""
        self.in_flight -= 1
        self.reserved = self.reserved - reserved if self.in_flight else 0.0
        self.spent += cost
