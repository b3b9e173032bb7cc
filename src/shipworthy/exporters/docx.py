"""The memo as a Word document: real headings, tables with a head row, pictures with their words."""

from __future__ import annotations

import io
from typing import Any

from shipworthy.exporters.memo_tree import Figure, memo_tree
from shipworthy.exporters.pdf import Paper, figure_pngs
from shipworthy.narrative.document import Figures, Memo

SIZES_MM = {"a4": (210, 297), "letter": (215.9, 279.4)}
MARGIN_MM = 20
DENSE = 8
"""From so many columns on a table is set smaller."""
ARRAY_MM, FIGURE_MM = 24, 166


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
        self.pictures = iter(figure_pngs(_figures(memo)))
        self.tree = memo_tree(memo)
        self.cells: dict[str, str] = {}
        self.wide_mm = SIZES_MM[paper][0] - 2 * MARGIN_MM
        section = self.document.sections[0]
        section.page_width, section.page_height = (Mm(side) for side in SIZES_MM[paper])
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Mm(MARGIN_MM))
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Georgia", Pt(10)
        style.paragraph_format.space_after = Pt(5)
        for name in ("Title", "Heading 1", "Heading 2"):
            heading = self.document.styles[name]
            heading.font.color.rgb = RGBColor(0x1C, 0x24, 0x30)
            heading.font.name = "Georgia"
            heading.element.rPr.rFonts.attrib.clear()  # a theme's face would win over the name
            heading.font.name = "Georgia"
        core = self.document.core_properties
        core.title, core.author, core.language = f"{memo.title}: memo", "", "en"

    def written(self) -> bytes:
        """Return the file."""
        from docx.enum.text import WD_BREAK  # noqa: PLC0415

        tree = self.tree
        self.document.add_heading(tree["title"], level=0)
        for notice in tree["notices"]:
            self.document.add_paragraph().add_run(notice).bold = True
        self.document.add_paragraph("    ".join(f"{name} {value}" for name, value in tree["heading"]))
        for section in tree["page"]:
            self._section(section)
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        self.document.add_heading("Appendix", level=1)
        for section in tree["appendix"]:
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
            run.font.size = self.pt(13)

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
        _widths(table, rows, self.wide_mm)
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
            style.font.size, style.font.bold = self.pt(6.5 if dense else 8), head
            style.paragraph_format.space_after = self.pt(0)
            if right:
                style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self.cells[name] = style.style_id
        return self.cells[name]

    def _decision(self, block: dict[str, Any]) -> None:
        self.document.add_paragraph("     ".join(f"☐ {choice}" for choice in block["choices"]))
        for name, value in block["lines"]:
            self.document.add_paragraph(f"{name}: {value or '_' * 30}")

    def _figure_row(self, block: dict[str, Any]) -> None:
        items = block["items"]
        if items[0]["figure"] != "icon array":
            for item in items:
                self._picture(self.document.add_paragraph(), item, FIGURE_MM)
                if item["caption"]:
                    self._caption(self.document.add_paragraph(), item)
            return
        table = self.document.add_table(1, len(items))
        for cell, item in zip(table.rows[0].cells, items, strict=True):
            self._picture(cell.paragraphs[0], item, ARRAY_MM)
            self._caption(cell.add_paragraph(), item)
        self.document.add_paragraph()

    def _picture(self, paragraph: Any, item: dict[str, Any], width_mm: int) -> None:
        shape = paragraph.add_run().add_picture(io.BytesIO(next(self.pictures)), width=self.mm(width_mm))
        shape._inline.docPr.set("descr", item["words"])  # noqa: SLF001 - python-docx has no name for it

    def _caption(self, paragraph: Any, item: dict[str, Any]) -> None:
        paragraph.add_run(item["caption"]).font.size = self.pt(8.5)


def _figures(memo: Memo) -> list[Figure]:
    """Return all figures of a memo, in the order in which they are written."""
    sections = (*memo.page, *memo.appendix)
    return [
        item
        for section in sections
        for block in section.blocks
        if isinstance(block, Figures)
        for item in block.items
    ]


def _text(prose: list[dict[str, Any]]) -> str:
    """Return a sentence; a number is followed by the claim it comes from."""
    return "".join(f"{p['text']} [{p['claim']}]" if p["claim"] is not None else p["text"] for p in prose)


def _widths(table: Any, rows: list[list[str]], wide_mm: float) -> None:
    """Give each column room by what stands in it: no less than its longest word, no more than a line of it needs."""
    from docx.shared import Mm  # noqa: PLC0415

    columns = list(zip(*rows, strict=True))
    least = [max(len(word) for cell in column for word in (cell.split() or [""])) + 2 for column in columns]
    wish = [max(len(cell) for cell in column) + 2 for column in columns]
    given = [float(max(few, min(many, 34))) for few, many in zip(least, wish, strict=True)]
    scale = wide_mm / sum(given)
    table.autofit = False
    for grid, share in zip(table._tbl.tblGrid.gridCol_lst, given, strict=True):  # noqa: SLF001 - the columns by name are slow
        grid.w = Mm(share * scale)
    for row in table._tbl.tr_lst:  # noqa: SLF001
        for cell, share in zip(row.tc_lst, given, strict=True):
            cell.width = Mm(share * scale)


def _repeat(row: Any) -> None:
    """Mark a row as the head of its table: readers hear it, and a long table repeats it."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no name for it
