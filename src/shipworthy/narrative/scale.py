"""On which scale a claim's numbers are said: shares, gains, money, seconds; and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Claim
from shipworthy.narrative import wording

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
    """

    unit: Unit
    line: float | None
    line_words: str
    less_is_better: bool
    n: int

    @property
    def line_short(self) -> str:
        """The bar beside an axis that says of what it is: "75", "better", "5 worse"."""
        words = self.line_words.replace(" of 100", "").removesuffix(" than the baseline")
        return words.removeprefix("at most ") if self.unit == "gain" else words

    def say(self, value: float, towards: wording.Towards = "nearest") -> str:
        """Return a value of this scale in words, kept on its own side of the bar."""
        if self.unit == "share":
            return wording.per_100(value, towards=towards, beside=self.line, n=self.n)
        if self.unit == "gain":
            return wording.points(value, towards=towards, beside=self.line, n=self.n)
        amount = {"money": wording.money, "seconds": wording.seconds}.get(self.unit, wording.two_figures)
        return amount(value, towards=towards, beside=self.line)

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


def scale_of(claim: Claim, criterion: Criterion | None) -> Scale:
    """Return the scale of a claim; the criterion tells what the claim alone cannot."""
    bar = claim.bar.value
    if claim.estimand in ("rate", "judged_rate"):
        return Scale("share", bar, wording.line_per_100(bar), less_is_better=False, n=claim.groups)
    if claim.estimand in ("all_of_k", "any_of_k"):
        k, some = (
            criterion.k if criterion else None,
            "any" if claim.estimand == "any_of_k" else f"all {criterion and criterion.k}",
        )
        words = f"{wording.line_per_100(bar)}, {some} of {k} repeats" if k else wording.line_per_100(bar)
        return Scale("share", bar, words, less_is_better=False, n=claim.groups)
    if claim.estimand == "difference":
        return Scale("gain", bar, _gain_words(bar), less_is_better=False, n=claim.groups)
    unit: Unit = {"cost_usd": "money", "latency_s": "seconds"}.get(
        (criterion and criterion.of) or "", "number"
    )  # type: ignore[assignment]
    ceiling = _amount(bar, unit)
    if claim.estimand == "quantile":
        share = criterion.quantile if criterion else None
        words = f"{wording.line_per_100(share)} within {ceiling}" if share else f"within {ceiling}"
        return Scale("share", share, words, less_is_better=False, n=claim.groups)
    return Scale(unit, bar, f"at most {ceiling}", less_is_better=True, n=claim.groups)


def _gain_words(bar: float) -> str:
    if bar == 0:
        return "better than the baseline"
    if bar < 0:
        return f"at most {wording.line_per_100(-bar)} worse"
    return f"+{wording.line_per_100(bar)}"


def _amount(value: float, unit: Unit) -> str:
    return wording.line_amount(value, unit) if unit in ("money", "seconds") else f"{value:g}"
