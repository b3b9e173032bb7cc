"""A watched promise in words: the state first, then what it rests on, then how often such words are wrong."""

from __future__ import annotations

from shipworthy.decision.monitor import Watched
from shipworthy.narrative import wording
from shipworthy.narrative.claim import place
from shipworthy.statistics.early_warning import EarlyWarning
from shipworthy.statistics.mix_change import MixChange
from shipworthy.statistics.results import NotEstimable


def sentences(watched: Watched) -> tuple[str, ...]:
    """Return everything that is to be said of a promise, the most important first.

    >>> from shipworthy.decision.monitor import Audit, Promise, watch
    >>> for sentence in sentences(watch(Promise(0.9), [Audit([1, 0] * 30)])):
    ...     print(sentence)
    The promise of 90 of 100 is breached: shown after 14 audited outputs, falling from about output 1 on; 50 of 100 passed since.
    Were it kept, this would be said at some time in its whole life with a chance of at most 5 in 100.
    """
    return (_state(watched), _error(watched), *_early(watched), *_mix(watched))


def _state(watched: Watched) -> str:
    promised = f"The promise of {wording.line_per_100(watched.promise.rate)}"
    detector = watched.detector
    if detector.alarm_at is not None and not isinstance(watched.since, NotEstimable):
        shown = f"shown after {wording.plural(detector.alarm_at, 'audited output')}"
        rate = wording.per_100(watched.since, beside=watched.promise.rate)
        return f"{promised} is breached: {shown}, falling from about output {detector.began} on; {rate} passed since."
    if not detector.outputs:
        return f"{promised} is not watched yet: no output was audited."
    seen = f"{wording.of(round(watched.passed), detector.outputs)} audited outputs passed"
    if watched.state == "warning":
        return f"{promised} may be breaking, which is not shown: {seen}."
    return f"Nothing speaks against the promise of {wording.line_per_100(watched.promise.rate)}: {seen}."


def _error(watched: Watched) -> str:
    error = wording.chance(watched.promise.error)
    if watched.state == "breached":
        return f"Were it kept, this would be said at some time in its whole life with a chance of at most {error}."
    return f"A breach is said wrongly, over the whole life of the promise, with a chance of at most {error}."


def _early(watched: Watched) -> tuple[str, ...]:
    early = watched.early
    if not isinstance(early, EarlyWarning) or not early.ringing or watched.state == "breached":
        return ()
    between = early.outputs_between_rings(early.promise)
    if isinstance(between, NotEstimable):
        return ()
    rare = wording.whole(wording.rounded(between, -1, "down"))
    crowd = f"Early warning: failures crowd as they do when {wording.per_100(early.fallen)} pass."
    return (f"{crowd} It rings without a cause about once in {rare} audited outputs.",)


def _mix(watched: Watched) -> tuple[str, ...]:
    mix = watched.mix
    if not isinstance(mix, MixChange) or not mix.changed:
        return ()
    moved = [f"{place(name)} went {way}" for name, way in mix.moved]
    which = wording.listed(moved) if moved else "no single slice can be named"
    said = f"The traffic is not mixed as declared: {which}."
    if isinstance(watched.mix_effect, NotEstimable):
        return (said,)
    return (f"{said} By itself that moves the rate by {wording.points(watched.mix_effect)}.",)
