"""Locks and looks on a line, in their order: what was fixed, what was opened, what was changed in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shipworthy.narrative import wording
from shipworthy.narrative.text import plain

Kind = Literal["lock", "look", "change"]


@dataclass(frozen=True)
class Moment:
    """One event on the line.

    Attributes:
        seq: its number in the journal.
        kind: a lock; a look; a lock of another plan than the one before: a change.
        at: where on the line, 0 to 1.
        day: when, as a date.
        words: what happened.
    """

    seq: int
    kind: Kind
    at: float
    day: str
    words: str


@dataclass(frozen=True)
class Timeline:
    """Locks, looks and changes, evenly spaced in their order.

    Attributes:
        moments: from the first to the last.
        earlier: how many earlier ones are left out.
        words: the same as sentences.
    """

    moments: tuple[Moment, ...]
    earlier: int
    words: str


def timeline(events: Sequence[tuple[int, str, str, Mapping[str, Any]]], *, earlier: int = 0) -> Timeline:
    """Return the line.

    Args:
        events: number, time, verb and body of every lock and look, oldest first.
        earlier: how many more there were before.
    """
    moments: list[Moment] = []
    plan = ""
    for position, (seq, at, verb, body) in enumerate(events):
        kind: Kind = "look" if verb == "look" else "change" if plan and body.get("sha") != plan else "lock"
        plan = plan if verb == "look" else str(body.get("sha", ""))
        where = position / (len(events) - 1) if len(events) > 1 else 0.5
        moments.append(Moment(seq, kind, round(where, 6), plain(at[:10], 10), event_words(verb, body)))
    before = f"{wording.plural(earlier, 'earlier event')} left out. " if earlier else ""
    said = " ".join(f"{m.day}: {m.words}." for m in moments) or "Nothing was locked and nothing was opened."
    return Timeline(tuple(moments), earlier, before + said)


_SAID = {
    "taxonomy": "failure modes changed: {change}",
    "reviewer": "somebody began to read: {name}",
    "suspend": "a judge was suspended: {series}",
    "probe": "a judge was probed with outputs that must fail: {series}",
    "calibrate": "a judge was held against labels: {series}",
    "pair": "a judge compared pairs: {series}",
    "sentinel": "a judge was asked again: {series}",
    "score": "scores were sealed as they stand: {series}",
    "calls": "calls to a judge were sealed with their receipts: {series}",
}


def event_words(verb: str, body: Mapping[str, Any]) -> str:
    """Return what an event says, from the fields that are known to hold no outcome.

    >>> event_words("look", {"variant": "new", "number": 2, "groups": 300})
    'look 2 at new, 300 groups'
    """
    if verb == "lock":
        return f"a plan was locked: {plain(str(body.get('sha', '')), 12).rstrip('…')}"
    if verb == "look":
        groups = body.get("groups")
        counted = wording.plural(groups, "group") if isinstance(groups, int) else "groups not known"
        return f"look {plain(str(body.get('number', '')), 12)} at {plain(str(body.get('variant', '')), 60)}, {counted}"
    if verb == "close":
        return _closed(body)
    if verb == "labels":
        return _labelled(body)
    if verb in _SAID:
        return _SAID[verb].format(
            **{key: plain(str(body.get(key, "")), 80) for key in ("series", "change", "name")}
        )
    return plain(verb, 40)


def _labelled(body: Mapping[str, Any]) -> str:
    first, last = body.get("first"), body.get("last")
    if not isinstance(first, int) or not isinstance(last, int):
        return "labels were written"
    return f"label {first} was written" if first == last else f"labels {first} to {last} were written"


def _closed(body: Mapping[str, Any]) -> str:
    outputs = body.get("n_outputs")
    counted = wording.plural(outputs, "output") if isinstance(outputs, int) else "outputs"
    of = f" of {plain(str(body['variant']), 60)}" if body.get("variant") else ""
    source = f", from {plain(str(body['file']), 80)}" if body.get("file") else ""
    return f"a run was closed: {counted}{of}{source}"
