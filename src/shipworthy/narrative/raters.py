"""What is said of reviewers that differ in skill: what each is worth, which labels that would change, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.narrative.text import plain
from shipworthy.narrative.wording import hundredths, listed, plural

NAMED = 10
"""Outputs named one by one; of more the number is said."""

ASSUMED = (
    "This takes it that people err independently of each other: an error that most of them share looks like the truth, "
    "and whoever is right looks careless."
)
"""The assumption most likely to be wrong, and what breaks it."""


def worth_words(name: str, *, labels: int, passing: float, failing: float) -> str:
    """Return what one reviewer is worth.

    >>> worth_words("ada", labels=500, passing=0.972, failing=0.91)
    'ada (500 labels): says pass of about 97 in 100 that pass, and fail of about 91 in 100 that fail'
    """
    return (
        f"{plain(name, 60)} ({plural(labels, 'label')}): says pass of about {hundredths(passing)} in 100 that pass, "
        f"and fail of about {hundredths(failing)} in 100 that fail"
    )


def gain_words(others: Sequence[tuple[str, str, str]], *, outputs: int, why: str = "") -> str:
    """Return which labels weighing by skill would change, or that it changes none, or why nothing is known.

    Args:
        others: case, label of the majority (empty for a tie) and likeliest label of outputs where these differ.
        outputs: how many outputs three or more people labelled.
        why: why nothing is known; empty where something is.

    >>> gain_words([], outputs=999)
    'Weighing people by skill changes no label of the majority on 999 outputs: no gain over the majority, use that.'
    >>> gain_words([("c7", "pass", "fail"), ("c9", "", "pass")], outputs=100)
    'Weighing people by skill would change 1 label of the majority and break 1 tie: c7 (fail, not pass) and c9 (pass). It settles nothing: let somebody read them, `look label --settle`.'
    >>> gain_words([], outputs=0, why="no case has three ratings, so nothing tells whose error it was")
    'What each of them is worth is not known: no case has three ratings, so nothing tells whose error it was.'
    """
    if why:
        return f"What each of them is worth is not known: {plain(why)}."
    if not others:
        return (
            f"Weighing people by skill changes no label of the majority on {plural(outputs, 'output')}: "
            "no gain over the majority, use that."
        )
    ties = sum(not majority for _, majority, _ in others)
    changed = plural(len(others) - ties, "label")
    named = [
        f"{plain(case, 60)} ({by_skill}{f', not {majority}' if majority else ''})"
        for case, majority, by_skill in others[:NAMED]
    ]
    more = [plural(len(others) - NAMED, "other")] if len(others) > NAMED else []
    return (
        f"Weighing people by skill would change {changed} of the majority and break {plural(ties, 'tie')}: "
        f"{listed([*named, *more])}. It settles nothing: let somebody read them, `look label --settle`."
    )
