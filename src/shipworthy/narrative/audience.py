"""The memo for other readers: sections in another order, some left out and named; no number changes, no bad news goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from shipworthy.narrative.document import Memo

Audience = Literal["executive", "engineering", "legal", "public"]


@dataclass(frozen=True)
class _Order:
    """What an audience reads first, what it does not get, and the key of the sentence that says so."""

    first: tuple[str, ...]
    hidden: frozenset[str] = frozenset()
    notice: str = ""


ORDERS: dict[str, _Order] = {
    "executive": _Order(("bottom-line",)),
    "engineering": _Order(
        ("bottom-line", "tested", "wrong", "left-out", "cost", "doubts", "going-live", "why")
    ),
    "legal": _Order(("bottom-line", "left-out", "wrong", "doubts", "going-live", "tested", "why", "cost")),
    "public": _Order(
        ("bottom-line", "tested", "wrong", "left-out", "doubts"),
        frozenset({"cost", "decision", "why"}),
        "Written for readers outside",
    ),
}
NEVER_HIDDEN = frozenset({"bottom-line", "tested", "wrong", "left-out", "doubts"})
"""What was asked, found, wrong and doubtful is told to everybody."""


def for_audience(memo: Memo, audience: Audience) -> Memo:
    """Return the memo as an audience reads it.

    Args:
        memo: the memo; sections keep their words and their numbers.
        audience: executive (as it is), engineering, legal or public.
    """
    order = ORDERS[audience]
    hidden = order.hidden - NEVER_HIDDEN
    kept = [section for section in memo.page if section.name not in hidden]
    rank = {name: i for i, name in enumerate(order.first)} if audience != "executive" else {}
    page = tuple(sorted(kept, key=lambda section: rank.get(section.name, len(rank))))
    say = memo.language.say
    notices = (*memo.notices, say(order.notice)) if order.notice else memo.notices
    people = (say("To"), say("From")) if audience == "public" else ()
    heading = tuple(line for line in memo.heading if line[0] not in people)
    twin = for_audience(memo.in_english, audience) if memo.in_english else None
    return replace(memo, page=page, notices=notices, heading=heading, in_english=twin)
