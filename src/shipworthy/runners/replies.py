"""From what an exchange brought to a reply: which trouble is the infrastructure's, and which is an answer."""

from __future__ import annotations

from typing import Any

import msgspec

from shipworthy.runners.exchange import LONGEST_BODY, Got
from shipworthy.runners.interface import Reply
from shipworthy.runners.words import READ_MOST, Hide

LONGEST_OUTPUT = 1_000_000
"""Characters of one output as JSON; a longer one is no answer, with the reason."""
ASK_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
SAID_MOST = 300


def failed(got: Got, hide: Hide = str) -> Reply | None:
    """Return the reply of an exchange that brought no usable body; None when it did."""
    took = max(0.0, got.last - got.wrote)
    if got.trouble:
        begun = bool(got.first)
        reason = f"{'cut off: ' if begun else 'error: '}{got.trouble}"
        refused = got.trouble.startswith("the connection failed")
        return Reply(None, reason, took, fault=True, billed=not refused)
    if got.too_long:
        return Reply(None, f"error: a reply of more than {LONGEST_BODY:,} bytes", took)
    if not 200 <= got.status < 300:
        return Reply(
            None,
            f"error: HTTP {got.status}{_said(got.body, hide)}",
            took,
            fault=got.status in ASK_AGAIN,
            retry_after_s=got.retry_after_s,
            billed=got.status not in (401, 403, 404, 405, 429),
        )
    return None


def decoded(got: Got, hide: Hide = str) -> Any:
    """Return the JSON of a body.

    Raises:
        ValueError: it is not JSON, said in words.
    """
    try:
        return msgspec.json.decode(got.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"a reply that is not JSON{_said(got.body, hide)}") from error


def answered(output: Any, got: Got, **more: Any) -> Reply:
    """Return the reply of an exchange that brought an output."""
    took = max(0.0, got.last - got.wrote)
    first = got.first - got.wrote if got.first else None
    text = msgspec.json.encode(output).decode()
    if len(text) > LONGEST_OUTPUT:
        return Reply(None, f"error: an output of {len(text):,} characters", took, **more)
    return Reply(text, None, took, first_byte_s=first, **more)


def unusable(what: str, got: Got, **more: Any) -> Reply:
    """Return the reply of an exchange whose body holds no output: the target answered, but not as it should."""
    return Reply(None, f"error: {what}", max(0.0, got.last - got.wrote), **more)


def said_in(got: Got, hide: Hide = str) -> str:
    """Return the beginning of what a target said, to stand behind a reason."""
    return _said(got.body, hide)


def _said(body: bytes, hide: Hide) -> str:
    text = hide(body[:READ_MOST].decode("utf-8", "replace")).strip()
    return f": {text[:SAID_MOST]}" if text else ""
