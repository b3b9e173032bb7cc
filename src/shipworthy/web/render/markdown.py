"""Markdown as a reader sees it: no HTML of its own, no pictures, links that say where they lead.

Two fences stand behind each other: the parser turns HTML into text, and what it made is held against a list of
allowed tags and attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from shipworthy.web.render.plain import Part
from shipworthy.web.render.visible import named

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "span",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}


def markdown(text: str) -> Part:
    """Return the text set as Markdown; pictures and what links lead to are told in words."""
    made = _parser().render(named(text))
    clean = nh3.clean(
        made,
        tags=TAGS,
        attributes={"a": {"href", "target"}, "ol": {"start"}},
        allowed_classes={"span": {"leads-to", "picture"}},
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noreferrer noopener nofollow",
        clean_content_tags=set(),
    )
    return Part(Markup('<div class="markdown" dir="auto">{}</div>').format(Markup(clean)))  # noqa: S704 - two fences


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    made.add_render_rule("image", _picture)
    made.add_render_rule("link_open", _link_open)
    made.add_render_rule("link_close", _link_close)
    return made


def _heading(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """Set headings below the page's own two levels."""
    slash = "/" if tokens[index].nesting < 0 else ""
    return f"<{slash}h{min(6, int(tokens[index].tag[1:]) + 2)}>"


def _picture(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Tell a picture in words: showing it would ask another machine for it."""
    token = tokens[index]
    words = renderer.renderInlineAsText(token.children or [], options, env)
    return f'<span class="picture">[picture: {escape(words)} {escape(token.attrGet("src") or "")}]</span>'


def _link_open(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    where = str(tokens[index].attrGet("href") or "")
    return f'<a href="{escape(where)}" target="_blank">'


def _link_close(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any
) -> str:
    """Say where the link leads, unless its words are that already."""
    at = index - 1
    while tokens[at].type != "link_open":
        at -= 1
    where = str(tokens[at].attrGet("href") or "")
    words = "".join(token.content for token in tokens[at + 1 : index])
    told = (
        ""
        if words in (where, where.removeprefix("mailto:"))
        else f' <span class="leads-to">({escape(where)})</span>'
    )
    return f"</a>{told}"
