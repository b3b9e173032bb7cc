"""A conversation: who said what; tool calls folded, each with what the tool gave back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from shipworthy.web.render.content import MOST_MARKDOWN, read_content
from shipworthy.web.render.json_tree import json_tree
from shipworthy.web.render.markdown import markdown
from shipworthy.web.render.plain import Part, one_line, plain
from shipworthy.web.render.turns import Block, Call, Other, Result, Role, Said, Thought, Turn

FIRST = 60
"""Turns that are shown at first."""
WHOLE = 1_000
NAMES: dict[Role, str] = {
    "system": "System prompt", "user": "User", "assistant": "Assistant", "tool": "Tool", "step": "Step",
}  # fmt: skip


def conversation(turns: tuple[Turn, ...], *, whole: bool = False) -> Part:
    """Return the turns one under the other.

    Args:
        turns: who said what.
        whole: everything is asked for.
    """
    most = WHOLE if whole else FIRST
    talk = _Talk(turns, whole=whole)
    shown = Markup("").join(talk.turns(turns[:most]))
    words = f"The first {most:,} of {len(turns):,} turns." if len(turns) > most else talk.cut
    return Part(Markup('<ol class="conversation">{}</ol>').format(shown), words)


class _Talk:
    """One conversation while it is rendered: which results belong to which call, and what was shown already."""

    def __init__(self, turns: tuple[Turn, ...], *, whole: bool) -> None:
        self.whole = whole
        self.cut = ""
        self.systems: set[str] = set()
        self.markdown_left = 3 * MOST_MARKDOWN
        self.answers = _answers(turns)
        self.told: set[int] = set()

    def turns(self, turns: tuple[Turn, ...]) -> Iterator[Markup]:
        """Yield each turn that has something left to show."""
        for turn in turns:
            if turn.role == "system":
                yield self._system(turn)
                continue
            inside = Markup("").join(self._block(block) for block in turn.blocks)
            if inside or not turn.blocks:
                yield _item(turn, inside or Markup('<p class="quiet">nothing</p>'))

    def _system(self, turn: Turn) -> Markup:
        text = "\n".join(block.text for block in turn.blocks if isinstance(block, Said | Thought))
        inside = Markup("").join(self._block(block) for block in turn.blocks)
        again = ", the same again" if text in self.systems else ""
        self.systems.add(text)
        return Markup(
            '<li class="turn system"><details class="folded"><summary>{}{}, {} characters</summary>{}</details></li>'
        ).format(NAMES["system"], again, f"{len(text):,}", inside)

    def _block(self, block: Block) -> Markup:
        if isinstance(block, Said):
            return self._words(block.text)
        if isinstance(block, Thought):
            return Markup(
                '<details class="folded thought"><summary>Thought, {} characters</summary>{}</details>'
            ).format(f"{len(block.text):,}", self._words(block.text))
        if isinstance(block, Call):
            return self._call(block)
        if isinstance(block, Result):
            return self._result(block)
        return self._other(block)

    def _words(self, text: str) -> Markup:
        content = read_content(text) if len(text) <= MOST_MARKDOWN else None
        if content is not None and content.kind == "markdown" and len(text) <= self.markdown_left:
            self.markdown_left -= len(text)
            return markdown(text).markup
        return self._part(plain(text, whole=self.whole))

    def _call(self, call: Call) -> Markup:
        answer = self.answers.get(id(call))
        if answer is not None:
            self.told.add(id(answer))
        back = (
            Markup('<p class="quiet">gave back</p>{}').format(self._value(answer.value))
            if answer is not None
            else Markup('<p class="quiet">no result was recorded</p>')
        )
        return Markup(
            '<details class="folded call"><summary>Calls <code>{}</code> <span class="quiet">{}{}</span></summary>'
            "{}{}</details>"
        ).format(
            one_line(call.name, 60), one_line(call.arguments, 80),
            Markup(" → {}").format(one_line(answer.value, 60)) if answer is not None else "",
            self._value(call.arguments), back,
        )  # fmt: skip

    def _result(self, result: Result) -> Markup:
        if id(result) in self.told:
            return Markup("")
        return Markup(
            '<details class="folded call"><summary>Result{} <span class="quiet">{}</span></summary>{}</details>'
        ).format(
            Markup(" of <code>{}</code>").format(one_line(result.name, 60)) if result.name else "",
            one_line(result.value, 80), self._value(result.value),
        )  # fmt: skip

    def _other(self, block: Other) -> Markup:
        return self._value(block.value)

    def _value(self, value: Any) -> Markup:
        content = read_content(value) if isinstance(value, str) else None
        if content is not None and content.value is None:
            return self._part(plain(content.text, whole=self.whole))
        return self._part(json_tree(content.value if content is not None else value, whole=self.whole))

    def _part(self, part: Part) -> Markup:
        self.cut = self.cut or part.shown
        return part.markup


def _answers(turns: tuple[Turn, ...]) -> dict[int, Result]:
    """Return what each call was given back: by its id, or, where ids are missing, the next result that comes."""
    found: dict[int, Result] = {}
    by_id: dict[str, Call] = {}
    waiting: list[Call] = []
    for block in (block for turn in turns for block in turn.blocks):
        if isinstance(block, Call):
            by_id[block.id] = block
            waiting.append(block)
        elif isinstance(block, Result):
            call = by_id.get(block.id) if block.id else (waiting[0] if waiting else None)
            if call is not None and id(call) not in found:
                found[id(call)] = block
                waiting = [other for other in waiting if other is not call]
    return found


def _item(turn: Turn, inside: Markup) -> Markup:
    name = one_line(turn.who, 40) if turn.who else NAMES[turn.role]
    return Markup('<li class="turn {}"><span class="role">{}</span>{}</li>').format(turn.role, name, inside)
