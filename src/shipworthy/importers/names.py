"""What may name a case, variant or group, and number a repeat, in any format."""

from __future__ import annotations

import unicodedata

MAX_NAME_CHARS = 1024
MAX_REPEAT = 32_767
"""The ledger stores the repeat in two bytes."""


def can_name(name: str) -> bool:
    """Say whether the text can name something: one line, not empty, not endless."""
    if not name or len(name) > MAX_NAME_CHARS:
        return False
    return name.isprintable() or not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
