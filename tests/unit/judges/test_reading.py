"""A judge's answer is read strictly: one object, two keys, nothing round it; all else is unscored and never a pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.judges.reading import LONGEST, WORDS_MOST, choice, opinion

GOOD = '{"rationale": "It names the day.", "verdict": "pass"}'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("verdict", "value", "words"),
    [
        ("pass", 1.0, "It names the day."),
        ("fail", 0.0, "It names the day."),
        ("unknown", None, "unscored: the judge could not say: It names the day."),
    ],
)
def test_a_verdict_is_read_with_its_rationale(verdict, value, words):
    """As the object itself and as a text that holds it; unknown is unscored, and the rationale is kept."""
    text = GOOD.replace("pass", verdict)

    for said in (text, json.dumps(text), f"  {text}\n", json.dumps(f"\n{text} ")):
        found = opinion(said)
        assert (found.value, found.words) == (value, words)


BROKEN = [
    ("", "did not answer with a JSON object"),
    ("pass", "did not answer with a JSON object"),
    ('"pass"', "did not answer with a JSON object"),
    ("1", "did not answer with a JSON object"),
    ("null", "did not answer with a JSON object"),
    (f"[{GOOD}]", "did not answer with a JSON object"),
    (f"Sure! {GOOD}", "did not answer with a JSON object"),
    (f"{GOOD} I hope that helps.", "did not answer with a JSON object"),
    (f"```json\n{GOOD}\n```", "did not answer with a JSON object"),
    (f"{GOOD}{GOOD}", "did not answer with a JSON object"),
    (json.dumps(json.dumps(GOOD)), "did not answer with a JSON object"),
    ("[" * 90_000, "did not answer with a JSON object"),
    ('{"a": ' * 30_000, "did not answer with a JSON object"),
    (GOOD[:-1], "did not answer with a JSON object"),
    ('{"rationale": "x", "verdict": ' + "9" * 6000 + "}", "did not answer with a JSON object"),
    (GOOD.replace("pass", "PASS"), "none of pass, fail, unknown"),
    (GOOD.replace("pass", " pass"), "none of pass, fail, unknown"),
    (GOOD.replace("pass", "passed"), "none of pass, fail, unknown"),
    (GOOD.replace("pass", "first"), "none of pass, fail, unknown"),
    (GOOD.replace("pass", "p\u0430ss"), "none of pass, fail, unknown"),
    (GOOD.replace('"pass"', "NaN"), "verdict is no word"),
    (GOOD.replace('"pass"', "Infinity"), "verdict is no word"),
    (GOOD.replace('"pass"', "1"), "verdict is no word"),
    (GOOD.replace('"pass"', "true"), "verdict is no word"),
    (GOOD.replace('"pass"', "null"), "verdict is no word"),
    (GOOD.replace('"pass"', '["pass"]'), "verdict is no word"),
    ('{"verdict": "pass"}', "has the keys 'verdict'"),
    ("{}", "has the keys of nothing"),
    ('{"rationale": "", "verdict": "pass"}', "gave no rationale"),
    ('{"rationale": " \\n ", "verdict": "pass"}', "gave no rationale"),
    ('{"rationale": null, "verdict": "pass"}', "gave no rationale"),
    ('{"rationale": NaN, "verdict": "pass"}', "gave no rationale"),
    ('{"rationale": ["x"], "verdict": "pass"}', "gave no rationale"),
    ('{"verdict": "pass", "rationale": "x"}', "not rationale and verdict in this order"),
    ('{"rationale": "x", "verdict": "fail", "verdict": "pass"}', "has the keys"),
    ('{"rationale": "x", "verdict": "pass", "score": 5}', "'rationale', 'verdict', 'score'"),
    ('{"Rationale": "x", "Verdict": "pass"}', "has the keys 'Rationale', 'Verdict'"),
    ('{"\\u001b[2J": "x", "verdict": "pass"}', r"'\x1b[2J'"),
    (GOOD.replace("day", "d" * 2 * LONGEST), "more than 100,000 characters"),
]


@pytest.mark.parametrize(("said", "words"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_not_exactly_one_verdict_is_unscored_with_the_reason(said, words):
    """Every answer here holds or suggests a pass, and none becomes one."""
    found = opinion(said)

    assert found.value is None
    assert found.words.startswith("unscored: ")
    assert words in found.words
    assert "\x1b" not in found.words


@settings(deadline=None)
@given(JSON)
def test_no_json_value_that_is_not_the_object_is_ever_scored(value: Any):
    """Whatever comes back: it is unscored, and reading never breaks."""
    if not isinstance(value, dict) or list(value) != ["rationale", "verdict"]:
        for said in (json.dumps(value), json.dumps(json.dumps(value))):
            assert opinion(said).value is None
            assert choice(said).place is None


@settings(deadline=None)
@given(st.text())
def test_no_text_is_ever_scored(text: str):
    """Plain text, also one that is no JSON at all."""
    assert opinion(text).value is None
    assert opinion(json.dumps(text)).value is None


def test_a_rationale_is_kept_to_its_limit_and_can_be_written():
    """30,000 characters are cut to 20,000, and half a surrogate pair becomes a question mark."""
    long = opinion(json.dumps({"rationale": "x" * 30_000, "verdict": "fail"}))
    half = opinion('{"rationale": "a \\ud83d b", "verdict": "fail"}')

    assert (long.value, len(long.words)) == (0.0, WORDS_MOST)
    assert half.words == "a ? b"


@pytest.mark.parametrize("word", ["first", "second", "tie"])
def test_a_choice_is_read_with_its_rationale(word):
    """The place is the word, the rationale is kept."""
    found = choice(GOOD.replace("pass", word))

    assert (found.place, found.words) == (word, "It names the day.")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (GOOD.replace("pass", "unknown"), "the judge could not say: It names the day."),
        (GOOD, "none of first, second, tie, unknown"),
        (GOOD.replace("pass", "A"), "none of first, second, tie, unknown"),
        ("first", "did not answer with a JSON object"),
    ],
)
def test_a_choice_that_is_none_has_no_place_and_says_why(said, words):
    """A verdict on one output is no choice between two."""
    found = choice(said)

    assert found.place is None
    assert words in found.words
