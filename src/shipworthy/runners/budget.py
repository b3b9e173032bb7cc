"""A cap on money that is never exceeded: the worst cost of a call is reserved before it is sent."""

from __future__ import annotations

import math

import msgspec

from shipworthy.domain.target import ModelPrice
from shipworthy.runners.interface import Reply

MILLION = 1e6
WHOLE = 10**12


class Cost(msgspec.Struct, frozen=True, gc=False):
    """What one attempt cost, in USD: exact when both ends agree."""

    low: float
    high: float


def worst(price: ModelPrice, tokens: tuple[int, int], requests: int = 1) -> float:
    """Return the most that one attempt of so many requests can cost, in USD.

    >>> worst(ModelPrice(call=0.5, input=2.0, output=10.0), (100_000, 5_000), requests=2)
    1.25
    """
    return requests * price.call + (tokens[0] * price.input + tokens[1] * price.output) / MILLION


def cost_of(price: ModelPrice, reply: Reply, reserved: float) -> Cost:
    """Return what an attempt cost: exactly where it brought an answer, else from nothing up to its price."""
    if not reply.billed:
        return Cost(0.0, 0.0)
    answered = reply.text is not None
    per_token = price.input > 0 or price.output > 0
    if per_token and (reply.tokens_in is None or reply.tokens_out is None):
        return Cost(reply.requests * price.call if answered else 0.0, reserved)
    exact = worst(price, (reply.tokens_in or 0, reply.tokens_out or 0), reply.requests)
    return Cost(exact if answered or reply.tokens_in is not None else 0.0, exact)


class Budget:
    """Money that may be spent.

    `spent` is what calls cost at most, `reserved` what those in flight may cost at most; their sum never passes
    the cap. Sums are whole numbers of a millionth of a millionth of a dollar: a cap of 0.05 pays for fifty calls at
    0.001, and not for forty-nine because of how fractions round.

    Args:
        cap: USD; infinite when there is none.
        spent: what earlier calls cost at most.
    """

    def __init__(self, cap: float | None, spent: float = 0.0) -> None:
        self.cap = math.inf if cap is None else cap
        self._most = _whole(self.cap)
        self.in_flight = 0
        self._spent = _whole(spent)
        self._reserved: float = 0

    @property
    def spent(self) -> float:
        """What calls cost at most, in USD."""
        return self._spent / WHOLE

    @property
    def reserved(self) -> float:
        """What calls in flight may cost at most, in USD."""
        return self._reserved / WHOLE

    @property
    def capped(self) -> bool:
        """Whether there is a cap."""
        return math.isfinite(self.cap)

    def fits(self, amount: float) -> bool:
        """Whether a call that may cost so much can still be sent."""
        return self._spent + self._reserved + _whole(amount) <= self._most

    def reserve(self, amount: float) -> bool:
        """Set money aside for a call; False when it does not fit."""
        more = _whole(amount)
        if self._spent + self._reserved + more > self._most:
            return False
        self._reserved += more
        self.in_flight += 1
        return True

    def settle(self, reserved: float, cost: float) -> None:
        """Replace what was set aside by what the call cost at most."""
        self.in_flight -= 1
        self._reserved -= _whole(reserved)
        self._spent += _whole(cost)


def _whole(usd: float) -> float:
    parts = usd * WHOLE
    return round(parts) if math.isfinite(parts) else parts
