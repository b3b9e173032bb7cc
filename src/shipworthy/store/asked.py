"""What is counted: which cases, whose outcomes, and under which criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from shipworthy.domain.criteria import Criterion
from shipworthy.store.tables import PARTS, closings, members, runs


@dataclass(frozen=True)
class Source:
    """Where the outcomes of one variant are, and which of them count.

    Attributes:
        variant_no: whose outputs; None when the variant never ran.
        repeats: planned repeats of each case.
        since: only runs opened at or after this journal event count; 0 for all.
    """

    variant_no: int | None
    repeats: int
    since: int = 0

    def counting(self, connection: Connection, columns: Any) -> list[ColumnElement[bool]]:
        """Keep first answers, planned repeats, closed runs, and runs begun after the lock."""
        closed = select(runs.c.no).join(closings, closings.c.run_no == runs.c.no)
        visible = closed.where(runs.c.opened >= self.since, runs.c.variant_no == self.variant_no)
        numbers = list(connection.execute(visible).scalars())
        # Repeats count from 1; equality lets a lookup by key end at its one row.
        planned = columns.repeat == 1 if self.repeats == 1 else columns.repeat <= self.repeats
        return [columns.attempt == 0, planned, columns.run_no.in_(numbers)]


@dataclass(frozen=True)
class Field:
    """Which cases are counted.

    Attributes:
        set_no: the index of the eval set.
        parts: names of the parts.
        cell_of: tag set number to the cell it falls into.
        started_only: leave out groups without a single output yet.
        until: leave out groups that begin after this case number, in the order of the eval set.
    """

    set_no: int
    parts: frozenset[str]
    cell_of: dict[int, int]
    started_only: bool = False
    until: int | None = None

    def cases(self) -> ColumnElement[bool]:
        """Return the condition on `members` that keeps the cases of this field."""
        m = members.c
        here = and_(m.set_no == self.set_no, m.part.in_([PARTS.index(part) for part in sorted(self.parts)]))
        if self.until is None:
            return here
        begun = select(m.group_no).where(here, m.alone == 0).group_by(m.group_no)
        larger = m.group_no.in_(begun.having(func.min(m.case_no) <= self.until))
        return and_(here, case((m.alone == 1, m.case_no <= self.until), else_=larger))


@dataclass(frozen=True)
class Asked:
    """One criterion, and where its outcomes are.

    Attributes:
        criterion: what is asked; latency and cost come from outputs, all else from scores.
        source: the variant asked about.
        against: the baseline, for a difference.
        series: number of the score series and the value from which a score passes.
        labels: number of the series of people's labels that correct a judge, and the value from which a label passes.
        confidence: where surer outputs alone are answered, number of the series of their confidence and the value
            from which on one is answered; None where every output is.
    """

    criterion: Criterion
    source: Source
    against: Source | None = None
    series: tuple[int | None, float] = (None, 1.0)
    labels: tuple[int | None, float] = (None, 1.0)
    confidence: tuple[int | None, float] | None = None
