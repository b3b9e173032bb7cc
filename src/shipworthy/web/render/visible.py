"""Text as it is: escaped, and with every character that hides, reorders or commands made visible.

A direction override can show a sentence that is not in the text, a terminal's escape can colour it, an invisible
character can carry a message of its own. A reader who judges an output must see that they are there.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

CONTROLS = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI "
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
NAMES = dict(enumerate(CONTROLS.split(" "))) | {
    0x7F: "DEL", 0x85: "NEL", 0xAD: "SHY", 0x61C: "ALM", 0x200B: "ZWSP", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LINE SEP",
    0x2029: "PARA SEP", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ",
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM",
}  # fmt: skip
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e00ff\U000e01f0-\U000effff\U000f0000-\U0010ffff]+"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)
"""Controls, direction marks, fillers that look like nothing, lone surrogates, private use, tags, selectors in a row.

Zero-width joiners stay as they are: they are letters of several scripts and hold emoji together.
"""
MARKS = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                   "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+)")  # fmt: skip
MOST_MARKED = 2_000
"""Hidden runs that are marked apart; in a text with more they are named in line."""
MOST_NAMED = 40
"""Characters of one hidden run that are named; a longer run is counted."""


def visible(text: str) -> Markup:
    r"""Return the text escaped, with what hides in it named and marked.

    >>> visible("a<b> \x1b[31m \u202egpj")
    Markup('a&lt;b&gt; <span class="hidden-char">⟦ESC⟧</span>[31m <span class="hidden-char">⟦RLO⟧</span>gpj')
    """
    text = _evened(text)
    if HIDDEN.search(text) is None:
        return escape(text)
    pieces = HIDDEN.split(text, maxsplit=MOST_MARKED)
    if len(pieces) > MOST_MARKED:
        return escape(HIDDEN.sub(_named, text))
    marks = [
        Markup('<span class="hidden-char">{}</span>').format(_named(run)) for run in HIDDEN.finditer(text)
    ]
    shown = [escape(pieces[0])]
    for mark, piece in zip(marks, pieces[1:], strict=True):
        shown += [mark, escape(piece)]
    return Markup("").join(shown)


def named(text: str) -> str:
    r"""Return the text with what hides in it named, as plain text that still has to be escaped.

    >>> named("pay\u200bload\r\n")
    'pay⟦ZWSP⟧load\n'
    """
    return HIDDEN.sub(_named, _evened(text))


def _evened(text: str) -> str:
    """Return the text with one kind of line break, and no more marks on a letter than a script needs."""
    return MARKS.sub(_stacked, text.replace("\r\n", "\n"))


def _named(found: re.Match[str]) -> str:
    run = found.group()
    shown = "".join(f"⟦{NAMES.get(ord(char), f'U+{ord(char):04X}')}⟧" for char in run[:MOST_NAMED])
    return shown if len(run) <= MOST_NAMED else f"{shown}⟦and {len(run) - MOST_NAMED:,} more like these⟧"


def _stacked(found: re.Match[str]) -> str:
    return f"{found.group(1)}⟦{len(found.group(2)):,} more marks⟧"
