"""What the commands about the eval set say on a terminal: tables of at most 80 columns, and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from shipworthy.decision.growth import Need
from shipworthy.decision.planning import Bill
from shipworthy.decision.split import PARTS, Split
from shipworthy.exporters.terminal import fit, wrapped
from shipworthy.narrative import sets as words
from shipworthy.narrative.outlook import hundredths

NAME, COLUMN, NARROW = 28, 13, 8


def split_text(split: Split, *, seed: int, dry_run: bool) -> str:
    """Return a split as a table of cases and groups, with what its holdout must show.

    Args:
        split: what came of it.
        seed: of the split.
        dry_run: whether nothing was written.
    """
    lines = [*wrapped(words.split_head(split, seed=seed, dry_run=dry_run)), ""]
    lines.append(f"{fit('cases / groups', NAME)}{''.join(part.rjust(COLUMN) for part in PARTS)}")
    found = {(held.slice, held.part): f"{held.cases:,} / {held.groups:,}" for held in split.held}
    for name in dict.fromkeys(held.slice for held in split.held):
        cells = "".join(found[name, part].rjust(COLUMN) for part in PARTS)
        lines.append(f"{fit(name, NAME)}{cells}")
    lines += _part("", words.split_words(split))
    lines += ["", *_marks(split)] if split.marks else []
    lines += _part("", words.mark_words(split.marks, split.unknown))
    return "\n".join(lines) + "\n"


def _marks(split: Split) -> list[str]:
    heads = ("groups", "must pass", "true rate")
    lines = [f"{fit('What the holdout must show', 41)}{''.join(head.rjust(COLUMN) for head in heads)}"]
    for mark in split.marks:
        cells = "".join(cell.rjust(COLUMN) for cell in words.mark_cells(mark))
        lines.append(f"  {fit(words.mark_place(mark), 39)}{cells}")
    return lines


def _part(title: str, said: Iterable[str]) -> list[str]:
    body = [line for sentence in said for line in wrapped(sentence, indent="  " if title else "")]
    return ["", *([title] if title else []), *body] if body else []


def grow_text(
    needs: Sequence[Need],
    bill: Bill | None,
    *,
    currency: str,
    locked: bool,
    written: Sequence[tuple[Path, int]] = (),
) -> str:
    """Return what each slice needs, what changes the verdict most first.

    Args:
        needs: in that order.
        bill: what everything together takes.
        currency: of its money.
        locked: whether the plan is locked.
        written: worksheets that were made, with their rows.
    """
    heads = ("now", "for 80", "more", "cases", "chance", currency if bill and bill.money is not None else "")
    lines = [f"{fit('groups', NAME)}{''.join(head.rjust(NARROW) for head in heads)}".rstrip()]
    for need in needs:
        cells = (
            f"{need.groups:,}",
            "?" if need.wanted is None else f"{need.wanted:,}",
            f"{need.more:,}",
            f"{need.more_cases:,}",
            "?" if need.chance is None else hundredths(need.chance),
            "" if need.money is None else f"{need.money:,.2f}",
        )
        lines.append(
            f"{fit(need.slice or 'everywhere', NAME)}{''.join(c.rjust(NARROW) for c in cells)}".rstrip()
        )
    lines += _part("", words.need_words(needs, bill, currency, locked=locked))
    lines += _part("Worksheets", [f"{path}: {rows:,} cases to write" for path, rows in written])
    return "\n".join(lines) + "\n"
