"""The memo as a PDF: tagged, PDF/UA-1 where a font draws every letter, one page before its appendix where it fits."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from shipworthy.domain.errors import Unavailable
from shipworthy.exporters.memo_tree import Figure, memo_tree
from shipworthy.exporters.svg_file import figure_svg
from shipworthy.narrative.document import Memo
from shipworthy.narrative.figures import IconArray

Paper = Literal["a4", "letter"]
PAPERS = {"a4": "a4", "letter": "us-letter"}
FITS = (
    {"size": "9.6", "figure": "98", "moved": "[]"},
    {"size": "9", "figure": "89", "moved": "[]"},
    {"size": "8.6", "figure": "83", "moved": '["icon array"]'},
    {"size": "8.6", "figure": "83", "moved": '["icon array", "table"]'},
    {"size": "8.4", "figure": "76", "moved": '["icon array", "table", "scope map"]'},
    {"size": "8.2", "figure": "67", "moved": '["icon array", "table", "scope map"]'},
)
"""Points of the letters, width of the main figure in hundredths, and what moves to the appendix: the first that fits."""
TIGHTER = {"size": "8", "figure": "58", "moved": '["icon array", "table", "scope map"]'}
"""One more step for a language whose sentences are longer than the English ones."""
DPI = 200
POINTS = {"array": 72, "other": 470}
"""How wide a picture is."""


@dataclass(frozen=True)
class Pdf:
    """A PDF.

    Attributes:
        content: its bytes.
        pages_of_letter: pages before the appendix.
        missing: letters that no font on this machine draws; the file is then tagged, but no PDF/UA-1.
    """

    content: bytes
    pages_of_letter: int
    missing: str = ""


def memo_pdf(memo: Memo, paper: Paper = "a4") -> Pdf:
    """Return the memo as a PDF.

    Args:
        memo: the memo.
        paper: a4 or letter.

    Raises:
        Unavailable: the extra that draws PDFs is not installed.
    """
    typst, source = _typst(), _template()
    given = {**_given(memo), "paper": PAPERS[paper]}
    fit, pages = _fitting(given)
    asked = {**given, **fit}
    try:
        return Pdf(typst.compile(source, sys_inputs=asked, pdf_standards=["ua-1"]), pages)
    except typst.TypstError as error:
        missing = re.search(r"the text `\"(.*?)\"` could not be displayed", str(error))
        if missing is None:
            raise
    return Pdf(typst.compile(source, sys_inputs=asked), pages, missing[1])


def fit_with_room(memo: Memo, paper: Paper) -> dict[str, str]:
    """Return the fit at which a letter leaves a fifth of its page free: for a file that another program will set.

    Args:
        memo: the memo.
        paper: a4 or letter.

    Raises:
        Unavailable: the extra that draws PDFs is not installed.
    """
    given = {**_given(memo), "paper": PAPERS[paper], "bottom": "68"}
    return _fitting(given)[0]


def _given(memo: Memo) -> dict[str, str]:
    """Return the memo as its template takes it, with the few words that the template itself sets."""
    say = memo.language.say
    words = {
        "title": say("{title}: memo", title=memo.title),
        "appendix": say("Appendix"),
        "pages": say("1 of 1"),
    }
    return {
        "memo": json.dumps(memo_tree(memo, _drawn)),
        "language": memo.language.code,
        "words": json.dumps(words),
    }


def _fitting(given: dict[str, str]) -> tuple[dict[str, str], int]:
    """Return the first fit of which the letter takes one page, else the last; and its pages."""
    typst, source, pages = _typst(), _template(), 0
    fits = FITS if given["language"] == "en" else (*FITS, TIGHTER)
    for fit in fits:
        letter = {**given, **fit, "only": "letter"}
        pages = int(
            json.loads(typst.query(source, "<page-ends>", field="value", one=True, sys_inputs=letter))
        )
        if pages == 1:
            break
    return fit, pages


def figure_pngs(figures: list[Figure]) -> list[bytes]:
    """Return figures as pictures, for formats that know no drawings.

    Raises:
        Unavailable: the extra that draws is not installed.
    """
    if not figures:
        return []
    source = (
        "#for it in json(bytes(sys.inputs.drawn)) {\n"
        '  page(width: it.width * 1pt, height: auto, margin: 0pt, image(bytes(it.svg), format: "svg", width: 100%))\n}'
    )
    widths = [POINTS["array" if isinstance(figure, IconArray) else "other"] for figure in figures]
    drawn = json.dumps(
        [{"svg": figure_svg(f), "width": width} for f, width in zip(figures, widths, strict=True)]
    )
    made: Any = _typst().compile(source.encode(), sys_inputs={"drawn": drawn}, format="png", ppi=DPI)
    return list(made) if isinstance(made, list) else [made]


def _drawn(figure: Figure) -> dict[str, str]:
    return {"svg": figure_svg(figure)}


@cache
def _template() -> bytes:
    return files("shipworthy.exporters").joinpath("memo.typ").read_bytes()


def _typst() -> Any:
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Unavailable(
            "what draws PDFs and pictures is not installed",
            where="shipworthy memo",
            remedy="install `shipworthy[documents]`",
        ) from error
    return typst
