"""The memo as one HTML file that needs nothing else: a letter on screen, on paper, in the dark."""

from __future__ import annotations

from shipworthy.exporters import svg
from shipworthy.exporters.element import Child, Element, element, verbatim_style
from shipworthy.exporters.stylesheet import CSS, fingerprint
from shipworthy.narrative.document import (
    Block,
    Bullets,
    DecisionBox,
    Figures,
    Memo,
    Paragraph,
    Row,
    Section,
    Table,
)
from shipworthy.narrative.figures import IconArray, LoadLine, ScopeMap, share_words
from shipworthy.narrative.prose import Number, Prose

SIGN = {"holds": "●", "not shown": "◇", "does not hold": "✕"}
DENSE = 8
"""From so many columns on a table is set smaller."""


def memo_html(memo: Memo) -> str:
    """Return the memo as a page without scripts, fetched parts or inline style attributes."""
    policy = f"default-src 'none'; style-src {fingerprint()}; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", memo.language.say("{title}: memo", title=memo.title)),
        verbatim_style(CSS),
    )
    body = element("body", element("main", *_page(memo)), *([_appendix(memo)] if memo.appendix else []))
    return f"<!doctype html>\n{element('html', head, body, lang=memo.language.code).markup}\n"


def _page(memo: Memo) -> list[Element]:
    masthead = element("div", element("h1", memo.title), svg.plimsoll(), class_="masthead")
    notices = [element("p", notice, class_="notice") for notice in memo.notices]
    return [
        masthead,
        *notices,
        _pairs(memo.heading, "heading"),
        *(_section(s, anchors=False) for s in memo.page),
    ]


def _appendix(memo: Memo) -> Element:
    sections = [_section(section, anchors=section.name == "every-claim") for section in memo.appendix]
    return element(
        "aside",
        element("h1", memo.language.say("Appendix")),
        *_paper(memo),
        *sections,
        _pairs(memo.foot, "foot"),
        class_="appendix",
    )


def _paper(memo: Memo) -> list[Element]:
    """Return what gives way on paper, where the letter has one page: shown here when printed, and there on a screen."""
    moved = [block for section in memo.page for block in section.blocks if _gives_way(block)]
    if not moved:
        return []
    blocks = [_block(block, anchors=False) for block in moved]
    return [element("section", element("h2", memo.language.say("Of the page")), *blocks, class_="paper")]


def _gives_way(block: Block) -> bool:
    return isinstance(block, Table) or (
        isinstance(block, Figures) and not isinstance(block.items[0], LoadLine)
    )


def _pairs(lines: tuple[tuple[str, str], ...], kind: str) -> Element:
    parts: list[Child] = []
    for label, value in lines:
        parts += [element("dt", label), element("dd", value)]
    return element("dl", *parts, class_=kind)


def _section(section: Section, *, anchors: bool) -> Element:
    blocks: list[Element] = []
    for block in section.blocks:
        blocks.append(_block(block, anchors=anchors))
        anchors = anchors and not isinstance(block, Table)
    return element(
        "section", element("h2", section.title), *blocks, id=f"s-{section.name}", class_=section.name
    )


def _block(block: Block, *, anchors: bool) -> Element:
    if isinstance(block, Paragraph):
        return element("p", *_prose(block.prose), class_="lead" if block.lead else "text")
    if isinstance(block, Bullets):
        return element("ul", *(element("li", *_prose(item)) for item in block.items))
    if isinstance(block, Table):
        return _table(block, anchors=anchors)
    if isinstance(block, DecisionBox):
        return _decision(block)
    return _figures(block)


def _prose(prose: Prose) -> list[Child]:
    """Return a sentence whose numbers lead to the row of the appendix they come from."""
    return [
        element("a", part.text, href=f"#claim-{part.ref.number}") if isinstance(part, Number) else part
        for part in prose
    ]


def _table(block: Table, *, anchors: bool) -> Element:
    head = element(
        "tr", *(element("th", h, scope="col", class_=_kind(block, i)) for i, h in enumerate(block.head))
    )
    rows = [_row(block, row, anchors=anchors) for row in block.rows]
    parts = [element("thead", head), element("tbody", *rows)]
    if block.caption:
        parts.insert(0, element("caption", block.caption))
    size = "dense" if len(block.head) >= DENSE else "plain"
    return element("div", element("table", *parts, class_=size), class_="scroll")


def _row(block: Table, row: Row, *, anchors: bool) -> Element:
    cells = [element("td", *_prose(cell), class_=_kind(block, i)) for i, cell in enumerate(row.cells)]
    if row.state is not None:
        said: list[Child] = [f"{SIGN[row.state]} ", *_prose(row.cells[-1])]
        cells[-1] = element("td", *said, class_=f"state {svg.CLASS[row.state]}")
    if anchors and row.ref is not None:
        return element("tr", *cells, id=f"claim-{row.ref.number}")
    return element("tr", *cells)


def _kind(block: Table, column: int) -> str:
    return "numeric" if column in block.numeric else "words"


def _decision(block: DecisionBox) -> Element:
    choices = [element("li", element("span", class_="tick"), choice) for choice in block.choices]
    lines = [element("div", f"{label} {value}".strip()) for label, value in block.lines]
    return element("div", element("ul", *choices, class_="choices"), element("div", *lines, class_="sign"))


def _figures(block: Figures) -> Element:
    drawn = [_figure(item) for item in block.items]
    return element("div", *drawn, class_="arrays" if isinstance(block.items[0], IconArray) else "drawings")


def _figure(figure: LoadLine | IconArray | ScopeMap) -> Element:
    if isinstance(figure, LoadLine):
        drawing = element("div", svg.load_line(figure), class_="drawing")
        return element(
            "figure", drawing, *([element("figcaption", figure.caption)] if figure.caption else [])
        )
    if isinstance(figure, IconArray):
        return element(
            "figure", svg.icon_array(figure), element("figcaption", f"{figure.title}: {figure.words}")
        )
    drawing = element("div", svg.scope_map(figure), class_="drawing")
    if all(svg.has_room(area, figure) for area in figure.areas):
        return element("figure", drawing)
    say = figure.language.say
    words = [
        f"{a.name} {share_words(a, figure.language)}, {say('kept' if a.kept else 'left out')}"
        for a in figure.areas
    ]
    caption = say("Of the traffic: {areas}", areas="; ".join(words))
    return element("figure", drawing, element("figcaption", caption))
