"""Single values of cases are changed, and every other byte stays."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.domain.errors import Refused
from shipworthy.domain.evalset import Case
from shipworthy.store.case_lines import change_cases, with_value
from shipworthy.store.layout import Layout

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ['"part": "tune"', "}", "{", "\\", '\\"part\\":', ",", "part"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
parts = st.sampled_from(["explore", "tune", "calibrate", "holdout"])


@given(
    st.dictionaries(texts | st.just("part"), values, max_size=5),
    parts,
    st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]),
    st.booleans(),
)
def test_any_object_changes_in_one_value_alone(given_values, part, marks, ascii_only):
    """However the line is written, it decodes to the same object with the new part."""
    line = json.dumps(given_values, separators=marks, ensure_ascii=ascii_only).encode("utf-8")
    changed = with_value(line, "part", part)
    assert json.loads(changed) == given_values | {"part": part}


@given(texts, st.lists(texts, max_size=3), parts, parts)
def test_bytes_outside_the_value_stay(text, before, old, new):
    """Blanks, order and escapes of the rest of the line are those that were there."""
    head = json.dumps({"id": "a", "input": text, "tags": dict.fromkeys(before, "x")})[:-1]
    line = f'{head},   "part" :"{old}"  }}\r\n'.encode()
    assert with_value(line, "part", new) == f'{head},   "part" :"{new}"  }}\r\n'.encode()


def test_a_key_written_with_an_escape_or_twice_is_changed_everywhere():
    r"""`p\u0061rt` is `part`, and of two the last would count."""
    line = rb'{"p\u0061rt":"tune","id":"a","part":"explore"}'
    assert msgspec.json.decode(with_value(line, "part", "holdout"), type=Case).part == "holdout"


@pytest.fixture
def layout(folder):
    """Three cases in two files, with blanks, an empty line and no end of the last line."""
    made = folder()
    (made / "evalset").mkdir(parents=True)
    (made / "evalset/a.jsonl").write_bytes(b'{"id":"a1",  "part":"explore"}\r\n\n{ "id" : "a2" }\n')
    (made / "evalset/b.jsonl").write_bytes(b'{"id":"b1"}')
    return Layout(made)


def test_lines_that_do_not_change_keep_their_bytes(layout):
    """One case of three moves; the file of the others is not even written."""
    untouched = (layout.evalset / "b.jsonl").stat()
    change_cases(layout, {"a2": {"part": "holdout"}})
    assert (layout.evalset / "a.jsonl").read_bytes() == (
        b'{"id":"a1",  "part":"explore"}\r\n\n{ "id" : "a2", "part": "holdout" }\n'
    )
    assert (layout.evalset / "b.jsonl").stat() == untouched


def test_a_case_that_is_gone_changes_nothing(layout):
    """Somebody removed `b1` meanwhile: the other files stay as they were, and nothing unfinished is left."""
    before = (layout.evalset / "a.jsonl").read_bytes()
    with pytest.raises(Refused, match="no longer in the eval set"):
        change_cases(layout, {"a1": {"part": "holdout"}, "gone": {"part": "holdout"}})
    assert (layout.evalset / "a.jsonl").read_bytes() == before
    assert sorted(p.name for p in layout.evalset.iterdir()) == ["a.jsonl", "b.jsonl"]
