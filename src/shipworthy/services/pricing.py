"""What a call of a variant costs, from the launch's dated price list; an unknown price is never zero."""

from __future__ import annotations

import math

from shipworthy.domain.errors import BadInput, Misused
from shipworthy.domain.launch import Launch, Variant
from shipworthy.domain.target import ModelPrice


def check_limits(max_cost: float | None, max_time_s: float | None = None) -> None:
    """Refuse limits that nothing could be held against: whatever is compared with NaN is not above it.

    Raises:
        Misused: one is no number.
    """
    for name, given in (("--max-cost", max_cost), ("--max-time", max_time_s)):
        if given is not None and math.isnan(given):
            raise Misused(f"{name} {given}", remedy="write a number, or leave it out for no limit")


def price_name(variant: Variant) -> str | None:
    """Return the entry of the price list that a variant goes by."""
    return variant.price or (variant.chat.model if variant.chat else None)


def price_of(launch: Launch, variant: Variant, name: str) -> ModelPrice | None:
    """Return what a call costs; None when it is not known.

    Raises:
        BadInput: the price cannot be used, because the worst cost of a call would be unknown.
    """
    listed = launch.price_list.models if launch.price_list else {}
    entry = price_name(variant)
    price = listed.get(entry) if entry else None
    if price is None:
        if variant.price is not None:
            raise BadInput(
                f"the variant `{name}` goes by the price `{variant.price}`, which `price_list` does not have",
                where="launch.yaml",
                remedy="add it to `price_list: {as_of: …, models: {…}}`",
            )
        return None
    if price.output > 0 and variant.chat is not None and variant.chat.max_tokens is None:
        raise BadInput(
            f"the variant `{name}` has a price by tokens and no `max_tokens`, so no call has a worst cost",
            where="launch.yaml",
            remedy="write `max_tokens:` under its chat",
        )
    if (price.output > 0 or price.input > 0) and variant.chat is None:
        raise BadInput(
            f"the variant `{name}` is charged by tokens, which only a chat endpoint counts",
            where="launch.yaml",
            remedy="give it a price for a `call`",
        )
    return price


def is_remote(variant: Variant) -> bool:
    """Whether calls of a variant leave this machine's own code, so that somebody may charge for them."""
    return variant.http is not None or variant.chat is not None
