"""An article's text as HTML: our own Markdown, with HTML in it switched off, and nothing that a strict page refuses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

WIDE = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
"""A table scrolls by itself where the page is narrow, also by keyboard."""


def article_html(text: str) -> str:
    r"""Return Markdown as HTML.

    >>> article_html("A <b>bold</b> word.")
    '<p>A &lt;b&gt;bold&lt;/b&gt; word.</p>\n'
    """
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        _numeric_by_class(token)
    return str(reader.renderer.render(tokens, reader.options, {}))


@cache
def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "smartquotes"])
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", _table_close)
    made.add_render_rule("fence", _fence)
    return made


def _numeric_by_class(token: Token) -> None:
    """Say by a class what Markdown says by a style, which the page's policy refuses."""
    if token.type in ("th_open", "td_open") and token.attrs.pop("style", None) == "text-align:right":
        token.attrs["class"] = "numeric"


def _fence(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    """Return a block of commands, which scrolls by itself, also by keyboard."""
    return f'<pre tabindex="0" role="group" aria-label="Commands"><code>{escapeHtml(tokens[at].content)}</code></pre>\n'


def _table_open(_self: Any, _tokens: Sequence[Token], _at: int, _options: Any, _env: Any) -> str:
    return f"{WIDE}<table>\n"


def _table_close(_self: Any, _tokens: Sequence[Token], _at: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"
