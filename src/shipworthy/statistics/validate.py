"""Checks at the door: each names the argument, what was given and what is allowed."""

from __future__ import annotations

import math
from numbers import Integral, Real


def number(name: str, value: object) -> float:
    """Return the argument as a finite float, or say why it is none.

    Assumptions: none. Source: house rule. Example:
        >>> number("bar", 0.8)
        0.8
        >>> number("bar", "high")
        Traceback (most recent call last):
        TypeError: bar must be a number, got 'high'
    """
    if type(value) is not float and (
        isinstance(value, bool) or not isinstance(value, Real)
    ):  # floats are many
        raise TypeError(f"{name} must be a number, got {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value!r}")
    return float(value)


def within(name: str, value: object, *, low: float, high: float) -> float:
    """Return a number of the closed range from `low` to `high`.

    Assumptions: none. Source: house rule. Example:
        >>> within("bar", 1.2, low=0, high=1)
        Traceback (most recent call last):
        ValueError: bar must be in [0, 1], got 1.2
    """
    checked = number(name, value)
    if not low <= checked <= high:
        raise ValueError(f"{name} must be in [{low:g}, {high:g}], got {checked!r}")
    return checked


def between(name: str, value: object, *, low: float = 0.0, high: float = 1.0) -> float:
    """Return a number strictly between `low` and `high`.

    Assumptions: none. Source: house rule. Example:
        >>> between("alpha", 0)
        Traceback (most recent call last):
        ValueError: alpha must be strictly between 0 and 1, got 0.0
    """
    checked = number(name, value)
    if not low < checked < high:
        raise ValueError(f"{name} must be strictly between {low:g} and {high:g}, got {checked!r}")
    return checked


def count(name: str, value: object, *, least: int = 0) -> int:
    """Return a whole number that is no smaller than `least`.

    Assumptions: none. Source: house rule. Example:
        >>> count("n", -3)
        Traceback (most recent call last):
        ValueError: n must be at least 0, got -3
    """
    if type(value) is not int and (isinstance(value, bool) or not isinstance(value, Integral)):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}")
    return int(value)
