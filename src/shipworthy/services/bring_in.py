"""Bring in outcomes that another tool recorded: every row kept, regrouped, or dropped with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from shipworthy.domain.errors import BadInput, Refused, ShipworthyError
from shipworthy.domain.evalset import input_hash
from shipworthy.importers.interface import ColumnMap, Header, Reading, Row
from shipworthy.importers.registry import open_file
from shipworthy.services.clock import now
from shipworthy.services.new_cases import bring_in_cases, has_cases
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import last_lock
from shipworthy.store.fingerprint import RECORDED, file_sha, variant_fingerprint
from shipworthy.store.ingest import Answer, Ingest
from shipworthy.store.runs import (
    Run,
    close_run,
    discard_run,
    find_run,
    open_run,
    run_key,
    unfinished,
    variant_number,
)
from shipworthy.store.tables import PARTS, cases, members

GROUP = 16_384
"""Rows a commit acknowledges at once: durable, without paying the disk for every row."""
Progress = Callable[[int], None]


@dataclass
class Receipt:
    """What an import did, row by row accounted for: read = kept + known + dropped."""

    file: str
    sha: str
    format: str = ""
    header: Header = field(default_factory=lambda: Header(""))
    read: int = 0
    kept: int = 0
    known: int = 0
    """Rows that an interrupted import had written already."""
    later_attempts: int = 0
    no_answer: Counter[str] = field(default_factory=Counter)
    unscored: int = 0
    cases: set[int] = field(default_factory=set)
    repeats: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    sums: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Score name to the sum and number of values, to set beside the file's own headline; never shown of sealed cases."""
    sealed: int = 0
    """Outputs of holdout cases: they are in, and nothing is said about how they went before a look."""
    new_cases: int = 0
    nothing_new: bool = False
    dry_run: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Order:
    """How a file is to be read.

    Attributes:
        format: an importer's name; None to recognise it.
        columns: a column map, given or saved.
        map_name: name of the saved map, part of what makes an import the same import.
        variant: a name to give to the file's only variant.
        partial: accept a run its own tool marked as unfinished.
        burn_holdout: bring in outcomes of holdout cases before a lock, which spends those cases.
        discard_unfinished: drop what a different interrupted import left.
        dry_run: read and account, write nothing.
    """

    format: str | None = None
    columns: ColumnMap | None = None
    map_name: str = ""
    variant: str | None = None
    partial: bool = False
    burn_holdout: bool = False
    discard_unfinished: bool = False
    dry_run: bool = False


def bring_in(folder: Path, file: Path, order: Order, *, progress: Progress = lambda _: None) -> Receipt:
    """Import one file into a launch.

    Raises:
        BadInput: the file cannot be used; nothing of it stays.
        Refused: it holds outcomes of sealed cases before a plan is locked, or another import is unfinished.
    """
    if not file.is_file():
        raise BadInput("there is no such file", where=str(file), remedy="check the path")
    receipt = Receipt(file.name, file_sha(file), dry_run=order.dry_run)
    written = None
    if not has_cases(folder):
        reading = open_file(file, format=order.format, columns=order.columns, partial=order.partial)
        receipt.notes.append(
            "the launch has no cases: they are taken from this file, with part explore, and cannot confirm"
        )
        if not order.dry_run:
            written, receipt.new_cases = bring_in_cases(folder, reading, file_sha=receipt.sha, part="explore")
    try:
        with opened(folder) as launch:
            reading = open_file(file, format=order.format, columns=order.columns, partial=order.partial)
            receipt.header, receipt.format = reading.header, reading.header.format
            _Import(launch, receipt, order, progress).run(reading)
    except ShipworthyError:
        if written is not None:
            written.unlink()
        raise
    return receipt


class _Import:
    """One file on its way into the ledger."""

    def __init__(self, launch: Opened, receipt: Receipt, order: Order, progress: Progress) -> None:
        self.launch = launch
        self.receipt = receipt
        self.order = order
        self.progress = progress
        self.open: dict[str, tuple[Run, Ingest]] = {}
        self.pending: dict[str, list[Answer]] = {}
        self.n_pending = 0
        with launch.ledger.read() as connection:
            self.locked = last_lock(connection) is not None

    def run(self, reading: Reading) -> None:
        try:
            for batch in reading.batches():
                self._take(batch, reading.header)
            self._flush()
        except ShipworthyError:
            self._leave_nothing()
            raise
        self.receipt.dropped += reading.dropped
        self.receipt.read += sum(reading.dropped.values())
        if not self.order.dry_run:
            self._close()

    def _take(self, batch: list[Row], header: Header) -> None:
        """Resolve a batch of rows against the eval set, and keep what belongs to it."""
        self.receipt.read += len(batch)
        with self.launch.ledger.read() as connection:
            known = _members(connection, self.launch.cases.no, [row.case for row in batch])
        for row in batch:
            found = known.get(row.case) or self._imagined(row)
            if found is None:
                self.receipt.dropped["its case is not in the eval set"] += 1
                continue
            number, named, part = found
            given = input_hash(row.input) if row.input is not None else ""
            if given and named and given != named:
                raise BadInput(
                    f"the case `{row.case}` has another input here than in the eval set",
                    where=self.receipt.file,
                    remedy="runs on different inputs cannot be compared: correct the id, or import into another launch",
                )
            if part == "holdout" and not self.locked and not self.order.burn_holdout:
                raise Refused(
                    f"the case `{row.case}` is in the holdout, and no plan is locked",
                    where=self.receipt.file,
                    remedy="run `shipworthy lock` first; or add --burn-holdout, and those cases can never confirm",
                )
            self._keep(row, number, self._variant(row, header), is_sealed=part == "holdout")
        self.progress(self.receipt.read)
        if self.n_pending >= GROUP:
            self._flush()

    def _imagined(self, row: Row) -> tuple[int, str, str] | None:
        """Without any case yet, a rehearsal takes every row's case for its own."""
        if not (self.order.dry_run and self.receipt.new_cases == 0 and not self.launch.cases.parts):
            return None
        return hash(row.case), input_hash(row.input), "explore"

    def _variant(self, row: Row, header: Header) -> str:
        own = row.variant or header.variant
        if self.order.variant is None:
            if own is None:
                declared = [n for n in self.launch.launch.variants if self.launch.launch.resolved(n).recorded]
                if len(declared) != 1:
                    raise BadInput(
                        "the file does not say which variant answered",
                        where=self.receipt.file,
                        remedy="add --variant NAME",
                    )
                own = declared[0]
            return own
        self.receipt.variants[f"\0{own}"] += 0
        if sum(name.startswith("\0") for name in self.receipt.variants) > 1:
            raise BadInput(
                "the file holds several variants, so --variant cannot name them all",
                where=self.receipt.file,
                remedy="leave --variant away, or split the file",
            )
        return self.order.variant

    def _keep(self, row: Row, number: int, variant: str, *, is_sealed: bool) -> None:
        receipt, answered = self.receipt, row.status == "answered"
        scores = (
            {f"recorded:{name}": value for name, value in (row.scores or {}).items()} if answered else None
        )
        if not answered:
            receipt.no_answer[(row.reason or "no answer").split(":")[0]] += 1
        for name, value in (row.scores or {}).items():
            if value is None or not answered:
                receipt.unscored += answered
                continue
            total, n = receipt.sums.get(name, (0.0, 0))
            receipt.sums[name] = (total + value, n + 1)
        receipt.sealed += is_sealed
        receipt.cases.add(number)
        receipt.variants[variant] += 1
        answer = Answer(
            row.case,
            number,
            row.repeat,
            answered,
            row.output,
            row.reason,
            row.latency_s,
            row.cost_usd,
            scores,
            {f"recorded:{name}": words for name, words in row.explanations.items()}
            if row.explanations
            else None,
        )
        self.pending.setdefault(variant, []).append(answer)
        self.n_pending += 1

    def _flush(self) -> None:
        """Write what is pending, in one acknowledged commit."""
        if self.n_pending == 0:
            return
        if self.order.dry_run:
            self.receipt.kept += self.n_pending
        else:
            with self.launch.ledger.write() as connection:
                for variant, answers in self.pending.items():
                    run, ingest = self._opened(connection, variant)
                    if not run.closed:
                        ingest.write(connection, answers)
        self.pending, self.n_pending = {}, 0

    def _opened(self, connection: Connection, variant: str) -> tuple[Run, Ingest]:
        if variant in self.open:
            return self.open[variant]
        declared = self.launch.launch.variants.get(variant)
        resolved = self.launch.launch.resolved(variant) if declared else None
        fingerprint = variant_fingerprint(self.launch.layout, resolved) if resolved else RECORDED
        if resolved is None:
            self.receipt.notes.append(
                f"the variant is not declared: add `{variant}: {{recorded: true}}` under variants in launch.yaml"
            )
        number = variant_number(connection, variant, fingerprint)
        key = run_key("import", self.receipt.sha, variant, self.order.map_name, self.launch.cases.fingerprint)
        if find_run(connection, key) is None:
            self._refuse_unfinished(connection, number)
        about = {
            "file": self.receipt.file,
            "sha": self.receipt.sha,
            "format": self.receipt.format,
            "variant": variant,
        }
        run = open_run(connection, key, kind="import", variant_no=number, about=about)
        repeats = (resolved.repeats or 1) if resolved else None
        self.open[variant] = (run, Ingest(connection, run, repeats=repeats))
        return self.open[variant]

    def _refuse_unfinished(self, connection: Connection, variant_no: int) -> None:
        for run, kind, about in unfinished(connection):
            if run.variant_no != variant_no or kind != "import":
                continue
            if self.order.discard_unfinished:
                discard_run(connection, run)
            else:
                raise Refused(
                    f"an import of {about['file']} into the same variant was interrupted",
                    where="the ledger",
                    remedy="import that file again to finish it; or add --discard-unfinished to drop what it left",
                )

    def _leave_nothing(self) -> None:
        with self.launch.ledger.write() as connection:
            for run, _ in self.open.values():
                if not run.closed:
                    discard_run(connection, run)

    def _close(self) -> None:
        receipt = self.receipt
        needed = [
            f"recorded:{c.scorer.recorded}"
            for c in self.launch.reading.criteria
            if c.scorer and c.scorer.recorded
        ]
        for variant, (run, ingest) in self.open.items():
            receipt.known += ingest.skipped
            receipt.later_attempts += ingest.later_attempts
            receipt.repeats = max(receipt.repeats, ingest.most_repeats)
            if run.closed:
                receipt.known += receipt.variants[variant]
                continue
            receipt.kept += ingest.written
            about = {"file": receipt.file, "sha": receipt.sha, "format": receipt.format, "variant": variant}
            with self.launch.ledger.write() as connection:
                close_run(connection, run, at=now(), about=about, needed=needed)
        receipt.nothing_new = bool(self.open) and all(run.closed for run, _ in self.open.values())


def _members(connection: Connection, set_no: int, keys: list[str]) -> dict[str, tuple[int, str, str]]:
    """Return id to number, input hash and part, of the cases in the eval set."""
    query = (
        select(cases.c.key, cases.c.no, cases.c.input_hash, members.c.part)
        .join(members, (members.c.case_no == cases.c.no) & (members.c.set_no == set_no))
        .where(cases.c.key.in_(set(keys)))
    )
    return {row.key: (row.no, row.input_hash, PARTS[row.part]) for row in connection.execute(query)}
