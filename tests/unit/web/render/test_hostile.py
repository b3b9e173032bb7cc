"""Hostile outputs stay text, in whatever shape they are shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from tests.payloads import HOSTILE, LINE_OF_5_MB
from tests.unit.web.render.harmless import active_in, words_in

from shipworthy.web.render.content import KINDS
from shipworthy.web.render.output import render, render_steps
from shipworthy.web.render.visible import HIDDEN

QUICK_S = 3.0
"""Longer than any takes on two busy cores; a rule that backtracks takes minutes."""


def test_there_are_many() -> None:
    """At least a hundred different payloads are tried."""
    assert len(set(HOSTILE)) >= 150


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_no_payload_is_active_in_any_shape(kind: str) -> None:
    """As plain text, Markdown, JSON, table, conversation or diff, a payload becomes nothing but text."""
    for text in HOSTILE:
        for whole in (False, True):
            markup = str(render(text, kind, whole=whole, against="<b>expected</b>").markup)
            assert active_in(markup) == [], (kind, text[:80])
            markup.encode()


WRAPPED: dict[str, Callable[[str], str]] = {
    "a text in JSON": json.dumps,
    "a value": lambda text: json.dumps({"answer": text, "more": [text]}),
    "a name": lambda text: json.dumps({text: {text: 1}}),
    "a cell": lambda text: json.dumps([{"a": text, "b": 1}, {"a": 2, "b": text}]),
    "a column": lambda text: json.dumps([{text: 1}, {text: 2}]),
    "a turn": lambda text: json.dumps([{"role": "user", "content": text}]),
    "a part": lambda text: json.dumps([{"role": "user", "content": [{"type": "text", "text": text}, {"type": text}]}]),
    "a name of who speaks": lambda text: json.dumps([{"role": "user", "name": text, "content": text}]),
    "a system prompt": lambda text: json.dumps([{"role": "system", "content": text}] * 2),
    "a tool": lambda text: json.dumps([
        {"role": "assistant", "content": None, "tool_calls": [{"id": text, "function": {"name": text, "arguments": text}}]},
        {"role": "tool", "tool_call_id": text, "name": text, "content": text},
    ]),
    "a step": lambda text: json.dumps([{"tool": text, "args": {text: text}, "result": text}, text, {"x": text}]),
    "Markdown": lambda text: f"# Title\n\n{text}\n\n- {text}\n- **{text}**\n\n| {text} | b |\n|---|---|\n| {text} | 2 |\n",
}  # fmt: skip


@pytest.mark.parametrize("where", WRAPPED)
def test_no_payload_is_active_inside_another_shape(where: str) -> None:
    """Inside a value, a name, a cell, a turn, a tool call or Markdown, a payload becomes nothing but text."""
    for text in HOSTILE:
        inside = WRAPPED[where](text)
        for shown in (render(inside), render_steps(inside)):
            markup = str(shown.markup)
            assert active_in(markup) == [], (where, text[:80])
            markup.encode()


def test_nothing_hides() -> None:
    """What a reader sees holds no control, no direction mark and no lone surrogate: each is named instead."""
    for text in HOSTILE:
        for kind in KINDS:
            seen = words_in(str(render(text, kind, against=text[::-1]).markup))
            assert HIDDEN.search(seen.replace("\n", " ")) is None, (kind, text[:80])


HUGE: dict[str, str] = {
    "a line": LINE_OF_5_MB, "NUL": "\0" * 5_000_000, "surrogates": "\ud800" * 5_000_000, "every other one hidden": "a\x1b" * 2_500_000,
    "brackets": "[" * 5_000_000, "braces": '{"a":' * 1_000_000, "quotes": '"' * 5_000_000, "digits": f"[{'9' * 5_000_000}]",
    "marks": "e" + "\u0301" * 5_000_000, "line breaks": "\r\n" * 2_500_000, "rows": "a,b\n" * 1_250_000, "numbers": json.dumps(list(range(600_000))),
    "a text": json.dumps("x" * 4_900_000), "turns": json.dumps([{"role": "user", "content": "**x** " * 20}] * 30_000),
    "turns of brackets": json.dumps([{"role": "user", "content": "[" * 29_000}] * 100), "pictures": "![a" * 9_900,
    "an uneven table": "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "|b|\n" * 6_000, "stars": "*a **b " * 4_000, "links": "[a](" * 7_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_huge_outputs_are_quick_and_small(name: str) -> None:
    """Five megabytes of anything become a page of moderate size in moderate time, and what is left out is told."""
    text = HUGE[name]
    start = time.process_time()
    shown = render(text)
    assert time.process_time() - start < QUICK_S
    assert len(shown.markup) < 1_500_000
    assert (
        shown.shown
        or len(text) < 100_000
        or "more marks" in shown.markup
        or "more like these" in shown.markup
    )


def test_a_huge_comparison_is_quick() -> None:
    """Two texts of five megabytes are compared as far as it is told, in moderate time."""
    start = time.process_time()
    shown = render(LINE_OF_5_MB, "diff", against=LINE_OF_5_MB[::-1])
    assert time.process_time() - start < QUICK_S
    assert "are compared" in shown.shown
