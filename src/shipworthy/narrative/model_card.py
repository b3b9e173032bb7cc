"""The model card of a launch: what it is for, what it is not for, on which data, how it did, its limits, whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch, Variant
from shipworthy.domain.taxonomy import FailureMode, active
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative import explain
from shipworthy.narrative.claim import ClaimRow, places, rows
from shipworthy.narrative.document import Block, Bullets, Memo, Paragraph, Row, Section, Table
from shipworthy.narrative.headline import headline
from shipworthy.narrative.prose import Prose, flat
from shipworthy.narrative.records import Records, counted
from shipworthy.narrative.rests_on import rests_on
from shipworthy.narrative.text import plain, sentence

HEAD = ("What is asked", "Where", "Bar", "In the test", "What it could be", "State")
NOBODY = "Nobody has written it down yet."
SAMPLE = "Sample material: this launch describes no real product."
SEALED = "Sealed cases were not looked at yet, so there are no results to show."
WORST_FIRST = ("unacceptable", "harmful", "costly", "annoying", "cosmetic")


@dataclass(frozen=True)
class Card:
    """What a card is made from.

    Attributes:
        launch: the brief.
        criteria: with their bars.
        taxonomy: the failure modes.
        verdict: what the counts say; None while sealed cases were not looked at.
        records: what there is, in counts.
        variant: the variant that the card is about, with what it takes over from others.
    """

    launch: Launch
    criteria: Sequence[Criterion]
    taxonomy: Sequence[FailureMode]
    verdict: Verdict | None
    records: Records
    variant: Variant


def model_card(card: Card) -> Memo:
    """Return the card; what nobody wrote down is said, and no number is added."""
    launch, verdict = card.launch, card.verdict
    said = rows(verdict, card.criteria) if verdict is not None else ()
    sections = (
        Section("what", "What it is", (Bullets(_what(card)),)),
        Section("use", "Intended use", (Bullets(_use(launch, verdict)),)),
        Section("excluded", "Excluded use", (Bullets(_excluded(launch, verdict, said)),)),
        Section("data", "Data", (Bullets(_data(card)),)),
        Section("results", "Results", _results(verdict, said)),
        Section("limits", "Limits", (Bullets(_limits(card)),)),
        Section("contact", "Contact", (Bullets(_contact(card)),)),
    )
    foot = (
        ()
        if verdict is None
        else (("Plan", plain(verdict.plan, 80)), ("Evidence", plain(verdict.evidence, 80)))
    )
    return Memo(
        title=f"Model card: {plain(launch.title, 100) or 'a launch without a title'}",
        notices=(SAMPLE,) if launch.sample else (),
        heading=tuple(pair for pair in (("Variant", plain(launch.candidate or "", 80)), *foot) if pair[1]),
        page=sections,
        appendix=(),
        foot=(),
    )


def _items(*texts: str) -> tuple[Prose, ...]:
    found = tuple((text,) for text in texts if text)
    return found or ((NOBODY,),)


def _what(card: Card) -> tuple[Prose, ...]:
    against = f"It is held against {plain(card.launch.baseline, 80)}." if card.launch.baseline else ""
    return _items(_reached(card.variant), against)


def _reached(variant: Variant) -> str:
    """Say how the variant is asked; no address is given away, as a card leaves the house."""
    if variant.chat is not None:
        return f"A chat model: {plain(variant.chat.model, 120)}."
    ways = ((variant.python, "a function"), (variant.command, "a program"), (variant.http, "an endpoint"))
    way = next((name for given, name in ways if given is not None), "")
    if way:
        return f"It is asked as {way}."
    return "Its outputs were recorded elsewhere." if variant.recorded else ""


def _use(launch: Launch, verdict: Verdict | None) -> tuple[Prose, ...]:
    job = launch.job
    for_what = f"When {plain(job.when, 200)}: {plain(job.want, 200)}." if job.when and job.want else ""
    who = f"Met by: {'; '.join(plain(user, 200) for user in launch.users)}." if launch.users else ""
    scope = ""
    if verdict is not None and verdict.scope.included and not verdict.exploratory:
        scope = f"Shown for: {places(verdict.scope.included)}."
    goal = sentence(launch.goal) or "Nobody has written down what it is for."
    return _items(goal, for_what, who, scope)


def _excluded(launch: Launch, verdict: Verdict | None, said: Sequence[ClaimRow]) -> tuple[Prose, ...]:
    texts = []
    if verdict is not None:
        exploring = verdict.exploratory
        texts = [flat(explain.left_out(out, said, exploratory=exploring)) for out in verdict.scope.excluded]
    rules = launch.regulated
    if rules.domains:
        by = (
            f", looked at by {plain(rules.checked_by, 120)}"
            if rules.checked_by
            else ", and nobody is named who looked"
        )
        texts.append(f"Rules of a trade apply: {', '.join(plain(d, 60) for d in rules.domains)}{by}.")
    if launch.worst_case:
        texts.append(f"Where this must not happen: {sentence(launch.worst_case)}")
    return _items(*texts)


def _data(card: Card) -> tuple[Prose, ...]:
    cases = counted(card.records, "cases")
    texts = [f"{cases}." if cases else "", *(_slice(name, card) for name in card.launch.slices)]
    labels = counted(card.records, "labels")
    return _items(*texts, f"{labels}." if labels else "")


def _slice(name: str, card: Card) -> str:
    rule = card.launch.slices[name]
    if not rule.shares:
        return ""
    shares = ", ".join(f"{plain(value, 60)} {100 * share:g} of 100" for value, share in rule.shares.items())
    return f"Traffic expected by {plain(name, 60)}: {shares}."


def _results(verdict: Verdict | None, said: Sequence[ClaimRow]) -> tuple[Block, ...]:
    if verdict is None:
        return (Paragraph((SEALED,)),)
    body = tuple(
        Row(
            tuple(
                (cell,)
                for cell in (
                    row.promise,
                    row.where,
                    row.bar,
                    _seen(row),
                    row.bound or "not known",
                    row.state_words,
                )
            )
        )
        for row in said
    )
    lead = Paragraph((headline(verdict),))
    return (lead, Table("", HEAD, body)) if body else (lead, Paragraph(("No claim was counted.",)))


def _seen(row: ClaimRow) -> str:
    seen = f"{row.counts} ({row.estimate})" if row.estimate else row.counts
    return f"{seen}; {row.ending}" if row.ending else seen


def _limits(card: Card) -> tuple[Prose, ...]:
    modes = sorted(active(card.taxonomy), key=lambda mode: WORST_FIRST.index(mode.severity))
    texts = [_mode(mode) for mode in modes]
    if card.verdict is not None:
        texts += [*rests_on(card.verdict), *(sentence(note) for note in card.verdict.notes)]
    return _items(*texts)


def _mode(mode: FailureMode) -> str:
    controls = ", ".join(plain(control.what, 120) for control in mode.controls)
    kept = f"Kept in check by: {controls}." if controls else "Nothing is written down that keeps it in check."
    return f"{plain(mode.title, 100)} ({mode.severity}): {sentence(mode.definition, 300) or 'not defined.'} {kept}"


def _contact(card: Card) -> tuple[Prose, ...]:
    who = plain(card.launch.decision.who, 120)
    owners = sorted({plain(mode.owner, 80) for mode in card.taxonomy if mode.owner})
    return _items(
        f"Decides: {who}." if who else "", f"See to failures: {', '.join(owners)}." if owners else ""
    )
