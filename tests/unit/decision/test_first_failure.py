"""Where traces go wrong first, counted by the step before and the step itself."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.first_failure import START, Trace, first_failures, step_names

STEPS = ("user", "assistant calls find", "tool find", "assistant")


def test_each_trace_counts_once_at_its_first_wrong_step():
    """What goes wrong later is not counted: it often follows from the first."""
    found = first_failures([Trace("a/1", STEPS, 1), Trace("b/1", STEPS, 1), Trace("c/1", STEPS, 3)])
    assert found.rows == ("user", "tool find")
    assert found.columns == ("assistant calls find", "assistant")
    assert found.cells["user", "assistant calls find"] == ("a/1", "b/1")


def test_a_trace_that_is_wrong_from_the_start_comes_from_the_start():
    """There is no right step before the first."""
    found = first_failures([Trace("a/1", STEPS, 0), Trace("b/1", STEPS, 3)])
    assert found.rows == (START, "tool find")
    assert found.count(START, "user") == 1


def test_a_step_that_is_no_longer_there_is_said():
    """An output imported again with fewer steps is not put anywhere."""
    assert first_failures([Trace("a/1", STEPS, 9)]).beyond == ("a/1",)


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("abc"), min_size=1, max_size=5), st.integers(0, 6)), max_size=20
    )
)
def test_every_trace_is_in_one_cell_or_beyond(given_traces):
    """The cells and what lies beyond add up to the traces, whatever they are."""
    traces = [Trace(str(n), tuple(steps), bad) for n, (steps, bad) in enumerate(given_traces)]
    found = first_failures(traces)
    placed = [output for outputs in found.cells.values() for output in outputs]
    assert sorted([*placed, *found.beyond]) == sorted(trace.output for trace in traces)
    assert set(found.cells) <= {(row, column) for row in found.rows for column in found.columns}


def test_steps_are_called_by_whose_turn_it_is_and_by_their_tool():
    """Shapes of several tools, and things that are no step at all."""
    steps = [
        {"role": "user", "content": "Where is it?"},
        {"role": "assistant", "tool_calls": [{"function": {"name": "find_order"}}, {"name": "find_order"}]},
        {"role": "tool", "name": "find_order", "content": "{}"},
        {"role": "assistant", "tool_calls": ["?"]},
        {"kind": "retrieval"},
        {"role": 7},
        None,
        {"role": "x" * 100},
    ]
    assert step_names(steps) == (
        "user", "assistant calls find_order", "tool find_order", "assistant calls a tool", "retrieval", "step", "step",
        "x" * 40,
    )  # fmt: skip


def test_real_traces_have_steps_with_names():
    """200 recorded conversations with tools: every step has a name, and calls name their tool."""
    path = Path(__file__).parents[4] / "shared/data/tau-bench-airline/gpt-4o-airline.json.gz"
    if not path.is_file():
        pytest.skip("the recorded conversations are not here")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        trials = json.load(file)
    names = Counter(name for trial in trials for name in step_names(trial["traj"]))
    assert len(trials) == 200
    assert names["step"] == 0
    assert {"system", "user", "assistant"} <= set(names)
    assert names["assistant calls get_user_details"] > 100
    assert names["tool get_user_details"] == names["assistant calls get_user_details"]
