"""The marks between which a judged output stands: repeatable for us, unknown to whoever wrote the output.

A mark is an HMAC of the judge's fingerprint, variant, case and repeat under a key that lies in the ledger's private
folder. Random marks would do for the fence alone; these make a message the same however often it is made, so that a
run can be repeated and a message shown again, and nobody without the key can tell them beforehand.
"""

from __future__ import annotations

import hashlib
import hmac

DIGITS = 24
"""Of a mark: 96 bits, far beyond guessing by an output that has one go."""


def mark_of(key: bytes, *parts: str, avoid: str = "") -> str:
    """Return the mark of one call.

    Args:
        key: the launch's secret.
        parts: what the call is about.
        avoid: what will stand between the marks; a mark that occurs in it is not used.

    >>> mark_of(b"k" * 32, "f", "new", "c1", "1") == mark_of(b"k" * 32, "f", "new", "c1", "1")
    True
    >>> first = mark_of(b"k" * 32, "c1")
    >>> mark_of(b"k" * 32, "c1", avoid=f"it ends here: {first}") == first
    False
    """
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    for go in range(1000):
        mark = hmac.new(key, f"{go}\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:DIGITS]
        if mark not in avoid:
            return mark
    raise ValueError("no mark is left that the text does not hold")


def fenced(mark: str, what: str, text: str) -> str:
    """Return a text between two lines that carry the mark.

    >>> print(fenced("5f", "output", "hello"))
    <<5f output begins>>
    hello
    <<5f output ends>>
    """
    return f"<<{mark} {what} begins>>\n{text}\n<<{mark} {what} ends>>"
