"""The documentation as a site: every page has its place in it, and it builds without a warning."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")
TREES = re.findall(r"^```\{toctree\}\n(.*?)^```", INDEX, re.DOTALL | re.MULTILINE)
TOOLS = ROOT / ".venv-docs/bin/python"


def placed() -> set[str]:
    """Return the pages that the index leads to, by their names without ending."""
    lines = [line.strip() for tree in TREES for line in tree.splitlines()]
    named = {re.sub(r".*<(.+)>$", r"\1", line) for line in lines if line and not line.startswith(":")}
    return {
        path.relative_to(DOCS).with_suffix("").as_posix()
        for name in named
        for path in DOCS.glob(f"{name}.md")
    }


def test_every_page_has_its_place_in_the_site() -> None:
    """A page that no list of the index names would be found by nobody."""
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    parts = {page for page in pages if page.endswith(".part")}
    assert pages - parts - {"index", "README"} - placed() == set()


def test_the_index_names_the_kinds_of_pages_that_there_are() -> None:
    """Why, tutorial, how-to, reference, methods, validity, glossary, pictures: each is reached from the first page."""
    first = {"why", "how-to/first-launch", "how-to/learn", "reference/commands", "methods/README", "validity", "glossary", "pages"}  # fmt: skip
    assert first <= placed()
    assert len(TREES) == 4


def test_the_tools_of_the_site_are_pinned_by_hash_and_without_addresses() -> None:
    """Each requirement has a hash, and none says where it is fetched."""
    text = (ROOT / "constraints-docs.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert {"furo", "myst-parser", "sphinx"} <= {entry.partition("==")[0] for entry in entries}
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


@pytest.mark.campaign  # `.ci/run` builds it before the tests as well
@pytest.mark.skipif(not TOOLS.exists(), reason="the tools of the site are not here: run scripts/docs")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Sphinx reads every page and finds no dead link and no page without a place."""
    asked: list[str | Path] = [
        TOOLS,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        DOCS,
        tmp_path / "site",
    ]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "site/reference/commands.html").read_text(encoding="utf-8")
    assert "<pre>" not in page  # blocks that scroll are reached by keyboard
    found = (tmp_path / "site/search.html").read_text(encoding="utf-8")
    assert found.count("<h1") == 1  # the theme's own page has none
