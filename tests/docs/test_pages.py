"""Every page of the tree: its links lead somewhere, and it speaks of the project alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".git", ".venv", "build", "dist", "demo-launch", ".shipworthy"}
TEXT = {".md", ".py", ".yaml", ".yml", ".toml", ".txt", ".jsonl", ".json", ""}
BANNED = {
    "a path of somebody's machine": r"/work" r"/|/tmp" r"/sw|/home" r"/\w",
    "a registry's host": r"py" r"pi\.org|python" r"hosted",
    "how it came about": r"(?<!scope=\")\bsess" r"ions?\b",
    "a number of an issue": r"\b(?:issue|pull request|PR|GH-?) ?#?\d+\b",
}


def _files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = any(part in SKIPPED or part.endswith("_cache") or part == "__pycache__" for part in inside)
        if path.is_file() and not hidden and path.suffix in TEXT and inside[0] != ".hypothesis":
            yield path


PAGES = [path for path in _files() if path.suffix == ".md"]


def _anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    """A relative link names a file that is there, and a heading in it that is there."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in _anchors(linked), f"{page.name} links to {target}"


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
    wanted = {page for page in PAGES if page.relative_to(ROOT).parts[0] in ("docs", "decisions")}
    assert wanted <= seen, wanted - seen


@pytest.mark.parametrize("why", BANNED)
def test_the_tree_speaks_of_the_project_alone(why):
    """No text names a machine, a registry, an issue's number or how the text came about."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _files()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1)
        if re.search(BANNED[why], line)
    ]
    assert not found, f"{why}: {found}"


def test_a_decision_has_every_part():
    """Status, question, decision, reasons and rules, in a file named by date and subject."""
    pages = [p for p in (ROOT / "decisions").glob("*.md") if p.name != "README.md"]
    assert pages
    for page in pages:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}-[a-z-]+\.md", page.name)
        text = page.read_text("utf-8")
        assert "\nStatus: " in text
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Question", "Decided", "Why", "Rules"]


def test_the_readme_is_short():
    """Whoever opens the README reads it to the end: at most 150 lines."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150
