"""Suspected twins: outputs of cases that ask nearly the same, so that people see them side by side."""

from __future__ import annotations

from collections import defaultdict

from shipworthy.domain.review import Output
from shipworthy.services.opened import Opened
from shipworthy.similarity.twins import twins
from shipworthy.similarity.words import text_of, words
from shipworthy.store.drawable import Answered
from shipworthy.store.evalset_file import walk_cases


def twin_outputs(launch: Opened, found: list[Answered]) -> list[Output]:
    """Return the outputs of suspected twins, pair by pair, the most alike first; none stands twice."""
    outputs: defaultdict[str, list[Output]] = defaultdict(list)
    for each in found:
        outputs[each.key].append(each.output)
    cases = [case for case in walk_cases(launch.layout) if case.id in outputs]
    chosen: dict[Output, None] = {}
    for pair in twins([words(text_of(case.input)) for case in cases]):
        for position in (pair.first, pair.second):
            chosen.update(dict.fromkeys(outputs[cases[position].id]))
    return list(chosen)
