"""Which outputs people should label: a draw that the correction of a judge can rely on.

The order is given, one key for each output that depends on nothing about it; so the draw is random to
whoever reads it, the same for everybody, and a larger one contains a smaller one wherever labels are
drawn at random among single outputs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple


class Candidate(NamedTuple):
    """One answered output that a person could label."""

    key: str
    """Its place in the order of the draw."""
    group: int
    passed: bool
    """Whether the judge passed it."""


def draw(
    outputs: Sequence[Candidate], n: int, how: Literal["random", "by_verdict", "halves"]
) -> list[Candidate]:
    """Return which outputs to label.

    Args:
        outputs: all answered outputs of the cases that decide.
        n: labels that people have time for, at least 1; fewer come back where there are fewer.
        how: `random`: any output, in groups of several one of each group before the second of any.
            `by_verdict`: single outputs in proportion to the judge's verdicts, at least one of each; in groups of
            several, groups in turn, of each verdict one, the rest spread over the groups taken.
            `halves`: half of them of those that the judge did not pass, as far as there are so many, for calibration.

    Returns:
        The chosen ones in the order of their keys, which tells nothing of the verdicts.
    """
    ordered = sorted(outputs)
    several = len({each.group for each in ordered}) < len(ordered)
    if how == "halves":
        chosen = _halves(ordered, n)
    elif how == "random":
        chosen = _in_turn(_by_group(ordered))[:n] if several else ordered[:n]
    else:
        chosen = _of_each_verdict(ordered, n) if several else _in_proportion(ordered, n)
    return sorted(chosen)


def _by_group(ordered: Iterable[Candidate]) -> list[list[Candidate]]:
    """Return the groups in the order of their first output."""
    groups: defaultdict[int, list[Candidate]] = defaultdict(list)
    for each in ordered:
        groups[each.group].append(each)
    return list(groups.values())


def _in_turn(groups: list[list[Candidate]]) -> list[Candidate]:
    """Take one of each group, then the second of each, and so on."""
    return [each for turn in zip_longest(*groups) for each in turn if each is not None]


def _in_proportion(ordered: list[Candidate], n: int) -> list[Candidate]:
    passed, failed = ([e for e in ordered if e.passed is verdict] for verdict in (True, False))
    if not failed or not passed or n >= len(ordered):
        return ordered[:n]
    of_failed = min(max(round(n * len(failed) / len(ordered)), 1), max(n - 1, 1))
    return [*failed[:of_failed], *passed[: n - of_failed]]


def _halves(ordered: list[Candidate], n: int) -> list[Candidate]:
    passed, failed = ([e for e in ordered if e.passed is verdict] for verdict in (True, False))
    of_failed = min(len(failed), max(n // 2, n - len(passed)))
    return [*failed[:of_failed], *passed[: n - of_failed]]


def _of_each_verdict(ordered: list[Candidate], n: int) -> list[Candidate]:
    taken: list[Candidate] = []
    rest: list[list[Candidate]] = []
    for group in _by_group(ordered):
        firsts = [next((e for e in group if e.passed is verdict), None) for verdict in (True, False)]
        wanted = [each for each in firsts if each is not None]
        if len(taken) + len(wanted) > n:
            break  # a group that is labelled in part only counts against the claim
        taken += wanted
        rest.append([each for each in group if each not in wanted])
    return [*taken, *_in_turn(rest)[: n - len(taken)]]
