"""The seed of a repeat: the same case, variant and repeat always draw the same."""

from __future__ import annotations

import hashlib


def seed_of(case: str, fingerprint: str, repeat: int) -> int:
    """Return a seed in [0, 2**31).

    >>> seed_of("a", "f", 1) == seed_of("a", "f", 1) != seed_of("a", "f", 2)
    True
    """
    digest = hashlib.sha256(f"{case}\0{fingerprint}\0{repeat}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
