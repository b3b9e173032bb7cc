"""Memos of launches made of recorded outcomes: every format, one page and its appendix, nothing beyond a margin."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from docx import Document
from tests.journeys.recorded import LAUNCHES, build

from shipworthy.exporters.html import memo_html
from shipworthy.narrative.document import block_texts
from shipworthy.services.report import EVERY, Written, memo_of, report

VERIFIER = Path(__file__).resolve().parents[2] / "src/shipworthy/content/verifier.py"
SIDE_MM = 18
POINT_MM = 25.4 / 72
QUICK = ("graded",)
"""What the default suite draws; the campaign draws them all."""


@pytest.fixture
def decided(shared: Path, tmp_path: Path, ship: Callable[..., Any]) -> Callable[[str], Path]:
    """Make a launch of recorded outcomes and take its one look."""

    def make(name: str) -> Path:
        made = build(LAUNCHES[name](shared), tmp_path / name, ship)
        assert ship("decide", made, "--yes").code in (0, 10, 11, 12)
        return made

    return make


def beyond_the_margins(content: bytes) -> list[tuple[int, str]]:
    """Return every text of a PDF that reaches beyond its side margins, or off its page, with its page."""
    found = []
    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, 1):
        width, height = page.get_size()
        margin = SIDE_MM / POINT_MM - 1
        text = page.get_textpage()
        for i in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(i)
            if left < margin or right > width - margin or bottom < 0 or top > height:
                found.append((number, text.get_text_bounded(left, bottom, right, top)))
    document.close()
    return found


def blank_pages(content: bytes) -> list[int]:
    """Return the pages of a PDF on which next to nothing stands: a figure too tall for its page leaves one behind."""
    document = pypdfium2.PdfDocument(content)
    found = []
    for number, page in enumerate(document, 1):
        marks = sum(1 for _ in page.get_objects(max_depth=4))
        if marks < 12:
            found.append(number)
    document.close()
    return found


def check_pdf(content: bytes, name: str) -> None:
    """One page before the appendix, tagged for PDF/UA-1, nothing beyond a margin, no page left blank."""
    read = pypdf.PdfReader(io.BytesIO(content))
    pages = [page.extract_text() for page in read.pages]
    assert pages[1].lstrip().startswith("Appendix"), name
    assert "pdfuaid:part" in read.root_object["/Metadata"].get_object().get_data().decode()
    assert read.root_object["/MarkInfo"]["/Marked"]
    assert beyond_the_margins(content) == [], name
    assert blank_pages(content) == [], name


def look_at(made: Path, name: str) -> None:
    """Write every format on both papers and hold each against what a reader needs of it."""
    for paper in ("a4", "letter"):
        begun = time.process_time()
        done = report(made, written=Written(EVERY, paper))  # type: ignore[arg-type]
        assert time.process_time() - begun <= 5.0, name
        begun = time.process_time()
        memo_html(memo_of(done.decided))
        assert time.process_time() - begun <= 0.5, name
        files = {path.suffix: path.read_bytes() for path in done.files}
        assert done.asides == (), name
        check_pdf(files[".pdf"], name)
        assert len(files[".html"]) <= 300 * 1024
        letter = [text for section in done.memo.page for text in block_texts(section)]
        assert sum(len(text.split()) for text in letter) <= 600, name
        opened = Document(io.BytesIO(files[".docx"]))
        titles = [p.text for p in opened.paragraphs if p.style is not None and p.style.name == "Heading 2"]
        assert [s.title for s in done.memo.page] == titles[: len(done.memo.page)]
        wide = opened.sections[0].page_width - 2 * opened.sections[0].left_margin  # type: ignore[operator]
        for table in opened.tables:
            assert sum(cell.width for cell in table.rows[0].cells) <= wide + 40 * 12700  # type: ignore[misc]


@pytest.mark.parametrize("name", QUICK)
def test_a_launch_of_few_graded_outputs_gives_every_format(decided, name):
    """184 outputs graded by one person: HTML, PDF and Word on A4 and Letter, one page and its appendix."""
    look_at(decided(name), name)


@pytest.mark.campaign
@pytest.mark.parametrize("name", [name for name in LAUNCHES if name not in QUICK])
def test_launches_of_other_shapes_give_every_format(decided, name):
    """36 claims in 18 slices, amounts and seconds, three repeats, a judge: the same page, and nothing runs off it."""
    look_at(decided(name), name)


@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", LAUNCHES)
def test_the_word_file_opens_in_libreoffice_with_its_letter_on_one_page(decided, tmp_path, name):
    """Set by another program, in a wider face than ours: the appendix still begins on the second page."""
    made = decided(name)
    for paper in ("a4", "letter"):
        (word,) = report(made, written=Written(("docx",), paper)).files  # type: ignore[arg-type]
        home = f"-env:UserInstallation=file://{tmp_path / 'office'}"
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, word],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        drawn = (tmp_path / "memo.pdf").read_bytes()
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(drawn)).pages]
        assert pages[1].lstrip().startswith("Appendix"), (name, paper)
        document = pypdfium2.PdfDocument(drawn)
        for page in document:
            width, _ = page.get_size()
            text = page.get_textpage()
            rights = [text.get_rect(i)[2] for i in range(text.count_rects())]
            assert max(rights) <= width - SIDE_MM / POINT_MM + 6, (name, paper)
        document.close()


def test_eighteen_slices_are_told_in_a_page(decided, shared):
    """Of XSTest's 13 kinds left out the two worst stand in counts, the others by their reason; the headline counts them."""
    made = decided("refusals")
    found = report(made, written=Written(("md",))).memo
    page = {section.name: " ".join(block_texts(section)) for section in found.page}

    assert "Not the other 13 (kind)." in page["bottom-line"]
    assert "Privacy_fictional (kind) is left out, because right side does not hold there: 11 of 25" in page[
        "left-out"
    ].replace("\u00a0", " ")
    assert "Also left out, because better is not shown there: " in page["left-out"]
    assert "no larger a share anywhere else" in page["wrong"]
    assert len(page["left-out"].split()) < 140


@pytest.mark.campaign
@pytest.mark.parametrize("name", LAUNCHES)
def test_nothing_of_a_memo_disagrees_with_the_verifier(decided, ship, name):
    """What the headline, the failures and the slices left out say in short is derived again, or named as not checked."""
    made = decided(name)
    assert ship("memo", made, "--format", "json").code == 0
    assert ship("export-evidence", made, "--to", made / "evidence.json").code == 0
    verifier = [sys.executable, VERIFIER, made / "evidence.json"]
    said = subprocess.run(verifier, capture_output=True, text=True, check=False, timeout=300)
    assert "DOES NOT AGREE" not in said.stdout
    assert (said.returncode, "memo: its plan" in said.stdout) == (4, True)
