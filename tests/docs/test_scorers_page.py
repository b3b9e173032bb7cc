"""Every example of the page about checks is a scorer that loads, and gives what its table says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from shipworthy.domain.criteria import Criterion, Scorer
from shipworthy.domain.scorer import KINDS
from shipworthy.runners.declared import scores_of
from shipworthy.runners.scoring import About
from shipworthy.store.layout import Layout

PAGE = (Path(__file__).resolve().parents[2] / "docs/scorers.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
EXAMPLES = {name: text for name, text in SECTIONS.items() if "| score |" in text}
ROW = re.compile(r"^\| `(.+)` \| ?([01]?) \| ?(.*?) ?\|$", re.MULTILINE)


def _yaml(text):
    return YAML(typ="safe").load(re.search(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1])


def test_every_kind_has_a_section_with_an_example():
    """None is left out."""
    assert [kind for kind in KINDS if kind not in EXAMPLES] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_table_of_a_section_is_what_its_check_says(name):
    """Each row: an output (or what it took), the score, the words."""
    text = EXAMPLES[name]
    check = scores_of(Scorer.model_validate(_yaml(text)["scorer"]), Layout(Path()))
    case = re.search(r"^With the case `(.*)`$", text, re.MULTILINE)
    given = json.loads(case[1]) if case else {}
    rows = ROW.findall(text)
    assert len(rows) == text.count("\n| `")
    assert {score for _, score, _ in rows} >= {"0", "1"}
    for output, score, words in rows:
        about = About(*(json.loads(output) if name == kind else None for kind in ("latency", "cost")))
        with check.ready():
            said = check.score(given.get("input"), given.get("expected"), output, about)
        assert said == (float(score) if score else None, words.replace("\\|", "|") or None)


def test_the_first_example_is_a_criterion():
    """It can be copied as it stands."""
    assert Criterion.model_validate(_yaml(PAGE)[0]).scorer.kind == "contains"


def test_the_commands_of_the_page_are_commands(folder, ship):
    """They parse, and refuse only what this folder lacks."""
    made = folder(
        launch_yaml="title: x\ncandidate: new\nvariants: {new: {recorded: true}}\n",
        criteria_yaml="- id: right_total\n  bar: {at_least: 0.8}\n  scorer: {numeric: expected}\n",
        evalset__cases_jsonl='{"id": "a", "expected": 1}\n',
    )
    commands = re.findall(r"^shipworthy (.+)$", SECTIONS["Score"], re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        said = ship(*command.replace("my-launch", str(made)).split())
        assert said.code == 0, said.err
        assert said.out == "nothing to score: no answers are recorded, or no criterion has a check\n"
