"""A memo as one HTML file, printed by a browser: one page for the letter, then its appendix."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from tests.journeys.recorded import LAUNCHES, build
from tests.program import Program

PAPERS = ("A4", "Letter")


@pytest.fixture
def ship(program: Program) -> Program:
    """Run the command line in a process of its own: the browser has the event loop of this one."""
    return program


def printed(browser: Browser, memo: Path, paper: str) -> list[str]:
    """Return the text of each page that a browser prints."""
    to = memo.with_name(f"{paper}.pdf")
    page = browser.new_page()
    page.goto(memo.as_uri())
    page.pdf(path=str(to), format=paper)
    page.close()
    return [one.extract_text() for one in PdfReader(to).pages]


def check(browser: Browser, memo: Path) -> None:
    """One page before the appendix on either paper, with the decision on it; what gave way stands in the appendix."""
    for paper in PAPERS:
        pages = printed(browser, memo, paper)
        assert [i for i, text in enumerate(pages, 1) if text.lstrip().startswith("Appendix")] == [2], paper
        assert "Decision" in pages[0], paper
        assert "We promise" not in pages[0], paper
        assert "We promise" in pages[1], paper


def test_the_letter_of_the_sample_prints_on_one_page(
    browser: Browser, ship: Program, sample: Path, tmp_path: Path
) -> None:
    """The sample launch, decided: eight claims on the page, on A4 and on Letter."""
    folder = Path(shutil.copytree(sample, tmp_path / "inbox"))
    assert ship("score", folder, "--trust").code == 0
    assert ship("decide", folder, "--yes").code in (10, 11)
    assert ship("memo", folder, "--format", "html").code == 0

    check(browser, folder / "memo" / "memo.html")


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["refusals", "graded"])
def test_the_letter_of_recorded_outcomes_prints_on_one_page(
    name: str, browser: Browser, ship: Program, tmp_path: Path, shared: Path
) -> None:
    """Five claims with thirteen slices left out, and a launch with two: on A4 and on Letter."""
    made = build(LAUNCHES[name](shared), tmp_path / name, ship)
    assert ship("decide", made, "--yes").code in (0, 10, 11, 12)
    assert ship("memo", made, "--format", "html").code == 0

    check(browser, made / "memo" / "memo.html")
