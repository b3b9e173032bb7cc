"""Nothing in use is undocumented, no documented thing is gone, and every page can be found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shipworthy.cli.main import COMMANDS, GROUPS, inner_commands, make_app
from shipworthy.domain.evalset import Case
from shipworthy.domain.verdict import (
    BarLine,
    Claim,
    ExitCode,
    JudgeFacts,
    LeftOut,
    Likely,
    MoreNeeded,
    Scope,
    Verdict,
)
from shipworthy.exporters import verdict_json
from shipworthy.exporters.interface import Envelope
from shipworthy.importers.registry import IMPORTERS
from shipworthy.store.tables import metadata

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
WORDS = (
    "launch case eval_set feature variant baseline candidate run repeat output no_answer unscored score scorer check judge label "
    "criterion kind estimand bar slice tag twin leak group part holdout look failure_mode taxonomy plan lock try evidence claim "
    "state scope verdict decision promise breach memo ledger journal receipt problem error confidence handed_over "
    "interview excerpt code theme note"
)


def _page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def _first_cells(text: str) -> list[str]:
    """Return what stands in code in the first column of a page's tables."""
    return re.findall(r"^\| `([\w]+)` \|", text, re.MULTILINE)


LEAVES = [name for name in COMMANDS if name not in GROUPS]
LEAVES += [f"{name} {inner}" for name in COMMANDS for inner in inner_commands(name)]


@pytest.mark.parametrize("command", LEAVES)
def test_every_option_of_a_command_stands_on_the_page_with_its_help(command):
    """No option is without a sentence."""
    section = _page("commands.md").split(f"## `shipworthy {command}`\n")[1].split("\n## ")[0]
    app = make_app(*command.split())
    for word in command.split():
        app = app[word]
    arguments = [a for a in app.assemble_argument_collection() if a.show]
    assert arguments
    for argument in arguments:
        for name in argument.names:
            said = re.search(rf"^│[ *]+(?:\S+ )*{re.escape(name)}\b.*", section, re.MULTILINE)
            assert said, f"{command} {name} is not documented"
            assert re.search(r"[a-z]{2,} [a-z]", said[0]), f"{command} {name} has no help"


def test_every_exit_code_stands_with_its_name():
    """Each code has a row, and every row with a name is a code."""
    rows = dict(re.findall(r"^\| (\d+) \| `(\w+)` \|", _page("exit-codes.md"), re.MULTILINE))
    assert rows == {str(code.value): code.name for code in ExitCode}


def test_every_field_of_a_case_is_documented():
    """The table of the eval set names each field, and no other."""
    table = _page("files.md").split("## evalset/*.jsonl")[1].split("\n## ")[0]
    assert _first_cells(table) == list(Case.__struct_fields__)


def test_every_importer_is_documented():
    """The page of formats names each."""
    page = _page("formats.md")
    assert [each.name for each in IMPORTERS if f"`{each.name}`" not in page] == []


def test_every_table_and_event_of_the_ledger_is_documented():
    """Tables come from the schema, events from the code that appends them."""
    tables, events = _page("ledger.md").split("## Events")
    assert set(_first_cells(tables)) == set(metadata.tables)
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert set(_first_cells(events)) == set(re.findall(r'append\([^)]*verb="(\w+)"', code))


def test_every_word_of_the_glossary_is_explained():
    """Each word the product uses has its row, with what it is not called."""
    text = (ROOT / "docs/glossary.md").read_text("utf-8")
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert {word for word, _, _ in rows} == {word.replace("_", " ") for word in WORDS.split()}


def _full() -> dict[str, Any]:
    """A verdict in which nothing is absent, as a program reads it."""
    more = MoreNeeded(10, 0.9, 0.8, fresh=True)
    claim = Claim(
        *("right", "new", None, "goal", "difference", BarLine(">=", 0.0), 4, 1, 1, 1, 1, 4, 4, 1),
        *(0.5, 0.1, 0.9, 0.95, "Gaffke", "not shown", more),
        flips={"fixed": 1, "broken": 1, "unchanged": 2},
        judge=JudgeFacts(100, 0.9, 0.9, 0.03, 0.3),
        likely=Likely(0.2, 0.8, 0.95),
        handed_over=1,
    )
    scope = Scope((), (LeftOut("topic=a", 1.0, "right", "not shown", more),), 0.0)
    made = Verdict("not yet", None, False, "new", scope, (claim,), "p", "e")
    return msgspec.json.decode(verdict_json.as_json(made, Envelope()))


def test_the_contract_page_has_exactly_the_fields_of_a_verdict():
    """Each object of the JSON contract has a table with its fields, in their order and no other."""
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
        "claims.judge": claim["judge"],
        "claims.likely": claim["likely"],
        "envelope": value["envelope"],
    }
    parts = re.split(r"^##+ (.+)$", _page("verdict-json.md"), flags=re.MULTILINE)[1:]
    tables = dict(zip(parts[::2], parts[1::2], strict=True))
    assert {name: _first_cells(text) for name, text in tables.items()} == {
        name: list(found) for name, found in objects.items()
    }


def _anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _pages() -> list[Path]:
    tops = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    return [*tops, *(p for folder in ("docs", "decisions", "changes") for p in (ROOT / folder).rglob("*.md"))]


@pytest.mark.parametrize("page", _pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_link_into_a_page_names_a_heading_that_is_there(page):
    """`page.md#heading` leads to that heading."""
    for name, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", page.read_text("utf-8")):
        linked = (page.parent / name).resolve() if name else page
        assert anchor in _anchors(linked), f"{page.name} links to {name}#{anchor}"


def test_every_page_can_be_found_from_the_readme():
    """Following links from the README reaches every page of the documentation and every decision."""
    todo, seen = [ROOT / "README.md"], set()
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)\s#:]+)[^)]*\)", page.read_text("utf-8"))
        todo += [(page.parent / link).resolve() for link in links]
    parts = {page for page in _pages() if page.name.endswith(".part.md")}
    assert set(_pages()) - parts - seen == set()
