"""A plan on a terminal: one table, what it cannot show, what repeats are worth, what it costs, what next."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.decision.planning import Outlook
from shipworthy.decision.sizing import Sized
from shipworthy.domain.criteria import Criterion
from shipworthy.exporters.terminal import bold, fit, wrapped
from shipworthy.narrative import outlook as words
from shipworthy.narrative import wording

NAME = 34
COLUMN = 9


def plan_text(
    outlook: Outlook,
    criteria: Sequence[Criterion],
    *,
    head: str,
    folder: str,
    open_groups: int,
    locked: bool,
    colour: bool = False,
) -> str:
    """Return what can be said of a plan as plain text of at most 80 columns.

    Args:
        outlook: what was foreseen.
        criteria: of the plan, for their bars.
        head: the sentence at the top.
        folder: the launch folder, for the next step.
        open_groups: groups with open outcomes; 0 when nothing was recorded.
        locked: whether the plan is locked as it stands.
        colour: True where the reader's terminal shows colour.
    """
    lines = [bold(part, colour=colour) for part in wrapped(head)]
    lines += ["", *_table(outlook, criteria), ""]
    for said in words.everywhere(outlook):
        lines += wrapped(said)
    lines += _part("Out of reach, even if nothing fails", words.out_of_reach(outlook, criteria))
    lines += _part("Repeats and groups", _repeats(outlook, open_groups))
    lines += _part("Price", _price(outlook))
    step = words.next_step(outlook, folder, open_groups=open_groups, locked=locked)
    return "\n".join([*lines, "", *wrapped(f"Next: {step}")]) + "\n"


def _part(title: str, said: Sequence[str]) -> list[str]:
    if not said:
        return []
    return ["", title, *(line for sentence in said for line in wrapped(sentence, indent="  "))]


def _table(outlook: Outlook, criteria: Sequence[Criterion]) -> list[str]:
    powers = [power for power, _ in outlook.sized[0].prices] if outlook.sized else []
    heads = ("now", "fewest", "chance", *(f"for {100 * power:g}" for power in powers))
    lines = [f"{'groups'.ljust(NAME)}{''.join(head.rjust(COLUMN) for head in heads)}"]
    for criterion in criteria:
        rows = [s for s in (*outlook.sized, *outlook.also) if s.criterion == criterion.id]
        if rows:
            claimed = (
                f"{criterion.id}: {words.bar_words(criterion)}; {words.hope_words(criterion, rows[0].hoped)}"
            )
            lines += wrapped(claimed)
            lines += [_row(row) for row in rows]
    return lines


def _row(row: Sized) -> str:
    cells = [wording.whole(row.groups), wording.whole(row.least)]
    cells.append("?" if row.chance is None else words.hundredths(row.chance))
    cells += ["?" if n is None else wording.whole(n) for _, n in row.prices]
    return f"  {fit(row.slice or 'everywhere', NAME - 2)}{''.join(cell.rjust(COLUMN) for cell in cells)}"


def _repeats(outlook: Outlook, open_groups: int) -> list[str]:
    if outlook.alike:
        return [words.repeats(alike) for alike in outlook.alike]
    if not open_groups:
        return [f"{words.WHOLE}: nothing is recorded of open cases yet."]
    return []


def _price(outlook: Outlook) -> list[str]:
    said = [words.bill_words(outlook.bill, outlook.currency)]
    return said + [
        words.bill_words(bill, outlook.currency, wanted=power) for power, bill in outlook.bills if bill.more
    ]
