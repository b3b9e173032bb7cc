"""Split: give the cases of an eval set their parts, by whole groups, in every slice alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shipworthy.decision.marks import Mark, marks
from shipworthy.decision.parts import FILLED, Unit, assign, independent, joined
from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.decision.split import EVERYWHERE, PARTS, Held, Split
from shipworthy.domain.errors import BadInput, FolderHasProblems, Misused, Refused
from shipworthy.domain.evalset import Case, Part
from shipworthy.domain.launch import Launch
from shipworthy.services.check import check
from shipworthy.services.near import refuse_odd_likeness
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import plan_of
from shipworthy.services.prompt_material import prompt_material
from shipworthy.similarity.leaks import Material, leaks
from shipworthy.similarity.twins import NEAR, twins
from shipworthy.similarity.words import text_of, words
from shipworthy.store.case_lines import change_cases
from shipworthy.store.evalset_file import placed_cases
from shipworthy.store.known import Spent, ever_sealed, spent

OUTCOMES: frozenset[Part] = frozenset({"holdout"})
"""Where a case does not go once an outcome of it is recorded."""

KNOWN: frozenset[Part] = frozenset({"holdout", "calibrate"})
"""Where a case does not go once a model is shown it."""


@dataclass(frozen=True)
class Wanted:
    """How an eval set is to be split.

    Attributes:
        shares: part to its share of the groups; the rest explores.
        seed: another seed is another split.
        again: also cases that have a part other than explore, but for those that a lock sealed.
        new_plan: also put cases into a holdout that is locked; the lock holds no longer then.
        near: from which likeness on twins stay together.
    """

    shares: Mapping[Part, float]
    seed: int = 1
    again: bool = False
    new_plan: bool = False
    near: float = NEAR


def split(folder: Path, wanted: Wanted, *, dry_run: bool = False) -> Split:
    """Give cases their parts in the files they stand in.

    Args:
        folder: the launch folder.
        wanted: how.
        dry_run: only say what would come of it.

    Raises:
        Misused: the shares make no sense.
        FolderHasProblems: the folder has mistakes.
        BadInput: there are no cases.
        Refused: the holdout is locked, or no case is fresh enough for it.
    """
    _refuse_shares(wanted.shares)
    refuse_odd_likeness(wanted.near)
    if folder.is_dir() and (problems := check(folder).problems):
        raise FolderHasProblems(problems)
    with opened(folder) as launch:
        cases = [placed.case for placed in placed_cases(launch.layout, [])]
        if not cases:
            raise BadInput(
                "there is nothing to split: the eval set holds no case",
                where="evalset/",
                remedy="write cases, or take them from a file with `shipworthy import FILE --cases`",
            )
        shown = prompt_material(launch.layout)
        examples = frozenset(case.id for judge in launch.reading.judges for case in judge.shown)
        with launch.ledger.read() as connection:
            known = Known(spent(connection), ever_sealed(connection), shown.material, examples)
        division = _Division(launch.launch, cases, known, wanted)
        parts = division.parts()
        _refuse(division, parts, wanted)
        moved = {case.id: parts[case.id] for case in cases if parts[case.id] != case.part}
        after = [replaced(case, parts[case.id]) for case in cases]
        held = _held(launch.launch, after)
        sized, unknown = _marks(launch, held)
        if moved and not dry_run:
            change_cases(launch.layout, {name: {"part": part} for name, part in moved.items()})
    return Split(
        held, len(moved), sized, unknown, division.spent, len(division.sealed), division.together,
        division.astride(parts), division.short(parts, wanted), division.largest, len(division.shown),
    )  # fmt: skip


def replaced(case: Case, part: Part) -> Case:
    """Return the case in another part."""
    from msgspec.structs import replace as changed  # noqa: PLC0415 - beside its only use

    return changed(case, part=part)


def _refuse_shares(shares: Mapping[Part, float]) -> None:
    for part, share in shares.items():
        if not 0.0 <= share <= 1.0:
            raise Misused(f"--{part} {share:g} is no share", remedy="write a share from 0 to 1, as 0.5")
    total = sum(shares.values())
    if total > 1.0 + 1e-9:
        said = " + ".join(f"{share:g}" for share in shares.values())
        raise Misused(
            f"the shares add up to more than 1: {said} = {total:g}",
            where=", ".join(f"--{part}" for part in shares),
            remedy="make them add up to 1 or less; what is left explores",
        )


@dataclass(frozen=True)
class Known:
    """What somebody or something may know of the cases.

    Attributes:
        spent: cases with outcomes.
        sealed: ids of cases that a lock sealed.
        material: what a model is shown.
        examples: ids of cases that a judge is shown: they stay, since it is not tested on them.
    """

    spent: Spent
    sealed: frozenset[str]
    material: Material
    examples: frozenset[str] = frozenset()


class _Division:
    """The units of an eval set, and where they may go."""

    def __init__(self, launch: Launch, cases: Sequence[Case], known: Known, wanted: Wanted) -> None:
        self.cases, self.wanted, sealed = cases, wanted, known.sealed
        self.sealed = {case.id for case in cases if case.part == "holdout" and case.id in sealed}
        self.kept = {case.group for case in cases if case.id in self.sealed} - {None}
        self.examples = known.examples
        texts = [words(text_of(case.input)) for case in cases]
        self.shown = {cases[leak.case].id for leak in leaks(texts, known.material)}
        keys: list[list[object]] = [[("group", name)] for name in independent(cases)]
        for case, own in zip(cases, keys, strict=True):
            if case.group is not None:
                own.append(("named", case.group))
        alone = joined(keys)
        for number, pair in enumerate(twins(texts, near=wanted.near)):
            for position in (pair.first, pair.second):
                keys[position].append(("twins", number))
        self.unit_of = joined(keys)
        self.together = sum(len({alone[i] for i in own}) > 1 for own in self._members().values() for _ in own)
        self.units = {first: self._unit(launch, own, known.spent) for first, own in self._members().items()}
        self.largest = max(len(own) for own in self._members().values())
        self.spent = sum("holdout" in unit.barred for unit in self.units.values())

    def _members(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for position, first in enumerate(self.unit_of):
            found.setdefault(first, []).append(position)
        return found

    def _stays(self, case: Case) -> bool:
        if case.id in self.sealed or case.group in self.kept or case.id in self.examples:
            return True
        return case.part != "explore" and not self.wanted.again

    def _unit(self, launch: Launch, own: Sequence[int], known: Spent) -> Unit:
        there = [self.cases[i] for i in own]
        staying = [case.part for case in there if self._stays(case)]
        spent = OUTCOMES if any(known.has(case) for case in there) else frozenset[Part]()
        return Unit(
            name=min(case.id for case in there),
            stratum=" + ".join(sorted({slice_of(launch, case) for case in there})),
            part=next((part for part in FILLED if part in staying), None),
            barred=KNOWN if any(case.id in self.shown for case in there) else spent,
        )

    def parts(self) -> dict[str, Part]:
        """Return the part of every case."""
        drawn = assign(self.units.values(), self.wanted.shares, seed=self.wanted.seed)
        made: dict[str, Part] = {}
        for position, case in enumerate(self.cases):
            unit = self.units[self.unit_of[position]]
            if self._stays(case):
                made[case.id] = case.part
            elif unit.part is None:
                made[case.id] = drawn[unit.name]
            else:  # a twin of cases that stay: it goes to them, where it may
                barred = unit.part in unit.barred or (unit.part == "holdout" and bool(self.sealed))
                made[case.id] = "explore" if barred else unit.part
        return made

    def astride(self, parts: Mapping[str, Part]) -> int:
        """Return how many cases have a twin in another part."""
        found: dict[int, set[Part]] = {}
        for position, case in enumerate(self.cases):
            found.setdefault(self.unit_of[position], set()).add(parts[case.id])
        return sum(len(found[first]) > 1 for first in self.unit_of)

    def short(self, parts: Mapping[str, Part], wanted: Wanted) -> int:
        """Return how many groups the holdout lacks of its share because too few are fresh."""
        there = {self.unit_of[i] for i, case in enumerate(self.cases) if parts[case.id] == "holdout"}
        lacking = round(wanted.shares.get("holdout", 0.0) * len(self.units)) - len(there)
        return lacking if lacking > len({unit.stratum for unit in self.units.values()}) else 0


def _refuse(division: _Division, parts: Mapping[str, Part], wanted: Wanted) -> None:
    """Refuse to change a locked holdout, or to make one of cases that cannot confirm anything."""
    new = [case.id for case in division.cases if parts[case.id] == "holdout" and case.part != "holdout"]
    if division.sealed and new and not wanted.new_plan:
        raise Refused(
            f"the holdout is locked with {len(division.sealed):,} cases, and {len(new):,} more would make it another plan",
            where="evalset/",
            remedy="split the open cases with --holdout 0; or say --new-plan, and lock again before looking",
        )
    if wanted.shares.get("holdout") and not any(part == "holdout" for part in parts.values()):
        units = division.units.values()
        if all("holdout" in unit.barred for unit in units if unit.part is None):
            raise Refused(
                "no group is fresh: all are known, by their outcomes or from a prompt, so none can confirm anything",
                where="evalset/",
                remedy="write fresh cases, split them, and lock before anything is recorded on them",
            )


def slice_of(launch: Launch, case: Case) -> str:
    """Return the slice of the scope that a case lies in; everywhere without a partition."""
    scope = launch.scope_slice()
    return f"{scope[0]}={case.tags.get(scope[1].by or '', '')}" if scope else EVERYWHERE


def _held(launch: Launch, cases: Sequence[Case]) -> tuple[Held, ...]:
    names = independent(cases)
    scope = launch.scope_slice()
    slices = [f"{scope[0]}={value}" for value in scope[1].shares] if scope else []
    where = [slice_of(launch, case) for case in cases]
    made = []
    for part in PARTS:
        for name in dict.fromkeys([*slices, EVERYWHERE]):
            inside = [
                i for i, case in enumerate(cases) if case.part == part and name in (where[i], EVERYWHERE)
            ]
            made.append(Held(part, name, len(inside), len({names[i] for i in inside})))
    return tuple(made)


def _marks(launch: Opened, held: Sequence[Held]) -> tuple[tuple[Mark, ...], str]:
    """Return what the holdout must show, or why that cannot be said yet."""
    try:
        plan: Plan = plan_of(launch)
    except (BadInput, Misused) as error:
        return (), error.what
    sealed = [one for one in held if one.part == "holdout"]
    in_all = sealed[-1]
    parts: dict[str | None, int] = {one.slice: one.groups for one in sealed[:-1]} or {None: in_all.groups}
    plan = replace(plan, cases=PlannedCases("", in_all.cases, in_all.groups))
    return marks(plan, parts, several=in_all.cases > in_all.groups), ""
