"""Calls on a terminal: one line for each variant and purpose, the range the bill lies in, what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.exporters.terminal import clean, fit
from shipworthy.store.calls import Doubt, Told

NAME = 24


def calls_text(bills: Sequence[Told], doubts: Sequence[Doubt], as_of: str) -> str:
    """Return the calls of a launch as text."""
    if not bills:
        return "no call was made yet"
    head = f"{'':{NAME}} {'calls':>8} {'answered':>9} {'faults':>7} {'no answer':>10} {'in doubt':>9}  USD"
    lines = [head, *map(_line, bills)]
    low, high = sum(bill.low for bill in bills), sum(bill.high for bill in bills)
    priced = f", at the prices of {as_of}" if as_of else ""
    lines += ["", f"In all {_range(low, high)}{priced}."]
    lines += [
        f"Nobody knew what {bill.unpriced:,} calls of {clean(bill.variant, 60)} cost: they are not in it."
        for bill in bills
        if bill.unpriced
    ]
    if doubts:
        lines += ["", "In doubt: noted, never settled; each may have been billed."]
    for doubt in doubts:
        lines.append(
            f"  {clean(doubt.case, 60)}, repeat {doubt.repeat}, attempt {doubt.attempt}: 0 to {doubt.worst:.6f} USD"
        )
    return "\n".join(lines)


def _line(bill: Told) -> str:
    purpose = "" if bill.purpose == "run" else f" ({bill.purpose.split('@')[0]})"
    return (
        f"{fit(bill.variant + purpose, NAME)} {bill.calls:>8,} {_count(bill.answered):>9} {_count(bill.faults):>7} "
        f"{_count(bill.no_answer):>10} {bill.in_doubt:>9,}  {_range(bill.low, bill.high)}"
    )


def _count(n: int | None) -> str:
    return "sealed" if n is None else f"{n:,}"


def _range(low: float, high: float) -> str:
    return f"{low:.4f} USD" if low == high else f"{low:.4f} to {high:.4f} USD"
