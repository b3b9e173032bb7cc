"""Where a promise stands as plain values, so that it can be kept and gone on from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shipworthy.decision.monitor import Followed, Promise
from shipworthy.statistics.early_warning import EarlyWarning
from shipworthy.statistics.mix_change import MixChange
from shipworthy.statistics.results import NotEstimable


def as_values(followed: Followed) -> dict[str, Any]:
    """Return everything of a state that its promise does not say, as JSON values.

    >>> followed = Followed.start(Promise(0.9))
    >>> from_values(Promise(0.9), as_values(followed)) == followed
    True
    """
    detector, early, mix = followed.detector, followed.early, followed.mix
    return {
        "detector": {
            name: getattr(detector, name)
            for name in ("outputs", "highest", "alarm_at", "began", "sums", "tops")
        },
        "early": early.reason
        if isinstance(early, NotEstimable)
        else {name: getattr(early, name) for name in ("points", "outputs", "rings", "ringing")},
        "mix": None
        if isinstance(mix, NotEstimable)
        else {name: getattr(mix, name) for name in ("counts", "highest", "moved")},
        "passed": followed.passed,
        "by_slice": {name: list(both) for name, both in followed.by_slice.items()},
        "before": followed.before,
        "until": followed.until,
    }


def from_values(promise: Promise, values: dict[str, Any]) -> Followed:
    """Return the state that was kept of a promise.

    Args:
        promise: the promise as it stood when the state was kept.
        values: what `as_values` gave, also after a journey through JSON.
    """
    start = Followed.start(promise)
    kept = dict(values["detector"])
    kept |= {"sums": tuple(kept["sums"]), "tops": tuple((worth, begin) for worth, begin in kept["tops"])}
    early: EarlyWarning | NotEstimable = start.early
    if isinstance(values["early"], str):
        early = NotEstimable(values["early"])
    elif isinstance(early, EarlyWarning):
        early = replace(early, **values["early"])
    mix = start.mix
    if isinstance(mix, MixChange):
        said = values["mix"]
        moved = tuple((name, way) for name, way in said["moved"])
        mix = replace(mix, counts=tuple(said["counts"]), highest=said["highest"], moved=moved)
    return replace(
        start,
        detector=replace(start.detector, **kept),
        early=early,
        mix=mix,
        passed=values["passed"],
        by_slice={name: (n, passed) for name, (n, passed) in values["by_slice"].items()},
        before=tuple(values["before"]),
        until=values["until"],
    )
