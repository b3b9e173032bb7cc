"""A watched promise in words: the state first, then what it rests on, then how often such words are wrong."""

from __future__ import annotations

from shipworthy.decision.monitor import Promise, Watched
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
    promised = f"The promise of {line_of(watched.promise)}"
    detector = watched.detector
    if detector.alarm_at is not None and not isinstance(watched.since, NotEstimable):
        shown = f"shown after {wording.plural(detector.alarm_at, 'audited output')}"
        began = f"falling from about output {detector.began} on"
        if watched.promise.cap is not None:
            since = amount_of(watched.promise, watched.since)
            return f"{promised} is breached: {shown}, {began}; {since} on average since."
        rate = wording.per_100(watched.since, beside=watched.promise.rate)
        return f"{promised} is breached: {shown}, {began}; {rate} passed since."
    if not detector.outputs:
        return f"{promised} is not watched yet: no output was audited."
    seen = f"{wording.of(round(watched.passed), detector.outputs)} audited outputs passed"
    if watched.promise.cap is not None:
        seen = (
            f"{amount_of(watched.promise, watched.passed / detector.outputs)} on average of "
            f"{wording.plural(detector.outputs, 'output')}"
        )
    if watched.state == "warning":
        return f"{promised} may be breaking, which is not shown: {seen}."
    return f"Nothing speaks against the promise of {line_of(watched.promise)}: {seen}."


def line_of(promise: Promise) -> str:
    """Return what is promised, in its own unit.

    >>> line_of(Promise(0.9)), line_of(Promise(0.8, cap=0.1, unit="cost_usd"))
    ('90 of 100', 'at most $0.020 on average (no output counts more than $0.10)')
    """
    if promise.cap is None:
        return wording.line_per_100(promise.rate)
    said = amount_of(promise, promise.rate)
    return f"at most {said} on average (no output counts more than {amount_of(promise, 0.0)})"


def amount_of(promise: Promise, left: float) -> str:
    """Return seconds or dollars of which so large a share of the cap is left."""
    cap = promise.cap or 0.0
    amount, beside = cap * (1.0 - left), cap * (1.0 - promise.rate)
    say = wording.money if promise.unit == "cost_usd" else wording.seconds
    return say(amount, beside=beside)


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
    like = "as declared" if watched.promise.mix_of == "declared" else "like the eval set"
    said = f"The traffic is not mixed {like}: {which}."
    if isinstance(watched.mix_effect, NotEstimable):
        return (said,)
    if watched.promise.cap is not None:
        way = "up" if watched.mix_effect < 0 else "down"
        return (
            f"{said} By itself that moves the mean {way} by {amount_of(watched.promise, 1 - abs(watched.mix_effect))}.",
        )
    return (f"{said} By itself that moves the rate by {wording.points(watched.mix_effect)}.",)
