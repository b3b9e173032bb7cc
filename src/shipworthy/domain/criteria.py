"""The criterion as people write it in `criteria.yaml`: what would count as good enough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected
from shipworthy.domain.launch import Name
from shipworthy.domain.scorer import KINDS, SECONDS, Declared

Estimand = Literal["rate", "all_of_k", "any_of_k", "difference", "mean", "quantile", "judged_rate"]
Choice = Literal["random", "by_verdict", "enriched", "unknown"]
Kind = Literal["goal", "guardrail", "diagnostic"]
WHO = ("check", "recorded", "labels", "judge")
NO_PART = (*WHO, "latency", "cost")
LONGEST = 60
"""Letters of a criterion's name."""
Severity = Literal["cosmetic", "annoying", "costly", "harmful", "unacceptable"]


class Bar(Authored):
    """The line: at least (more is better) or at most (less is better), and why it is drawn there."""

    at_least: float | None = Field(None, description="more is better: a rate, a gain")
    at_most: float | None = Field(None, description="less is better: a cost, a waiting time")
    why: str = Field("", description="who drew the line there, and what happens below it")

    @model_validator(mode="after")
    def _one_line(self) -> Bar:
        if (self.at_least is None) == (self.at_most is None):
            raise Expected("either `at_least` or `at_most`, and only one of them")
        return self

    @property
    def op(self) -> Literal[">=", "<="]:
        """The direction as the verdict prints it."""
        return ">=" if self.at_least is not None else "<="

    @property
    def value(self) -> float:
        """The number on the line."""
        return self.at_least if self.at_least is not None else self.at_most or 0.0


class Scorer(Declared):
    """Whoever scores: code (`check`, or a check declared here), a score that was imported (`recorded`), people, a judge."""

    check: str | None = Field(None, description="a function in scorers.py")
    seconds: Annotated[float, Field(gt=0, le=3600)] | None = Field(
        None,
        description=f"with `check`: how long the function may take for one output; {SECONDS:g} unless said",
    )
    recorded: str | None = Field(None, description="a score's name in the imported file")
    labels: str | None = Field(
        None, description="people: the name of the labels, as `look settle` or `label` writes them"
    )
    judge: str | None = Field(None, description="a model: the name of its file in judges/")

    @model_validator(mode="after")
    def _one_scorer(self) -> Scorer:
        named = [name for name in (*WHO, *KINDS) if getattr(self, name) is not None]
        if len(named) != 1:
            raise Expected(f"one of {', '.join((*WHO, *KINDS))}")
        if self.seconds is not None and self.check is None:
            raise Expected("`seconds` with `check`, and only with it", at="seconds")
        if self.at is not None and named[0] in (*NO_PART, "json_path"):
            raise Expected(f"no `at` with `{named[0]}`", at="at")
        if self.take is not None and named[0] in NO_PART:
            raise Expected(f"no `take` with `{named[0]}`", at="take")
        return self


class Labels(Authored):
    """People's labels on some of the outputs that a judge scored, and how those outputs were chosen."""

    recorded: str = Field(description="a score's name in the imported file; empty where nobody labelled")
    chosen: Choice = Field(
        description="random (of the deciding outputs), by_verdict (at random among what the judge passed and "
        "among what it failed), enriched (by how they turned out), unknown (nothing can be corrected)"
    )


class PassWhen(Authored):
    """From which value on a graded score passes."""

    at_least: float = Field(description="the least value that passes")


class Answered(Authored):
    """Which outputs the feature answers: the surer ones. The criterion is asked of those, and enough must be answered."""

    confidence: str = Field(
        min_length=1,
        description="a score's name in the imported file, from 0 to 1, more is surer, known before anybody judged",
    )
    at_least: float = Field(
        ge=0,
        le=1,
        description="the confidence from which on an output is answered; what is below is handed over",
    )
    of_cases: float = Field(
        gt=0,
        lt=1,
        description="the least share of the cases that must be answered, as 0.5; a claim of its own",
    )
    why: str = Field("", description="why so many must be answered, and what happens to what is handed over")


class Criterion(Authored):
    """One question the launch must answer, with its bar."""

    id: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=LONGEST, description="its name in every table")
    ]
    kind: Kind = Field("goal", description="why you ship, what must not break, or good to know")
    question: str = Field("", description="what is asked of an output, in plain words")
    pass_: str = Field("", alias="pass", description="an output that passes")
    fail: str = Field("", description="an output that fails")
    borderline: str = Field("", description="an output that is hard to judge, and how it is judged")
    estimand: Estimand = Field("rate", description="what is estimated: see docs/methods")
    k: int | None = Field(None, ge=2, le=64, description="for all_of_k and any_of_k: so many repeats")
    of: Literal["latency_s", "cost_usd"] | None = Field(None, description="for mean and quantile: of what")
    quantile: float | None = Field(None, gt=0, lt=1, description="for quantile: which, as 0.95")
    cap: float | None = Field(
        None, gt=0, le=1e9, description="the most one output can cost; needed for a mean"
    )
    bar: Bar = Field(description="the line")
    hoped_for: float | None = Field(None, ge=0, le=1, description="the rate you expect; prices a 'not yet'")
    slices: list[Name] = Field(
        default_factory=list, description="further slices where it must hold; they cost error"
    )
    scorer: Scorer | None = Field(None, description="who says whether an output passes")
    labels: Labels | None = Field(None, description="for judged_rate: the labels that correct the judge")
    error: float | None = Field(
        None, gt=0, le=0.2, description="chance of a wrong 'holds' for this criterion; the plan's unless said"
    )
    pass_when: PassWhen | None = Field(
        None, description="from which grade on an output passes; 1 unless said"
    )
    answered: Answered | None = Field(
        None, description="for a rate: only surer outputs are answered, and the bar is asked of those"
    )
    severity: Severity = Field("costly", description="how bad one failure is")
    failure_modes: list[Name] = Field(default_factory=list, description="ids from taxonomy.yaml")

    @model_validator(mode="after")
    def _fits_its_estimand(self) -> Criterion:
        _check_direction(self)
        _check_parts(self)
        _check_labels(self)
        _check_grade(self)
        _check_answered(self)
        return self

    @property
    def share_answered(self) -> Criterion | None:
        """The second claim of a criterion about answered outputs: that enough are answered; None for any other.

        It is a plain rate: of all planned outputs, how many carry a confidence that is high enough.
        """
        if self.answered is None:
            return None
        name, least = self.answered.confidence, self.answered.at_least
        return Criterion(
            id=share_name(self.id),
            kind=self.kind,
            question=f"`{name}` ≥ {least:g}",
            bar=Bar(at_least=self.answered.of_cases, why=self.answered.why),
            slices=self.slices,
            scorer=Scorer(recorded=name),
            error=self.error,
            pass_when=PassWhen(at_least=least),
            severity=self.severity,
        )


def share_name(criterion: str) -> str:
    """Return the name of the claim that enough is answered.

    >>> share_name("right")
    'right_answered'
    """
    return f"{criterion}_answered"


def with_shares(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Return every claim that criteria make: each one, and behind it that enough is answered where it asks for that."""
    return tuple(claim for each in criteria for claim in (each, each.share_answered) if claim is not None)


def _check_direction(criterion: Criterion) -> None:
    bar, estimand = criterion.bar, criterion.estimand
    if estimand in ("rate", "all_of_k", "any_of_k", "judged_rate") and bar.at_least is None:
        raise Expected(
            "`at_least`: say a rate so that passing is good, and turn the question round if need be", at="bar"
        )
    if estimand in ("mean", "quantile") and bar.at_most is None:
        raise Expected("`at_most`: a cost or a waiting time has a ceiling", at="bar")
    if estimand == "difference" and bar.at_least is None:
        raise Expected(
            "`at_least`: 0 for better than the baseline, -0.02 for not worse by 2 in 100", at="bar"
        )
    low, high = {"difference": (-1.0, 1.0), "mean": (0.0, float("inf")), "quantile": (0.0, float("inf"))}.get(
        estimand, (0.0, 1.0)
    )
    if not low <= bar.value < high:
        raise Expected(f"a bar from {low:g} to below {high:g}", at="bar")


def _check_parts(criterion: Criterion) -> None:
    estimand = criterion.estimand
    if estimand in ("all_of_k", "any_of_k") and criterion.k is None:
        raise Expected("`k`, the number of repeats that are asked about", at="estimand")
    if (estimand == "judged_rate") != (criterion.labels is not None):
        raise Expected("`labels` with `estimand: judged_rate`, and only with it", at="estimand")
    if criterion.scorer is not None and criterion.scorer.judge and estimand != "judged_rate":
        raise Expected(
            "`estimand: judged_rate` with `labels`: what a judge says by itself is never a claim",
            at="estimand",
        )
    if estimand in ("mean", "quantile"):
        if criterion.of is None:
            raise Expected("`of: latency_s` or `of: cost_usd`", at="estimand")
        if estimand == "quantile" and criterion.quantile is None:
            raise Expected("`quantile`, for example 0.95", at="estimand")
        if estimand == "mean" and (criterion.cap is None or criterion.cap <= criterion.bar.value):
            raise Expected("`cap`, the most one output can cost, above the bar", at="cap")
    elif criterion.scorer is None:
        raise Expected("`scorer`, who says whether an output passes")


def _check_labels(criterion: Criterion) -> None:
    """Refuse a judge that would be held against its own word: it would always be right."""
    scorer, labels = criterion.scorer, criterion.labels
    if scorer is not None and labels is not None and labels.recorded in (scorer.recorded, scorer.labels):
        raise Expected(
            f"labels by people, under another name than `{labels.recorded}`: that is what they are to correct",
            at="labels",
        )


def _check_grade(criterion: Criterion) -> None:
    """Refuse a grade from which everything passes, or nothing, where scores go from 0 (failed) to 1 (passed)."""
    scorer, passes = criterion.scorer, criterion.pass_when
    if scorer is not None and passes is not None and scorer.recorded is None and not 0 < passes.at_least <= 1:
        raise Expected(
            "`at_least` above 0 and at most 1: these scores go from 0, failed, to 1, passed", at="pass_when"
        )


def _check_answered(criterion: Criterion) -> None:
    """Refuse `answered` wherever a rate among answered outputs is not what the estimand is about."""
    answered = criterion.answered
    if answered is None:
        return
    if criterion.estimand != "rate":
        raise Expected(
            f"`answered` with `estimand: rate`, and only with it: of {_ABOUT[criterion.estimand]} nobody has worked "
            "out what is shown by the answered ones alone",
            at="answered",
        )
    if criterion.bar.value <= 0:
        raise Expected("a bar above 0 with `answered`", at="answered")
    if criterion.scorer is not None and criterion.scorer.recorded == answered.confidence:
        raise Expected(
            "a confidence that is not what the criterion itself reads: what the feature knew before anybody judged",
            at="answered",
        )
    if len(share_name(criterion.id)) > LONGEST:
        raise Expected(
            f"a name of at most {LONGEST - len(share_name(''))} letters with `answered`", at="answered"
        )


_ABOUT = {
    "all_of_k": "repeats that must all pass",
    "any_of_k": "repeats of which one must pass",
    "difference": "a difference from the baseline",
    "mean": "a mean cost or waiting time",
    "quantile": "a quantile of waiting times or costs",
    "judged_rate": "a judge's verdicts that labels correct",
}
