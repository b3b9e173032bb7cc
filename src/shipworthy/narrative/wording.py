"""Rules for numbers in sentences: counts first, per 100, three states, and no word that promises more.

A printed number never says more than the exact one: a lower bound is rounded down and an upper bound
up, and no rounding carries a number across its bar, to 100 of 100, or to 0 of 100.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language

Towards = Literal["down", "up", "nearest"]
LEAST = 1e-6
"""Amounts below this are not told apart: nothing that is paid or waited for is so small."""
FINEST = 4
"""Digits behind the point at which a number stops being told apart from its bar."""


def banned(text: str, language: Language = ENGLISH) -> list[str]:
    """Return the words in a text that promise more than evidence can give.

    >>> banned("This proves it is safe to improve.")
    ['proves', 'safe']
    """
    return [text[start:end].lower() for start, end in banned_at(text, language)]


def banned_at(text: str, language: Language = ENGLISH) -> list[tuple[int, int]]:
    """Return where those words stand.

    >>> banned_at("It is safe.")
    [(6, 10)]
    """
    return [found.span() for found in language.traps.banned.finditer(text)]


def listed(items: Sequence[str], *, last: str = "and", language: Language = ENGLISH) -> str:
    """Join names as a sentence does.

    >>> listed(["orders", "returns", "billing"])
    'orders, returns and billing'
    """
    return language.listed(items, last=last)


def whole(number: float, language: Language = ENGLISH) -> str:
    """Return a count with its thousands apart.

    >>> whole(1800)
    '1,800'
    """
    return language.whole(number)


def plural(number: int, noun: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "case"), plural(1240, "case")
    ('1 case', '1,240 cases')
    """
    return ENGLISH.counted(number, noun, many)


def of(part: int, total: int, language: Language = ENGLISH) -> str:
    """Return counts first.

    >>> of(250, 260)
    '250 of 260'
    """
    return language.say("{part} of {total}", part=whole(part, language), total=whole(total, language))


def rounded(value: float, digits: int, towards: Towards) -> float:
    """Round in the stated direction, forgiving the noise of binary fractions."""
    scale = 10.0**digits
    scaled = value * scale
    if towards == "nearest" or math.isclose(scaled, round(scaled), abs_tol=1e-7):
        return round(scaled) / scale
    return (math.floor if towards == "down" else math.ceil)(scaled) / scale


def digits_for(
    value: float, *, beside: float | None, towards: Towards, limits: tuple[float, ...] = (), fewest: int = 0
) -> int:
    """Return the fewest digits at which a rounded number stays on its own side of the bar and of limits."""
    marks = [*limits, *([] if beside is None else [beside])]
    for digits in range(fewest, FINEST):
        shown = rounded(value, digits, towards)
        if all(_side(shown, mark) == _side(value, mark) or mark == shown == value for mark in marks):
            return digits
    return FINEST


def _side(value: float, mark: float) -> int:
    """Return -1 below the mark, 0 on it, 1 above; noise of binary fractions is on it."""
    return 0 if math.isclose(value, mark, abs_tol=1e-9) else (1 if value > mark else -1)


def per_100(
    share: float,
    *,
    towards: Towards = "nearest",
    beside: float | None = None,
    n: int = 0,
    language: Language = ENGLISH,
) -> str:
    """Return a share as so many of 100.

    Args:
        share: from 0 to 1.
        towards: which way to round: a lower bound down, an upper bound up.
        beside: the bar it stands next to, which rounding must not carry it across.
        n: how many it was counted on; from 1,000 on one more digit means something.
        language: in which it is said.

    >>> per_100(250 / 260), per_100(0.9361, towards="down"), per_100(299 / 300)
    ('96 of 100', '93 of 100', '99.7 of 100')
    >>> per_100(0.7995, beside=0.80)
    '79.95 of 100'
    """
    return language.say(
        "of 100", number=hundredths(share, towards=towards, beside=beside, n=n, language=language)
    )


def hundredths(
    share: float,
    *,
    towards: Towards = "nearest",
    beside: float | None = None,
    n: int = 0,
    language: Language = ENGLISH,
) -> str:
    """Return the number alone, for a column whose head says "of 100".

    >>> hundredths(0.9361, towards="down")
    '93'
    """
    value, bar = 100 * share, None if beside is None else 100 * beside
    digits = digits_for(value, beside=bar, towards=towards, limits=(0.0, 100.0), fewest=1 if n >= 1000 else 0)
    shown = rounded(value, digits, towards)
    if bar is not None and _side(shown, bar) != _side(value, bar):
        shown = rounded(value, digits, "down" if value < bar else "up")
    return language.number(_decimal(shown, digits))


def line_per_100(bar: float, language: Language = ENGLISH) -> str:
    """Return a bar: never rounded, because a person drew it.

    >>> line_per_100(0.8), line_per_100(0.995)
    ('80 of 100', '99.5 of 100')
    """
    return language.say("of 100", number=language.number(f"{round(100 * bar, 6):g}"))


def points(
    difference: float,
    *,
    towards: Towards = "nearest",
    beside: float | None = None,
    n: int = 0,
    language: Language = ENGLISH,
) -> str:
    """Return a difference of two shares, with its sign.

    >>> points(0.09), points(-0.02), points(0.0)
    ('+9 of 100', '-2 of 100', '0 of 100')
    """
    value, bar = 100 * difference, None if beside is None else 100 * beside
    digits = digits_for(value, beside=bar, towards=towards, limits=(0.0,), fewest=1 if n >= 1000 else 0)
    shown = rounded(value, digits, towards) + 0.0
    signed = f"{'+' if shown > 0 else ''}{language.number(_decimal(shown, digits))}"
    return language.say("of 100", number=signed)


def _decimal(value: float, digits: int) -> str:
    text = f"{value + 0.0:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def chance(error: float, language: Language = ENGLISH) -> str:
    """Return an error rate, always of 100.

    >>> chance(0.05), chance(0.05 / 3), chance(0.000416)
    ('5 in 100', '1.7 in 100', '0.042 in 100')
    """
    return language.say("in 100", number=chances(error, language))


def chances(error: float, language: Language = ENGLISH) -> str:
    """Return an error rate of 100 as the number alone.

    >>> chances(0.05 / 3)
    '1.7'
    """
    return language.number(f"{float(f'{100 * error:.2g}'):g}")


def times(error: float, language: Language = ENGLISH) -> str:
    """Return an error rate as how often of 100.

    >>> times(0.05)
    '5 times in 100'
    """
    return language.say("times in 100", number=chances(error, language))


def two_figures(
    value: float, *, towards: Towards = "nearest", beside: float | None = None, language: Language = ENGLISH
) -> str:
    """Return a measured quantity to two figures, more only where the bar needs it.

    >>> two_figures(1834), two_figures(0.0413), two_figures(6.1234)
    ('1,800', '0.041', '6.1')
    """
    if value == 0:
        return "0"
    size = math.floor(math.log10(max(abs(value), LEAST)))
    for digits in range(1 - size, 1 - size + FINEST):
        shown = rounded(value, digits, towards)
        if beside is None or _side(shown, beside) == _side(value, beside):
            break
    return language.number(f"{shown:,.{max(digits, 0)}f}")


def money(
    dollars: float, *, towards: Towards = "nearest", beside: float | None = None, language: Language = ENGLISH
) -> str:
    """Return an amount to two figures, in whole cents where cents can say it.

    >>> money(0.7), money(1834), money(0.0413)
    ('$0.70', '$1,800', '$0.041')
    """
    text = two_figures(dollars, towards=towards, beside=beside)
    if re.fullmatch(r"-?\d+\.\d", text):
        text += "0"
    sign, amount = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + language.say("dollars", amount=language.number(amount))


def money_range(low: float, high: float, language: Language = ENGLISH) -> str:
    """Return a range of amounts.

    >>> money_range(0.40, 1.10), money_range(20, 20)
    ('$0.40 to $1.10', '$20')
    """
    least = money(low, language=language)
    return (
        least
        if low == high
        else language.say("{low} to {high}", low=least, high=money(high, language=language))
    )


def seconds(
    value: float, *, towards: Towards = "nearest", beside: float | None = None, language: Language = ENGLISH
) -> str:
    """Return a waiting time to two figures.

    >>> seconds(6.1234), seconds(0.05)
    ('6.1 s', '0.05 s')
    """
    text = two_figures(value, towards=towards, beside=beside)
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return language.say("seconds", amount=language.number(short))


def line_amount(value: float, unit: Literal["money", "seconds"], language: Language = ENGLISH) -> str:
    """Return a ceiling that a person drew, as it was drawn.

    >>> line_amount(0.06, "money"), line_amount(8, "seconds"), line_amount(0.5, "money")
    ('$0.06', '8 s', '$0.50')
    """
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    if unit == "seconds":
        return language.say("seconds", amount=language.number(text))
    return language.say("dollars", amount=language.number(f"{text}0" if re.search(r"\.\d$", text) else text))


def as_low_as(lower: str, language: Language = ENGLISH) -> str:
    """Return how a cautious bound is said.

    >>> as_low_as("91 of 100")
    'could be as low as 91 of 100'
    """
    return language.say("could be as low as", lower=lower)


def nothing_failed(n: int, *, lower: str = "", language: Language = ENGLISH) -> str:
    """Return what no failure at all still allows: never "none".

    Args:
        n: outputs without a failure.
        lower: the bound on the share that passes, in words; without it the rule of three, 3 in n.
        language: in which it is said.

    >>> nothing_failed(60), nothing_failed(300, lower="99 of 100")
    ('none of 60 failed, yet could be as low as 95 of 100', 'none of 300 failed, yet could be as low as 99 of 100')
    """
    least = lower or per_100(1 - min(3 / n, 1.0), towards="down", language=language)
    return language.say("none of {n} failed, yet could be as low as", n=whole(n, language), lower=least)


def flips(fixed: int, broken: int, unchanged: int | None = None, language: Language = ENGLISH) -> str:
    """Return a difference as what changed.

    >>> flips(12, 3), flips(12, 3, 85)
    ('fixes 12, breaks 3', 'fixes 12, breaks 3, same in 85')
    """
    said = language.say(
        "fixes {fixed}, breaks {broken}", fixed=whole(fixed, language), broken=whole(broken, language)
    )
    return said if unchanged is None else said + language.say("same in", unchanged=whole(unchanged, language))


def more_cases(cases: int, *, fresh: bool, language: Language = ENGLISH) -> str:
    """Return a price in cases.

    >>> more_cases(42, fresh=False), more_cases(310, fresh=True)
    ('about 42 more cases', 'about 310 new cases')
    """
    return language.say("about") + language.counted(cases, "new case" if fresh else "more case")
