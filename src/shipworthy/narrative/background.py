"""The parts of the memo that come from the brief: why it matters, how it goes live, what could be wrong."""

from __future__ import annotations

from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.document import Block, Bullets, Paragraph, Section
from shipworthy.narrative.facts import Facts, Stage
from shipworthy.narrative.prose import Prose
from shipworthy.narrative.text import plain, sentence

ARTICLES = frozenset(
    {
        "the",
        "a",
        "an",
        "our",
        "their",
        "his",
        "her",
        "its",
        "every",
        "each",
        "all",
        "some",
        "whoever",
        "everybody",
    }
)
"""Words after which an English noun needs no article of ours."""


def why_it_matters(launch: Launch, verdict: Verdict, facts: Facts, language: Language = ENGLISH) -> Section:
    """Return what the feature is for, what it is worth, and what a wrong answer costs."""
    say = language.say
    sentences = [sentence(launch.goal, 240)]
    if launch.users:
        users = language.listed([plain(user, 80) for user in launch.users[:4]])
        sentences.append(say("It is for {users}", users=users))
    sentences += _value(launch, verdict, language)
    sentences += [
        say(
            "A wrong answer of one kind ({event}) costs {money}",
            event=plain(h.event, 80),
            money=wording.money_range(h.low, h.high, language),
            payer=say("paid by {payer}", payer=_payer(h.who, language)) if h.who else "",
        )
        for h in launch.harm[:2]
    ]
    if launch.not_worth_it_if:
        condition = plain(launch.not_worth_it_if, 160).rstrip(".")
        sentences.append(say("It is not worth it if {condition}", condition=condition))
    if facts.quote:
        alias = f" ({plain(facts.quote_by, 60)})" if facts.quote_by else ""
        sentences.append(say("One user{alias} said: {quote}", alias=alias, quote=plain(facts.quote, 200)))
    text = " ".join(s for s in sentences if s) or say("Nobody has written down what this is worth yet")
    return Section("why", say("Why it matters"), (Paragraph((text,)),))


def _payer(who: str, language: Language = ENGLISH) -> str:
    """Return who pays, in English with an article unless they brought one.

    >>> _payer("customer"), _payer("the public")
    ('the customer', 'the public')
    """
    name = plain(who, 60)
    return name if name.split(" ")[0].lower() in ARTICLES else language.say("the {payer}", payer=name)


def _value(launch: Launch, verdict: Verdict, language: Language) -> list[str]:
    value, say = launch.value, language.say
    if value is None or value.high <= 0:
        return []
    said = [
        say(
            "A good answer is worth {money}",
            money=wording.money_range(value.low, value.high, language),
            unit="" if value.unit == "answer" else say("per {unit}", unit=plain(value.unit, 40)),
            basis=f" ({plain(value.basis, 120)})" if value.basis else "",
        )
    ]
    if value.per_week:
        share = verdict.scope.traffic_share if verdict.scope.included else None
        inside = ""
        if share and share < 1:
            part = wording.two_figures(value.per_week * share, language=language)
            inside = say(", {part} of them in this scope", part=part)
        number = wording.two_figures(value.per_week, language=language)
        said.append(say("There are about {number} a week", number=number, inside=inside))
    return said


def going_live(verdict: Verdict, facts: Facts, language: Language = ENGLISH) -> Section:
    """Return the stages, or what must be written before anybody signs."""
    word = verdict.would_be if verdict.exploratory else verdict.verdict
    block: Block
    if facts.stages:
        block = Bullets(tuple(_stage(stage, language) for stage in facts.stages))
    elif word in ("ship", "ship narrower") and not verdict.exploratory:
        block = Paragraph((language.say("Going live is not written yet"),))
    else:
        block = Paragraph((language.say("Nothing goes live on this verdict"),))
    return Section("going-live", language.say("Going live"), (block,))


def _stage(stage: Stage, language: Language) -> Prose:
    parts = [sentence(stage.whom, 160)]
    if stage.until:
        until = plain(stage.until, 160).rstrip(".")
        parts.append(language.say("Next step when {until}", until=until))
    if stage.stop:
        parts.append(language.say("Stop if {stop}", stop=plain(stage.stop, 160).rstrip(".")))
    return (" ".join(parts),)


def could_be_wrong(launch: Launch, verdict: Verdict, facts: Facts, language: Language = ENGLISH) -> Section:
    """Return what no interval covers: how the test may differ from life, and what was accepted."""
    say, tell = language.say, language.tell
    items: list[Prose] = [(say("The bounds cover the luck of the draw only"),)]
    items += [(sentence(tell(note), language.room(240)),) for note in verdict.notes]
    items += [(sentence(tell(aside), language.room(600)),) for aside in facts.asides]
    items += [
        (say("Open: {challenge}", challenge=sentence(language.title_of(name), language.room(160))),)
        for name in verdict.blocked_by
    ]
    items += [
        (say("Accepted: {challenge}", challenge=sentence(tell(challenge), language.room(240))),)
        for challenge in facts.challenges
    ]
    shares = launch.scope_slice()
    if shares is not None and verdict.scope.traffic_share is not None:
        items.append((say("Traffic shares are expected, not measured"),))
    if not facts.challenges and not verdict.blocked_by:
        items.append((say("No challenge has been recorded against this memo yet"),))
    return Section("doubts", say("What could make this wrong"), (Bullets(tuple(items)),))
