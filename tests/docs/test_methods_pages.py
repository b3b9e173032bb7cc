"""The methods pages: complete, linked, and every example run."""

import doctest
import re
from pathlib import Path

import pytest

METHODS = Path(__file__).resolve().parents[2] / "docs" / "methods"
PAGES = sorted(p for p in METHODS.glob("*.md") if p.name != "README.md")
HEADINGS = [
    "Question",
    "What a manager reads",
    "Formula",
    "Assumptions, and when they fail",
    "Worked number",
    "Measured",
    "Source",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_examples_on_a_page_hold(page):
    """Python on a methods page prints what the page says it prints."""
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_has_every_part(page):
    """Question, its answer in plain words, formula, assumptions, worked number, measured error, source: in this order on every page."""
    assert re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE) == HEADINGS


def test_the_index_names_every_page_and_links_lead_somewhere():
    """The index has a row for each page, and no link on any page is dead."""
    index = (METHODS / "README.md").read_text("utf-8")
    assert {p.name for p in PAGES} == set(re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", index, re.MULTILINE))
    for page in METHODS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (METHODS / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_commands_on_a_page_name_tests_that_exist(page):
    """Where a page says how a number was measured, the command's files are there."""
    for path in re.findall(r"tests/[\w/.]+", page.read_text("utf-8")):
        assert (METHODS.parents[1] / path).exists(), path
