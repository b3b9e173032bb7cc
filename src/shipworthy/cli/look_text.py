"""What `look` says on a terminal: where queues stand, and one output at a time; what a model wrote is only ever text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from shipworthy.domain.review import Progress
from shipworthy.exporters.terminal import clean, fit, wrapped
from shipworthy.narrative.raters import ASSUMED, gain_words, worth_words
from shipworthy.narrative.review import (
    coefficient_words,
    interval_words,
    progress_words,
    rate_words,
    saturation_words,
)
from shipworthy.services.adjudicate import Sides
from shipworthy.services.queue_progress import QueueStanding
from shipworthy.services.raters_worth import RatersWorth
from shipworthy.services.read_item import Item
from shipworthy.services.reviewers_agree import Agreement
from shipworthy.store.review import Queue

NAME = 24
LONGEST_OUTPUT = 20_000
"""Characters of an output on a terminal; the web app shows more."""


def queues_text(found: Sequence[tuple[Queue, Progress]]) -> str:
    """Return a line for each queue."""
    if not found:
        return "no queue yet: shipworthy look queue FOLDER first --n 100"
    return "\n".join(
        f"{fit(queue.key, NAME)} {fit(queue.kind, 14)} {fit(queue.criterion or 'open reading', 18)} "
        f"{progress_words(counts)}"
        for queue, counts in found
    )


def standing_text(
    standing: QueueStanding, agreement: Agreement | None, raters: RatersWorth | None = None
) -> str:
    """Return everything about one queue."""
    queue = standing.queue
    lines = [f"{clean(queue.name, 60)}: {progress_words(standing.progress)}"]
    lines += [f"  {fit(name, NAME)} {number:,} labelled" for name, number in standing.by_reviewer.items()]
    if standing.saturation is not None:
        lines += ["", *wrapped(saturation_words(standing.saturation))]
    if standing.rates:
        lines += ["", "Failure modes"]
        for rate in standing.rates:
            lines += wrapped(f"{rate.mode or 'not named yet'}: {rate_words(rate)}", indent="  ")
    if standing.no_rates:
        lines += ["", *wrapped(f"No rates: {standing.no_rates}.")]
    return "\n".join([*lines, *_agreement(agreement), *raters_lines(raters)])


def item_text(item: Item, where: str) -> str:
    """Return one output as a reviewer reads it."""
    lines = [f"{where}   {clean(item.case, 50)}{'   sealed' if item.sealed else ''}"]
    if item.criterion is not None and item.criterion.question:
        lines += wrapped(item.criterion.question)
    lines += ["", *_part("Asked", item.input)]
    if item.expected is not None:
        lines += _part("Expected", item.expected)
    for number, step in enumerate(item.steps or ()):
        lines += _part(f"Step {number}", step)
    lines += _part("Output", item.output if item.text is not None else f"no answer: {item.reason or ''}")
    if item.version and item.said.state != "withdrawn":
        lines.append(f"you said: {item.said.state} {clean(item.said.note, 200)}".rstrip())
    return "\n".join(lines)


def sides_text(sides: Sides, where: str) -> str:
    """Return one output with what each reviewer said of it."""
    lines = [item_text(sides.item, where), ""]
    for name, said in sides.given:
        lines += wrapped(f"{name}: {said.state} {said.note} {' '.join(said.modes)}", indent="  ")
    if sides.settled is not None:
        lines += wrapped(f"settled by {sides.settled[0]}: {sides.settled[1].state}", indent="  ")
    return "\n".join(lines)


def raters_lines(found: RatersWorth | None) -> list[str]:
    """Return what each reviewer is worth and what that would change; nothing with fewer than three of them."""
    if found is None:
        return []
    lines = ["", "What each is worth, as far as their labels tell"] if found.raters else [""]
    for each in found.raters:
        lines += wrapped(
            worth_words(each.name, labels=each.labels, passing=each.passing, failing=each.failing),
            indent="  ",
        )
    others = [(other.case, other.majority, other.by_skill) for other in found.others]
    lines += wrapped(gain_words(others, outputs=found.outputs, why=found.why))
    return [*lines, *wrapped(ASSUMED)] if found.raters else lines


def _agreement(found: Agreement | None) -> list[str]:
    if found is None:
        return []
    lines: list[str] = []
    if found.outputs:
        lines += ["", f"Agreement on {found.outputs:,} outputs that two or more people labelled"]
        lines += wrapped(f"the same: {interval_words(found.raw)}; {found.differ:,} differ", indent="  ")
        lines += wrapped(f"labels that say fail: {interval_words(found.failing)}", indent="  ")
        lines += wrapped(f"beyond chance (kappa): {coefficient_words(found.kappa)}", indent="  ")
        lines += wrapped(f"Gwet's AC1: {coefficient_words(found.ac1)}", indent="  ")
    if found.twice:
        lines += ["", f"The same person, a second time: {interval_words(found.consistency)} the same"]
        lines += [f"  {fit(name, NAME)} {same:,} of {of:,}" for name, (same, of) in found.twice.items()]
    return lines


def _part(title: str, value: Any) -> list[str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    shown = text[:LONGEST_OUTPUT]
    lines = [line for part in shown.split("\n") for line in (wrapped(part, indent="  ") or [""])]
    if len(text) > len(shown):
        lines.append(f"  ({len(text) - len(shown):,} more characters)")
    return [title, *lines, ""]
