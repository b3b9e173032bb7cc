"""From what a program wrote to a reply: the answer itself, or an object that says more about it."""

from __future__ import annotations

from typing import Any

import msgspec

from shipworthy.runners.function import LONGEST_OUTPUT
from shipworthy.runners.interface import Reply, tokens_of
from shipworthy.runners.program import shown
from shipworthy.runners.words import Hide, words_of

KEYS = frozenset({"output", "error", "tokens_in", "tokens_out", "steps"})
"""An object with no other keys, and with `output` or `error`, says more about an answer; any other is an answer."""
SAID_MOST = 200


def reply_of_line(line: bytes, took: float, hide: Hide = str) -> tuple[Reply, bool]:
    """Return the reply that a line is, and whether its program is still in step.

    A line that is no JSON was not meant as an answer: the answer may still come, so the program is not in step.
    """
    try:
        said = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return Reply(None, f"error: a line that is not JSON: {shown(line, SAID_MOST, hide)}", took), False
    return _reply(said, took, hide), True


def reply_of_output(output: bytes, took: float, hide: Hide = str) -> Reply:
    """Return the reply that all the output of a program is: JSON where it can be read as such, else its text."""
    if not output.strip():
        return Reply(None, "error: the program ended without an answer", took)
    try:
        said = msgspec.json.decode(output)
    except (ValueError, RecursionError):
        try:
            said = output.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            return Reply(None, f"error: an output that is not UTF-8: {shown(output, SAID_MOST, hide)}", took)
    return _reply(said, took, hide)


def _reply(said: Any, took: float, hide: Hide) -> Reply:
    if not (isinstance(said, dict) and KEYS.issuperset(said) and ("output" in said or "error" in said)):
        return _with_text(said, took, {})
    more: dict[str, Any] = {
        "tokens_in": tokens_of(said.get("tokens_in")),
        "tokens_out": tokens_of(said.get("tokens_out")),
        "steps": _text(said["steps"]) if isinstance(said.get("steps"), list) else None,
    }
    if said.get("error") is not None:
        return Reply(None, f"error: {words_of(said['error'], most=1900, hide=hide)}", took, **more)
    if "output" not in said:
        return Reply(None, "error: the program said neither `output` nor what the `error` is", took, **more)
    return _with_text(said["output"], took, more)


def _with_text(output: Any, took: float, more: dict[str, Any]) -> Reply:
    text = _text(output)
    if len(text) > LONGEST_OUTPUT:
        return Reply(None, f"error: an output of {len(text):,} characters", took, **more)
    return Reply(text, None, took, **more)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
