"""Declared checks: each kind with its edges, and outputs that mean harm."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path

import pytest

from shipworthy.domain.criteria import Scorer
from shipworthy.domain.errors import Unavailable
from shipworthy.runners.declared import scores_of
from shipworthy.runners.scoring import About
from shipworthy.store.layout import Layout

ANSWER = "Your refund of $1,234.50 is on its way [1], see https://shop.example/returns."


def said(scorer, output, *, expected=None, given=None, about=None, folder=Path()):
    """Return what a check says of an output."""
    check = scores_of(Scorer.model_validate(scorer), Layout(folder))
    with check.ready():
        return check.score(given, expected, output, about or About())


PASSES = [
    ({"contains": "refund"}, ANSWER),
    ({"contains": ["refund", "way"]}, ANSWER),
    ({"contains": {"any": ["voucher", "refund"]}}, ANSWER),
    ({"contains": {"none": "voucher"}}, ANSWER),
    ({"contains": {"all": "YOUR  Refund", "ignore": ["case", "space"]}}, "so:\n your\trefund"),
    ({"contains": {"all": "STRASSE", "ignore": "case"}}, "in der Straße"),
    ({"contains": "team"}, {"team": "billing"}),
    ({"contains": "billing", "at": "$.team"}, {"team": "billing", "answer": ""}),
    ({"regex": r"\$[\d,.]+"}, ANSWER),
    ({"regex": {"all": "yes|no", "whole": True}}, "no"),
    ({"regex": {"none": r"\bpromise\b", "ignore": "case"}}, ANSWER),
    ({"regex": {"any": ["x{3}", "ref"]}}, ANSWER),
    ({"equals": "yes"}, "yes"),
    ({"equals": {"value": "Yes", "ignore": ["case", "space"]}}, "  yes\n"),
    ({"equals": 42}, 42),
    ({"equals": 42}, "42"),
    ({"equals": 42}, 42.0),
    ({"equals": {"value": {"a": [1, "x"]}}}, {"a": [1, "x"]}),
    ({"equals": "yes", "take": r"\[(yes|no)\]"}, "[no] … so, after all: [yes]"),
    ({"length": {"at_most": 3}}, "one two  three"),
    ({"length": {"at_least": 3, "unit": "characters"}}, "äöü"),
    ({"length": {"at_least": 0, "at_most": 0}}, "  "),
    ({"json_schema": {"schema": {"type": "object", "required": ["a"]}}}, '{"a": 1}'),
    ({"json_schema": {"schema": {"type": "object"}}, "take": "(?s)```json(.*?)```"}, "Here:\n```json\n{}\n```"),
    ({"json_path": {"path": "$.a[*]", "equals": 1}}, {"a": [1, 1.0]}),
    ({"json_path": {"path": "$.a[*]", "equals": 1, "need": "some"}}, {"a": [2, 1]}),
    ({"json_path": {"path": "$.a", "matches": "^x"}}, '{"a": "xyz"}'),
    ({"numeric": 1234.5}, ANSWER.split(" is", maxsplit=1)[0]),
    ({"numeric": {"value": 0.3}}, "about 0.30"),
    ({"numeric": {"value": 100, "relative": 0.01}}, "99.0 or so"),
    ({"numeric": {"value": -3, "within": 0.5}}, "it is \u22123.4 degrees"),
    ({"numeric": {"value": 18, "after": "A:", "find": "first"}}, "A: 3 eggs\nA: 18\nin 7 s"),
    ({"equals": "42", "take": r"\d+"}, "41, or rather 42"),
    ({"numeric": {"value": 3, "find": "first"}}, "3 and 4"),
    ({"numeric": 3}, "5-3"),
    ({"numeric": 3}, "5\u20133 of them"),
    ({"numeric": -5}, "a loss: -$5"),
    ({"numeric": -5.5}, "\u2212€5.50"),
    ({"numeric": -18}, "\u201318 degrees"),
    ({"numeric": 5}, "it was $9-$5"),
    ({"numeric": 0.02}, "2e-2"),
    ({"numeric": 7}, 7),
]  # fmt: skip


@pytest.mark.parametrize(("scorer", "output"), PASSES, ids=lambda value: json.dumps(value)[:60])
def test_an_output_that_is_as_declared_passes_without_words(scorer, output):
    """One line a kind and option; a pass needs no explanation."""
    assert said(scorer, output) == (1.0, None)


FAILS = [
    ({"contains": "voucher"}, ANSWER, "does not contain 'voucher'"),
    ({"contains": {"none": "refund"}}, ANSWER, "contains 'refund'"),
    ({"contains": {"any": ["a b", "c d"]}}, ANSWER, "contains none of 'a b', 'c d'"),
    ({"contains": "billing", "at": "$.team"}, {"answer": "billing"}, "has nothing at $.team"),
    ({"contains": "billing", "at": "$.team"}, "billing", "is not JSON (json is malformed: invalid character)"),
    ({"regex": r"^\d+$"}, "twelve", r"does not match `^\d+$`"),
    ({"regex": {"all": "yes", "whole": True}}, "yes!", "is not as a whole `yes`"),
    ({"regex": {"none": r"\d{3}"}}, "call 555 now", r"matches `\d{3}`: '555'"),
    ({"regex": {"any": ["a+b", "c+d"]}}, "x", "matches none of `a+b`, `c+d`"),
    ({"equals": "yes"}, "no", "is 'no', not 'yes'"),
    ({"equals": True}, 1, "is 1, not true"),
    ({"equals": "yes", "take": r"\[(yes|no)\]"}, "yes", r"has nothing that matches `\[(yes|no)\]`"),
    ({"length": {"at_most": 2}}, "one two three", "has 3 words, and at most 2 are allowed"),
    ({"length": {"at_least": 2}}, "one", "has 1 word, and 2 are needed"),
    ({"json_schema": {"schema": {"properties": {"a": {"type": "string"}}}}}, '{"a": 1}',
     "does not fit the schema at $.a: 1 is not of type 'string'"),
    ({"json_schema": {"schema": {}}}, "{", "is not JSON (input data was truncated)"),
    ({"json_path": {"path": "$.b", "equals": 1}}, {"a": 1}, "has nothing at $.b"),
    ({"json_path": {"path": "$.a[*]", "equals": 1}}, {"a": [1, 2]}, "$.a[*] is 2, which is not 1"),
    ({"json_path": {"path": "$.a", "matches": "^x"}}, {"a": "y"}, "$.a is 'y', which does not match `^x`"),
    ({"numeric": 5}, "none at all", "has no number"),
    ({"numeric": 5}, "-$5", "the number is -5, not 5"),
    ({"numeric": 18}, "\u201318", "the number is -18, not 18"),
    ({"numeric": 5}, "it is 4", "the number is 4, not 5"),
    ({"numeric": {"value": 5, "after": "A:"}}, "5", "does not contain 'A:', behind which the number is looked for"),
    ({"numeric": {"value": 5, "find": "only"}}, "5 or 6", "has more than one number"),
    ({"numeric": 9007199254740993}, "9007199254740992", "the number is 9007199254740992, not 9007199254740993"),
    ({"numeric": {"value": 100, "relative": 0.01}}, "98.9", "the number is 98.9, not 100"),
    ({"numeric": 2}, "version x2", "has no number"),
    ({"numeric": 5}, "it weighs 18,5 kg", "has '18,5', which may be one number or several"),
    ({"numeric": {"value": 18, "find": "first"}}, "18,5", "has '18,5', which may be one number or several"),
    ({"numeric": 0}, "1,0000", "has '1,0000', which may be one number or several"),
]  # fmt: skip


@pytest.mark.parametrize(("scorer", "output", "words"), FAILS, ids=lambda value: json.dumps(value)[:60])
def test_an_output_that_is_not_as_declared_fails_and_the_words_say_why(scorer, output, words):
    """The words name what was looked for and what was found."""
    assert said(scorer, output) == (0.0, words)


def test_what_is_expected_is_taken_from_the_case():
    """`to: expected.total` and the like name a part of the case; a number in a worked solution is its last one."""
    case = {"expected": {"total": 12.5, "team": "billing", "worked": "3 + 4 = 7\nA: 7"}}
    assert said({"numeric": "expected.total"}, "12.50", **case) == (1.0, None)
    assert said({"numeric": "expected.worked"}, "so 7", **case) == (1.0, None)
    assert said({"equals": "expected.team"}, "orders", **case) == (0.0, "is 'orders', not 'billing'")
    path = {"json_path": {"path": "$.team", "equals": "expected.team"}}
    assert said(path, {"team": "billing"}, **case) == (1.0, None)
    assert said({"equals": "input"}, "echo", given="echo") == (1.0, None)


@pytest.mark.parametrize("scorer", [{"equals": "expected"}, {"numeric": "expected.total"}])
def test_a_case_that_lacks_what_is_expected_leaves_its_output_unscored(scorer):
    """Nobody can say whether it is right, so it is neither passed nor failed."""
    name = next(iter(scorer.values()))
    assert said(scorer, "5", expected=None) == (None, f"unscored: the case has no `{name}`")
    assert (
        said({"numeric": "expected"}, "5", expected="five")[1]
        == "unscored: what is expected is no number: 'five'"
    )


def test_a_measure_that_nobody_took_is_unscored_and_not_zero():
    """Latency and cost are held against the most allowed where they are known."""
    assert said({"latency": {"at_most": 2}}, None, about=About(latency_s=2.0)) == (1.0, None)
    late = said({"latency": {"at_most": 2}}, None, about=About(latency_s=2.5))
    assert late == (0.0, "took 2.5 s, and at most 2 s are allowed")
    assert said({"latency": {"at_most": 2}}, None)[1] == "unscored: nobody measured how long it took"
    dear = said({"cost": {"at_most": 0.01}}, None, about=About(cost_usd=0.0123))
    assert dear == (0.0, "cost 0.0123 USD, and at most 0.01 USD are allowed")
    assert said({"cost": {"at_most": 0.01}}, None)[1] == "unscored: nobody knows what it cost"


SOURCES = {"sources": ["https://shop.example/returns/", {"id": "DOC-7", "text": "Refunds."}]}


@pytest.mark.parametrize(
    ("cites", "output", "words"),
    [
        ({"by": "number"}, "Yes [1], [1, 2].", None),
        ({"by": "number"}, "Yes [3].", "cites '3', which is not in input.sources"),
        ({"by": "number"}, "Yes [1-2], [1\u20132].", None),
        ({"by": "number"}, "Yes [1] and [12345].", "cites '12345', which is not in input.sources"),
        ({"by": "number"}, "Yes [1-9].", "cites '3', which is not in input.sources"),
        ({"by": "number"}, "Yes [1], [2-900000000].", "cites '900000000', which is not in input.sources"),
        ({"by": "number"}, "Yes.", "cites 0 of the sources, and 1 are needed"),
        ({"by": "number", "at_least": 0}, "Yes.", None),
        ({"by": "number", "at_least": 2}, "Yes [1] and [1].", "cites 1 of the sources, and 2 are needed"),
        ({"by": "url"}, "See https://shop.example/returns.", None),
        ({"by": "url"}, "See (https://evil.example)", "cites 'https://evil.example', which is not in input.sources"),
        ({"by": "id", "pattern": r"DOC-\d+"}, "by DOC-7", None),
        ({"by": "id", "pattern": r"DOC-\d+"}, "by DOC-70", "cites 'DOC-70', which is not in input.sources"),
    ],
)  # fmt: skip
def test_a_citation_must_be_there_among_the_sources(cites, output, words):
    """An invented source fails by name; too few fail by count."""
    value = said({"cites": {"in": "input.sources", **cites}}, output, given=SOURCES)
    assert value == (1.0, None) if words is None else value == (0.0, words)


def test_a_schema_in_a_file_is_read_from_the_launch_folder(tmp_path):
    """The same words as for one that is written in place."""
    (tmp_path / "answer.json").write_text('{"type": "array", "uniqueItems": true}')
    scorer = {"json_schema": {"file": "answer.json"}}
    assert said(scorer, "[1]", folder=tmp_path) == (1.0, None)
    assert said(scorer, "[1, 1]", folder=tmp_path)[0] == 0.0


EVERY = [
    {"contains": "x"}, {"contains": {"any": ["x"], "ignore": ["case", "space"]}}, {"regex": "x.*y"}, {"equals": "x"},
    {"equals": "expected"}, {"json_schema": {"schema": {"type": "boolean"}}}, {"json_path": {"path": "$..a", "equals": 1}},
    {"numeric": 5}, {"numeric": {"value": 5, "find": "first"}}, {"length": {"at_least": 2_000_000}},
    {"length": {"at_least": 2_000_000, "unit": "characters"}}, {"cites": {"in": "expected.s"}},
    {"cites": {"in": "expected.s", "by": "url"}}, {"contains": "x", "at": "$.a"}, {"contains": "x", "take": "(z+)"},
]  # fmt: skip
HOSTILE = {
    "long": "y" * 1_000_000,
    "digits": "1" * 1_000_000,
    "commas": "1,234" * 200_000,
    "numbers": "1 " * 500_000,
    "signs": "-+" * 500_000,
    "power": "1e9999 -1e9999",
    "nul": "a\0b",
    "half a character": "a\ud800b",
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep object": '{"a":' * 900 + "1" + "}" * 900,
    "brackets": "[1," * 60_000,
    "addresses": "http://" * 25_000,
    "not a number": "NaN Infinity -Infinity",
    "escape": "\x1b[31mred\u202e",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("scorer", EVERY, ids=lambda value: json.dumps(value)[:60])
def test_no_output_holds_a_check_up_or_breaks_it(scorer, name):
    """Nothing here passes or raises, words stay short and can be stored, and three seconds are enough."""
    began = time.process_time()
    value, words = said(scorer, HOSTILE[name], expected={"s": ["a"]})
    assert value in (0.0, None)
    assert words
    assert len(words.encode()) < 1500
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("scorer", "output"),
    [
        ({"regex": r"(a+)+$"}, "a" * 40 + "b"),
        ({"regex": r"(a|a)*b"}, "a" * 60),
        ({"regex": r"(\w\w?)*!"}, "a" * 60),
        ({"take": r"(a+)+$", "equals": "a"}, "a" * 40 + "b"),
        ({"json_path": {"path": "$.a", "matches": "(a+)+$"}}, {"a": "a" * 40 + "b"}),
        ({"json_schema": {"schema": {"pattern": "(a+)+$"}}}, json.dumps("a" * 40 + "b")),
        ({"cites": {"in": "input", "by": "id", "pattern": "(a+)+!"}}, "a" * 40 + "b"),
    ],
)  # fmt: skip
def test_a_pattern_that_backtracks_for_ever_is_stopped_and_leaves_the_output_unscored(scorer, output):
    """Each would need longer than anybody waits; after a second of processor time the reason is written down."""
    began = time.process_time()
    value, words = said(scorer, output, given=["b"])

    assert value is None
    assert re.fullmatch(r"unscored: out of time: the check `\w+` did not end within 1 s", words)
    assert time.process_time() - began < 5


def test_a_pattern_is_not_tried_on_an_output_without_end():
    """One step may scan all of a text, so its length is bounded too."""
    value, words = said({"regex": "a+b"}, "a" * 200_001)
    assert value is None
    assert words == "unscored: 200,001 characters, and patterns are tried on 200,000 at most"


def test_where_no_timer_can_stop_a_pattern_none_is_tried():
    """Python delivers signals to the main thread alone; elsewhere the check refuses instead of hanging."""
    seen = []

    def elsewhere():
        try:
            said({"regex": "a"}, "a")
        except Unavailable as error:
            seen.append(error.remedy)
        seen.append(said({"contains": "a"}, "a"))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == ["run `shipworthy score` by itself", (1.0, None)]


def test_the_same_output_gets_the_same_words_again():
    """Scoring is repeatable: no clock, no order, no state between outputs."""
    check = scores_of(Scorer.model_validate({"regex": {"any": ["a", "b"]}}), Layout(Path()))
    with check.ready():
        once = [check.score(None, None, text, About()) for text in ("xa", "c", "b")]
        again = [check.score(None, None, text, About()) for text in ("b", "c", "xa")]
    assert once == again[::-1]
