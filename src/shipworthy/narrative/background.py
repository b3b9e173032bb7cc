"""The parts of the memo that come from the brief: why it matters, how it goes live, what could be wrong."""

from __future__ import annotations

from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import wording
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
"""Words after which a noun needs no article of ours."""


def why_it_matters(launch: Launch, verdict: Verdict, facts: Facts) -> Section:
    """Return what the feature is for, what it is worth, and what a wrong answer costs."""
    sentences = [sentence(launch.goal, 240)]
    if launch.users:
        sentences.append(f"It is for {wording.listed([plain(user, 80) for user in launch.users[:4]])}.")
    sentences += _value(launch, verdict)
    sentences += [
        f"A wrong answer of one kind ({plain(h.event, 80)}) costs {wording.money_range(h.low, h.high)}"
        f"{f', paid by {_payer(h.who)}' if h.who else ''}."
        for h in launch.harm[:2]
    ]
    if launch.not_worth_it_if:
        sentences.append(f"It is not worth it if {plain(launch.not_worth_it_if, 160).rstrip('.')}.")
    if facts.quote:
        alias = f" ({plain(facts.quote_by, 60)})" if facts.quote_by else ""
        sentences.append(f"One user{alias} said: “{plain(facts.quote, 200)}”")
    text = " ".join(s for s in sentences if s) or "Nobody has written down what this is worth yet."
    return Section("why", "Why it matters", (Paragraph((text,)),))


def _payer(who: str) -> str:
    """Return who pays, with an article unless they brought one.

    >>> _payer("customer"), _payer("the public")
    ('the customer', 'the public')
    """
    name = plain(who, 60)
    return name if name.split(" ")[0].lower() in ARTICLES else f"the {name}"


def _value(launch: Launch, verdict: Verdict) -> list[str]:
    value = launch.value
    if value is None or value.high <= 0:
        return []
    basis = f" ({plain(value.basis, 120)})" if value.basis else ""
    unit = "" if value.unit == "answer" else f" per {plain(value.unit, 40)}"
    said = [f"A good answer is worth {wording.money_range(value.low, value.high)}{unit}{basis}."]
    if value.per_week:
        share = verdict.scope.traffic_share if verdict.scope.included else None
        inside = (
            f", {wording.two_figures(value.per_week * share)} of them in this scope"
            if share and share < 1
            else ""
        )
        said.append(f"There are about {wording.two_figures(value.per_week)} a week{inside}.")
    return said


def going_live(verdict: Verdict, facts: Facts) -> Section:
    """Return the stages, or what must be written before anybody signs."""
    word = verdict.would_be if verdict.exploratory else verdict.verdict
    block: Block
    if facts.stages:
        block = Bullets(tuple(_stage(stage) for stage in facts.stages))
    elif word in ("ship", "ship narrower") and not verdict.exploratory:
        text = (
            "Not written yet. Before anybody signs: who gets it first, what must be seen before the next step, "
            "what ends it, and who can switch it off."
        )
        block = Paragraph((text,))
    else:
        block = Paragraph(("Nothing goes live on this verdict.",))
    return Section("going-live", "Going live", (block,))


def _stage(stage: Stage) -> Prose:
    parts = [sentence(stage.whom, 160)]
    if stage.until:
        parts.append(f"Next step when {plain(stage.until, 160).rstrip('.')}.")
    if stage.stop:
        parts.append(f"Stop if {plain(stage.stop, 160).rstrip('.')}.")
    return (" ".join(parts),)


def could_be_wrong(launch: Launch, verdict: Verdict, facts: Facts) -> Section:
    """Return what no interval covers: how the test may differ from life, and what was accepted."""
    items: list[Prose] = [
        ("The bounds cover the luck of the draw only, not cases that differ from next month's.",)
    ]
    items += [(sentence(note, 240),) for note in verdict.notes]
    items += [(sentence(aside, 600),) for aside in facts.asides]
    items += [(f"Open: {sentence(name, 160)}",) for name in verdict.blocked_by]
    items += [(f"Accepted: {sentence(challenge, 240)}",) for challenge in facts.challenges]
    shares = launch.scope_slice()
    if shares is not None and verdict.scope.traffic_share is not None:
        items.append(("Traffic shares are expected, not measured.",))
    if not facts.challenges and not verdict.blocked_by:
        items.append(("No challenge has been recorded against this memo yet.",))
    return Section("doubts", "What could make this wrong", (Bullets(tuple(items)),))
