"""The reference is what the program is: generated parts are fresh, and nothing in use is undocumented."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from pydantic import BaseModel

from shipworthy.cli.main import COMMANDS, make_app
from shipworthy.domain.criteria import Criterion, Estimand, Kind
from shipworthy.domain.evalset import Case
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.verdict import BarLine, Claim, ExitCode, LeftOut, MoreNeeded, Scope, Verdict
from shipworthy.exporters import verdict_json
from shipworthy.exporters.interface import Envelope
from shipworthy.importers.registry import IMPORTERS
from shipworthy.store.tables import metadata

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
WORDS = (
    "launch case eval_set feature variant baseline candidate run repeat output no_answer unscored score scorer check "
    "criterion kind estimand bar slice tag group part holdout look failure_mode taxonomy plan lock evidence claim "
    "state scope verdict decision memo ledger journal receipt problem error"
)


def _page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.fixture
def script() -> ModuleType:
    """The program that writes the generated pages."""
    spec = importlib.util.spec_from_file_location("reference_script", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_fresh(script):
    """What lies in the tree is what `scripts/reference` would write now."""
    for name, text in script.pages().items():
        assert (ROOT / name).read_text("utf-8") == text, f"{name} is stale: run scripts/reference"


def test_the_check_names_the_page_that_is_stale(script, tmp_path, monkeypatch, capsys):
    """A page that somebody edited by hand is named, with exit code 1, and left as it is."""
    for name, text in script.pages().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    edited = tmp_path / "docs/reference/commands.md"
    edited.write_text("edited", encoding="utf-8")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["reference.py", "--check"])
    assert script.main() == 1
    assert capsys.readouterr().out.splitlines()[0] == "stale: docs/reference/commands.md"
    assert edited.read_text("utf-8") == "edited"


def test_the_terminal_makes_no_difference_to_the_pages(script, monkeypatch):
    """A narrow terminal and forced colours give the same pages."""
    before = script.pages()
    monkeypatch.setenv("COLUMNS", "37")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert script.pages() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_stands_on_the_page_with_its_help(command):
    """No option is without a sentence."""
    page = re.sub(
        r"\n(?=\S)", " ", _page("commands.md").split(f"## shipworthy {command}\n")[1].split("\n## ")[0]
    )
    arguments = [a for a in make_app()[command].assemble_argument_collection() if a.show]
    assert arguments
    for argument in arguments:
        for name in argument.names:
            said = re.search(rf"^  [^:\n]*{re.escape(name)}\b[^:\n]*: (.*)$", page, re.MULTILINE)
            assert said, f"{command} {name} is not documented"
            assert re.match(r"[^\[\s]", said[1]), f"{command} {name} has no help"


def test_every_exit_code_is_documented():
    """Each code stands in the table with its name, and every code of the table exists."""
    rows = dict(re.findall(r"^\| (\d+) \| `(\w+)` \|", _page("exit-codes.md"), re.MULTILINE))
    assert rows == {str(code.value): code.name for code in ExitCode}


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    todo: list[object] = [field.annotation for field in model.model_fields.values()]
    while todo:
        each = todo.pop()
        if isinstance(each, type) and issubclass(each, BaseModel):
            yield from _models(each)
        todo += get_args(each)


@pytest.mark.parametrize("top", [Launch, Criterion, FailureMode], ids=lambda m: m.__name__)
def test_every_field_that_people_write_says_what_it_means(top):
    """No field of the authored files is without a description."""
    for model in _models(top):
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name} has no description"


def test_every_field_of_a_case_is_documented():
    """The table of the eval set names each field, and no other."""
    table = _page("files.md").split("## The eval set")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Case.__struct_fields__)


def test_every_kind_and_estimand_is_documented():
    """The reference names each, and each estimand has its question among the methods or in the files."""
    page = _page("files.md")
    for word in (*get_args(Kind), *get_args(Estimand)):
        assert f"`{word}`" in page, word


def test_every_importer_is_documented():
    """The page of formats has a row for each."""
    rows = re.findall(r"^\| `(\w+)` \| .*", _page("formats.md").split("## Columns")[0], re.MULTILINE)
    assert rows == [importer.name for importer in IMPORTERS]


def test_every_table_and_event_of_the_ledger_is_documented():
    """Tables come from the schema, events from the code that appends them."""
    page = _page("ledger.md")
    tables, events = page.split("## Events")
    assert set(re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE)) == set(metadata.tables)
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    verbs = set(re.findall(r'append\([^)]*verb="(\w+)"', code))
    assert set(re.findall(r"^\| `(\w+)` \|", events, re.MULTILINE)) == verbs


def test_every_word_of_the_glossary_is_explained():
    """Each word the product uses has its row, with what it is not called."""
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$",
        (ROOT / "docs/glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert {word for word, _, _ in rows} == {word.replace("_", " ") for word in WORDS.split()}


def _full() -> dict[str, object]:
    """A verdict in which nothing is absent, as a program reads it."""
    more = MoreNeeded(10, 0.9, 0.8, fresh=True)
    claim = Claim(
        *("right", "new", None, "goal", "difference", BarLine(">=", 0.0), 4, 1, 1, 1, 1, 4, 4, 1),
        *(0.5, 0.1, 0.9, 0.95, "Gaffke", "not shown", more),
        flips={"fixed": 1, "broken": 1, "unchanged": 2},
    )
    scope = Scope((), (LeftOut("topic=a", 1.0, "right", "not shown", more),), 0.0)
    made = Verdict("not yet", None, False, "new", scope, (claim,), "p", "e")
    return verdict_json.json.loads(verdict_json.as_json(made, Envelope()))


def test_every_field_of_a_verdict_is_documented():
    """Each object of the JSON contract has a table with exactly its fields, in their order."""
    value = _full()
    scope, (claim,) = value["scope"], value["claims"]
    objects = {
        "The verdict": value,
        "scope": scope,
        "scope.excluded": scope["excluded"][0],
        "claims": claim,
        "claims.bar": claim["bar"],
        "claims.more_needed": claim["more_needed"],
        "claims.flips": claim["flips"],
        "envelope": value["envelope"],
    }
    parts = re.split(r"^##+ (.+)$", _page("verdict-json.md"), flags=re.MULTILINE)[1:]
    tables = dict(zip(parts[::2], parts[1::2], strict=True))
    assert set(tables) == set(objects)
    for name, found in objects.items():
        assert re.findall(r"^\| `(\w+)` \|", tables[name], re.MULTILINE) == list(found), name
