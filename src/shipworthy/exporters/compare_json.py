"""The comparison as JSON: the contract `shipworthy.compare/1`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from shipworthy.decision.comparison import Comparison
from shipworthy.decision.tradeoff import Axis
from shipworthy.decision.worth import Worth
from shipworthy.narrative import comparison as said
from shipworthy.statistics.results import NotEstimable

SCHEMA = "shipworthy.compare/1"


def compare_json(found: Comparison, *, folder: str = "") -> bytes:
    """Return the comparison with every number to nine digits; equal evidence gives equal bytes."""
    trade, board = found.trade, found.board
    value = {
        "schema": SCHEMA,
        "exploratory": True,
        "title": found.launch.title,
        "variants": list(board.variants),
        "absent": list(board.absent),
        "baseline": trade.baseline,
        "candidate": found.candidate,
        "locked": found.locked,
        "groups": board.groups,
        "cases": board.cases,
        "outside": board.outside,
        "level": trade.level,
        "margin": trade.margin,
        "axes": [_axis(axis) for axis in board.axes],
        "standings": [asdict(one) for one in trade.standings],
        "against": [asdict(one) for one in trade.against],
        "placed": [asdict(one) for one in trade.placed],
        "flattery": _or_none(trade.flattery),
        "worth": [_worth(name, worth) for name, worth in found.worths.items()],
        "would_be": {name: verdict.would_be for name, verdict in found.rehearsed.items()},
        "notes": said.notices(found),
        "next": said.next_step(found, folder),
    }
    return msgspec.json.format(msgspec.json.encode(_tidy(value)), indent=2)


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "name": axis.name,
        "side": axis.side,
        "severity": axis.severity,
        "unit": axis.unit,
        "assumed": axis.assumed,
        "shown": dict(axis.shown) if axis.shown else None,
        "unknown": dict(axis.unknown or {}),
    }


def _worth(name: str, worth: Worth | NotEstimable) -> dict[str, Any]:
    if isinstance(worth, NotEstimable):
        return {"variant": name, "reason": worth.reason}
    week, more = worth.week, worth.more
    return {
        "variant": name,
        "expected": week.expected,
        "low": week.low,
        "high": week.high,
        "chance": week.chance,
        "break_even": _or_none(worth.break_even),
        "rate": worth.rate,
        "perfect": week.perfect,
        "perfect_rates": week.perfect_rates,
        "swings": [asdict(swing) for swing in week.swings],
        "unpriced": list(worth.unpriced),
        "notes": list(worth.notes),
        "more": None if more is None else {**asdict(more), "enough": more.enough},
    }


def _or_none(value: float | NotEstimable) -> float | None:
    return None if isinstance(value, NotEstimable) else value


def _tidy(value: Any) -> Any:
    """Round numbers to nine significant digits, which every machine reproduces."""
    if isinstance(value, float):
        return float(f"{value:.9g}") + 0.0
    if isinstance(value, dict):
        return {key: _tidy(inner) for key, inner in value.items()}
    return [_tidy(inner) for inner in value] if isinstance(value, list | tuple) else value
