"""What the commands about the eval set say on a terminal: tables of at most 80 columns, and sentences."""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.decision.split import PARTS, Split
from shipworthy.exporters.terminal import fit, wrapped
from shipworthy.narrative import sets as words

NAME, COLUMN = 28, 13


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
