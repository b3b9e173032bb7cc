"""Turns and tool calls in the ways that tools write them down."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.unit.web.render.harmless import words_in

from shipworthy.web.render.output import render, render_steps
from shipworthy.web.render.turns import Call, Result, Said, Thought, steps_of, turns_of

TAU = Path(__file__).parents[5] / "shared/data/tau-bench-airline/gpt-4o-airline.json.gz"

WAYS: dict[str, list[Any]] = {
    "chat completions": [
        {"role": "user", "content": "where is it?"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "track", "arguments": '{"id": 7}'}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "at the door"},
        {"role": "assistant", "content": "At your door."},
    ],
    "content blocks": [
        {"role": "user", "content": "where is it?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "track", "input": {"id": 7}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "at the door"}]}]},
        {"role": "assistant", "content": [{"type": "text", "text": "At your door."}]},
    ],
    "parts": [
        {"role": "user", "parts": [{"type": "text", "content": "where is it?"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "track", "arguments": {"id": 7}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "result": "at the door"}]},
        {"role": "assistant", "parts": [{"type": "text", "content": "At your door."}]},
    ],
    "items": [
        {"role": "user", "content": [{"type": "input_text", "text": "where is it?"}]},
        {"type": "function_call", "call_id": "c1", "name": "track", "arguments": '{"id": 7}'},
        {"type": "function_call_output", "call_id": "c1", "output": "at the door"},
        {"role": "assistant", "content": [{"type": "output_text", "text": "At your door."}]},
    ],
    "function names as text": [
        {"role": "user", "content": "where is it?"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "function": "track", "arguments": {"id": 7}}]},
        {"role": "tool", "tool_call_id": "c1", "function": "track", "content": "at the door"},
        {"role": "assistant", "content": "At your door."},
    ],
    "human and gpt": [
        {"from": "human", "value": "where is it?"},
        {"tool": "track", "args": {"id": 7}, "result": "at the door"},
        {"from": "gpt", "value": "At your door."},
    ],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_says_the_same(way: str) -> None:
    """A question, a call with its arguments, its result and an answer are found in each way of writing them."""
    blocks = [block for turn in turns_of(WAYS[way]) for block in turn.blocks]
    call = next(block for block in blocks if isinstance(block, Call))
    assert [block.text for block in blocks if isinstance(block, Said)] == ["where is it?", "At your door."]
    assert (call.name, call.arguments) == ("track", {"id": 7})
    assert [block.value for block in blocks if isinstance(block, Result)] == ["at the door"]


@pytest.mark.parametrize("way", WAYS)
def test_a_result_stands_inside_its_call(way: str) -> None:
    """The tool's answer is folded into the call it answers, and not shown a second time."""
    markup = render(json.dumps(WAYS[way])).markup
    assert markup.count('<details class="folded call">') == 1
    assert "no result was recorded" not in markup
    assert words_in(markup).count("gave back") == 1


def test_a_call_without_a_result_says_so() -> None:
    """A call that nothing answered is told as one."""
    markup = render(json.dumps(WAYS["chat completions"][:2])).markup
    assert "no result was recorded" in markup


def test_a_result_without_a_call_is_shown() -> None:
    """A result whose call is missing is not dropped."""
    markup = render(json.dumps([WAYS["chat completions"][0], WAYS["chat completions"][2]])).markup
    assert "at the door" in markup


def test_system_prompts_are_folded() -> None:
    """A system prompt is folded, and one that comes again is told as the same."""
    turns = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "hi"}] * 2
    markup = render(json.dumps(turns)).markup
    assert markup.count("System prompt, 8 characters") == 1
    assert markup.count("System prompt, the same again") == 1


def test_steps_may_be_anything() -> None:
    """A program may tell steps in its own words; each is shown as it is."""
    steps = ["looked it up", {"tool": "search", "query": "refund"}, {"minutes": 3}, 7]
    found = steps_of(steps)
    assert [turn.role for turn in found] == ["step", "assistant", "step", "step"]
    assert all(
        word in render_steps(json.dumps(steps)).markup
        for word in ("looked it up", "search", "minutes", ">7<")
    )


def test_thoughts_are_folded() -> None:
    """What only the model saw is kept apart from what it said."""
    (turn,) = turns_of(
        [
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "yes"}],
            }
        ]
    )
    assert turn.blocks == (Thought("hm"), Said("yes"))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        3,
        "x",
        [1, 2],
        [{"a": 1}],
        {"messages": 3},
        {"messages": [], "turns": []},
        [{"role": 3, "content": 1}],
    ],
)
def test_other_values_are_no_conversation(value: Any) -> None:
    """What nobody speaks in is not taken for a conversation."""
    assert turns_of(value) == ()


@pytest.mark.skipif(not TAU.exists(), reason="the recorded conversations are not on this machine")
def test_two_hundred_recorded_conversations() -> None:
    """In 200 recorded conversations of an airline's agent every call stands with its result and no turn is lost."""
    for task in json.loads(gzip.decompress(TAU.read_bytes())):
        turns = task["traj"]
        calls = sum(len(turn.get("tool_calls") or []) for turn in turns)
        markup = str(render(json.dumps(turns), whole=True).markup)
        assert markup.count('<details class="folded call">') == calls
        assert markup.count("gave back") == sum(turn["role"] == "tool" for turn in turns)
        seen = words_in(markup)
        said = " ".join(turn["content"] for turn in turns if turn["role"] == "user")
        assert [word for word in re.findall(r"[A-Za-z]{5,}", said) if word not in seen] == []
