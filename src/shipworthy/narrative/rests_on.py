"""What each method says to a manager, which of its assumptions is most likely wrong, and what would break it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.domain.verdict import Claim, JudgeFacts, Verdict
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.text import capital


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


ESTIMANDS = ("rate", "all_of_k", "any_of_k", "difference", "mean", "quantile", "judged_rate")
"""What a criterion may ask for; each has a sentence of its own."""


def method(name: str, language: Language = ENGLISH) -> Said:
    """Return what is said of a method: of an estimand, of "the scope", "the looks" or "what it answers"."""
    return Said(*(language.say(f"{name}: {part}") for part in ("what it says", "weakest", "what breaks it")))


BY_ESTIMAND = {name: method(name) for name in ESTIMANDS}
"""One entry for each estimand that a criterion may have."""
SCOPE, LOOKS, ANSWERS = method("the scope"), method("the looks"), method("what it answers")


def rests_on(verdict: Verdict, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return a sentence on each method that the verdict used, and on each judge."""
    deciding = [claim for claim in verdict.claims if claim.decides]
    said = []
    for estimand in dict.fromkeys(claim.estimand for claim in deciding):
        names = list(dict.fromkeys(c.criterion.replace("_", " ") for c in deciding if c.estimand == estimand))
        said.append(f"{language.listed(names)}: {_sentence(estimand, language)}")
    if verdict.scope.excluded and verdict.scope.included:
        said.append(f"{language.say('The scope')}: {_sentence('the scope', language)}")
    if any("any look" in claim.method or "e-process" in claim.method for claim in deciding):
        said.append(f"{language.say('The looks')}: {_sentence('the looks', language)}")
    if any(claim.handed_over is not None for claim in deciding):
        said.append(f"{language.say('What it answers')}: {_sentence('what it answers', language)}")
    return (*said, *_judges(deciding, language))


def judge_words(judge: JudgeFacts, language: Language = ENGLISH) -> str:
    """Return what a judge is, in one sentence.

    >>> judge_words(JudgeFacts(100, 0.9, catches=0.9, accuses=0.03, worth=0.3))
    'Of 100 bad outputs the judge catches about 90, of 100 good ones it accuses about 3; one judged output is worth 0.3 labels.'
    """
    parts = []
    if judge.catches is not None:
        parts.append(
            language.say("of 100 bad outputs the judge catches", number=f"{100 * judge.catches:.0f}")
        )
    if judge.accuses is not None:
        parts.append(language.say("of 100 good ones it accuses", number=f"{100 * judge.accuses:.0f}"))
    text = ", ".join(parts) or language.say("how often the judge is right cannot be told")
    if judge.worth is not None:
        worth = language.number(f"{judge.worth:.2g}")
        text += language.say("one judged output is worth {number} labels", number=worth)
    return f"{capital(text)}."


def _judges(claims: Sequence[Claim], language: Language) -> list[str]:
    where = {(c.criterion.replace("_", " "), c.slice): c.judge for c in claims if c.judge is not None}
    return [
        f"{language.say('{name} on {place}', name=name, place=place) if place else name}: {judge_words(judge, language)}"
        for (name, place), judge in where.items()
    ]


def _sentence(name: str, language: Language) -> str:
    said = method(name, language)
    return language.say(
        "{says}. Most likely to be wrong", says=said.says, weakest=said.weakest, breaks=said.breaks
    )
