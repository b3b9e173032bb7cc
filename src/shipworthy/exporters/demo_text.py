"""A demo check on a terminal. What a model wrote, and what people named, is only ever text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.decision.demo import Compared, Wording
from shipworthy.exporters.terminal import clean, wrapped
from shipworthy.narrative import demo

MOST_OF_AN_OUTPUT = 400


@dataclass(frozen=True)
class Quoted:
    """An answer that did not pass: what it says, or why there is none, and what the check said of it."""

    of: Wording
    repeat: int
    text: str | None
    reason: str | None
    words: str | None


@dataclass(frozen=True)
class DemoPage:
    """What is printed.

    Attributes:
        title: whose answers to what.
        compared: the figures.
        quoted: criterion to one answer that did not pass.
        notes: what a reader should know.
        next: the one next step.
    """

    title: str
    compared: Sequence[Compared]
    quoted: dict[str, Quoted]
    notes: Sequence[str]
    next: str


def demo_text(page: DemoPage) -> str:
    """Return the page as plain text of at most 80 columns."""
    lines = wrapped(page.title)
    for each in page.compared:
        lines += ["", *wrapped(demo.headline(each))]
        if each.question:
            lines += wrapped(each.question, indent="  ")
        said = [
            demo.asked_again(each),
            demo.missing(each),
            *demo.steadiness(each),
            demo.worst(each),
            demo.against_reworded(each),
            demo.against_set(each),
        ]
        for sentence in filter(None, said):
            lines += wrapped(f"{sentence[0].upper()}{sentence[1:]}.", indent="  ")
    if page.quoted:
        lines += ["", "What did not pass"]
    shown: set[tuple[str, int, int]] = set()
    for criterion, quoted in page.quoted.items():
        lines += wrapped(
            f"{criterion}: {demo.place(quoted.of)}, time {quoted.repeat}: {quoted.words or 'no words of the check'}",
            indent="  ",
        )
        if (where := (quoted.of.prompt, quoted.of.number, quoted.repeat)) not in shown:
            shown.add(where)
            text = (
                quoted.text if quoted.text is not None else f"no answer: {quoted.reason or 'no reason given'}"
            )
            lines += wrapped(clean(text, MOST_OF_AN_OUTPUT), indent="    ")
    if page.notes:
        lines += [""]
    for note in page.notes:
        lines += wrapped(f"Note: {note}")
    why, _, command = page.next.rpartition(" shipworthy ")
    lines += [
        "",
        *wrapped(f"Next: {why}"),
        f"  shipworthy {clean(command, 2000)}",
    ]  # on one line, to be copied
    return "\n".join(lines) + "\n"
