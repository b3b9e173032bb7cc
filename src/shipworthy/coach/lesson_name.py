"""Lesson 2, Name: a handful of failure modes, defined, shown by drafts, and grouped as the drafts were made to fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.coach.lesson import Marked, Point
from shipworthy.coach.rule import named

FEWEST, MOST, EXAMPLES, WORDS, FITS, LEFT = 4, 9, 2, 5, 0.6, 0.1
REST = frozenset({"other", "others", "misc", "miscellaneous", "various", "rest", "unknown", "general", "bad"})


@dataclass(frozen=True)
class Group:
    """A failure mode that the learner wrote.

    Attributes:
        mode: its id.
        definition: when a draft has it.
        cases: cases whose draft was given it.
        examples: how many drafts its entry names as examples.
    """

    mode: str
    definition: str
    cases: frozenset[str]
    examples: int = 0


@dataclass(frozen=True)
class Grouped:
    """The learner's taxonomy, and how drafts were made to fail.

    Attributes:
        groups: failure modes that were not merged into others.
        failed: cases whose draft the learner failed.
        planted: case to what was planted in its draft; empty where nothing was.
    """

    groups: tuple[Group, ...]
    failed: frozenset[str]
    planted: Mapping[str, str]


def mark_name(grouped: Grouped) -> Marked:
    """Mark lesson 2."""
    return Marked(
        2, (_number(grouped), _defined(grouped), _shown(grouped), _fit(grouped), _nothing_left(grouped))
    )


def agreement(groups: Iterable[frozenset[str]], planted: Mapping[str, str]) -> float:
    """Return how well groups fit what was planted: the best F1 for each planted way, weighed by its drafts.

    Args:
        groups: cases put together; cases in which nothing was planted are passed over.
        planted: case to what was planted in it.

    >>> agreement([frozenset("ab"), frozenset("c")], {"a": "x", "b": "x", "c": "y"})
    1.0
    """
    ways = Counter(planted.values())
    inside = [Counter(planted[case] for case in group if case in planted) for group in groups]
    best = {
        way: max((2 * found[way] / (n + found.total()) for found in inside if found), default=0.0)
        for way, n in ways.items()
    }
    return sum(n * best[way] for way, n in ways.items()) / ways.total() if ways else 0.0


def _number(grouped: Grouped) -> Point:
    n = len(grouped.groups)
    asked = f"there are {FEWEST} to {MOST} failure modes"
    if FEWEST <= n <= MOST:
        return Point(asked, done=True, said=f"there are {n}")
    more = (
        "take apart what different people would have to mend in different ways"
        if n < FEWEST
        else "merge those that one and the same change would mend (`shipworthy taxonomy merge`)"
    )
    return Point(asked, done=False, said=f"there {'is' if n == 1 else 'are'} {n}: {more}")


def _defined(grouped: Grouped) -> Point:
    asked = f"each has a definition of {WORDS} words or more"
    bare = [group.mode for group in grouped.groups if len(group.definition.split()) < WORDS]
    if grouped.groups and not bare:
        return Point(asked, done=True, said="each has")
    said = f"not yet: {named(bare)}. Say when a draft has it, so that somebody else would sort a new draft as you do"
    return Point(asked, done=False, said=said if bare else "there is none yet: `shipworthy taxonomy add`")


def _shown(grouped: Grouped) -> Point:
    asked = f"each is shown by {EXAMPLES} drafts or more"
    thin = [group.mode for group in grouped.groups if max(len(group.cases), group.examples) < EXAMPLES]
    if grouped.groups and not thin:
        return Point(asked, done=True, said="each is")
    said = (
        f"not yet: {named(thin)}. Give it to a second draft (`shipworthy taxonomy group`), or merge it: one draft alone "
        "may be an accident"
    )
    return Point(asked, done=False, said=said if thin else "there is none yet")


def _fit(grouped: Grouped) -> Point:
    asked = f"drafts that fail alike stand together (a score of {FITS:g} or more)"
    planted = {case: grouped.planted[case] for case in grouped.failed if grouped.planted.get(case)}
    if not planted:
        return Point(asked, done=False, said="no failing draft is read yet: lesson 1 comes first")
    score = agreement([group.cases for group in grouped.groups], planted)
    if score >= FITS:
        return Point(asked, done=True, said=f"{score:.2f}")
    return Point(asked, done=False, said=f"{score:.2f}. {_where(grouped.groups, planted)}")


def _where(groups: Sequence[Group], planted: Mapping[str, str]) -> str:
    """Say which of the learner's own groups hold too much, or belong together."""
    inside = {g.mode: Counter(planted[c] for c in g.cases if c in planted) for g in groups}
    mixed = [
        mode for mode, found in inside.items() if found and found.most_common(1)[0][1] < 0.7 * found.total()
    ]
    if mixed:
        return (
            f"What stands under {named(mixed)} goes wrong in more than one way. For each draft there, ask what would have "
            "to change to mend it, and split by the answers"
        )
    alike: dict[str, list[str]] = {}
    for mode, found in inside.items():
        if found:
            alike.setdefault(found.most_common(1)[0][0], []).append(mode)
    double = next((modes for modes in alike.values() if len(modes) > 1), None)
    if double:
        return f"{named(double)} may be one and the same: would one change mend both? Then merge them"
    return "Most failing drafts have no failure mode yet: give them one (`shipworthy taxonomy group`)"


def _nothing_left(grouped: Grouped) -> Point:
    asked = "at most one failing draft in ten is left over"
    rest = {group.mode for group in grouped.groups if group.mode in REST}
    within = {case for group in grouped.groups if group.mode not in rest for case in group.cases}
    left = grouped.failed - within
    if grouped.failed and len(left) <= LEFT * len(grouped.failed):
        return Point(asked, done=True, said=f"{len(left)} of {len(grouped.failed)}")
    why = f", counting what stands under {named(sorted(rest))}" if rest else ""
    said = (
        f"{len(left)} of {len(grouped.failed)} are{why}. A heap of leftovers is where the next surprise lies: read their "
        "notes side by side, and name what they have in common"
    )
    return Point(asked, done=False, said=said)
