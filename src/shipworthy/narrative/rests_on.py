"""What each method says to a manager, which of its assumptions is most likely wrong, and what would break it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.domain.verdict import Claim, JudgeFacts, Verdict
from shipworthy.narrative import wording


@dataclass(frozen=True)
class Said:
    """A method in plain words.

    Attributes:
        says: what its number tells.
        weakest: the assumption most likely to be wrong.
        breaks: what would break it.
    """

    says: str
    weakest: str
    breaks: str


BY_ESTIMAND = {
    "rate": Said(
        "of cases like these, so many pass",
        "the cases are drawn alike from the traffic to come",
        "cases picked because they are easy, or one cause that fails many and is not declared as a group",
    ),
    "all_of_k": Said(
        "of cases like these, so many pass every time",
        "the repeats of a case are alike",
        "a cache that gives one answer twice, or a feature that learns between repeats",
    ),
    "any_of_k": Said(
        "of cases like these, so many pass at least once when tried again",
        "somebody picks the good answer",
        "users who take the first answer they get",
    ),
    "difference": Said(
        "on the same cases, the candidate passes so many more than the baseline",
        "the margin was chosen before the look",
        "a baseline run on other cases, or graded by another grader",
    ),
    "mean": Said(
        "an output costs so much on average, counting what is above the cap as the cap",
        "what lies above the cap does not matter",
        "a few outputs that cost a hundred times the cap",
    ),
    "quantile": Said(
        "so large a share of outputs stays within the bar",
        "the load while measuring is the load to come",
        "slow hours that were not measured; no answer counts as too slow",
    ),
    "judged_rate": Said(
        "of cases like these, so many would pass a person, going by a judge's verdicts and the labels that correct them",
        "the labelled outputs were chosen as the plan says",
        "labels on outputs that somebody picked, or a judge whose model or prompt changed between outputs",
    ),
}
"""One entry for each estimand that a criterion may have."""

SCOPE = Said(
    "only slices that stand by themselves are shipped",
    "slices were declared before anybody looked",
    "slices found by looking at the results",
)
LOOKS = Said(
    "what is said holds however often the sealed cases were looked at",
    "the order of the cases has nothing to do with how they turned out",
    "running the easy cases first",
)


def rests_on(verdict: Verdict) -> tuple[str, ...]:
    """Return a sentence on each method that the verdict used, and on each judge."""
    deciding = [claim for claim in verdict.claims if claim.decides]
    said = []
    for estimand in dict.fromkeys(claim.estimand for claim in deciding):
        names = list(dict.fromkeys(c.criterion.replace("_", " ") for c in deciding if c.estimand == estimand))
        said.append(f"{wording.listed(names)}: {_sentence(BY_ESTIMAND[estimand])}")
    if verdict.scope.excluded and verdict.scope.included:
        said.append(f"The scope: {_sentence(SCOPE)}")
    if any("any look" in claim.method or "e-process" in claim.method for claim in deciding):
        said.append(f"The looks: {_sentence(LOOKS)}")
    return (*said, *_judges(deciding))


def judge_words(judge: JudgeFacts) -> str:
    """Return what a judge is, in one sentence.

    >>> judge_words(JudgeFacts(100, 0.9, catches=0.9, accuses=0.03, worth=0.3))
    'Of 100 bad outputs the judge catches about 90, of 100 good ones it accuses about 3; one judged output is worth 0.3 labels.'
    """
    parts = []
    if judge.catches is not None:
        parts.append(f"of 100 bad outputs the judge catches about {100 * judge.catches:.0f}")
    if judge.accuses is not None:
        parts.append(f"of 100 good ones it accuses about {100 * judge.accuses:.0f}")
    text = ", ".join(parts) or "how often the judge is right cannot be told from these labels"
    if judge.worth is not None:
        text += f"; one judged output is worth {judge.worth:.2g} labels"
    return f"{text[0].upper()}{text[1:]}."


def _judges(claims: Sequence[Claim]) -> list[str]:
    where = {(c.criterion.replace("_", " "), c.slice): c.judge for c in claims if c.judge is not None}
    return [
        f"{name}{f' on {place}' if place else ''}: {judge_words(judge)}"
        for (name, place), judge in where.items()
    ]


def _sentence(said: Said) -> str:
    return f"{said.says}. Most likely to be wrong: that {said.weakest}. What would break it: {said.breaks}."
