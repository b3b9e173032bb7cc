"""`shipworthy outcome`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shipworthy.cli.terminal import out

if TYPE_CHECKING:
    from shipworthy.services.outcome import Beside, Reviewed
    from shipworthy.services.watch import Standing

CAME = {
    True: "Every promise was kept.",
    False: "A promise is broken.",
    None: "Whether every promise is kept is open.",
}


def outcome(
    folder: Path = Path(),
    *,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
) -> int:
    """Set what the signed decision predicted beside what audited outputs say since, on the day of review or before it.

    Claim by claim: what was shown at the signing, and where its promise stands. With `sign --expect 0.8` the chance
    that you stated is scored once it is settled (Brier: 0 is best, always saying a half gives 0.25). What is missing is
    said. Reads only and takes no look. Example:

        shipworthy outcome my-launch

    Args:
        folder: the launch folder; here unless said.
        format: text for people, json for machines (shipworthy.outcome/1).
    """
    from shipworthy.services.outcome import outcome as reviewed  # noqa: PLC0415 - the command is called

    done = reviewed(folder)
    out(json.dumps(_values(done), ensure_ascii=False, indent=1) if format == "json" else _text(done))
    return 0


def _text(done: Reviewed) -> str:
    from shipworthy.exporters.outcome_text import Pair, outcome_text  # noqa: PLC0415 - the command is called

    decision = done.decision
    head = [f"{done.file}: {decision.chosen}, signed by {decision.by} on {done.signed_on}", _when(done)]
    pairs = [
        Pair(
            f"{each.predicted.name}, {each.predicted.where}",
            _predicted(each),
            _actual(each.actual, below=each.below),
        )
        for each in done.beside
    ]
    pairs += [Pair(each.promise.id, "no claim of the verdict", _actual(each)) for each in done.others]
    foot = [CAME[done.came], *_scored(done)]
    if done.incidents:
        foot.append(f"{len(done.incidents):,} incident{'s' if len(done.incidents) != 1 else ''} since.")
    return outcome_text(head, pairs, [*foot, *(f"Missing: {text}." for text in done.missing)])


def _when(done: Reviewed) -> str:
    day = done.decision.review_on
    if day is None:
        return "No day of review was named."
    if done.due:
        return f"The day of review was {day.isoformat()}."
    return f"The day of review is {day.isoformat()}, in {(day - done.today).days:,} days; until then this is only how it stands."


def _predicted(each: Beside) -> str:
    row = each.predicted
    seen = f"{row.counts} ({row.estimate})" if row.estimate else row.counts
    return "; ".join(part for part in (seen, row.bound, f"bar {row.bar}", row.state_words) if part)


def _actual(standing: Standing | None, *, below: bool = False) -> str:
    from shipworthy.exporters.outcome_text import actual_words  # noqa: PLC0415 - the command is called

    if standing is None:
        return "nothing was promised of it, so nothing is known"
    watched = standing.watched
    return actual_words(watched.passed, watched.detector.outputs, standing.status, below=below)


def _scored(done: Reviewed) -> list[str]:
    if done.decision.expect is None:
        return []
    stated = f"Stated at the signing: a chance of {100 * done.decision.expect:g} in 100."
    if isinstance(done.brier, float):
        return [f"{stated} Brier score {done.brier:.2f}; one chance says little of whoever stated it."]
    return [f"{stated} It is not settled yet."]


def _values(done: Reviewed) -> dict[str, Any]:
    decision = done.decision
    return {
        "format": "shipworthy.outcome/1",
        "decision": {
            "file": done.file,
            "chosen": decision.chosen,
            "by": decision.by,
            "signed_on": done.signed_on,
        },
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "due": done.due,
        "claims": [
            {
                "criterion": each.predicted.ref.criterion,
                "slice": each.predicted.ref.slice,
                "predicted": {
                    name: getattr(each.predicted.claim, name)
                    for name in ("estimate", "lower", "upper", "passed", "planned")
                },
                "actual": _standing(each.actual),
                "below_bound": each.below,
            }
            for each in done.beside
        ],
        "others": [_standing(each) for each in done.others],
        "incidents": len(done.incidents),
        "came": done.came,
        "expect": decision.expect,
        "brier": done.brier if isinstance(done.brier, float) else None,
        "missing": list(done.missing),
    }


def _standing(each: Standing | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {
        "promise": each.promise.id,
        "status": each.status,
        "audited": each.watched.detector.outputs,
        "passed": each.watched.passed,
    }
