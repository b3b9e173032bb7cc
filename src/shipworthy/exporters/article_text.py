"""Articles for a terminal: at most 80 columns, the same words with and without colour."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Heading, Markdown
from rich.text import Text

from shipworthy.exporters.terminal import WIDTH, bold, fit, wrapped

if TYPE_CHECKING:
    from shipworthy.domain.article import Article

TITLE = 66
SEARCHED = "no article has all of these words"


class _Heading(Heading):
    """A heading at the left edge, as in a book."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("")
        yield Text(self.text.plain, style="bold")


class _Article(Markdown):
    """Markdown with headings at the left edge."""

    elements: ClassVar = Markdown.elements | {"heading_open": _Heading}


def articles_text(found: Sequence[tuple[Article, str]], *, searched: bool, colour: bool = False) -> str:
    """Return the list of articles, category by category, or in the order of a search.

    Args:
        found: articles, each with the passage that a search met.
        searched: whether it is the answer to a search.
        colour: whether the terminal shows colour.
    """
    if not found:
        return f"{SEARCHED}\n"
    lines, last = [], ""
    for article, passage in found:
        head = article.head
        if head.category != last and not searched:
            lines += ["", bold(head.category, colour=colour)]
            last = head.category
        lines.append(f"  {fit(head.title, TITLE)} {article.minutes:>5} min")
        lines += wrapped(passage or head.standfirst, indent="    ")
        lines.append(f"    shipworthy learn {article.slug}")
    return "\n".join(lines).strip("\n") + "\n"


def article_text(article: Article, after: Article, *, colour: bool = False) -> str:
    """Return one article whole, with its sources and the next one.

    Args:
        article: the article.
        after: the one to read next.
        colour: whether the terminal shows colour.
    """
    head = article.head
    above = [
        head.category,
        *wrapped(head.title),
        *wrapped(head.standfirst),
        f"{head.author} · {head.date:%Y-%m-%d} · {article.minutes} min",
    ]
    above[1] = bold(above[1], colour=colour)
    note = [f"│ {line}" for line in wrapped(head.note, width=WIDTH - 2)]
    tried = ["Try it", f"  {head.try_it.command}", *wrapped(head.try_it.say, indent="  ")]
    sources = ["Sources"]
    for source in head.sources:
        sources += wrapped(f"{source.name}. {source.where}", indent="  ")
    nearby = [f"Next: {after.head.title}", f"  shipworthy learn {after.slug}"]
    parts = ["\n".join(above), body_text(article.text, colour=colour), "\n".join(note)]
    parts += ["\n".join(tried), "\n".join(sources), "\n".join(nearby)]
    return "\n\n".join(parts) + "\n"


def body_text(text: str, *, colour: bool) -> str:
    """Return Markdown for a terminal, with headings at the left edge."""
    written = io.StringIO()
    console = Console(
        file=written,
        width=WIDTH,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
    )
    console.print(_Article(text, hyperlinks=False))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()).strip("\n")
