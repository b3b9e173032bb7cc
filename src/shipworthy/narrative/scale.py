"""On which scale a claim's numbers are said: shares, gains, money, seconds; and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Claim
from shipworthy.narrative import wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language

Unit = Literal["share", "gain", "money", "seconds", "number"]


@dataclass(frozen=True)
class Scale:
    """How the numbers of one claim are said.

    Attributes:
        unit: what they count.
        line: the bar on the scale of the estimate; None when the criterion is not known.
        line_words: the bar as it was drawn.
        less_is_better: True for a cost or a waiting time.
        n: independent groups the numbers rest on.
        language: in which they are said.
    """

    unit: Unit
    line: float | None
    line_words: str
    less_is_better: bool
    n: int
    language: Language = ENGLISH

    @property
    def line_short(self) -> str:
        """The bar beside an axis that says of what it is: "75", "better", "5 worse"."""
        say = self.language.say
        words = self.line_words.replace(say("of 100", number=""), "").removesuffix(say("than the baseline"))
        return words.removeprefix(say("at most", ceiling="")) if self.unit == "gain" else words

    def say(self, value: float, towards: wording.Towards = "nearest") -> str:
        """Return a value of this scale in words, kept on its own side of the bar."""
        if self.unit == "share":
            return wording.per_100(value, towards=towards, beside=self.line, n=self.n, language=self.language)
        if self.unit == "gain":
            return wording.points(value, towards=towards, beside=self.line, n=self.n, language=self.language)
        amount = {"money": wording.money, "seconds": wording.seconds}.get(self.unit, wording.two_figures)
        return amount(value, towards=towards, beside=self.line, language=self.language)

    def worst(self, claim: Claim) -> float | None:
        """Return the bound a cautious reader plans with."""
        return claim.upper if self.less_is_better else claim.lower

    def best(self, claim: Claim) -> float | None:
        """Return the bound a hopeful reader would plan with."""
        return claim.lower if self.less_is_better else claim.upper

    def reaches(self, value: float) -> bool:
        """Say whether a value is on the good side of the bar, or on it."""
        if self.line is None:
            return False
        return value <= self.line if self.less_is_better else value >= self.line


def scale_of(claim: Claim, criterion: Criterion | None, language: Language = ENGLISH) -> Scale:
    """Return the scale of a claim; the criterion tells what the claim alone cannot."""
    bar, n = claim.bar.value, claim.groups
    if claim.estimand == "difference":
        return Scale("gain", bar, _gain_words(bar, language), less_is_better=False, n=n, language=language)
    if claim.estimand not in ("mean", "quantile"):
        words = wording.line_per_100(bar, language)
        if claim.estimand in ("all_of_k", "any_of_k") and criterion and criterion.k:
            which = "any of {k} repeats" if claim.estimand == "any_of_k" else "all {k} of {k} repeats"
            words = language.say(which, line=words, k=criterion.k)
        return Scale("share", bar, words, less_is_better=False, n=n, language=language)
    unit: Unit = {"cost_usd": "money", "latency_s": "seconds"}.get(
        (criterion and criterion.of) or "", "number"
    )  # type: ignore[assignment]
    ceiling = _amount(bar, unit, language)
    if claim.estimand == "quantile":
        share = criterion.quantile if criterion else None
        words = language.say("within", ceiling=ceiling)
        if share:
            words = language.say("{share} within", share=wording.line_per_100(share, language), within=words)
        return Scale("share", share, words, less_is_better=False, n=n, language=language)
    most = language.say("at most", ceiling=ceiling)
    return Scale(unit, bar, most, less_is_better=True, n=n, language=language)


def _gain_words(bar: float, language: Language) -> str:
    if bar == 0:
        return language.say("better than the baseline", than=language.say("than the baseline"))
    line = wording.line_per_100(abs(bar), language)
    if bar < 0:
        return language.say("worse", at_most=language.say("at most", ceiling=line))
    return f"+{line}"


def _amount(value: float, unit: Unit, language: Language) -> str:
    if unit in ("money", "seconds"):
        return wording.line_amount(value, unit, language)
    return language.number(f"{value:g}")
