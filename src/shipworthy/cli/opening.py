"""Asking before the sealed cases are opened: what the look is, and what it uses up."""

from __future__ import annotations

import sys
from collections.abc import Callable

from shipworthy.cli.terminal import ask, say
from shipworthy.services.decide import AboutToLook


def cost(look: AboutToLook) -> str:
    """Say what a look is, and what it uses up."""
    seen = f"{look.look.groups:,} of {look.groups_planned:,} groups"
    if look.level <= 0:
        return f"look {look.look.number} at {seen}, for which no error is left: it can only explore"
    return f"look {look.look.number} at {seen}, at an error of {look.level:.3g}"


def confirming(*, yes: bool) -> Callable[[AboutToLook], bool]:
    """Return how a command confirms a look: it asks a person, and tells where there is nobody to ask.

    Args:
        yes: the person has agreed beforehand.
    """

    def confirm(look: AboutToLook) -> bool:
        if yes or not sys.stdin.isatty():
            say(f"opening the holdout: {cost(look)}")
            return True
        return ask(f"Open the holdout? This is {cost(look)}.")

    return confirm
