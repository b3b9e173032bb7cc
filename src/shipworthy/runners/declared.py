"""From a scorer as it is written to the check that scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from shipworthy.domain.criteria import Scorer
from shipworthy.domain.scorer import SECONDS
from shipworthy.runners.check_text import ContainsCheck, EqualsCheck, LengthCheck, RegexCheck, bounded
from shipworthy.runners.json_path import MISSING, compiled_path
from shipworthy.runners.scoring import (
    About,
    Said,
    Scores,
    Unscored,
    failed,
    json_of,
    late,
    text_of,
    unscored,
)
from shipworthy.runners.time_limit import OutOfTime, TimeLimit
from shipworthy.runners.words import words_of_error
from shipworthy.store.layout import Layout


class _Kind(Protocol):
    name: str
    timed: bool

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said: ...


def scores_of(scorer: Scorer, layout: Layout) -> Scores | None:
    """Return the check of a scorer; None for scores that are recorded, and for people and judges.

    A function of scorers.py is loaded when the check is entered, which runs that file: ask for trust first.

    Raises:
        BadInput: a schema's file cannot be read.
    """
    if scorer.check is not None:
        from shipworthy.runners.checks import Check  # noqa: PLC0415 - only where there is code

        return Check(layout.folder, scorer.check, scorer.seconds or SECONDS)
    return None if scorer.kind is None else DeclaredCheck(scorer, layout)


class DeclaredCheck:
    """A check that is declared in criteria.yaml.

    Args:
        scorer: what was declared.
        layout: the launch folder, where a schema's file lies.
    """

    def __init__(self, scorer: Scorer, layout: Layout) -> None:
        self.kind = _kind(scorer, layout)
        self.name = self.kind.name
        self.needs_text = scorer.latency is None and scorer.cost is None
        self.part = compiled_path(scorer.at) if scorer.at else None
        self.at = scorer.at
        self.take = re.compile(scorer.take) if scorer.take else None
        timed = self.kind.timed or self.take is not None or (scorer.at is not None and "?" in scorer.at)
        self.limit = TimeLimit() if timed else None

    def ready(self) -> AbstractContextManager[None]:
        """Return what must be entered before outputs are scored.

        Raises:
            Unavailable: the check needs a timer, and there is none here.
        """
        return self.limit.ready() if self.limit else nullcontext()

    def score_all(self, asked: Iterable[tuple[Any, Any, Any, About]]) -> Iterator[Said]:
        """Yield value and words for each output."""
        return (self.score(*each) for each in asked)

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Return the value and the words; what cannot be scored, or not in time, is unscored with the reason."""
        try:
            if self.limit is None:
                return self._score(given, expected, output, about)
            with self.limit:
                return self._score(given, expected, output, about)
        except Unscored as error:
            return unscored(str(error))
        except OutOfTime:
            assert self.limit is not None
            return late(f"the check `{self.name}` did not end within {self.limit.seconds:g} s")
        except Exception as error:  # noqa: BLE001 - libraries break on hostile outputs in their own ways
            return unscored(f"the check raised {words_of_error(error, most=200)}")

    def _score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        if self.part is not None:
            try:
                output = self.part(json_of(output))
            except ValueError as error:
                return failed(f"is not JSON ({error})")
            if output is MISSING:
                return failed(f"has nothing at {self.at}")
        if self.take is not None:
            taken = taken_by(self.take, bounded(text_of(output)))
            if taken is None:
                return failed(f"has nothing that matches `{self.take.pattern}`")
            output = taken
        return self.kind.score(given, expected, output, about)


def taken_by(pattern: re.Pattern[str], text: str) -> str | None:
    r"""Return what a pattern matched last: its first group that took part, or all of it where it has none.

    >>> taken_by(re.compile(r"\[(yes|no)\]"), "[no], or rather [yes]")
    'yes'
    """
    last = None
    for last in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    if last is None:
        return None
    return next((group for group in last.groups() if group is not None), last[0])


def _kind(scorer: Scorer, layout: Layout) -> _Kind:
    name, asked = scorer.kind, scorer.definition
    simple: dict[str, Callable[[Any], _Kind]] = {
        "contains": ContainsCheck, "regex": RegexCheck, "equals": EqualsCheck, "length": LengthCheck,
    }  # fmt: skip
    if name in simple:
        return simple[name](asked)
    if name == "numeric":
        from shipworthy.runners.check_number import NumericCheck  # noqa: PLC0415 - each loads when it is used

        return NumericCheck(asked)
    if name in ("json_schema", "json_path"):
        from shipworthy.runners.check_json import JsonPathCheck, JsonSchemaCheck  # noqa: PLC0415

        return JsonSchemaCheck(asked, layout) if name == "json_schema" else JsonPathCheck(asked)
    if name == "cites":
        from shipworthy.runners.check_cites import CitesCheck  # noqa: PLC0415

        return CitesCheck(asked)
    from shipworthy.runners.check_measured import CostCheck, LatencyCheck  # noqa: PLC0415

    return LatencyCheck(asked) if name == "latency" else CostCheck(asked)
