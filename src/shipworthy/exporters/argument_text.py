"""The argument as an outline in Markdown, and as JSON: `shipworthy.argument/1`."""

from __future__ import annotations

import json
from typing import Any

from shipworthy.exporters.markdown_text import escaped
from shipworthy.narrative import wording
from shipworthy.narrative.argument import Node

FORMAT = "shipworthy.argument/1"
INDENT = "  "


def argument_markdown(top: Node, title: str, notices: tuple[str, ...] = ()) -> str:
    """Return the argument as a list of lists; every gap is marked.

    Args:
        top: the whole argument.
        title: the launch.
        notices: what a reader must know before.
    """
    gaps = top.gaps()
    lines = [f"# The argument: {escaped(title)}", ""]
    for notice in notices:
        lines += [f"> **{escaped(notice)}**", ""]
    lines += [
        f"{escaped(wording.plural(gaps, 'part'))} undeveloped." if gaps else "Nothing is undeveloped.",
        "",
    ]
    return "\n".join([*lines, *_lines(top, 0)]) + "\n"


def _lines(node: Node, depth: int) -> list[str]:
    # A line of evidence ends in its state already.
    state = f" *{escaped(node.state)}*" if node.state and node.kind != "evidence" else ""
    name = node.kind.upper() if node.kind == "undeveloped" else node.kind.capitalize()
    number = f" (claim {node.ref.number} of the verdict)" if node.ref is not None else ""
    own = f"{INDENT * depth}- **{name}**: {escaped(node.text)}{state}{number}"
    return [own, *(text for part in node.parts for text in _lines(part, depth + 1))]


def argument_json(top: Node, about: dict[str, Any]) -> str:
    """Return the argument for machines.

    Args:
        top: the whole argument.
        about: the launch, plan and evidence that it is about.
    """
    made = {"format": FORMAT, **about, "undeveloped": top.gaps(), "argument": _value(top)}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _value(node: Node) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": node.kind, "id": node.id, "text": node.text, "state": node.state}
    if node.ref is not None:
        made["claim"] = {
            "number": node.ref.number,
            "criterion": node.ref.criterion,
            "slice": node.ref.slice,
            "variant": node.ref.variant,
        }
    return made | {"parts": [_value(part) for part in node.parts]}
