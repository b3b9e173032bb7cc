"""Settle: plan and evidence to the word and the scope, by p-values alone.

`evaluate` describes what is settled here, with bounds and prices; nothing it adds can change the word.
So whoever counts how often this is wrong counts how often `decide` is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shipworthy.decision.claims import Examined, state
from shipworthy.decision.question import Question
from shipworthy.decision.scope import Chosen, Levels, choose, divide
from shipworthy.domain.verdict import Word


@dataclass(frozen=True)
class Settled:
    """What was decided, and the tests it rests on.

    Attributes:
        question: the plan and the evidence.
        level: the error at which claims are tested; 0 when nothing may be decided.
        tested: each part of the scope to its deciding claims.
        levels: how the level is divided.
        chosen: the parts that may ship.
    """

    question: Question
    level: float
    tested: dict[str, list[Examined]]
    levels: Levels
    chosen: Chosen

    @cached_property
    def word(self) -> Word:
        """The verdict's word."""
        tests, whole = self.tested, self.question.parts
        if not any(tests.values()):
            return "not yet"
        if self.chosen.whole:
            return "ship"
        if self.chosen.included:
            return "ship narrower"
        level = self.levels.whole
        refuted = all(any(state(t, level) == "does not hold" for t in each) for each in tests.values())
        return "do not ship" if refuted or (len(whole) == 1 and self._refuted_across(level)) else "not yet"

    def _refuted_across(self, level: float) -> bool:
        question = self.question
        examined = (question.examine(c, question.parts, also) for c, also in question.across)
        return any(state(each, level) == "does not hold" for each in examined)


def settle(question: Question, level: float) -> Settled:
    """Test every deciding claim in every part of the scope, and choose the parts that may ship.

    Args:
        question: the plan and the evidence.
        level: the error of this look (`error_budget.level`).
    """
    parts, across = question.parts, question.across
    levels = divide(level, n_slices=len(parts), has_across=bool(across))
    tested = {part: [question.examine(c, (part,)) for c in question.deciding] for part in parts}
    p_values = {part: worst(tests) for part, tests in tested.items()}

    def worst_across(kept: tuple[str, ...]) -> float:
        return max((question.examine(c, kept, also).p_holds for c, also in across), default=0.0)

    chosen = choose(
        p_values,
        slices=question.slices,
        levels=levels,
        whole_across=worst_across(parts),
        across=worst_across if across else None,
    )
    return Settled(question, level, tested, levels, chosen)


def worst(tests: list[Examined]) -> float:
    """Return the largest p-value of the claims of one part: all of them must hold."""
    return max((t.p_holds for t in tests), default=1.0)
