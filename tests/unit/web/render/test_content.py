"""What an output is, told by looking at it."""

from __future__ import annotations

import json

import pytest

from shipworthy.web.render.content import read_content

KNOWN = (
    ("Your parcel left on Monday.", "plain"),
    ("Dear Ada,\nthank you, we sent it, as asked, on Monday.\nYours", "plain"),
    ("12", "plain"),
    ("", "plain"),
    ("   ", "plain"),
    ('"a text in JSON"', "plain"),
    ("{not json", "plain"),
    ("2 * 3 * 4 = 24 and snake_case_name", "plain"),
    ("# Refund\n\nWe pay it back.", "markdown"),
    ("Steps:\n- first\n- second", "markdown"),
    ("1. first\n2. second", "markdown"),
    ("We **never** do that", "markdown"),
    ("See [our policy](https://shop.example/policy).", "markdown"),
    ("```python\nprint(1)\n```", "markdown"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "markdown"),
    ('{"team": "returns"}', "json"),
    ("[1, 2, 3]", "json"),
    ('"{\\"team\\": \\"returns\\"}"', "json"),
    ('[{"a": 1, "b": 2}, {"a": 3, "b": 4}]', "table"),
    ("id,name,team\n1,Ada,returns\n2,Bo,orders", "table"),
    ("id\tname\n1\tAda", "table"),
    ('[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]', "conversation"),
    ('{"messages": [{"role": "user", "content": "hi"}]}', "conversation"),
    ('{"turns": ["hello", "and then?"]}', "conversation"),
)


@pytest.mark.parametrize(("text", "kind"), KNOWN)
def test_what_it_is(text: str, kind: str) -> None:
    """Each output is told for what it is, prose with commas and lone asterisks included."""
    assert read_content(text).kind == kind


def test_it_can_be_switched() -> None:
    """A conversation can be read as JSON and as the text that was kept; a plain text as Markdown."""
    talk = json.dumps([{"role": "user", "content": "hi"}])
    assert read_content(talk).kinds == ("conversation", "json", "plain")
    assert read_content("hello").kinds == ("plain", "markdown")


def test_uneven_objects_are_no_table() -> None:
    """A list of objects with hardly a name in common stays JSON."""
    assert read_content('[{"a": 1}, {"b": 2}, {"c": 3}]').kind == "json"
