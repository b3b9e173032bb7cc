"""How the outputs of a queue are chosen: at random, slice by slice, or where something is off."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from shipworthy.decision.queue_draw import Drawable, Place, draw, draw_stratified, groups_in
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.review import FIRM, Output
from shipworthy.services.gather import slices_of
from shipworthy.services.opened import Opened
from shipworthy.services.planned import candidate_of, series_of
from shipworthy.store.caseset import OPEN_PARTS, tags_of
from shipworthy.store.drawable import Answered, answered, sealed_cases, values
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.review import current_labels
from shipworthy.store.runs import find_series, find_variant

PARTS = {"open": OPEN_PARTS, "calibrate": frozenset({"calibrate"}), "holdout": frozenset({"holdout"})}
BLIND = ("random", "stratified", "list")
"""Kinds that do not depend on how outputs turned out: only these are for sealed ones."""


@dataclass(frozen=True)
class Choosing:
    """What is to be chosen; see `QueueWanted`."""

    kind: str
    n: int
    seed: int
    criterion: str
    variants: tuple[str, ...]
    part: str
    by: str
    between: str
    outputs: tuple[Output, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and from what.

    Attributes:
        places: the outputs, in order.
        of: in words, what they were chosen from.
        outputs: how many there were to choose from.
        groups: stratum to the groups there were.
        sealed: whether they are sealed.
        rates: whether rates follow from labels on them.
        variants: whose they are.
        parts: of which parts.
    """

    places: list[Place]
    of: str
    outputs: int
    groups: dict[str, int]
    sealed: bool
    rates: bool
    variants: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """What there is to choose from."""

    launch: Opened
    connection: Connection
    wanted: Choosing
    found: list[Answered]
    numbers: dict[str, int]

    def drawable(self, keep: set[Output] | None = None) -> list[Drawable]:
        """Return the outputs that can be drawn, each in its slice where the draw is stratified."""
        by = self.wanted.by if self.wanted.kind == "stratified" else ""
        stratum = strata(self.launch, self.connection, by) if by else {}
        return [
            Drawable(each.output, each.group, stratum.get(each.tagset, ""))
            for each in self.found
            if keep is None or each.output in keep
        ]


def choose(launch: Opened, connection: Connection, wanted: Choosing) -> Chosen:
    """Choose the outputs of a queue.

    Raises:
        BadInput: a variant, a part, a slice or a kind is not one that there is.
    """
    part = "calibrate" if wanted.kind == "calibration" else wanted.part
    if part not in PARTS:
        raise BadInput(f"there is no part `{part}` to read", remedy=f"use one of: {', '.join(PARTS)}")
    if part == "holdout" and wanted.kind not in BLIND:
        raise Refused(
            "how many sealed outputs there are of this kind would tell how they turned out",
            where="part holdout",
            remedy=f"draw sealed outputs {' or '.join(BLIND)}",
        )
    names = wanted.variants or (candidate_of(launch.launch),)
    numbers = {name: variant_no(launch, connection, name) for name in names}
    parts = PARTS[part] if wanted.kind != "list" else frozenset().union(*PARTS.values())
    found = answered(connection, launch.cases.no, numbers.values(), parts)
    field = Field(launch, connection, wanted, found, numbers)
    places, of, rates, drawn_from = _KINDS[wanted.kind](field)
    sealed_ones = _sealed(field, places) if wanted.kind == "list" else part == "holdout"
    return Chosen(
        places, of, len(drawn_from), groups_in(drawn_from), sealed_ones, rates, tuple(names),
        tuple(sorted(parts)) if wanted.kind != "list" else (),
    )  # fmt: skip


Result = tuple[list[Place], str, bool, list[Drawable]]


def _random(field: Field) -> Result:
    found = field.drawable()
    return draw(found, field.wanted.n, field.wanted.seed), "answered outputs", True, found


def _stratified(field: Field) -> Result:
    strata(field.launch, field.connection, field.wanted.by)
    found = field.drawable()
    drawn = draw_stratified(found, field.wanted.n, field.wanted.seed)
    return drawn, f"answered outputs, alike from each {field.wanted.by}", True, found


def _disagreements(field: Field) -> Result:
    between = field.wanted.between
    if between not in _BETWEEN:
        raise BadInput(f"disagreements between `{between}`", remedy=f"use one of: {', '.join(_BETWEEN)}")
    differ, of = _BETWEEN[between](field)
    found = field.drawable(differ)
    return draw(found, field.wanted.n, field.wanted.seed), of, True, found


def _between_variants(field: Field) -> tuple[set[Output], str]:
    """Outputs of cases that some variant passes and another does not, in the same repeat."""
    criterion, series = _scored(field)
    mark = criterion.pass_when.at_least if criterion.pass_when else 1.0
    by_case: defaultdict[tuple[int, int], dict[int, bool]] = defaultdict(dict)
    for number in field.numbers.values():
        for output, value in values(field.connection, number, series).items():
            if value is not None:
                by_case[output.case_no, output.repeat][number] = value >= mark
    differ = {
        Output(number, *at) for at, said in by_case.items() if len(set(said.values())) > 1 for number in said
    }
    return differ, f"outputs on which variants differ under {criterion.id}"


def _between_judge(field: Field) -> tuple[set[Output], str]:
    """Outputs that the judge or check passes and people fail, or the other way."""
    criterion, series = _scored(field)
    mark = criterion.pass_when.at_least if criterion.pass_when else 1.0
    people = _people(field, criterion)
    differ = set()
    for number in field.numbers.values():
        for output, value in values(field.connection, number, series).items():
            if value is not None and (value >= mark) in {not said for said in people.get(output, set())}:
                differ.add(output)
    return differ, f"outputs on which people and the scorer of {criterion.id} differ"


def _between_reviewers(field: Field) -> tuple[set[Output], str]:
    """Outputs to which people gave different labels."""
    given: defaultdict[Output, set[str]] = defaultdict(set)
    for row in current_labels(field.connection, field.wanted.criterion):
        if row.turn == "own" and row.state in FIRM:
            given[row.output].add(row.state)
    return {output for output, said in given.items() if len(said) > 1}, "outputs on which reviewers differ"


_BETWEEN = {"variants": _between_variants, "judge": _between_judge, "reviewers": _between_reviewers}


def _twins(field: Field) -> Result:
    from shipworthy.services.queue_twins import twin_outputs  # noqa: PLC0415 - compares every text

    chosen = twin_outputs(field.launch, field.found)
    found = field.drawable(set(chosen))
    return (
        [Place(output, None) for output in chosen],
        "outputs of cases that may be twins, side by side",
        False,
        found,
    )


def _low_confidence(field: Field) -> Result:
    """Outputs that the scorer could not say, then those whose score is nearest to the mark."""
    criterion, series = _scored(field)
    mark = criterion.pass_when.at_least if criterion.pass_when else 1.0
    here = {each.output for each in field.found}
    unsure: list[tuple[float, Output]] = []
    for number in field.numbers.values():
        for output, value in values(field.connection, number, series).items():
            if output in here and (value is None or not _clear(value, criterion)):
                unsure.append((-1.0 if value is None else abs(value - mark), output))
    chosen = [output for _, output in sorted(unsure)]
    of = f"outputs of which the scorer of {criterion.id} is least sure"
    return [Place(output, None) for output in chosen], of, False, field.drawable(set(chosen))


def _clear(value: float, criterion: Criterion) -> bool:
    """Whether a score says yes or no and nothing between."""
    return criterion.pass_when is None and value in (0.0, 1.0)


def _listed(field: Field) -> Result:
    keys = set(field.wanted.cases)
    wanted = set(field.wanted.outputs) | {each.output for each in field.found if each.key in keys}
    if missing := keys - {each.key for each in field.found}:
        raise BadInput(
            f"there is no answered output of case `{min(missing)}`",
            where="the ledger",
            remedy="check the id and the variant",
        )
    # A list may name outputs of any variant.
    known = {each.output for each in field.found}
    places = [Place(output, None) for output in sorted(wanted & known | set(field.wanted.outputs))]
    return places, "outputs that were named", False, field.drawable(wanted)


_KINDS = {
    "random": _random,
    "stratified": _stratified,
    "disagreements": _disagreements,
    "calibration": _random,
    "twins": _twins,
    "low_confidence": _low_confidence,
    "list": _listed,
}


def strata(launch: Opened, connection: Connection, by: str) -> dict[int, str]:
    """Return the stratum of each tag set under one slice.

    Raises:
        BadInput: there is no such slice.
    """
    rules = launch.launch.slices
    if by not in rules:
        known = ", ".join(rules) or "none are declared"
        raise BadInput(f"there is no slice `{by}` to draw by", where="launch.yaml", remedy=f"slices: {known}")
    found = tags_of(connection, launch.cases.no)
    rule = {by: rules[by]}
    return {number: (slices_of(rule, tags) or [f"not {by}"])[0] for number, tags in found.items()}


def _scored(field: Field) -> tuple[Criterion, int | None]:
    criterion = next(
        (c for c in field.launch.reading.criteria if c.id == field.wanted.criterion and c.scorer is not None),
        None,
    )
    if criterion is None:
        raise BadInput(
            "this kind of queue needs a criterion with a scorer",
            where="criteria.yaml",
            remedy="name one with --criterion",
        )
    return criterion, find_series(field.connection, series_of(field.launch).get(criterion.id, ""))


def _people(field: Field, criterion: Criterion) -> dict[Output, set[bool]]:
    """Return what people said of outputs: labels given here, and those that were brought in."""
    said: defaultdict[Output, set[bool]] = defaultdict(set)
    for row in current_labels(field.connection, criterion.id):
        if row.state in FIRM:
            said[row.output].add(row.state == "pass")
    name = criterion.labels.recorded if criterion.labels else ""
    for series in (f"labels:{name}", f"recorded:{name}") if name else ():
        number = find_series(field.connection, series)
        for variant in field.numbers.values() if number is not None else ():
            for output, value in values(field.connection, variant, number).items():
                if value in (0.0, 1.0):
                    said[output].add(value == 1.0)
    return said


def _sealed(field: Field, places: list[Place]) -> bool:
    """Whether any of the outputs is of a sealed case."""
    sealed = sealed_cases(field.connection, field.launch.cases.no)
    return any(place.output.case_no in sealed for place in places)


def variant_no(launch: Opened, connection: Connection, name: str) -> int:
    """Return the number of a variant as it is now.

    Raises:
        BadInput: there is no such variant, or nothing is recorded of it.
    """
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    number = find_variant(connection, name, variant_fingerprint(launch.layout, launch.launch.resolved(name)))
    if number is None:
        raise BadInput(
            f"nothing is recorded of `{name}` as it is now",
            where="the ledger",
            remedy="run it, or import its outputs, first",
        )
    return number
