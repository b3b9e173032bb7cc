"""The memo as a Word document: real headings, tables with a head row, pictures with their words."""

from __future__ import annotations

import io
import json
from typing import Any

from shipworthy.exporters.memo_tree import Figure, memo_tree
from shipworthy.exporters.pdf import Paper, figure_pngs, fit_with_room
from shipworthy.narrative.document import Memo

SIZES_MM = {"a4": (210, 297), "letter": (215.9, 279.4)}
SIDE_MM, TOP_MM, BOTTOM_MM = 18, 12, 14
FACE = "Times New Roman"
"""A face that is on every machine, or has a twin of the same widths there."""
DENSE = 8
"""From so many columns on a table is set smaller."""
CELL_PT, SMALL_PT = 8, 6.5
LONGEST_WORD = 16
"""Letters after which a word may break, so that one name does not take the room of ten columns."""
ARRAY_MM = 16


def memo_docx(memo: Memo, paper: Paper = "a4") -> bytes:
    """Return the memo as a DOCX file.

    Args:
        memo: the memo.
        paper: a4 or letter.

    Raises:
        Unavailable: the extra that draws its figures is not installed.
    """
    return _Word(memo, paper).written()


class _Word:
    """One document while it is written."""

    def __init__(self, memo: Memo, paper: Paper) -> None:
        from docx import Document  # noqa: PLC0415 - only this format needs it
        from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415

        self.mm, self.pt = Mm, Pt
        self.document = Document()
        fit = fit_with_room(memo, paper)
        figures: list[Figure] = []

        def numbered(figure: Figure) -> dict[str, int]:
            figures.append(figure)
            return {"picture": len(figures) - 1}

        self.tree = memo_tree(memo, numbered)
        self.moved = set(json.loads(fit["moved"]))
        self.pictures = figure_pngs(figures)
        self.cells: dict[str, str] = {}
        self.wide_mm = SIZES_MM[paper][0] - 2 * SIDE_MM
        self.figure_mm = round(self.wide_mm * int(fit["figure"]) / 100)
        self.size = float(fit["size"])
        section = self.document.sections[0]
        section.page_width, section.page_height = (Mm(side) for side in SIZES_MM[paper])
        section.left_margin = section.right_margin = Mm(SIDE_MM)
        section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FACE, Pt(self.size)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.line_spacing = 1.0
        for name, times, before in (("Title", 1.7, 0), ("Heading 1", 1.7, 0), ("Heading 2", 1.14, 4)):
            heading = self.document.styles[name]
            heading.font.color.rgb, heading.font.size = RGBColor(0x1C, 0x24, 0x30), Pt(self.size * times)
            heading.element.rPr.rFonts.attrib.clear()  # a theme's face would win over the name
            heading.font.name, heading.font.bold = FACE, True
            heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(2)
        self.document.styles["List Bullet"].paragraph_format.space_after = Pt(1)
        core = self.document.core_properties
        self.say = memo.language.say
        core.title, core.author = self.say("{title}: memo", title=memo.title), ""
        core.language = memo.language.code
        if memo.language.code != "en":  # a Word file is English unless its style says otherwise
            _speak(style, memo.language.code)

    def written(self) -> bytes:
        """Return the file."""
        tree = self.tree
        self.document.add_heading(tree["title"], level=0)
        for notice in tree["notices"]:
            self.document.add_paragraph().add_run(notice).bold = True
        self.document.add_paragraph("    ".join(f"{name} {value}" for name, value in tree["heading"]))
        for section in tree["page"]:
            self._section({**section, "blocks": [b for b in section["blocks"] if _kind(b) not in self.moved]})
        self.document.add_heading(self.say("Appendix"), level=1).paragraph_format.page_break_before = True
        # What the letter has no room for stands first in the appendix.
        late = [{**s, "blocks": [b for b in s["blocks"] if _kind(b) in self.moved]} for s in tree["page"]]
        for section in (*(each for each in late if each["blocks"]), *tree["appendix"]):
            self._section(section)
        self.document.add_paragraph("\n".join(f"{name}: {value}" for name, value in tree["foot"]))
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _section(self, section: dict[str, Any]) -> None:
        self.document.add_heading(section["title"], level=2)
        write = {
            "paragraph": self._paragraph, "bullets": self._bullets, "table": self._table,
            "decision": self._decision, "figures": self._figure_row,
        }  # fmt: skip
        for block in section["blocks"]:
            write[block["kind"]](block)

    def _paragraph(self, block: dict[str, Any]) -> None:
        run = self.document.add_paragraph().add_run(_text(block["prose"]))
        run.bold = block["lead"]
        if block["lead"]:
            run.font.size = self.pt(self.size * 1.25)

    def _bullets(self, block: dict[str, Any]) -> None:
        for item in block["items"]:
            self.document.add_paragraph(_text(item), style="List Bullet")

    def _table(self, block: dict[str, Any]) -> None:
        if block["caption"]:
            self.document.add_paragraph(block["caption"])
        rows = [block["head"], *([_text(cell) for cell in row["cells"]] for row in block["rows"])]
        table = self.document.add_table(len(rows), len(block["head"]))
        table.style = self.document.styles["Table Grid"]
        dense = len(block["head"]) >= DENSE
        places = iter(table._cells)  # noqa: SLF001 - asking cell by cell takes seconds
        for i, cells in enumerate(rows):
            for j, text in enumerate(cells):
                paragraph = next(places)._tc[-1]  # noqa: SLF001 - a run by itself costs a millisecond, and there are hundreds
                paragraph.style = self._cell_style(head=i == 0, right=j in block["numeric"], dense=dense)
                paragraph.add_r().text = text
        _fixed(table, _widths(rows, self.wide_mm, SMALL_PT if dense else CELL_PT))
        _repeat(table.rows[0])
        self.document.add_paragraph()

    def _cell_style(self, *, head: bool, right: bool, dense: bool) -> str:
        """Return the id of the style of a cell, made when it is first asked for."""
        from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

        name = "Cell" + " head" * head + " right" * right + " dense" * dense
        if name not in self.cells:
            style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = self.document.styles["Normal"]
            style.font.size, style.font.bold = self.pt(SMALL_PT if dense else CELL_PT), head
            style.paragraph_format.space_after = self.pt(0)
            if right:
                style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self.cells[name] = style.style_id
        return self.cells[name]

    def _decision(self, block: dict[str, Any]) -> None:
        self.document.add_paragraph("     ".join(f"☐ {choice}" for choice in block["choices"]))
        self.document.add_paragraph(
            "   ".join(f"{name} {value or '_' * 22}" for name, value in block["lines"])
        )

    def _figure_row(self, block: dict[str, Any]) -> None:
        items = block["items"]
        if items[0]["figure"] != "icon array":
            for item in items:
                self._picture(self.document.add_paragraph(), item, self.figure_mm)
                if item["caption"]:
                    self._caption(self.document.add_paragraph(), item)
            return
        # A picture and its words side by side; long names have three to a row, others five.
        longest = max(len(word) for item in items for word in item["caption"].split())
        beside = min(3 if longest > 14 else 5, len(items))
        table = self.document.add_table(-(-len(items) // beside), 2 * beside)
        words_mm = self.wide_mm / beside - ARRAY_MM - 6
        _fixed(table, [ARRAY_MM + 6, words_mm] * beside)
        cells = table._cells  # noqa: SLF001 - asking cell by cell takes seconds
        for item, picture, words in zip(items, cells[::2], cells[1::2], strict=False):
            self._picture(picture.paragraphs[0], item, ARRAY_MM)
            self._caption(words.paragraphs[0], item)

    def _picture(self, paragraph: Any, item: dict[str, Any], width_mm: int) -> None:
        shape = paragraph.add_run().add_picture(
            io.BytesIO(self.pictures[item["picture"]]), width=self.mm(width_mm)
        )
        shape._inline.docPr.set("descr", item["words"])  # noqa: SLF001 - python-docx has no name for it

    def _caption(self, paragraph: Any, item: dict[str, Any]) -> None:
        paragraph.add_run(item["caption"]).font.size = self.pt(self.size * 0.82)


def _kind(block: dict[str, Any]) -> str:
    """Return what a block is, a figure by its own name."""
    return str(block["items"][0]["figure"] if block["kind"] == "figures" else block["kind"])


def _text(prose: list[dict[str, Any]]) -> str:
    """Return a sentence; a number is followed by the claim it comes from."""
    return "".join(f"{p['text']} [{p['claim']}]" if p["claim"] is not None else p["text"] for p in prose)


def _widths(rows: list[list[str]], wide_mm: float, points: float) -> list[float]:
    """Return the width of each column by what stands in it: none below its longest word, none above a line of it.

    Args:
        rows: the texts.
        wide_mm: all columns together.
        points: the size of the letters; a wide face takes two thirds of it a letter.
    """
    letter, beside = 0.66 * points * 0.3528, 4.2
    columns = list(zip(*rows, strict=True))
    words = [
        min(max((len(word) for cell in column for word in cell.split()), default=1), LONGEST_WORD)
        for column in columns
    ]
    lines = [min(max(len(cell) for cell in column), 36) for column in columns]
    least = [letter * n + beside for n in words]
    wish = [max(letter * n + beside, few) for n, few in zip(lines, least, strict=True)]
    spare, wanted = wide_mm - sum(least), sum(wish) - sum(least)
    if spare <= 0:
        return [wide_mm * few / sum(least) for few in least]
    part = spare / wanted if wanted > 0 else 0.0
    given = [few + (many - few) * min(part, 1.0) for few, many in zip(least, wish, strict=True)]
    return [mm * wide_mm / sum(given) for mm in given]


def _fixed(table: Any, widths_mm: list[float]) -> None:
    """Give a table these columns, whatever program sets it."""
    from docx.shared import Mm  # noqa: PLC0415

    table.autofit = False
    for grid, mm in zip(table._tbl.tblGrid.gridCol_lst, widths_mm, strict=True):  # noqa: SLF001 - the columns by name are slow
        grid.w = Mm(mm)
    for row in table._tbl.tr_lst:  # noqa: SLF001
        for cell, mm in zip(row.tc_lst, widths_mm, strict=True):
            cell.width = Mm(mm)


def _speak(style: Any, code: str) -> None:
    """Say of a style in which language its words are: for whoever reads aloud, or checks spelling."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), code)
    style.element.get_or_add_rPr().append(mark)


def _repeat(row: Any) -> None:
    """Mark a row as the head of its table: readers hear it, and a long table repeats it."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no name for it
