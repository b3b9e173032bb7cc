"""A memo in German by the command line: from the brief or the option, in every format, and checked by the verifier."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf
import pytest
from docx import Document

from shipworthy.content.verifier import verify


@pytest.fixture
def decided(launch, outcomes, ship) -> Path:
    """A launch with a look at 200 sealed cases of which a few fail."""
    assert ship("lock", launch).code == 0
    new = outcomes("holdout", 200, fails=lambda i: i % 2 == 1 and i % 5 == 0, name="new")
    assert ship("import", new, "--launch", launch, "--variant", "new").code == 0
    assert ship("decide", launch, "--yes").code in (10, 11)
    return launch


def test_a_german_memo_stands_beside_the_english_one_in_every_format(decided, ship):
    """Five files of their own; page, PDF and Word carry the language; the letter keeps to one page."""
    done = ship("memo", decided, "--format", "all", "--language", "de")
    assert done.code == 0, done.err
    assert "the letter takes" not in done.err
    folder = decided / "memo"
    assert {path.name for path in folder.iterdir()} == {
        f"memo-de.{kind}" for kind in ("md", "html", "pdf", "docx", "json")
    }
    assert '<html lang="de">' in (folder / "memo-de.html").read_text()
    assert "## Kurz gesagt" in (folder / "memo-de.md").read_text()
    pdf = pypdf.PdfReader(io.BytesIO((folder / "memo-de.pdf").read_bytes()))
    assert str(pdf.root_object["/Lang"]).startswith("de")
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Rules: Memo"
    assert "Anhang" in pdf.pages[1].extract_text()
    word = Document(str(folder / "memo-de.docx"))
    assert word.core_properties.language == "de"
    assert "Entscheidung" in [paragraph.text for paragraph in word.paragraphs]


def test_the_brief_chooses_the_language_and_an_unknown_one_is_refused(decided, ship):
    """`language: de` makes memo.md German; `fr` is a problem with its line."""
    written = (decided / "launch.yaml").read_text()
    (decided / "launch.yaml").write_text(f"language: de\n{written}")
    assert ship("memo", decided).code == 0
    assert "# Anhang" in (decided / "memo/memo.md").read_text()
    assert ship("memo", decided, "--language", "en").code == 0
    assert "# Appendix" in (decided / "memo/memo-en.md").read_text()
    (decided / "launch.yaml").write_text(f"language: fr\n{written}")
    refused = ship("check", decided)
    assert refused.code == 3
    assert "language" in refused.out + refused.err


def test_the_verifier_reads_a_german_memo_and_sees_a_changed_number(decided, ship):
    """All of it agrees; with one German number changed, and the English beneath left alone, it does not."""
    written = (decided / "launch.yaml").read_text()
    (decided / "launch.yaml").write_text(f"language: de\n{written}")
    assert ship("memo", decided, "--format", "json").code == 0
    assert ship("export-evidence", decided, "--to", decided / "evidence.json").code == 0
    report = verify(str(decided / "evidence.json"))
    assert report.differing == 0, report.lines
    assert any("texts in `de` have the numbers of the English ones" in line for line in report.lines)
    path = decided / "memo/memo.json"
    tree = json.loads(path.read_text())
    number = next(
        p
        for s in tree["page"]
        if s["name"] == "wrong"
        for i in s["blocks"][0]["items"]
        for p in i
        if p["claim"]
    )
    number["text"] = "0 von 1"
    path.write_text(json.dumps(tree))
    assert ship("export-evidence", decided, "--to", decided / "changed.json").code == 0
    lines = verify(str(decided / "changed.json")).lines
    assert any(line.startswith("DOES NOT") and "“0 von 1” has other numbers" in line for line in lines)
