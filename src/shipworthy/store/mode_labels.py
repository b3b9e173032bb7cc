"""What people said of outputs of open cases, output by output: state, failure modes, note, and how it was chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from shipworthy.decision.mode_counts import ReadOutput
from shipworthy.domain.review import OPEN_READING, Output
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.review import LabelRow, Queue, all_queues, current_labels, items_of
from shipworthy.store.tables import PARTS, cases, labels, members, queue_items, queues, steps, variants

DRAWN = ("random", "stratified")
"""Kinds of queue whose outputs stand for the others."""
FEW = 500


@dataclass(frozen=True)
class Place:
    """Where an output belongs."""

    key: str
    group: int
    tagset: int


@dataclass(frozen=True)
class Draw:
    """What drawn outputs stand for.

    Attributes:
        outputs: drawn output to the slice that it was drawn within, as its tag set tells.
        groups: stratum to the groups there were to draw from.
        by: the slice that was drawn by; empty for plain draws.
    """

    outputs: frozenset[Output]
    groups: dict[str, int]
    by: str = ""


def read_outputs(
    connection: Connection, set_no: int, *, strata: Callable[[str], dict[int, str]]
) -> tuple[list[ReadOutput], dict[str, int]]:
    """Return labelled outputs of open cases in the order of reading, and the groups that they were drawn from.

    What was settled counts before what single people said; otherwise an output fails when anybody said so, and shows
    every failure mode that anybody named. Sealed cases and those that judges are calibrated on are left out.

    Args:
        connection: a consistent view.
        set_no: the index of the eval set.
        strata: gives the stratum of each tag set under a slice.
    """
    by_output: dict[Output, list[LabelRow]] = defaultdict(list)
    for row in current_labels(connection):
        if row.turn != "again":
            by_output[row.output].append(row)
    places = _places(connection, set_no, {output.case_no for output in by_output})
    names = {row.no: row.name for row in connection.execute(select(variants))}
    draw = _draw(connection, set(by_output))
    within = strata(draw.by) if draw.by else {}
    found = []
    for output, rows in by_output.items():
        place = places.get(output.case_no)
        if place is None:
            continue
        together = _together(output, place, names.get(output.variant_no, ""), rows)
        drawn = output in draw.outputs
        stratum = within.get(place.tagset, "") if drawn else ""
        found.append(replace(together, drawn=drawn, stratum=stratum))
    first = first_read(connection)
    return sorted(found, key=lambda read: first[read.output]), draw.groups


def first_read(connection: Connection, criterion: str | None = None) -> dict[Output, int]:
    """Return the number of the first label of each output: a later version does not make it read later.

    Args:
        connection: a consistent view.
        criterion: under which criterion; under any unless said.
    """
    c = labels.c
    query = select(c.variant_no, c.case_no, c.repeat, func.min(c.no)).group_by(
        c.variant_no, c.case_no, c.repeat
    )
    if criterion is not None:
        query = query.where(c.criterion == criterion)
    return {Output(*row[:3]): row[3] for row in connection.execute(query)}


def traces_of(connection: Connection, outputs: Sequence[Output]) -> dict[Output, str]:
    """Return the recorded steps of outputs, as JSON text, where there was more than one step."""
    s, found = steps.c, dict[Output, str]()
    wanted = set(outputs)
    numbers = sorted({output.case_no for output in wanted})
    for start in range(0, len(numbers), FEW):
        query = select(s.variant_no, s.case_no, s.repeat, s.text).where(
            s.attempt == 0, s.case_no.in_(numbers[start : start + FEW])
        )
        for variant, case, repeat, text in connection.execute(query):
            output = Output(variant, case, repeat)
            if output in wanted:
                found[output] = text
    return found


def queue_places(connection: Connection, outputs: Sequence[Output]) -> dict[Output, tuple[str, int]]:
    """Return the first queue that has each output, by its key, and the output's number there, from 1."""
    i, found = queue_items.c, dict[Output, tuple[str, int]]()
    wanted = set(outputs)
    numbers = sorted({output.case_no for output in wanted})
    for start in range(0, len(numbers), FEW):
        query = (
            select(i.variant_no, i.case_no, i.repeat, queues.c.key, i.position)
            .join(queues, queues.c.no == i.queue_no)
            .where(i.case_no.in_(numbers[start : start + FEW]), i.again == 0)
            .order_by(i.queue_no, i.position)
        )
        for variant, case, repeat, key, position in connection.execute(query):
            output = Output(variant, case, repeat)
            if output in wanted:
                found.setdefault(output, (key, position + 1))
    return found


def labels_by_mode(connection: Connection) -> dict[str, int]:
    """Return how many labels name each failure mode now, on any part; a number of labels is no outcome."""
    found: dict[str, int] = defaultdict(int)
    for row in current_labels(connection):
        for mode in row.said.modes:
            found[mode] += 1
    return dict(found)


def groups_of_cases(connection: Connection, set_no: int, numbers: set[int]) -> dict[int, int]:
    """Return what each of some cases of an eval set stands or falls with, whatever its part; others are left out."""
    m, found = members.c, dict[int, int]()
    ordered = sorted(numbers)
    for start in range(0, len(ordered), FEW):
        query = select(m.case_no, m.alone, m.group_no).where(
            m.set_no == set_no, m.case_no.in_(ordered[start : start + FEW])
        )
        found |= {
            case: 2 * case if alone else 2 * group + 1 for case, alone, group in connection.execute(query)
        }
    return found


def _places(connection: Connection, set_no: int, numbers: set[int]) -> dict[int, Place]:
    """Return where cases belong, of those that are open."""
    m, found = members.c, dict[int, Place]()
    ordered = sorted(numbers)
    for start in range(0, len(ordered), FEW):
        query = (
            select(m.case_no, cases.c.key, m.alone, m.group_no, m.tagset_no)
            .select_from(members.join(cases, cases.c.no == m.case_no))
            .where(
                m.set_no == set_no,
                m.case_no.in_(ordered[start : start + FEW]),
                m.part.in_([PARTS.index(part) for part in sorted(OPEN_PARTS)]),
            )
        )
        for case, key, alone, group, tagset in connection.execute(query):
            found[case] = Place(key, 2 * case if alone else 2 * group + 1, tagset)
    return found


def _draw(connection: Connection, labelled: set[Output]) -> Draw:
    """Return the draw that rates are counted on: plain draws together, or else the one by slices most was read of."""
    drawn: dict[int, tuple[Queue, set[Output]]] = {}
    for queue in all_queues(connection):
        if queue.kind in DRAWN and not queue.sealed and queue.about.get("rates"):
            items = {item.output for item in items_of(connection, queue.no) if item.probability is not None}
            drawn[queue.no] = queue, items & labelled
    plain = [items for queue, items in drawn.values() if queue.kind == "random" and items]
    if plain:
        return Draw(frozenset().union(*plain), {})
    if not drawn:
        return Draw(frozenset(), {})
    queue, items = max(drawn.values(), key=lambda each: len(each[1]))
    return Draw(frozenset(items), dict(queue.about.get("groups", {})), queue.about.get("by", ""))


def _together(output: Output, place: Place, variant: str, rows: list[LabelRow]) -> ReadOutput:
    settled = [row for row in rows if row.turn == "settled"][-1:]
    telling = settled or rows
    states = {row.state for row in telling}
    first = sorted(telling + rows, key=lambda row: (row.criterion != OPEN_READING, row.no))
    return ReadOutput(
        f"{place.key}/{output.repeat}",
        output,
        variant,
        place.group,
        "fail" if "fail" in states else "pass" if "pass" in states else "defer",
        frozenset(mode for row in telling for mode in row.said.modes),
        note=next((row.note for row in first if row.note.strip()), ""),
        step=next((row.step for row in first if row.step is not None), None),
    )
