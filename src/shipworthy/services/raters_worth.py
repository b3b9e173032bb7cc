"""What each reviewer is worth where three or more labelled the same open outputs: a suggestion, which settles nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from shipworthy.domain.review import FIRM, Output
from shipworthy.services.desk import Desk
from shipworthy.statistics.agreement import Pattern
from shipworthy.statistics.dawid_skene import RaterModel, fit
from shipworthy.store.drawable import sealed_cases
from shipworthy.store.output_texts import keys_of
from shipworthy.store.review import current_labels

LABELS = ("pass", "fail")
LEAST = 3
"""Two that differ cannot tell whose error it was."""


@dataclass(frozen=True)
class Rater:
    """One reviewer, as the model sees them.

    Attributes:
        name: who.
        labels: how many of the outputs they labelled.
        passing: the chance that they say pass of an output that passes.
        failing: the chance that they say fail of one that fails.
    """

    name: str
    labels: int
    passing: float
    failing: float


@dataclass(frozen=True)
class Other:
    """An output whose likeliest label is not the majority's.

    Attributes:
        case: its case.
        repeat: which repeat.
        majority: the majority's label; empty where there is a tie.
        by_skill: the likeliest label.
        chance: of that label, if the model is true.
    """

    case: str
    repeat: int
    majority: str
    by_skill: str
    chance: float


@dataclass(frozen=True)
class RatersWorth:
    """What the labels of three or more reviewers tell of each other.

    Attributes:
        outputs: how many open outputs three or more of them labelled.
        raters: what each is worth; empty where it is not known.
        others: outputs that nobody settled, whose label would be another one than the majority's, or is a tie.
        expected_error: the share of outputs whose likeliest label is wrong, if the model is true.
        why: why nothing is known; empty where something is.
    """

    outputs: int
    raters: tuple[Rater, ...]
    others: tuple[Other, ...]
    expected_error: float
    why: str


def raters_worth(
    desk: Desk, criterion: str, *, variant_no: int | None = None, outputs: Sequence[Output] | None = None
) -> RatersWorth | None:
    """Return what each reviewer is worth under a criterion; None with fewer than three of them.

    Sealed outputs are left out: what labels tell of each other would tell how many pass.

    Args:
        desk: the launch.
        criterion: under which outputs were labelled; empty for open reading.
        variant_no: whose outputs; every variant's unless said.
        outputs: these outputs only; all unless said.
    """
    desk.refresh()
    with desk.launch.ledger.read() as connection:
        given, settled = _given(desk, connection, criterion, variant_no, outputs)
        people = sorted({number for said in given.values() for number in said})
        if len(people) < LEAST:
            return None
        keys = keys_of(connection, list(given))
    names = {number: name for name, number in desk.people.items()}
    patterns: dict[Output, Pattern] = {
        output: tuple(said.get(number) for number in people) for output, said in given.items()
    }
    model = fit(Counter(patterns.values()), labels=LABELS)
    enough = sum(len(said) >= LEAST for said in given.values())
    if not isinstance(model, RaterModel):
        return RatersWorth(enough, (), (), 0.0, model.reason)
    raters = tuple(
        Rater(
            names.get(number, "somebody"),
            sum(number in said for said in given.values()),
            table["pass"]["pass"],
            table["fail"]["fail"],
        )
        for number, table in zip(people, model.confusion, strict=True)
    )
    open_ones = {output: pattern for output, pattern in patterns.items() if output not in settled}
    return RatersWorth(enough, raters, _others(model, open_ones, keys), model.expected_error, "")


def _given(
    desk: Desk,
    connection: Connection,
    criterion: str,
    variant_no: int | None,
    outputs: Sequence[Output] | None,
) -> tuple[dict[Output, dict[int, str]], set[Output]]:
    """Return who said what of each open output in their own first reading, and which ones somebody settled."""
    sealed = sealed_cases(connection, desk.launch.cases.no)
    given: defaultdict[Output, dict[int, str]] = defaultdict(dict)
    settled: set[Output] = set()
    for row in current_labels(connection, criterion, outputs):
        mine = variant_no in (None, row.variant_no)
        if row.state not in FIRM or not mine or row.case_no in sealed:
            continue
        if row.turn == "own":
            given[row.output][row.reviewer_no] = row.state
        elif row.turn == "settled":
            settled.add(row.output)
    return given, settled


def _others(model: RaterModel, patterns: dict[Output, Pattern], keys: dict[int, str]) -> tuple[Other, ...]:
    found = []
    for output, pattern in patterns.items():
        passing, failing = (pattern.count(label) for label in LABELS)
        majority = "" if passing == failing else "pass" if passing > failing else "fail"
        if (label := model.label_of(pattern)) != majority:
            chance = model.posterior[pattern][label]
            found.append(Other(keys[output.case_no], output.repeat, majority, label, chance))
    return tuple(sorted(found, key=lambda other: (-other.chance, other.case, other.repeat)))
