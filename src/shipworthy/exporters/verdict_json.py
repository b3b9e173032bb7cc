"""The verdict for programs: the JSON contract `shipworthy.verdict/1`.

Keys stand in a fixed order, numbers are finite, text is ASCII with escapes: equal verdicts give
equal bytes, and no name in them can disturb a terminal or a log.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

from shipworthy.domain.verdict import SCHEMA, Claim, JudgeFacts, LeftOut, Likely, MoreNeeded, Verdict
from shipworthy.exporters.interface import Envelope

FLIPS = ("fixed", "broken", "unchanged")


def as_json(verdict: Verdict, envelope: Envelope) -> bytes:
    """Return the verdict in its envelope, indented for people, ending in a new line.

    Raises:
        ValueError: a number is not finite; nothing may stand for "don't know" but null.
    """
    around = {
        "journal_head": envelope.journal_head,
        "made_at": envelope.made_at,
        "version": envelope.version,
        "asides": list(envelope.asides),
    }
    value = {**as_values(verdict), "envelope": around}
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2).encode() + b"\n"


def canonical(verdict: Verdict) -> bytes:
    """Return the verdict alone in its shortest form: what a hash is taken of.

    `blocked_by` is empty in it: who accepted which challenge until when is no evidence, and changes with the day.

    Raises:
        ValueError: a number is not finite.
    """
    values = as_values(replace(verdict, blocked_by=()))
    return json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()


def as_values(verdict: Verdict) -> dict[str, object]:
    """Return the verdict as plain JSON values, without its envelope."""
    return {
        "schema": SCHEMA,
        "verdict": verdict.verdict,
        "would_be": verdict.would_be,
        "blocked_by": list(verdict.blocked_by),
        "exploratory": verdict.exploratory,
        "variant": verdict.variant,
        "scope": {
            "included": list(verdict.scope.included),
            "excluded": [_left_out(out) for out in verdict.scope.excluded],
            "traffic_share": _number(verdict.scope.traffic_share, "scope.traffic_share"),
        },
        "claims": [_claim(claim, f"claims[{i}]") for i, claim in enumerate(verdict.claims)],
        "plan": verdict.plan,
        "evidence": verdict.evidence,
        "error": _number(verdict.error, "error"),
        "look": verdict.look,
        "reasons": list(verdict.reasons),
        "notes": list(verdict.notes),
    }


def _claim(claim: Claim, where: str) -> dict[str, object]:
    # The key is there only where it says something: a verdict that was signed before keeps its hash.
    handed_over = {} if claim.handed_over is None else {"handed_over": claim.handed_over}
    return {
        "criterion": claim.criterion,
        "variant": claim.variant,
        "slice": claim.slice,
        "kind": claim.kind,
        "estimand": claim.estimand,
        "bar": {"op": claim.bar.op, "value": _number(claim.bar.value, f"{where}.bar.value")},
        "planned": claim.planned,
        "passed": claim.passed,
        "failed": claim.failed,
        "unscored": claim.unscored,
        "no_answer": claim.no_answer,
        "cases": claim.cases,
        "groups": claim.groups,
        "repeats": claim.repeats,
        "estimate": _number(claim.estimate, f"{where}.estimate"),
        "lower": _number(claim.lower, f"{where}.lower"),
        "upper": _number(claim.upper, f"{where}.upper"),
        "level": _number(claim.level, f"{where}.level"),
        "method": claim.method,
        "state": claim.state,
        "more_needed": _more_needed(claim.more_needed, f"{where}.more_needed"),
        "p_value": _number(claim.p_value, f"{where}.p_value"),
        "standard_error": _number(claim.standard_error, f"{where}.standard_error"),
        "decides": claim.decides,
        "reason": claim.reason,
        "flips": None if claim.flips is None else {key: claim.flips.get(key, 0) for key in FLIPS},
        "judge": _judge(claim.judge, f"{where}.judge"),
        "likely": _likely(claim.likely, f"{where}.likely"),
        **handed_over,
    }


def _judge(judge: JudgeFacts | None, where: str) -> dict[str, object] | None:
    if judge is None:
        return None
    return {
        "labels": judge.labels,
        "judge_rate": _number(judge.judge_rate, f"{where}.judge_rate"),
        "catches": _number(judge.catches, f"{where}.catches"),
        "accuses": _number(judge.accuses, f"{where}.accuses"),
        "worth": _number(judge.worth, f"{where}.worth"),
    }


def _likely(likely: Likely | None, where: str) -> dict[str, object] | None:
    if likely is None:
        return None
    return {name: _number(getattr(likely, name), f"{where}.{name}") for name in ("lower", "upper", "level")}


def _left_out(out: LeftOut) -> dict[str, object]:
    return {
        "slice": out.slice,
        "share": _number(out.share, "scope.excluded.share"),
        "claim": out.claim,
        "state": out.state,
        "more_needed": _more_needed(out.more_needed, "scope.excluded.more_needed"),
    }


def _more_needed(more: MoreNeeded | None, where: str) -> dict[str, object] | None:
    if more is None:
        return None
    return {
        "cases": more.cases,
        "assuming": _number(more.assuming, f"{where}.assuming"),
        "power": _number(more.power, f"{where}.power"),
        "fresh": more.fresh,
        "kind": more.kind,
    }


def _number(value: float | None, where: str) -> float | None:
    """Return a number whose equal values print alike: 1 as 1.0, and no negative zero."""
    if value is None:
        return None
    if not math.isfinite(value):
        raise ValueError(f"{where} is {value}, and a verdict holds finite numbers or null")
    return float(value) + 0.0
