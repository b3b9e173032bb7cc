"""Draw an audit: a random part of live outputs goes to the review queue, to be labelled blind like any other output."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.evalset import Case
from shipworthy.domain.promise import KeptPromise
from shipworthy.importers.interface import Row
from shipworthy.importers.registry import open_file
from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.new_cases import columns_for
from shipworthy.services.watch import read_promised
from shipworthy.store.evalset_file import write_cases
from shipworthy.store.layout import Layout
from shipworthy.store.read import Reading

MOST = 5_000
"""Outputs of one draw: people label hundreds."""


@dataclass(frozen=True)
class Audit:
    """What is to be drawn.

    Attributes:
        file: a table of live outputs with their texts.
        n: how many.
        criterion: what is asked of them; the only promised one unless said.
        variant: whose outputs they are: one that is declared as recorded.
        seed: another seed is another draw.
    """

    file: Path
    n: int
    criterion: str = ""
    variant: str = "live"
    seed: int = 1


@dataclass(frozen=True)
class DrawnAudit:
    """What was drawn.

    Attributes:
        queue: the queue's key.
        n: outputs in it.
        of: outputs with a text that there were to draw from.
        criterion: what is asked of them.
        cases: the file of their cases.
        homeless: outputs that were not drawn from, because their slice is not declared in launch.yaml.
    """

    queue: str
    n: int
    of: int
    criterion: str
    cases: Path
    homeless: int


def draw_audit(folder: Path, audit: Audit) -> DrawnAudit:
    """Draw live outputs at random, and make a queue of them.

    Their cases go into `evalset/`, fresh and open, so that they can be read on the review screen and grow the eval set;
    the sealed holdout is not touched. `watch` reads the labels back.

    Args:
        folder: the launch folder.
        audit: what is drawn.

    Raises:
        BadInput: the file cannot be read, or the criterion or the variant is not one that there is.
        Refused: nothing is promised, or there is no output with a text.
    """
    reading, promises = read_promised(folder)
    if not 1 <= audit.n <= MOST:
        raise BadInput(f"an audit of {audit.n:,} outputs", where="--draw", remedy=f"use 1 to {MOST:,}")
    criterion = _criterion(reading, promises, audit.criterion)
    if audit.variant not in reading.launch.variants:
        raise BadInput(
            f"the variant `{audit.variant}` is not declared in launch.yaml",
            where="launch.yaml",
            remedy=f"add `{audit.variant}: {{recorded: true}}` under variants, or name another with --variant",
        )
    drawn, of, homeless = _draw(reading, audit)
    if not drawn:
        raise Refused(
            f"no row has an output that could be read{f'; {homeless:,} are of no declared slice' if homeless else ''}",
            where=str(audit.file),
            remedy="export the texts too, in a column `output`",
        )
    named = json.dumps([audit.seed, criterion.id, [row.case for row in drawn]])
    key = f"audit-{hashlib.sha256(named.encode()).hexdigest()[:10]}"
    cases = reading.layout.evalset / f"live-{key}.jsonl"
    if cases.exists():
        raise Refused(
            "this draw was made before", where=str(cases), remedy="label its queue, or use another --seed"
        )
    _bring(folder, drawn, cases, audit)
    ids = {_name(row): {"id": row.case, "tags": row.tags or {}} for row in drawn}
    wanted = QueueWanted(
        key, n=len(drawn), kind="list", criterion=criterion.id, name=f"Audit of {len(drawn):,} live outputs",
        seed=audit.seed, variants=(audit.variant,), cases=tuple(ids),
        more={"watch": {"criterion": criterion.id, "rows": ids, "drawn_from": of}},
    )  # fmt: skip
    with desk_at(folder) as desk:
        make_queue(desk, wanted)
    return DrawnAudit(key, len(drawn), of, criterion.id, cases, homeless)


def _criterion(reading: Reading, promises: list[KeptPromise], name: str) -> Criterion:
    known = list(dict.fromkeys(promise.criterion for promise in promises if promise.criterion))
    if (name and name not in known) or (not name and len(known) != 1):
        raise BadInput(
            f"no promise is about the criterion `{name}`"
            if name
            else "it is not clear what to ask of the outputs",
            where="promises.yaml",
            remedy=f"name one with --criterion: {', '.join(known) or 'none is promised'}",
        )
    return next(c for c in reading.criteria if c.id == (name or known[0]))


def _draw(reading: Reading, audit: Audit) -> tuple[list[Row], int, int]:
    """Return a random part of the rows with a text, each id once, in the file's order; how many there were, and how many of no declared slice."""
    scope = reading.launch.scope_slice()
    rule = scope[1] if scope and scope[1].by else None
    homeless = 0
    rng, held, of = random.Random(audit.seed), dict[int, Row](), 0  # noqa: S311 - a draw that can be repeated
    places: list[int] = []
    earlier = _drawn_before(reading.layout)
    seen: set[int] = set()
    for row in _rows(reading, audit.file):
        if row.status != "answered" or not row.output or hash(row.case) in seen or _name(row) in earlier:
            continue
        seen.add(hash(row.case))
        if rule is not None and (row.tags or {}).get(rule.by or "") not in rule.shares:
            homeless += 1
            continue
        of += 1
        if len(places) < audit.n:
            places.append(of)
        elif (at := rng.randrange(of)) < audit.n:
            del held[places[at]]
            places[at] = of
        else:
            continue
        held[of] = row
    return [held[place] for place in sorted(held)], of, homeless


def _rows(reading: Reading, file: Path) -> Iterator[Row]:
    columns = replace(columns_for(reading.layout.folder), stream=True)
    for batch in open_file(file, columns=columns).batches():
        yield from batch


def _drawn_before(layout: Layout) -> set[str]:
    """Return the cases of earlier audits: nothing is audited twice."""
    found = set()
    for path in layout.evalset.glob("live-audit-*.jsonl"):
        found |= {json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines() if line}
    return found


def _name(row: Row) -> str:
    return f"live-{row.case}"


def _bring(folder: Path, drawn: list[Row], cases: Path, audit: Audit) -> None:
    """Write the cases, and import the outputs; whole or not at all."""
    write_cases(
        cases,
        (
            Case(
                id=_name(row), input=row.input, tags=row.tags or {}, group=row.group and f"live-{row.group}",
                source="live audit", part="explore",
            )
            for row in drawn
        ),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="shipworthy-") as made:
        table = Path(made) / f"{cases.stem}.jsonl"
        lines = (json.dumps({"case": _name(row), "output": row.output}, ensure_ascii=False) for row in drawn)
        table.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        try:
            bring_in(folder, table, Order(variant=audit.variant))
        except BaseException:
            cases.unlink(missing_ok=True)
            raise
