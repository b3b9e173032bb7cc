"""Where outputs of several steps go wrong first: the last step that was right, and the step after it that was not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

START = "(start)"
"""Before the first step."""
LONGEST_NAME = 40


@dataclass(frozen=True)
class Trace:
    """An output of several steps that fails, with the first step that a person found wrong.

    Attributes:
        output: its case and repeat.
        steps: names of its steps, in order.
        first_bad: position of the first wrong step, from 0.
    """

    output: str
    steps: tuple[str, ...]
    first_bad: int


@dataclass(frozen=True)
class Matrix:
    """First failures by step.

    Attributes:
        rows: names of last right steps, in the order in which traces reach them.
        columns: names of first wrong steps, in the same order.
        cells: (row, column) to the outputs that went wrong there.
        beyond: outputs whose wrong step is not among their steps any more.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[str, ...]]
    beyond: tuple[str, ...] = ()

    def count(self, row: str, column: str) -> int:
        """Return how many outputs went wrong between two steps."""
        return len(self.cells.get((row, column), ()))


def first_failures(traces: Iterable[Trace]) -> Matrix:
    """Count first failures: row the last right step, column the first wrong one.

    Later mistakes are not counted: what follows a wrong step often goes wrong because of it.

    Args:
        traces: outputs of several steps that fail.

    Example: two traces fail at the look-up, one at its answer.
        >>> steps = ("user", "call look_up", "assistant")
        >>> found = first_failures([Trace("a", steps, 1), Trace("b", steps, 1), Trace("c", steps, 2)])
        >>> found.rows, found.columns, found.count("user", "call look_up")
        (('user', 'call look_up'), ('call look_up', 'assistant'), 2)
    """
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    beyond: list[str] = []
    reached: dict[str, list[int]] = defaultdict(list)
    for trace in traces:
        if not 0 <= trace.first_bad < len(trace.steps):
            beyond.append(trace.output)
            continue
        for position, name in enumerate(trace.steps):
            reached[name].append(position)
        before = trace.steps[trace.first_bad - 1] if trace.first_bad else START
        cells[before, trace.steps[trace.first_bad]].append(trace.output)

    def place(name: str) -> tuple[float, str]:
        return (-1.0 if name == START else sum(reached[name]) / len(reached[name]), name)

    rows = tuple(sorted({row for row, _ in cells}, key=place))
    columns = tuple(sorted({column for _, column in cells}, key=place))
    return Matrix(rows, columns, {at: tuple(found) for at, found in cells.items()}, tuple(beyond))


def step_names(steps: Sequence[Any]) -> tuple[str, ...]:
    """Return what steps of a conversation are called: whose turn it is, and which tool is called or answers.

    >>> step_names(
    ...     [
    ...         {"role": "user", "content": "Hi"},
    ...         {"role": "assistant", "tool_calls": [{"function": {"name": "find"}}]},
    ...     ]
    ... )
    ('user', 'assistant calls find')
    >>> step_names([{"role": "tool", "name": "find"}, "free text", {"type": "search"}])
    ('tool find', 'step', 'search')
    """
    return tuple(_name(step)[:LONGEST_NAME] for step in steps)


def _name(step: Any) -> str:
    if not isinstance(step, dict):
        return "step"
    who = next((step[key] for key in ("role", "type", "kind") if _said(step.get(key))), "step")
    calls = step.get("tool_calls")
    if isinstance(calls, list) and calls:
        names = [name for call in calls if (name := _called(call))]
        return f"{who} calls {', '.join(dict.fromkeys(names))}" if names else f"{who} calls a tool"
    own = next((step[key] for key in ("name", "tool") if _said(step.get(key))), "")
    return f"{who} {own}".strip()


def _called(call: Any) -> str:
    if not isinstance(call, dict):
        return ""
    inner = call.get("function")
    name = inner.get("name") if isinstance(inner, dict) else call.get("name", inner)
    return name if isinstance(name, str) else ""


def _said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
