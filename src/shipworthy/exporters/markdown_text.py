"""Foreign text inside Markdown: shown as it is, never markup, a link, a mention or HTML.

Our own sentences carry names that others wrote, so whole sentences pass through here; punctuation
that means nothing inside a sentence stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shipworthy.narrative.text import plain

_MEANS = {char: f"\\{char}" for char in "\\`*_{}[]|~^$"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# A mention or a reference to an issue is found in the finished text, where a backslash is already gone.
_MEANS |= {"@": "@&#8203;", "#": "\\#&#8203;"}


def escaped(text: str, limit: int = 4000) -> str:
    r"""Return one line of text for a paragraph, a list or a table's cell.

    >>> escaped("96 of 100 (see http://x.y), a|b <script> `x`")
    '96 of 100 (see http:&#47;/x.y), a\\|b &lt;script&gt; \\`x\\`'
    >>> escaped("1. not a list"), escaped("@all")
    ('1\\. not a list', '@&#8203;all')
    """
    line = "".join(_MEANS.get(char, char) for char in plain(text, limit))
    line = line.replace("://", ":&#47;/")
    line = re.sub(r"www\.", lambda found: f"{found.group(0)[:3]}&#46;", line, flags=re.IGNORECASE)
    line = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", line)
    return re.sub(r"^([-+=])", r"\\\1", line)


def table(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numeric: frozenset[int] = frozenset()
) -> list[str]:
    """Return a table; its cells are escaped by whoever made them."""
    rule = tuple("---:" if i in numeric else "---" for i in range(len(head)))
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
