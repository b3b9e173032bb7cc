"""Mistakes in declared checks are found when the folder is read, each at its line and with its remedy."""

from __future__ import annotations

import json

import pytest

from shipworthy.store.read import read_launch

CRITERION = "- id: right\n  bar: {at_least: 0.8}\n  scorer:\n"


def problems(folder, scorer):
    """Return what is wrong with a scorer that stands from line 4 on."""
    made = folder(
        launch_yaml="title: x\nvariants: {new: {recorded: true}}\n",
        criteria_yaml=CRITERION + "".join(f"    {line}\n" for line in scorer.splitlines()),
    )
    return read_launch(made).problems


@pytest.mark.parametrize(
    ("scorer", "line", "said"),
    [
        ("contains: []", 4, "at least one, and none of them empty"),
        ('contains: {any: [""]}', 4, "none of them empty"),
        ("contains: {ignore: case}", 4, "`all`, `any` or `none`"),
        ("contains: {all: a, ignore: accents}", 4, "'case' or 'space'"),
        ("contains: {al: a}", 4, "did you mean `all`?"),
        ('regex: "(a"', 4, "a regular expression (missing ), unterminated subpattern"),
        ("regex:\n  any:\n    - ok\n    - '*'", 7, "nothing to repeat"),
        ("equals: {to: answer}", 4, "a part of the case, as `expected`"),
        ("equals: {to: expected, value: 1}", 4, "either `to`"),
        ("equals: 2027-01-01", 4, "a date stands in quotes"),
        ("json_schema: {schema: {type: strin}}", 4, "'strin' is not valid"),
        ("json_schema: {schema: {pattern: '['}}", 4, "'[' is not a 'regex'"),
        ("json_schema: {schema: {patternProperties: {'[': {}}}}", 4, "'[' is not a 'regex'"),
        ("json_schema: {schema: {$ref: 'https://evil.example/s.json'}}", 4, "which leads out of the schema"),
        ("json_schema: {schema: {$ref: '#/$defs/gone'}}", 4, "which is not there"),
        ("json_schema: {schema: {$schema: 'https://evil.example/s'}}", 4, "which is not known"),
        ("json_schema:\n  file: gone.json", 5, "no such file in the launch folder"),
        ("json_schema:\n  file: ../launch/../../etc/passwd", 5, "no such file in the launch folder"),
        ("json_path: {path: '$.a[', equals: 1}", 4, "a JSON path, as $.answer"),
        ("json_path: {path: '$.a'}", 4, "either `equals` or `matches`"),
        ("contains: a\nat: $..[", 5, "a JSON path, as $.answer"),
        ("contains: a\ntake: '('", 5, "a regular expression"),
        ("latency: {at_most: 2}\nat: $.a", 5, "no `at` with `latency`"),
        ("numeric: .nan", 4, "a finite number"),
        ("numeric: {value: -.inf}", 4, "a finite number"),
        ("numeric: five", 4, "a number, or `to` with a part of the case"),
        ("numeric: {to: expected, within: 1, relative: 0.1}", 4, "either `within` or `relative`"),
        ("length: {}", 4, "`at_least`, `at_most` or both"),
        ("length: {at_least: 5, at_most: 4}", 4, "not above `at_most`"),
        ("cost: {at_most: 0}", 4, "greater than 0"),
        ("cites: {in: sources}", 4, "a part of the case"),
        ("cites: {in: input, by: id}", 4, "`pattern` with `by: id`"),
        ("contains: a\nequals: b", 4, "one of check, recorded, labels, judge, contains"),
        ("contain: a", 4, "did you mean `contains`?"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_problem_at_its_line(folder, scorer, line, said):
    """The scorer as it is written, the line it is found in, and some of what is said."""
    found = [p for p in problems(folder, scorer) if said in f"{p.found} {p.expected} {p.remedy}"]
    assert found, problems(folder, scorer)
    assert found[0].line in (line, 3)
    assert found[0].remedy


def test_a_schema_file_that_is_not_json_is_a_problem(folder):
    """The file is named, and so is what is wrong with it."""
    folder(checks__answer_jsonl="{")
    found = problems(folder, "json_schema: {file: checks/answer.jsonl}")
    assert "not JSON" in found[0].found


def test_what_is_written_well_has_no_problems(folder):
    """Shorthands and long forms, a schema in a file among them."""
    made = folder(checks__answer_jsonl=json.dumps({"$defs": {"a": {}}, "$ref": "#/$defs/a"}))
    assert made
    for scorer in (
        "contains: refund",
        "regex: ['a+', 'b']",
        "equals: expected.answer",
        "numeric: {to: expected, relative: 0.01}",
        "json_schema: {file: checks/answer.jsonl}",
        "json_path: {path: '$.a[?@.b == 1].c', matches: x}",
        "cites: {in: 'input.sources', by: url, at_least: 2}",
        "take: '(?s)```json(.*?)```'\njson_schema: {schema: {type: object}}",
    ):
        assert problems(folder, scorer) == ()


@pytest.mark.parametrize("scorer", ["{contains: refund}", "{check: right}", "{labels: human}"])
@pytest.mark.parametrize("grade", [0, -1, 2])
def test_a_grade_from_which_everything_passes_or_nothing_is_a_problem(folder, scorer, grade):
    """A score of such a scorer goes from 0, failed, to 1, passed: from 0 on what failed would pass."""
    criterion = (
        f"- id: right\n  bar: {{at_least: 0.8}}\n  scorer: {scorer}\n  pass_when: {{at_least: GRADE}}\n"
    )
    made = folder(
        launch_yaml="title: x\nvariants: {new: {recorded: true}}\n",
        criteria_yaml=criterion.replace("GRADE", str(grade)),
        scorers_py="def right(given, expected, output):\n    return 0.5\n",
    )
    found = read_launch(made).problems
    (made / "criteria.yaml").write_text(criterion.replace("GRADE", "0.5"))

    assert [(each.line, "above 0 and at most 1" in each.expected) for each in found] == [(4, True)]
    assert not read_launch(made).problems
