"""Bring in outcomes that another tool recorded: every row kept, regrouped, or dropped with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.domain.criteria import with_shares
from shipworthy.domain.errors import BadInput, Refused, ShipworthyError
from shipworthy.domain.evalset import input_hash
from shipworthy.importers.interface import ColumnMap, Header, Reading, Row
from shipworthy.importers.registry import open_file
from shipworthy.services.clock import now
from shipworthy.services.gather import no_pass_or_fail
from shipworthy.services.new_cases import bring_in_cases, columns_for, has_cases
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import last_lock
from shipworthy.services.receipt import Receipt
from shipworthy.store.fingerprint import RECORDED, file_sha, variant_fingerprint
from shipworthy.store.ingest import Ingest
from shipworthy.store.lookup import Member, members_of
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

GROUP = 16_384
"""Rows a commit acknowledges at once: durable, without paying the disk for every row."""
Progress = Callable[[int], None]


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
    order = replace(order, columns=order.columns or columns_for(folder))
    written = None
    if not has_cases(folder):
        reading = open_file(file, format=order.format, columns=order.columns, partial=order.partial)
        receipt.notes.append(
            "the launch has no cases: they are taken from this file, with part explore, and cannot confirm"
        )
        if not order.dry_run:
            taken = bring_in_cases(folder, reading, file_sha=receipt.sha, part="explore")
            written, receipt.new_cases = taken.path, taken.cases
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
        self.pending: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
        self.n_pending = 0
        self.names: dict[str | None, str] = {}
        """The file's name of a variant to the launch's."""
        self.imagined: dict[str, int] = {}
        self.scores_seen: set[str] = set()
        self.sealed_answers = 0
        """Sealed outputs that answered, and so could have been scored."""
        self.pass_or_fail = {
            c.scorer.recorded: c
            for c in launch.reading.criteria
            if c.scorer and c.scorer.recorded and c.pass_when is None
        }
        """Recorded scores that pass at 1 and nowhere else, and who reads them so."""
        with launch.ledger.read() as connection:
            lock = last_lock(connection)
        self.locked = lock.seq if lock else 0
        """Number of the journal event that locked the plan; 0 when none did."""

    def run(self, reading: Reading) -> None:
        try:
            for batch in reading.batches():
                self._take(batch, reading.header)
            self._flush()
            self.receipt.header = reading.header  # some formats know only now what is odd about their rows
            self.receipt.dropped += reading.dropped
            self.receipt.read += sum(reading.dropped.values())
            if not self.order.dry_run:
                self._refuse_useless()
        except ShipworthyError:
            self._leave_nothing()
            raise
        if self.order.dry_run:
            self.receipt.n_cases = len(self.imagined)
        else:
            self._close()

    def _refuse_useless(self) -> None:
        """Refuse a file of which nothing could be kept, and sealed outcomes without the score that decides."""
        if self.receipt.read and not self.names:
            why = ", ".join(f"{n:,} because {reason}" for reason, n in self.receipt.dropped.most_common(3))
            raise BadInput(
                f"none of its {self.receipt.read:,} rows could be used: {why}",
                where=self.receipt.file,
                remedy="correct the ids; or take its cases first: --cases --part explore, or --part holdout",
            )
        for criterion in with_shares(self.launch.reading.criteria):
            name = criterion.scorer.recorded if criterion.scorer else None
            if self.sealed_answers and self.locked and name and name not in self.scores_seen:
                raise BadInput(
                    f"the criterion `{criterion.id}` reads the score `{name}`, which this file does not have",
                    where=self.receipt.file,
                    remedy=f"import a file that has it; this one has: {', '.join(sorted(self.scores_seen)) or 'no score'}",
                )

    def _take(self, batch: list[Row], header: Header) -> None:
        """Resolve a batch of rows against the eval set, and keep what belongs to it."""
        receipt = self.receipt
        receipt.read += len(batch)
        with self.launch.ledger.read() as connection:
            known = members_of(connection, self.launch.cases.no, {row.case for row in batch})
        is_open = bool(self.locked) or self.order.burn_holdout
        shown = []
        for row in batch:
            found = known.get(row.case) or self._imagined(row)
            if found is None:
                receipt.dropped["its case is not in the eval set"] += 1
                continue
            if (
                row.input is not None
                and found.input_hash
                and input_hash(row.input) not in ("", found.input_hash)
            ):
                raise BadInput(
                    f"the case `{row.case}` has another input here than in the eval set",
                    where=receipt.file,
                    remedy="runs on different inputs cannot be compared: correct the id, or import into another launch",
                )
            if found.part == "holdout":
                receipt.sealed += 1
                self.sealed_answers += row.status == "answered"
                if not is_open:
                    raise Refused(
                        f"the case `{row.case}` is in the holdout, and no plan is locked",
                        where=receipt.file,
                        remedy="run `shipworthy lock` first; or add --burn-holdout, and those cases can never confirm",
                    )
            elif not self.imagined:
                shown.append(row)
            self.scores_seen.update(row.scores or ())
            variant = row.variant or header.variant
            self.pending[self.names.get(variant) or self._name(variant)].append((found.no, row))
            self.n_pending += 1
        self._refuse_grades(batch)
        self._note_groups(batch)
        receipt.account(shown)
        self.progress(receipt.read)
        if self.n_pending >= GROUP:
            self._flush()

    def _refuse_grades(self, batch: list[Row]) -> None:
        """A grade that no `pass_when` reads is refused while the plan can still be mended."""
        for name, criterion in self.pass_or_fail.items():
            values = (row.scores.get(name) for row in batch if row.scores)
            if any(value is not None and not 0 <= value <= 1 for value in values):
                raise no_pass_or_fail(criterion, name)

    def _note_groups(self, batch: list[Row]) -> None:
        """The eval set says what stands or falls together; a file that says otherwise is not silently passed over."""
        note = "the file has groups and the eval set has none: each case counts as its own until the eval set says so"
        has_none = all(part.n_groups == part.n_cases for part in self.launch.cases.parts.values())
        if has_none and note not in self.receipt.notes and any(row.group for row in batch):
            self.receipt.notes.append(note)

    def _imagined(self, row: Row) -> Member | None:
        """Without any case yet, a rehearsal takes every row's case for its own."""
        if not self.order.dry_run or self.launch.cases.parts:
            return None
        return Member(
            self.imagined.setdefault(row.case, len(self.imagined)), input_hash(row.input), "explore"
        )

    def _name(self, own: str | None) -> str:
        """Return what the launch calls the variant that a row names."""
        launch = self.launch.launch
        if self.order.variant is not None:
            if self.names:
                raise BadInput(
                    f"the file holds several variants ({own} is one), so --variant cannot name them all",
                    where=self.receipt.file,
                    remedy="leave --variant away, or split the file",
                )
            name = self.order.variant
        elif own is None:
            declared = [n for n in launch.variants if launch.resolved(n).recorded]
            if len(declared) != 1:
                raise BadInput(
                    "the file does not say which variant answered",
                    where=self.receipt.file,
                    remedy="add --variant NAME",
                )
            name = declared[0]
        else:
            name = own
        self.names[own] = name
        if name not in launch.variants and self.order.dry_run:
            self.receipt.notes.append(
                f"the variant is not declared: add `{name}: {{recorded: true}}` under variants in launch.yaml, "
                "or name a declared one with --variant"
            )
        elif name not in launch.variants:
            known = ", ".join(f"`{each}`" for each in launch.variants) or "none"
            raise BadInput(
                f"the variant `{name}` is not declared in launch.yaml; declared: {known}",
                where=self.receipt.file,
                remedy=f"name a declared one with --variant, or add `{name}: {{recorded: true}}` under variants",
            )
        elif (resolved := self.launch.launch.resolved(name)).python and not resolved.recorded:
            raise BadInput(
                f"the variant `{name}` is code of this launch, so no file can say what it answers",
                where=self.receipt.file,
                remedy="run it; or declare a variant with `recorded: true` for these outcomes",
            )
        return name

    def _flush(self) -> None:
        """Write what is pending, in one acknowledged commit."""
        for variant, answers in self.pending.items():
            self.receipt.variants[variant] += len(answers)
        if self.order.dry_run:
            self.receipt.kept += self.n_pending
        elif self.n_pending:
            with self.launch.ledger.write() as connection:
                for variant, answers in self.pending.items():
                    run, ingest = self._opened(connection, variant)
                    if not run.closed:
                        ingest.write(connection, answers)
        self.pending.clear()
        self.n_pending = 0

    def _opened(self, connection: Connection, variant: str) -> tuple[Run, Ingest]:
        if variant in self.open:
            return self.open[variant]
        declared = self.launch.launch.variants.get(variant)
        resolved = self.launch.launch.resolved(variant) if declared else None
        fingerprint = variant_fingerprint(self.launch.layout, resolved) if resolved else RECORDED
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
        if not run.closed and run.opened < self.locked:
            discard_run(
                connection, run
            )  # begun before the lock it would explore for ever; the file is read anew
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
            for c in with_shares(self.launch.reading.criteria)
            if c.scorer and c.scorer.recorded
        ]
        for variant, (run, ingest) in self.open.items():
            receipt.known += ingest.skipped
            receipt.later_attempts += ingest.later_attempts
            receipt.n_cases = max(receipt.n_cases, ingest.n_cases)
            receipt.repeats = max(receipt.repeats, ingest.most_repeats)
            if run.closed:
                receipt.known += receipt.variants[variant]
                continue
            about = {"file": receipt.file, "sha": receipt.sha, "format": receipt.format, "variant": variant}
            with self.launch.ledger.write() as connection:
                closed = close_run(connection, run, at=now(), about=about, needed=needed)
            receipt.kept += ingest.written if closed else 0
            receipt.known += 0 if closed else ingest.written
        receipt.nothing_new = bool(self.open) and all(run.closed for run, _ in self.open.values())
