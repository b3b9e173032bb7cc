"""The memo as PDF, Word and JSON: what the tree says, all of it, and nothing that a hostile launch would add."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pypdf
import pytest
from docx import Document

from shipworthy.exporters.docx import memo_docx
from shipworthy.exporters.memo_tree import memo_tree
from shipworthy.exporters.pdf import memo_pdf
from shipworthy.exporters.svg_file import figure_svg
from shipworthy.narrative.audience import NEVER_HIDDEN, ORDERS, for_audience
from shipworthy.narrative.document import Figures, block_texts
from shipworthy.narrative.memo import memo

HOSTILE = (
    '<script>alert(1)</script> #eval("1+1") $x^2$ \\end{document} =cmd|calc [link](javascript:x) '
    '\u202eevil\u202c \x1b[31mred \x07 @import("x") `raw` ]]> &amp; {{7*7}} *bold* _it_ <a href=x>'
)
PAPERS = {"a4": (595, 842), "letter": (612, 792)}


@pytest.fixture
def document(launch, narrower, criteria, taxonomy, facts):
    """The memo of a launch that ships narrower."""
    return memo(launch, narrower, criteria, taxonomy, facts)


@pytest.fixture
def hostile(launch, narrower, criteria, taxonomy, facts):
    """The same, where every text that a person writes is full of markup and control characters."""
    bad = launch.model_copy(
        update={
            "title": HOSTILE,
            "goal": HOSTILE,
            "decision": launch.decision.model_copy(update={"question": HOSTILE, "who": HOSTILE}),
            "not_worth_it_if": HOSTILE,
        }
    )
    asked = [c.model_copy(update={"question": HOSTILE, "fail": HOSTILE}) for c in criteria]
    return memo(bad, narrower, asked, taxonomy, replace(facts, author=HOSTILE))


def words(text: str) -> str:
    """Return text with its blanks made one and its soft breaks gone."""
    return " ".join(text.replace("\u00a0", " ").replace("\u00ad", "").split())


def numbers(tree: object) -> list[tuple[str, int]]:
    """Return every number with its claim, wherever it stands in the tree."""
    if isinstance(tree, dict):
        own = [(tree["text"], tree["claim"])] if "text" in tree and tree["claim"] is not None else []
        return own + [n for value in tree.values() for n in numbers(value)]
    return [n for item in tree for n in numbers(item)] if isinstance(tree, list) else []


@pytest.mark.parametrize("paper", PAPERS)
def test_the_letter_takes_one_page_of_a_pdf_that_readers_can_hear(document, paper):
    """PDF/UA-1, tagged, with a title and a language; every section of the letter stands on the first page."""
    made = memo_pdf(document, paper)
    found = pypdf.PdfReader(io.BytesIO(made.content))

    assert (made.pages_of_letter, made.missing) == (1, "")
    assert tuple(round(float(side)) for side in found.pages[0].mediabox[2:]) == PAPERS[paper]
    assert "pdfuaid:part" in found.root_object["/Metadata"].get_object().get_data().decode()
    assert found.root_object["/MarkInfo"]["/Marked"]
    assert found.root_object["/Lang"] == "en"
    first = words(found.pages[0].extract_text())
    assert all(section.title in first for section in document.page)
    assert "Appendix" in found.pages[1].extract_text()


def test_every_word_of_the_letter_is_in_the_pdf_and_in_word(document):
    """No sentence gets lost on the way: what the tree says in paragraphs and lists is found in both files."""
    pdf = words(
        " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(memo_pdf(document).content)).pages)
    )
    word = words("\n".join(p.text for p in Document(io.BytesIO(memo_docx(document))).paragraphs))
    spoken = [
        words(text) for section in document.page if section.name != "tested" for text in block_texts(section)
    ]
    squeezed = re.sub(r"[\s\u2010-]", "", pdf)
    assert spoken
    for text in spoken:
        assert re.sub(r"[\s\u2010-]", "", text)[:60] in squeezed, text
    assert "Ship narrower" in word
    assert all(section.title in word for section in (*document.page, *document.appendix))


def test_a_word_file_has_headings_heads_of_tables_and_words_for_pictures(document):
    """Opened again: headings are headings, every table says which row is its head, every picture has its words."""
    found = Document(io.BytesIO(memo_docx(document, "letter")))
    names = {p.style.name for p in found.paragraphs}
    pictures = [shape._inline.docPr.get("descr") for shape in found.inline_shapes]
    drawn = sum(
        len(b.items) for s in (*document.page, *document.appendix) for b in s.blocks if isinstance(b, Figures)
    )

    assert {"Title", "Heading 1", "Heading 2"} <= names
    assert len(pictures) == drawn > 0
    assert all(pictures)
    assert round(found.sections[0].page_width.mm) == 216


def test_numbers_in_json_lead_to_a_claim_of_the_appendix(document):
    """The tree survives JSON, and every number of the page has its row among the claims."""
    tree = json.loads(json.dumps(memo_tree(document)))
    every = next(s for s in tree["appendix"] if s["name"] == "every-claim")
    printed = {row["claim"] for row in next(b for b in every["blocks"] if b["kind"] == "table")["rows"]}
    found = numbers(tree["page"])
    assert len(found) > 10
    assert {claim for _, claim in found} <= printed


@pytest.mark.parametrize("audience", ORDERS)
def test_no_audience_gets_another_number_or_less_bad_news(document, audience):
    """Sections move and may go; the numbers of those that stay are the same, and what is wrong stays for everybody."""
    seen = for_audience(document, audience)
    by_name = {section.name: section for section in document.page}
    assert all(section == by_name[section.name] for section in seen.page)
    assert {section.name for section in seen.page} >= NEVER_HIDDEN & set(by_name)
    assert seen.page[0].name == "bottom-line"
    assert seen.appendix == document.appendix
    gone = set(by_name) - {section.name for section in seen.page}
    assert not gone or len(seen.notices) > len(document.notices)


def test_a_hostile_launch_gives_whole_documents_and_nothing_runs(hostile):
    """Markup of five languages, formulas, control and bidi characters are words like others, in each format."""
    pdf = memo_pdf(hostile)
    found = pypdf.PdfReader(io.BytesIO(pdf.content))
    text = words(found.pages[0].extract_text())
    word = memo_docx(hostile)
    paragraphs = "\n".join(p.text for p in Document(io.BytesIO(word)).paragraphs)

    assert '#eval("1+1")' in text
    assert "<script>alert(1)</script>" in paragraphs
    assert not [a for page in found.pages for a in page.get("/Annots") or [] if "/URI" in str(a.get_object())]
    assert "/OpenAction" not in found.root_object
    assert "/JavaScript" not in str(found.root_object)
    for bad in ("\u202e", "\x1b", "\x07"):
        assert bad not in text
        assert bad not in paragraphs


def test_letters_that_no_font_draws_are_told_and_do_not_stop_the_memo(
    launch, narrower, criteria, taxonomy, facts
):
    """Without a font for cuneiform the file is whole and tagged, and says which letter it could not draw."""
    named = launch.model_copy(update={"title": "Inbox \U00012000"})
    made = memo_pdf(memo(named, narrower, criteria, taxonomy, facts))
    assert made.missing == "\U00012000"
    assert made.content.startswith(b"%PDF")


def test_a_figure_is_a_file_of_its_own(document):
    """Each drawing stands alone: namespaced, its colours inside, no variable of a page's style sheet."""
    figures = [i for s in document.page for b in s.blocks if isinstance(b, Figures) for i in b.items]
    for figure in figures:
        drawn = figure_svg(figure)
        assert 'xmlns="http://www.w3.org/2000/svg"' in drawn
        assert "var(" not in drawn
        assert "<script" not in drawn
