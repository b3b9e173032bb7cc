"""An output rendered as what it is, or as what the reader asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass

from markupsafe import Markup

from shipworthy.web.render.content import MOST_MARKDOWN, Content, Kind, read_content
from shipworthy.web.render.conversation import conversation
from shipworthy.web.render.diff import diff
from shipworthy.web.render.json_tree import json_tree
from shipworthy.web.render.markdown import markdown
from shipworthy.web.render.plain import Part, as_json, plain
from shipworthy.web.render.table import table
from shipworthy.web.render.turns import steps_of


@dataclass(frozen=True)
class Rendered:
    """An output, ready for the page.

    Attributes:
        kind: as what it is shown.
        kinds: as what it can be shown.
        markup: what to show.
        shown: how much of it that is, in a sentence; empty when it is all.
    """

    kind: Kind
    kinds: tuple[Kind, ...]
    markup: Markup
    shown: str = ""


def render(
    text: str,
    kind: str = "",
    *,
    whole: bool = False,
    against: str | None = None,
    names: tuple[str, str] = ("expected", "this output"),
) -> Rendered:
    """Return an output rendered.

    Args:
        text: the output as it is kept: JSON, or text.
        kind: as what it is asked for; anything that it cannot be shown as counts as not said.
        whole: a long one is asked for as a whole.
        against: what it can be compared with: the expected answer, or another variant's.
        names: what the two are called in a comparison.
    """
    content = read_content(text)
    kinds: tuple[Kind, ...] = (*content.kinds, *(("diff",) if against is not None else ()))
    asked: Kind = next((known for known in kinds if known == kind), content.kind)
    part = _diff(content, against or "", names) if asked == "diff" else _part(content, asked, whole=whole)
    return Rendered(asked, kinds, part.markup, part.shown)


def render_steps(text: str, *, whole: bool = False) -> Rendered:
    """Return the turns and tool calls on the way to an output rendered as a conversation."""
    content = read_content(text)
    turns = steps_of(content.value)
    if not turns:
        return render(text, whole=whole)
    part = conversation(turns, whole=whole)
    return Rendered("conversation", ("conversation",), part.markup, part.shown)


def _part(content: Content, kind: Kind, *, whole: bool) -> Part:
    if kind == "conversation":
        return conversation(content.turns, whole=whole)
    if kind == "table" and content.table is not None:
        return table(*content.table, whole=whole)
    if kind == "json":
        return json_tree(content.value, whole=whole)
    if kind == "markdown" and len(content.text) <= MOST_MARKDOWN:
        return markdown(content.text)
    return plain(content.text, whole=whole)


def _diff(content: Content, against: str, names: tuple[str, str]) -> Part:
    other = read_content(against)
    return diff(_words(other), _words(content), names=names)


def _words(content: Content) -> str:
    """Return what is compared: the text, or JSON set out line by line so that order of layout does not matter."""
    if content.value is None:
        return content.text
    return as_json(content.value) if len(content.text) > 200_000 else _set_out(content)


def _set_out(content: Content) -> str:
    try:
        return json.dumps(content.value, ensure_ascii=False, indent=2, sort_keys=True)
    except (ValueError, RecursionError):
        return content.text
