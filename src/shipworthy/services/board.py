"""The board: what every variant did with the same open cases, as one value for each group and axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from shipworthy.decision.comparison import Board
from shipworthy.decision.plan import Plan
from shipworthy.decision.tradeoff import Axis, Floats
from shipworthy.decision.worth import Outcomes, Traffic
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import Refused
from shipworthy.services.opened import Opened
from shipworthy.statistics.all_of_k import all_of_k, any_of_k
from shipworthy.store.asked import Field, Source
from shipworthy.store.by_case import Member, Spent, members_of, scored, spent
from shipworthy.store.caseset import OPEN_PARTS, tags_of
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.runs import find_series, find_variant

ROOM = 2.0
"""Without a declared cap no output is assumed to cost more than so many times the dearest one seen."""


@dataclass(frozen=True, eq=False)
class _Took:
    """Times and costs of one variant: one row a case, one column a repeat; nan where not known."""

    latency: Floats
    cost: Floats


class _Cases:
    """The cases of the board, and how values of cases become values of groups."""

    def __init__(self, kept: Sequence[Member]) -> None:
        numbers: dict[tuple[int, int], int] = {}
        self.row = {member.case_no: i for i, member in enumerate(kept)}
        self.group = np.array([numbers.setdefault(m.group, len(numbers)) for m in kept], dtype=np.int64)
        self.size = np.bincount(self.group)
        self.tagset = [member.tagset for member in kept]

    def matrix(self, repeats: int, values: Sequence[tuple[int, int, float | None]]) -> Floats:
        """Return values by case and repeat; nan where there is none."""
        made = np.full((len(self.row), repeats), np.nan)
        for case_no, repeat, value in values:
            at = self.row.get(case_no)
            if at is not None and value is not None:
                made[at, repeat - 1] = value
        return made

    def by_group(self, by_case: Floats) -> Floats:
        """Return the mean over the cases of each group."""
        return np.asarray(np.bincount(self.group, weights=by_case) / self.size)

    def shares(self, marks: Floats, unknown: float) -> Floats:
        """Return the mean of marks in each group, what is not known counted as given."""
        return np.clip(self.by_group(np.where(np.isnan(marks), unknown, marks).mean(axis=1)), 0.0, 1.0)


def board(launch: Opened, connection: Connection, plan: Plan, names: Sequence[str]) -> Board:
    """Lay out what the named variants did with the open cases that all of them have.

    Sealed cases are never read: this is no look.

    Raises:
        Refused: fewer than two variants have outcomes, or no open case is shared by all.
    """
    where = Field(launch.cases.no, OPEN_PARTS, {})
    sources = {name: _source(launch, connection, name) for name in names}
    took = {name: spent(connection, where, source) for name, source in sources.items()}
    present = [name for name in names if took[name]]
    members = members_of(connection, where)
    kept, outside = _shared(members, [took[name] for name in present])
    _refuse(names, present, kept, took)
    maker = _Maker(launch, connection, plan, where, _Cases(kept), {n: sources[n] for n in present}, took)
    axes = maker.axes()
    return Board(
        variants=tuple(present),
        absent=tuple(name for name in names if name not in present),
        axes=axes,
        outcomes=maker.outcomes(),
        traffic=maker.traffic(),
        groups=len(maker.cases.size),
        cases=len(kept),
        together=bool(maker.cases.size.max() > 1),
        outside=outside,
        notes=tuple(maker.notes),
    )


def _source(launch: Opened, connection: Connection, name: str) -> Source:
    variant = launch.launch.resolved(name)
    number = find_variant(connection, name, variant_fingerprint(launch.layout, variant))
    return Source(number, variant.repeats or 1)


def _shared(members: Sequence[Member], took: Sequence[Sequence[Spent]]) -> tuple[list[Member], int]:
    """Return the cases of the groups that every variant has begun, and how many others somebody has begun."""
    group_of = {member.case_no: member.group for member in members}
    begun = [{group_of[row.case_no] for row in rows} for rows in took]
    shared = set.intersection(*begun) if begun else set()
    return [m for m in members if m.group in shared], len(set().union(*begun)) - len(shared)


def _refuse(
    names: Sequence[str], present: Sequence[str], kept: Sequence[Member], took: dict[str, list[Spent]]
) -> None:
    if len(present) < 2:
        raise Refused(
            f"comparing takes two variants with outcomes on open cases, and there {'is one' if present else 'is none'}",
            where=", ".join(present or names),
            remedy="`shipworthy run` or `shipworthy import` brings them in",
        )
    if not kept:
        fewest = min(present, key=lambda name: len(took[name]))
        raise Refused(
            "no open case has an output of every variant",
            where="the open parts",
            remedy=f"run the missing ones, or leave a variant out: --without {fewest}",
        )


class _Maker:
    """Makes axes and outcomes from the rows of every variant."""

    def __init__(
        self, launch: Opened, connection: Connection, plan: Plan, where: Field, cases: _Cases,
        sources: dict[str, Source], rows: dict[str, list[Spent]],
    ) -> None:  # fmt: skip
        self.launch, self.connection, self.plan, self.where = launch, connection, plan, where
        self.cases, self.sources = cases, sources
        self.took = {name: self._took(source, rows[name]) for name, source in sources.items()}
        self.notes: list[str] = []
        self.marks: dict[tuple[str, float], dict[str, Floats]] = {}

    def axes(self) -> tuple[Axis, ...]:
        """Return an axis for each goal and guardrail, one for each question asked, and one for the cost."""
        found: dict[object, Axis] = {}
        for criterion in self.plan.criteria:
            if criterion.kind == "diagnostic":
                continue
            axis = self._of_outputs(criterion) if criterion.of else self._of_scores(criterion)
            if axis is not None:
                found.setdefault(self._asked(criterion), axis)
        made = tuple(found.values())
        if not any(axis.side == "cost" for axis in made):
            cost = self._assumed_cost()
            made += () if cost is None else (cost,)
        return made

    def outcomes(self) -> dict[str, Outcomes]:
        """Return what each variant did, in the words of the launch's value and harm; empty without a goal."""
        by_id = {
            c.id: c
            for c in self.plan.criteria
            if not c.of and c.estimand != "judged_rate" and c.answered is None
        }
        value = self.launch.launch.value
        named = value.criterion if value else None
        goals = [c for c in by_id.values() if (c.id == named if named else c.kind == "goal")]
        if not goals:
            return {}
        bad = [by_id[h.criterion] for h in self.launch.launch.harm if h.criterion in by_id]
        return {name: self._outcomes(name, goals, bad) for name in self.sources}

    def traffic(self) -> Traffic | None:
        """Return the part of the traffic of each group, where the launch declares a partition that groups lie in."""
        scope = self.launch.launch.scope_slice()
        if scope is None:
            return None
        tags, shares = tags_of(self.connection, self.where.set_no), list(scope[1].shares)
        part_of = {
            number: shares.index(value) if (value := given.get(scope[1].by or "")) in shares else -1
            for number, given in tags.items()
        }
        of_case = np.array([part_of[tagset] for tagset in self.cases.tagset], dtype=np.int64)
        part = np.full(len(self.cases.size), -1, dtype=np.int64)
        part[self.cases.group] = of_case
        if np.any(part[self.cases.group] != of_case):
            self.notes.append(
                f"some groups lie in several parts of {scope[0]}: the mix of the traffic is left out"
            )
            return None
        return Traffic(part, tuple(scope[1].shares.values()))

    def _asked(self, criterion: Criterion) -> object:
        """Return what makes two criteria the same question: a difference asks what its rate asks."""
        if criterion.of:
            return criterion.of, criterion.estimand, criterion.quantile, criterion.bar.value
        of_k = (criterion.estimand, criterion.k) if criterion.k else ()
        return (criterion.kind, self.plan.series.get(criterion.id), _passes_from(criterion), *of_k)

    def _marks(self, criterion: Criterion) -> dict[str, Floats]:
        """Return 1 passed, 0 failed, nan unknown, by variant, case and repeat."""
        series, passes_from = self.plan.series.get(criterion.id, ""), _passes_from(criterion)
        if (series, passes_from) not in self.marks:
            number = find_series(self.connection, series)
            self.marks[series, passes_from] = {
                name: self.cases.matrix(
                    source.repeats,
                    [
                        (case, repeat, None if value is None else float(value >= passes_from))
                        for case, repeat, value in scored(self.connection, self.where, source, number)
                    ],
                )
                for name, source in self.sources.items()
            }
        return self.marks[series, passes_from]

    def _of_scores(self, criterion: Criterion) -> Axis | None:
        if criterion.estimand == "judged_rate":
            self.notes.append(f"{criterion.id} is left out: a judge's verdicts are not corrected here")
            return None
        if criterion.answered is not None:
            self.notes.append(f"{criterion.id} is left out: it is asked of answered outputs alone")
            return None
        value = self._all_of_k(criterion) if criterion.k else self.cases.shares
        if value is None:
            return None
        marks = self._marks(criterion)
        unknown = {name: int(np.isnan(found).sum()) for name, found in marks.items()}
        return Axis(
            name=criterion.id,
            side="goal" if criterion.kind == "goal" else "harm",
            against={name: value(found, 0.0) for name, found in marks.items()},
            in_favour={name: value(found, 1.0) for name, found in marks.items()},
            severity=criterion.severity if criterion.kind == "guardrail" else "",
            unknown=unknown,
        )

    def _all_of_k(self, criterion: Criterion) -> Callable[[Floats, float], Floats] | None:
        k = criterion.k or 1
        short = [name for name, source in self.sources.items() if source.repeats < k]
        if short:
            self.notes.append(f"{criterion.id} is left out: {', '.join(short)} has fewer than {k} repeats")
            return None
        of_k = any_of_k if criterion.estimand == "any_of_k" else all_of_k

        def value(marks: Floats, unknown: float) -> Floats:
            passed = np.where(np.isnan(marks), unknown, marks).sum(axis=1)
            return self.cases.by_group(np.array([of_k(int(p), marks.shape[1], k) for p in passed]))

        return value

    def _of_outputs(self, criterion: Criterion) -> Axis:
        """Return the axis of a time or a cost, on the scale that its claim is made on."""
        is_time = criterion.of == "latency_s"
        found = {name: took.latency if is_time else took.cost for name, took in self.took.items()}
        cap = criterion.cap or 1.0
        if criterion.estimand == "mean":
            points = {name: 1.0 - np.minimum(value, cap) / cap for name, value in found.items()}
        else:
            within = {name: (value <= criterion.bar.value).astype(float) for name, value in found.items()}
            points = {name: np.where(np.isnan(found[name]), np.nan, value) for name, value in within.items()}
        q = criterion.quantile
        return Axis(
            name=criterion.id,
            side="time" if is_time else "cost",
            against={name: self.cases.shares(value, 0.0) for name, value in points.items()},
            in_favour={name: self.cases.shares(value, 1.0) for name, value in points.items()},
            severity=criterion.severity if criterion.kind == "guardrail" else "",
            unit=cap if criterion.estimand == "mean" else None,
            shown={name: _quantile(value, q) for name, value in found.items()} if q else None,
            unknown={name: int(np.isnan(value).sum()) for name, value in found.items()},
        )

    def _assumed_cost(self) -> Axis | None:
        """Return costs as they were recorded, on a scale that ends well above the dearest output seen."""
        costs = {name: took.cost for name, took in self.took.items()}
        known = [float(np.nanmax(value)) for value in costs.values() if not np.isnan(value).all()]
        if not known or max(known) <= 0:
            return None
        cap = ROOM * max(known)
        points = {name: 1.0 - value / cap for name, value in costs.items()}
        return Axis(
            name="cost",
            side="cost",
            against={name: self.cases.shares(value, 0.0) for name, value in points.items()},
            in_favour={name: self.cases.shares(value, 1.0) for name, value in points.items()},
            unit=cap,
            shown={n: None if np.isnan(v).all() else float(np.nanmean(v)) for n, v in costs.items()},
            unknown={name: int(np.isnan(value).sum()) for name, value in costs.items()},
            assumed=True,
        )

    def _outcomes(self, name: str, goals: Sequence[Criterion], bad: Sequence[Criterion]) -> Outcomes:
        marks = [self._marks(criterion)[name] for criterion in goals]
        failed = np.any([m == 0.0 for m in marks], axis=0)
        together = np.where(failed, 0.0, np.where(np.any(np.isnan(marks), axis=0), np.nan, 1.0))
        cost = self.took[name].cost
        nothing = bool(np.isnan(cost).all())
        filled = cost if nothing else np.where(np.isnan(cost), self._instead(name), cost)
        return Outcomes(
            good=self.cases.shares(together, 0.0),
            maybe_good=self.cases.shares(together, 1.0),
            bad={c.id: 1.0 - self.cases.shares(self._marks(c)[name], 0.0) for c in bad},
            surely_bad={c.id: 1.0 - self.cases.shares(self._marks(c)[name], 1.0) for c in bad},
            cost=None if nothing else self.cases.by_group(filled.mean(axis=1)),
            unknown_costs=int(np.isnan(cost).sum()),
        )

    def _instead(self, name: str) -> float:
        """Return what an output of unknown cost counts as: nothing for the baseline, the dearest for others."""
        return 0.0 if name == self.launch.launch.baseline else float(np.nanmax(self.took[name].cost))

    def _took(self, source: Source, rows: Sequence[Spent]) -> _Took:
        latency = [(r.case_no, r.repeat, r.latency_s if r.answered else None) for r in rows]
        return _Took(
            self.cases.matrix(source.repeats, latency),
            self.cases.matrix(source.repeats, [(r.case_no, r.repeat, r.cost_usd) for r in rows]),
        )


def _passes_from(criterion: Criterion) -> float:
    return criterion.pass_when.at_least if criterion.pass_when else 1.0


def _quantile(values: Floats, share: float) -> float | None:
    """Return the value that at least `share` of the outputs stay within, the unknown last; None if it is unknown."""
    ordered = np.sort(values, axis=None)  # nan comes last
    found = float(ordered[max(math.ceil(round(share * ordered.size, 9)) - 1, 0)])
    return None if math.isnan(found) else found
