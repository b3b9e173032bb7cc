"""Cases: the items of the eval set, one JSON object a line in `evalset/*.jsonl`."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

Part = Literal["explore", "tune", "calibrate", "holdout"]


class Case(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One item of the eval set."""

    id: str
    input: Any = None
    expected: Any = None
    tags: dict[str, str] = {}
    group: str | None = None
    """Cases that stand or fall together (one customer, one document); a case without one is its own."""
    source: str = ""
    part: Part = "explore"


def plain_input(value: Any) -> Any:
    """Return the input in the form two tools would agree on.

    A conversation that holds one user message is that message; text loses surrounding blanks.
    """
    if isinstance(value, list) and value and all(isinstance(m, dict) for m in value):
        users = [m for m in value if m.get("role") == "user"]
        if len(users) == 1:
            value = users[0].get("content")
    return value.strip() if isinstance(value, str) else value


def input_hash(value: Any) -> str:
    """Return 16 hex digits that name an input; equal inputs have equal names.

    >>> input_hash("hello ") == input_hash([{"role": "user", "content": "hello"}])
    True
    """
    if value is None:
        return ""
    canonical = msgspec.json.encode(plain_input(value), order="deterministic")
    return hashlib.blake2b(canonical, digest_size=8).hexdigest()
