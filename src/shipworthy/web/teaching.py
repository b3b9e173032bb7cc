"""Five short cards over a person's first five outputs: one thing each, and something to try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A card.

    Attributes:
        title: the thing.
        words: why.
        goal: what to try now.
    """

    title: str
    words: str
    goal: str


CARDS = (
    Card(
        "Pass or fail, nothing between",
        "Read the whole output as the person who asked would. Is it good enough to send? Two answers make a rate that can"
        " be counted; shades cannot. What you cannot decide now, defer.",
        "Label this one with one key.",
    ),
    Card(
        "Write the first thing that went wrong",
        "Later mistakes often follow from the first. Use your own words, as you would tell a colleague: who would be hurt,"
        " and by what.",
        "Give the next fail a note of one sentence.",
    ),
    Card(
        "Nothing is final",
        "Undo takes back the last thing you did, on whatever output it was, as often as you like. Both stay written down.",
        "Undo once, and label that output again.",
    ),
    Card(
        "There is no list of failures, on purpose",
        "A list shows you what is on it and hides the rest. Names come after the first reading, from your notes.",
        "Find one failure that you had not expected.",
    ),
    Card(
        "Read until nothing new comes",
        "The left edge says how many outputs ago the last new failure came, and how common one could be that nobody has"
        " seen yet.",
        "Read on until ten in a row show nothing new.",
    ),
)


def card_for(labelled: int) -> tuple[int, Card] | None:
    """Return the card over a person's next output and its number; None once all were shown.

    Args:
        labelled: how many outputs the person has labelled before.
    """
    return (labelled + 1, CARDS[labelled]) if 0 <= labelled < len(CARDS) else None
