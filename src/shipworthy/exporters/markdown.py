"""The memo as Markdown: to paste, to diff, to commit beside the launch."""

from __future__ import annotations

from shipworthy.exporters.markdown_text import escaped, table
from shipworthy.narrative.document import (
    Block,
    Bullets,
    DecisionBox,
    Figures,
    Memo,
    Paragraph,
    Section,
    Table,
)
from shipworthy.narrative.figures import IconArray, LoadLine, ScopeMap, share_words
from shipworthy.narrative.prose import Number, Prose

BLANK = "\\_" * 12
SIGN = {"holds": "●", "not shown": "◇", "does not hold": "✕"}


def memo_markdown(memo: Memo) -> str:
    """Return the memo as GitHub-flavoured Markdown; numbers of the first page link to the appendix."""
    lines = [f"# {escaped(memo.title)}", ""]
    for notice in memo.notices:
        lines += [f"> **{escaped(notice)}**", ""]
    lines += [f"**{escaped(label)}** {escaped(value)}  " for label, value in memo.heading]
    if not memo.appendix:
        return "\n".join([*lines, *(t for s in memo.page for t in ("", *_section(s, "##")))]).rstrip() + "\n"
    lines += [
        "",
        escaped(memo.language.say("A number in brackets is the claim")),
    ]
    for section in memo.page:
        lines += ["", *_section(section, "##")]
    lines += ["", "---", "", f"# {escaped(memo.language.say('Appendix'))}"]
    for section in memo.appendix:
        lines += ["", *_section(section, "##")]
    lines += ["", *(f"{escaped(label)}: {escaped(value)}  " for label, value in memo.foot)]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section, marks: str) -> list[str]:
    lines = [f"{marks} {escaped(section.title)}"]
    for block in section.blocks:
        lines += ["", *_block(block)]
    return lines


def _block(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        text = _prose(block.prose)
        return [f"**{text}**" if block.lead else text]
    if isinstance(block, Bullets):
        return [f"- {_prose(item)}" for item in block.items]
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, DecisionBox):
        return _decision(block)
    return _figures(block)


def _prose(prose: Prose) -> str:
    """Return a sentence; a number is followed by the claim it comes from."""
    return escaped("".join(f"{p.text} [{p.ref.number}]" if isinstance(p, Number) else p for p in prose))


def _table(block: Table) -> list[str]:
    head = tuple(escaped(cell) for cell in block.head)
    body = [tuple(_prose(cell) for cell in row.cells) for row in block.rows]
    lines = table(head, body, block.numeric)
    return [escaped(block.caption), "", *lines] if block.caption else lines


def _decision(block: DecisionBox) -> list[str]:
    choices = [f"- [ ] {escaped(choice)}" for choice in block.choices]
    return [
        *choices,
        "",
        *(f"{escaped(label)}: {escaped(value) or BLANK}  " for label, value in block.lines),
    ]


def _figures(block: Figures) -> list[str]:
    lines: list[str] = []
    for figure in block.items:
        if isinstance(figure, LoadLine):
            lines += ([""] if lines else []) + _load_line(figure)
        elif isinstance(figure, IconArray):
            lines.append(f"- {escaped(f'{figure.title}: {figure.words}')}")
        else:
            lines += _scope_map(figure)
    return lines


def _load_line(figure: LoadLine) -> list[str]:
    """Return the main figure as a table: what the drawing says by position stands here in words."""
    say = figure.language.say
    head = ("", *(say(key) for key in ("Claim", "Where", "In the test", "What it could be", "Bar", "State")))
    body = [
        (
            SIGN[m.state],
            *(
                escaped(c)
                for c in (
                    m.label,
                    m.where,
                    f"{m.counts} [{m.ref.number}]",
                    m.bound,
                    m.bar_words,
                    m.state_words,
                )
            ),
        )
        for panel in figure.panels
        for m in panel.marks
    ]
    drawn = [say("The bars were drawn on {day}", day=escaped(figure.drawn)), ""] if figure.drawn else []
    return [*drawn, *table(head, body)]


def _scope_map(figure: ScopeMap) -> list[str]:
    language = figure.language
    body = [(escaped(a.name), escaped(share_words(a, language)), escaped(a.words)) for a in figure.areas]
    return table(tuple(language.say(key) for key in ("Slice", "Traffic", "In the scope?")), body)
