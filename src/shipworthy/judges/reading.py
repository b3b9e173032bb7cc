"""Read a judge's answer strictly: one JSON object with a rationale and a verdict, in this order, and nothing round it.

What cannot be read is unscored with the reason. It is never a pass, and never repaired into one.
"""

from __future__ import annotations

import json
from typing import Any

from shipworthy.judges.interface import Choice, Opinion

KEYS = ["rationale", "verdict"]
VALUES: dict[str, float | None] = {"pass": 1.0, "fail": 0.0, "unknown": None}
PLACES: dict[str, str | None] = {"first": "first", "second": "second", "tie": "tie", "unknown": None}
LONGEST = 100_000
WORDS_MOST = 20_000


def opinion(said: str) -> Opinion:
    r"""Return what a judge said of an output.

    Args:
        said: the reply as JSON: a text that holds the object, or the object itself.

    >>> opinion('"{\\"rationale\\": \\"It names no source.\\", \\"verdict\\": \\"fail\\"}"')
    Opinion(value=0.0, words='It names no source.')
    >>> opinion('"pass"').words
    'unscored: the judge did not answer with a JSON object'
    """
    found = _object(said)
    if isinstance(found, str):
        return Opinion(None, f"unscored: {found}")
    rationale, verdict = found
    if verdict not in VALUES:
        return Opinion(None, "unscored: the judge's verdict is none of pass, fail, unknown")
    value = VALUES[verdict]
    return Opinion(
        value, rationale if value is not None else f"unscored: the judge could not say: {rationale}"
    )


def choice(said: str) -> Choice:
    """Return which of two outputs a judge prefers.

    >>> choice('{"rationale": "The second names the day.", "verdict": "second"}').place
    'second'
    """
    found = _object(said)
    if isinstance(found, str):
        return Choice(None, f"unscored: {found}")
    rationale, verdict = found
    if verdict not in PLACES:
        return Choice(None, "unscored: the judge's verdict is none of first, second, tie, unknown")
    place = PLACES[verdict]
    return Choice(place, rationale if place else f"unscored: the judge could not say: {rationale}")


def _object(said: str) -> tuple[str, str] | str:
    """Return rationale and verdict, or why there are none."""
    if len(said) > 2 * LONGEST:
        return f"the judge's answer has more than {LONGEST:,} characters"
    try:
        reply = json.loads(said, object_pairs_hook=_Pairs)
        if isinstance(reply, str):
            reply = json.loads(reply, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        reply = None
    if not isinstance(reply, _Pairs):
        return "the judge did not answer with a JSON object"
    return _members(reply)


def _members(reply: _Pairs) -> tuple[str, str] | str:
    keys = [key for key, _ in reply]
    if keys != KEYS:
        return f"the judge's object has the keys {_shown(keys)}, not rationale and verdict in this order"
    rationale, verdict = (value for _, value in reply)
    if not isinstance(rationale, str) or not rationale.strip():
        return "the judge gave no rationale"
    if not isinstance(verdict, str):
        return "the judge's verdict is no word"
    return rationale.encode("utf-8", "replace").decode()[:WORDS_MOST], verdict


class _Pairs(list[tuple[str, Any]]):
    """The members of an object in their order, so that a key that stands twice is seen."""


def _shown(keys: list[str]) -> str:
    return ", ".join(repr(key[:40]) for key in keys[:5]) or "of nothing"
