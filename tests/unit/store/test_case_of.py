"""One case is found by its id, however the id is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shipworthy.store.case_of import case_of
from shipworthy.store.layout import Layout


def test_a_case_is_found_by_its_id_and_no_other(folder: Callable[..., Path]) -> None:
    """Ids that stand in another's text, and one that is written with escapes, are told apart; a broken line is passed over."""
    lines = [
        '{"id": "b", "input": "see \\"a\\""}', '{broken "a"', '{"id": "a", "input": 1}', '{"id": "caf\\u00e9", "input": 2}',
        '{"id": "last", "input": 3}',
    ]  # fmt: skip
    layout = Layout(folder(evalset__cases_jsonl="\n".join(lines)))
    found = {
        key: case.input if (case := case_of(layout, key)) else None for key in ("a", "b", "café", "last", "c")
    }
    assert found == {"a": 1, "b": 'see "a"', "café": 2, "last": 3, "c": None}


def test_an_eval_set_of_no_files_or_an_empty_one_has_no_case(folder: Callable[..., Path]) -> None:
    """Nothing is there to be found, and nothing breaks."""
    assert case_of(Layout(folder("none", launch_yaml="title: x")), "a") is None
    assert case_of(Layout(folder("empty", evalset__cases_jsonl="")), "a") is None
