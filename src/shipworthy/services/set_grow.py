"""Grow: which slice needs how many more cases, and worksheets for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shipworthy.decision.growth import Asked, Need, needs
from shipworthy.decision.planning import Bill
from shipworthy.domain.errors import FolderHasProblems
from shipworthy.domain.evalset import Case
from shipworthy.domain.launch import Launch
from shipworthy.services.check import check
from shipworthy.services.opened import Opened, opened
from shipworthy.services.plan import plan_in
from shipworthy.services.sealed import Sealed, sealed_parts, sealed_slices
from shipworthy.store.todo import Todo, blank, refuse_existing, write_todo

MOST_ROWS = 5000
"""A worksheet with more rows is not filled in by anybody."""


@dataclass(frozen=True)
class Grown:
    """What an eval set needs.

    Attributes:
        needs: slice by slice, what changes the verdict most first.
        bill: all sealed cases, outputs, labels and money, for everything to ship 80 times in 100; None when unknown.
        currency: of the money.
        locked: whether the plan is locked: more cases would be another plan.
        written: the worksheets, and the rows of each.
    """

    needs: tuple[Need, ...]
    bill: Bill | None
    currency: str
    locked: bool
    written: tuple[tuple[Path, int], ...] = ()


def grow(folder: Path, *, write: bool = False) -> Grown:
    """Say what each slice needs; takes no look.

    Args:
        folder: the launch folder.
        write: also write a worksheet of empty cases for each slice that needs some, in `evalset/todo/`.

    Raises:
        BadInput: there is nothing to decide by.
        FolderHasProblems: the folder has mistakes.
        Refused: a worksheet is there already.
    """
    if folder.is_dir() and (problems := check(folder).problems):
        raise FolderHasProblems(problems)
    with opened(folder) as launch:
        return grow_in(launch, write=write)


def grow_in(launch: Opened, *, write: bool = False) -> Grown:
    """Say what each slice of a launch that is open needs, also while `check` has something to say of it.

    Args:
        launch: the launch, opened.
        write: also write a worksheet of empty cases for each slice that needs some, in `evalset/todo/`.

    Raises:
        BadInput: there is nothing to decide by.
        Refused: a worksheet is there already.
    """
    planned = plan_in(launch)
    asked = _asked(launch, planned.plan.repeats, planned.plan.baseline_repeats)
    found = needs(planned.outlook, asked)
    lacking = [need for need in found if need.more_cases] if write else []
    refuse_existing(launch.layout, [_name(need) for need in lacking])
    written = tuple(_write(launch, need) for need in lacking)
    bill = planned.outlook.bills[0][1] if planned.outlook.bills else None
    return Grown(found, bill, planned.outlook.currency, planned.locked, written)


def _asked(launch: Opened, repeats: int, baseline_repeats: int) -> Asked:
    written = launch.launch
    scope = written.scope_slice()
    names = [f"{name}={value}" for name, rule in written.slices.items() for value in rule.shares]
    names += [name for name, rule in written.slices.items() if not rule.by]
    with launch.ledger.read() as connection:
        held: dict[str | None, Sealed] = dict(sealed_parts(launch, connection))
        held.update(sealed_slices(launch, connection, names).items())
    compared = any(c.estimand == "difference" and c.kind != "diagnostic" for c in launch.reading.criteria)
    return Asked(
        shares={f"{scope[0]}={value}": share for value, share in scope[1].shares.items()} if scope else {},
        per_group={name: n.cases / n.groups for name, n in held.items() if n.groups},
        goes=repeats + (baseline_repeats if compared else 0),
        prices=written.prices,
    )


def _write(launch: Opened, need: Need) -> tuple[Path, int]:
    rows = list(_rows(launch.launch, need))
    return write_todo(launch.layout, _name(need), rows), len(rows)


def _name(need: Need) -> str:
    return f"grow-{need.slice or 'all'}"


def _rows(launch: Launch, need: Need) -> Iterator[Todo]:
    """Yield empty cases with the tags that put them into the slice; each is its own group."""
    tags: dict[str, str] = {}
    if need.slice is not None:
        name, equals, value = need.slice.partition("=")
        rule = launch.slices[name]
        tags = {rule.by: value} if equals and rule.by else dict(rule.where)
    stem = "".join(c if c.isalnum() else "-" for c in need.slice or "all").strip("-")[:60]
    for number in range(1, min(need.more, MOST_ROWS) + 1):
        case = Case(id=f"new-{stem}-{need.groups + number:04d}", tags=tags, source="", part="explore")
        yield blank(case, {"slice": need.slice or "everywhere", "claim": need.claim})
