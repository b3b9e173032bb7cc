"""What a calibration says, in sentences: of 100 failures so many are caught, and never an agreement alone."""

from __future__ import annotations

from shipworthy.decision.calibration import Calibration, Part
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain
from shipworthy.statistics.judge_worth import Share
from shipworthy.statistics.results import NotEstimable

STATE = {
    "accepted": "accepted: its verdicts may count, corrected by labels on the outputs that decide",
    "refused": "refused: it may not decide",
    "not shown": "not shown: it may not decide yet",
}


def sentences(found: Calibration, judge: str) -> list[str]:
    """Return what people read of a calibration, the verdict on the judge first.

    Args:
        found: the calibration.
        judge: the judge's name.
    """
    whole, limits = found.whole, found.limits
    lines = [f"{plain(judge)}: {STATE[found.state]}"]
    lines.append(
        _caught(found.catches, whole) + f"; at least {wording.line_per_100(limits.catches)} must be shown"
    )
    lines.append(
        _accused(found.accuses, whole) + f"; at most {wording.line_per_100(limits.accuses)} are allowed"
    )
    lines.append(_worth(found))
    passed = whole.good
    lines.append(
        f"judge and people agree on {wording.of(found.agreed, found.labels)}; a judge that passes everything would agree on "
        f"{wording.of(passed, found.labels)}"
    )
    lines += [_line(part) for part in found.slices]
    lines += [_line(part, "of the outputs") for part in found.lengths]
    if found.state == "not shown" and found.catches != found.accuses:
        lines.append(f"what is missing: {_missing(found)}")
    return lines


def _caught(share: Share | NotEstimable, whole: Part) -> str:
    if isinstance(share, NotEstimable):
        return f"real failures it catches: not known, {share.reason}"
    low = wording.hundredths(share.low, towards="down")
    return (
        f"of 100 real failures it catches {wording.hundredths(share.estimate)} (could be as few as {low}; "
        f"{wording.of(whole.caught, whole.bad)} labelled)"
    )


def _accused(share: Share | NotEstimable, whole: Part) -> str:
    if isinstance(share, NotEstimable):
        return f"good outputs it accuses: not known, {share.reason}"
    high = wording.hundredths(share.high, towards="up")
    return (
        f"of 100 good ones it accuses {wording.hundredths(share.estimate)} (could be as many as {high}; "
        f"{wording.of(whole.accused, whole.good)} labelled)"
    )


def _worth(found: Calibration) -> str:
    worth, gain = found.quality.worth, found.quality.gain
    if isinstance(gain, NotEstimable):
        return f"what one judged output is worth is not known: {gain.reason}"
    if not isinstance(worth, NotEstimable):
        said = f"one judged output is worth {wording.two_figures(worth)} labels"
    else:
        most = found.quality.multiplier
        said = (
            "it agrees with every label so far"
            if isinstance(most, NotEstimable)
            else f"many judged outputs are worth at most {wording.two_figures(most)} times their labels"
        )
    return said if found.quality.pays else f"{said}: too little to be worth its trouble"


def _line(part: Part, what: str = "") -> str:
    name = f"{part.name} {what}".strip() if what else plain(part.name)
    return f"  {name}: catches {wording.of(part.caught, part.bad)}, accuses {wording.of(part.accused, part.good)}"


def _missing(found: Calibration) -> str:
    """Say which labels would tell: more of the kind whose bound is not yet where it must be."""
    kinds = []
    if isinstance(found.catches, NotEstimable) or found.catches.low < found.limits.catches:
        kinds.append(f"labelled failures (there are {wording.whole(found.whole.bad)})")
    if isinstance(found.accuses, NotEstimable) or found.accuses.high > found.limits.accuses:
        kinds.append(f"labelled good outputs (there are {wording.whole(found.whole.good)})")
    return f"more {wording.listed(kinds)}"
