"""Traces gathered from spans in any order: bounded in memory, nothing silently lost."""

from __future__ import annotations

from collections import Counter

import pytest

from shipworthy.importers import otlp_traces
from shipworthy.importers.otlp_span import Span
from shipworthy.importers.otlp_traces import AGAIN, IDLE, LATE, OPEN, SETTLED, Gathering, Remembered

SECOND = 10**9


def gather(
    *spans: tuple[str, str, str, int], still_open: bool = False
) -> tuple[list[list[str]], Counter[str]]:
    """Feed (trace, span, parent, arrived) in this order; return the spans of each trace, and what was dropped."""
    dropped: Counter[str] = Counter()
    gathering = Gathering(dropped)
    found = [held for t, s, p, at in spans for held in gathering.add(Span(t, s, p), at)]
    found += gathering.rest(still_open=still_open)
    return [[span.span for span in held.spans] for held in found], dropped


def test_spans_that_lie_between_each_other_are_sorted_into_their_traces() -> None:
    """Two traces, interleaved, the root of one first and of the other last."""
    traces, dropped = gather(("a", "1", "", 0), ("b", "2", "3", 0), ("a", "4", "1", 0), ("b", "3", "", 0))
    assert traces == [["1", "4"], ["2", "3"]]
    assert not dropped


def test_a_trace_with_its_root_waits_half_a_minute_and_one_without_ten() -> None:
    """What comes after that is counted as late, and no second output is made of it."""
    rooted, rootless = ("a", "1", "", 0), ("b", "2", "9", 0)
    traces, dropped = gather(
        rooted, rootless,
        ("c", "3", "", SETTLED + SECOND), ("a", "4", "1", SETTLED + 2 * SECOND),
        ("b", "5", "9", IDLE - SECOND), ("c", "6", "3", IDLE - SECOND),
    )  # fmt: skip
    assert traces == [["1"], ["3"], ["2", "5"]]
    assert dropped == {LATE: 2}


def test_more_than_can_be_held_gives_up_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three spans may be held: the fourth sends the oldest trace on its way."""
    monkeypatch.setattr(otlp_traces, "MOST_SPANS", 3)
    traces, dropped = gather(*((f"t{n}", "1", "9", 0) for n in range(4)), ("t0", "2", "9", 0))
    assert traces == [["1"], ["1"], ["1"], ["1"]]
    assert dropped == {LATE: 1}


def test_texts_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred characters may be held."""
    monkeypatch.setattr(otlp_traces, "MOST_TEXT", 100)
    gathering = Gathering(Counter())
    spans = [Span(f"t{n}", "1", "9", attributes={"a": "x" * 60}) for n in range(3)]
    assert [len(list(gathering.add(span, 0))) for span in spans] == [0, 1, 1]


def test_a_young_trace_of_a_file_that_still_grows_waits() -> None:
    """At the end of an open file a trace without its root is left for the next reading; in a closed one it counts."""
    spans = (("a", "1", "9", 0), ("b", "2", "", IDLE + SECOND), ("c", "3", "9", IDLE + SECOND))
    assert gather(*spans, still_open=True) == ([["1"], ["2"]], Counter({OPEN: 1}))
    assert gather(*spans)[0] == [["1"], ["2"], ["3"]]


def test_what_was_sent_again_counts_once_also_after_its_trace_was_read() -> None:
    """The same span three times, the last one an hour later."""
    traces, dropped = gather(
        ("a", "1", "", 0), ("a", "1", "", 0), ("b", "2", "", IDLE), ("a", "1", "", 6 * IDLE)
    )
    assert traces == [["1"], ["2"]]
    assert dropped == {AGAIN: 2}


def test_at_least_so_many_are_remembered_and_at_most_twice_that() -> None:
    """Of a hundred keys, a memory for ten holds the last ten, and the first is forgotten."""
    memory = Remembered(10)
    assert not any(memory.add(f"k{n}") for n in range(100))
    assert all(f"k{n}" in memory for n in range(90, 100))
    assert "k0" not in memory
