"""The argument as a tree: what is claimed, how it is argued, on what it rests, what speaks against it, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shipworthy.domain.brief import Against, Assumption, ranked
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative.claim import ClaimRow, Ref, line, rows
from shipworthy.narrative.headline import headline
from shipworthy.narrative.rests_on import BY_ESTIMAND
from shipworthy.narrative.text import plain, sentence

Kind = Literal["claim", "strategy", "evidence", "assumption", "reason", "counter-argument", "undeveloped"]
UNSEEN = "Nothing was looked at yet, so nothing speaks for it."


@dataclass(frozen=True)
class Node:
    """One step of the argument.

    Attributes:
        kind: what it is; `undeveloped` marks a gap.
        text: what it says.
        id: the criterion or assumption that it is about.
        state: where it stands, in words.
        ref: the claim of the verdict that it rests on.
        parts: the steps under it.
    """

    kind: Kind
    text: str
    id: str = ""
    state: str = ""
    ref: Ref | None = None
    parts: tuple[Node, ...] = ()

    def gaps(self) -> int:
        """Count what is undeveloped here and below."""
        return (self.kind == "undeveloped") + sum(part.gaps() for part in self.parts)


def argument(
    launch: Launch,
    criteria: Sequence[Criterion],
    verdict: Verdict | None,
    challenges: Mapping[str, str] | None = None,
) -> Node:
    """Return the argument for a launch.

    Args:
        launch: the brief, with counter-arguments that people wrote.
        criteria: each becomes a claim, unless it is a diagnostic.
        verdict: what the counts say; None while sealed cases were not looked at.
        challenges: criterion to the hardest challenge that is open, "" for the launch as a whole; stands where nobody
            wrote a counter-argument.
    """
    said = rows(verdict, criteria) if verdict is not None else ()
    asked = challenges or {}
    deciding = [c for c in criteria if c.kind != "diagnostic"]
    kept_out, claims = _kept_out(verdict), []
    for each in deciding:
        own = [row for row in said if row.ref.criterion == each.id]
        claims.append(replace(_claim(each, own, launch.argument, asked), state=_state(own, kept_out)))
    how = Node(
        "strategy",
        "Argued criterion by criterion: every goal and every guardrail must be shown.",
        parts=tuple(claims or [Node("undeveloped", "No criterion says what good enough is.")]),
    )
    name = plain(launch.candidate or "", 80) or "The feature"
    return Node(
        "claim",
        f"{name} is worth shipping. Asked: {sentence(launch.decision.question, 300) or 'nobody wrote it down.'}",
        id="launch",
        state=headline(verdict) if verdict is not None else UNSEEN,
        parts=(how, *_assumed(launch.assumptions), *_against(launch.argument, None, asked.get("", ""))),
    )


def _claim(
    criterion: Criterion, said: Sequence[ClaimRow], written: Iterable[Against], asked: Mapping[str, str]
) -> Node:
    shown: tuple[Node, ...]
    evidence = tuple(Node("evidence", line(row).text, state=row.state_short, ref=row.ref) for row in said)
    if len(evidence) > 1:
        shown = (
            Node("strategy", "Argued slice by slice: an average hides the one that fails.", parts=evidence),
        )
    else:
        shown = evidence or (Node("undeveloped", UNSEEN),)
    return Node(
        "claim",
        sentence(criterion.question, 300) or sentence(criterion.id.replace("_", " ")),
        id=criterion.id,
        parts=(
            *shown,
            _bar(criterion, said),
            *(_rests(criterion.estimand) if said else ()),
            *_against(written, criterion.id, asked.get(criterion.id, "")),
        ),
    )


def _kept_out(verdict: Verdict | None) -> frozenset[str]:
    """Return the slices outside the scope of a verdict that has one."""
    if verdict is None or not verdict.scope.included:
        return frozenset()
    return frozenset(out.slice for out in verdict.scope.excluded)


def _state(said: Sequence[ClaimRow], kept_out: frozenset[str]) -> str:
    """Return the worst state inside the scope, and what differs outside of it."""
    inside = _worst([row for row in said if row.claim.decides and row.ref.slice not in kept_out])
    outside = _worst([row for row in said if row.claim.decides and row.ref.slice in kept_out])
    if not kept_out or inside == outside or not outside:
        return inside or "not shown"
    return f"{inside} in the scope; outside of it: {outside}"


def _worst(said: Sequence[ClaimRow]) -> str:
    order = ("does not hold", "not shown", "holds")
    return min(said, key=lambda row: order.index(row.state)).state_short if said else ""


def _bar(criterion: Criterion, said: Sequence[ClaimRow]) -> Node:
    bar = f"The bar is {said[0].bar if said else f'{criterion.bar.op} {criterion.bar.value:g}'}"
    if criterion.bar.why:
        return Node("reason", f"{bar}: {sentence(criterion.bar.why, 300)}", id=criterion.id)
    return Node("undeveloped", f"{bar}, and nobody wrote down why.", id=criterion.id)


def _rests(estimand: str) -> tuple[Node, ...]:
    rests = BY_ESTIMAND.get(estimand)
    if rests is None:
        return ()
    return (Node("assumption", f"{sentence(rests.weakest)} It would be broken by: {sentence(rests.breaks)}"),)


def _assumed(assumptions: list[Assumption]) -> tuple[Node, ...]:
    found = []
    for each in ranked(assumptions):
        test = f" To find out: {sentence(each.test, 300)}" if each.test else " Nobody says how to find out."
        kind: Kind = "assumption" if each.evidence != "none" else "undeveloped"
        found.append(
            Node(
                kind, f"{sentence(each.statement, 300)}{test}", id=each.id, state=f"evidence: {each.evidence}"
            )
        )
    return tuple(found)


def _against(written: Iterable[Against], criterion: str | None, asked: str) -> tuple[Node, ...]:
    """Return what people wrote against a claim; else the hardest open challenge; else the gap."""
    own = [each for each in written if each.claim == criterion]
    if own:
        return tuple(
            Node(
                "counter-argument",
                sentence(each.says, 500) + (f" ({plain(each.by, 80)})" if each.by else ""),
                state=f"answered: {sentence(each.answer, 500)}" if each.answer else "it stands",
            )
            for each in own
        )
    if asked:
        return (Node("counter-argument", sentence(asked, 500), state="an open challenge"),)
    about = "this claim" if criterion else "the launch"
    return (Node("undeveloped", f"Nobody wrote down the strongest that speaks against {about}."),)
