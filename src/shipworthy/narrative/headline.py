"""The verdict as one sentence or two; nothing in it can be read as more than was shown."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.claim import places
from shipworthy.narrative.text import plain

MANY = 4
"""More slices than this are not told one by one on a page."""


def headline(verdict: Verdict, language: Language = ENGLISH) -> str:
    """Return the verdict as one sentence or two; nothing in it can be read as more than was shown."""
    if verdict.exploratory:
        told = language.say("Not yet: exploratory")
        if verdict.would_be:
            told += language.say(
                "On new cases the same counts would give", word=language.say(verdict.would_be)
            )
    else:
        told = _computed(verdict, language)
    if not verdict.blocked_by:
        return told
    return language.say(
        "Blocked by {challenges}: {names}",
        challenges=plural_challenges(len(verdict.blocked_by), language),
        names=language.listed([plain(language.title_of(name), 80) for name in verdict.blocked_by]),
        counts_say=told,
    )


def plural_challenges(number: int, language: Language = ENGLISH) -> str:
    """Return a number of challenges.

    >>> plural_challenges(2)
    '2 open challenges'
    """
    return language.counted(number, "open challenge")


def _computed(verdict: Verdict, language: Language) -> str:
    scope, say = verdict.scope, language.say
    if verdict.verdict == "ship":
        if places(scope.included) == "everywhere":
            return say("Ship: every claim holds everywhere")
        whom = places(scope.included, language=language) or say("the declared scope")
        return say("Ship to all of {whom}", whom=whom)
    if verdict.verdict == "ship narrower":
        return _narrower(verdict, language)
    if verdict.verdict == "do not ship":
        slices = verdict.scope.excluded
        return say(
            "Do not ship: in every slice some claim" if slices else "Do not ship: a claim does not hold"
        )
    return _not_yet(verdict, language)


def _not_yet(verdict: Verdict, language: Language) -> str:
    say, deciding = language.say, [c for c in verdict.claims if c.decides]
    open_claims = [c for c in deciding if c.state == "not shown"]
    refuted = [c for c in deciding if c.state == "does not hold"]
    if not deciding:
        return say("Not yet: no goal or guardrail decides")
    if not open_claims and not refuted:
        return say("Not yet: the claims hold one by one, but not together")
    counted = wording.of(len(open_claims), len(deciding), language)
    parts = [language.say_for(len(open_claims), "{counted} claims are not shown", counted=counted)]
    if refuted:
        number = language.whole(len(refuted))
        parts.append(language.say_for(len(refuted), "{number} do not hold", number=number))
    return say("Not yet: {parts}", parts=language.listed(parts))


def _narrower(verdict: Verdict, language: Language) -> str:
    scope, say = verdict.scope, language.say
    share = scope.traffic_share
    kept = (
        ""
        if share is None
        else say(", {share} of the traffic", share=wording.per_100(share, language=language))
    )
    left = _not_in([out.slice for out in scope.excluded], language)
    only = say("Ship narrower: only {places}", places=places(scope.included, language=language), kept=kept)
    return only + (say("Not {left}", left=left) if left else "")


def _not_in(slices: Sequence[str], language: Language) -> str:
    """Return the slices left out; of many of one partition, how many they are."""
    tags = {name.split("=", 1)[0] for name in slices if "=" in name}
    if len(slices) > MANY and len(tags) == 1 and all("=" in name for name in slices):
        tag = plain(tags.pop(), 40)
        return language.say("the other {number} ({tag})", number=language.whole(len(slices)), tag=tag)
    return places(slices, last="or", language=language)
