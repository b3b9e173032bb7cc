"""The pages keep up with the program, and the project speaks of itself alone."""

from __future__ import annotations

import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from shipworthy.cli.main import COMMANDS, inner_commands
from shipworthy.domain import criteria, evalset, launch, taxonomy
from shipworthy.domain.verdict import ExitCode

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    p
    for p in ROOT.rglob("*.md")
    if not {".venv", ".venv-docs", "build", "node_modules"} & set(p.parts) and "demo-launch" not in str(p)
)
COMMAND_PAGE = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
FILES_PAGE = (ROOT / "docs/reference/files.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_generated_pages_are_not_stale():
    """`scripts/reference` would change nothing."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [e for n in COMMANDS for e in (n, *(f"{n} {i}" for i in inner_commands(n)))])
def test_every_command_is_documented_with_an_example(name):
    """Its section shows what it does and one line to copy."""
    section = COMMAND_PAGE.split(f"## `shipworthy {name}`")[1].split("\n## ")[0]

    assert re.search(rf"^ *shipworthy {name}\b", section, re.MULTILINE)
    assert "Example" in section


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    """Links between pages are relative, and the file is there."""
    broken = [
        link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()
    ]

    assert broken == []


def test_every_exit_code_is_documented():
    """Each code of the interface stands on its page and in the help."""
    page = (ROOT / "docs/reference/exit-codes.md").read_text(encoding="utf-8")

    assert [code for code in ExitCode if f"| {code.value} |" not in page] == []


@pytest.mark.parametrize(
    "model", [launch.Launch, launch.Slice, criteria.Criterion, criteria.Bar, taxonomy.FailureMode]
)
def test_every_field_of_the_files_has_a_meaning(model):
    """No key is left to be guessed."""
    assert [name for name, info in model.model_fields.items() if not info.description] == []


def test_every_kind_estimand_and_part_is_documented():
    """Each word that a file may hold stands on the page about files."""
    words = [
        *typing.get_args(criteria.Kind),
        *typing.get_args(criteria.Estimand),
        *typing.get_args(evalset.Part),
    ]

    assert [word for word in words if f"`{word}`" not in FILES_PAGE] == []


def test_every_field_of_a_verdict_is_documented(ship, tmp_path):
    """What `decide --format json` prints is what the page of the contract names."""
    page = (ROOT / "docs/reference/verdict-json.md").read_text(encoding="utf-8")
    ship("init", tmp_path / "launch")

    verdict = ship("decide", tmp_path / "launch", "--format", "json").json

    names = [
        *verdict,
        *verdict["claims"][0],
        *verdict["envelope"],
        *(verdict["claims"][0]["more_needed"] or {}),
    ]
    assert [name for name in names if not re.search(rf"`(scope\.)?{name}\b", page)] == []


FOREIGN = re.compile(
    r"/work/|/tmp/sw|pypi\.org|files\.pythonhosted|registry\.npmjs|issue #\d|\bsession \d|helper-\d|\bChatGPT\b|\bClaude Code\b",
)
TEXT = {".py", ".md", ".yaml", ".toml", ".txt", ".json", ""}


def test_the_project_speaks_of_itself_alone():
    """No path of a machine, no host of a package registry, nobody's name for a tool that wrote it."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    found = [
        name
        for name in listed
        if name and Path(name).suffix in TEXT and name != "tests/docs/test_pages.py"
        if FOREIGN.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []
