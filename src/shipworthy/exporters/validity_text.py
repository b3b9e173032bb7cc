"""What a campaign showed, on a terminal: a line for each family, then the cells to know about."""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.exporters.terminal import wrapped
from shipworthy.proving.results import Cell, Proof

HEAD = f"{'family':<25}{'cells':>6}{'worst':>8}{'allowed':>9}{'power':>8}{'rival':>8}{'cover':>8}"
WORST = 5

PLANNED = 0.05
"""The error that most cells plan."""

LISTED = 8


def as_text(proof: Proof) -> str:
    """Return the table as plain text of at most 80 columns."""
    lines = [HEAD]
    for family, cells in proof.families().items():
        lines.append(_line(family, [cell for cell in cells if not cell.outside]))
    lines += ["", *wrapped(in_words(proof)), "", "Nearest to what is allowed"]
    for cell in sorted_by_room(cell for cell in proof.cells if not cell.outside)[:WORST]:
        lines += wrapped(
            f"{cell.wrong.value:.4f} of {cell.wrong.allowed(cell.error):.4f}: {cell.name}", indent="  "
        )
    for title, state in (
        ("Fail", "fails"),
        ("Refuse, with a reason", "refuses"),
        ("Never ship", "never ships"),
    ):
        some = [cell for cell in proof.cells if cell.state == state]
        lines += [f"\n{title}"] if some else []
        for cell in some[:LISTED] if state != "fails" else some:
            lines += wrapped(
                f"{cell.wrong.value:.4f} {cell.name}" if state == "fails" else cell.name, indent="  "
            )
        lines += [f"  and {len(some) - LISTED} more"] if len(some) > LISTED and state != "fails" else []
    return "\n".join(lines) + "\n"


def in_words(proof: Proof) -> str:
    """Return the result in one sentence."""
    judged = len(proof.cells) - proof.counted("outside")
    kept = f", only {proof.only}" if proof.only else ""
    said = (
        f"{judged} cells ({proof.grid} grid{kept}, seed {proof.seed}): {proof.counted('keeps')} keep the plan's error, "
        f"{proof.counted('fails')} fail, {proof.counted('refuses')} refuse, {proof.counted('never ships')} never ship"
    )
    outside = proof.counted("outside")
    return (
        f"{said}. {outside} more {'is' if outside == 1 else 'are'} shown and not judged."
        if outside
        else f"{said}."
    )


def sorted_by_room(cells: Iterable[Cell]) -> list[Cell]:
    """Return cells by how near their wrong ships come to what is allowed, the nearest first."""
    return sorted(cells, key=lambda cell: cell.wrong.value - cell.wrong.allowed(cell.error), reverse=True)


def least_covered(cells: Iterable[Cell]) -> float | None:
    """Return the least coverage among bounds that claim 95 of 100, or None where no bound was asked about."""
    claimed = [c.coverage.value for c in cells if c.coverage is not None and c.error == PLANNED]
    return min(claimed, default=None)


def _line(family: str, cells: list[Cell]) -> str:
    if not cells:
        return f"{family:<25}{0:>6}"
    worst = sorted_by_room(cells)[0]
    rivals = [(cell.power.value, cell.rival.power.value) for cell in cells if cell.rival is not None]
    power, rival = (
        (sum(values) / len(rivals) for values in zip(*rivals, strict=True)) if rivals else (None, None)
    )
    if power is None:
        power = sum(cell.power.value for cell in cells) / len(cells)
    cover = least_covered(cells)
    return (
        f"{family:<25}{len(cells):>6}{worst.wrong.value:>8.4f}{worst.wrong.allowed(worst.error):>9.4f}"
        f"{power:>8.3f}{_or_dash(rival)}{_or_dash(cover)}"
    )


def _or_dash(value: float | None) -> str:
    return f"{'-':>8}" if value is None else f"{value:>8.3f}"
