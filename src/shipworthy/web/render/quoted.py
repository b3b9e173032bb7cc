"""What a rule or a program quotes between backticks, as code; everything is escaped."""

from __future__ import annotations

from markupsafe import Markup, escape

_CODE = Markup("<code>{}</code>")


def quoted(text: str) -> Markup:
    """Return a sentence as HTML, with what stands between two backticks as code.

    Args:
        text: as it was written; a backtick without a partner stays one.

    >>> str(quoted("from `a<b>` alone"))
    'from <code>a&lt;b&gt;</code> alone'
    >>> str(quoted("one ` alone"))
    'one ` alone'
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts = [*parts[:-2], f"{parts[-2]}`{parts[-1]}"]
    return Markup().join(_CODE.format(part) if at % 2 else escape(part) for at, part in enumerate(parts))
