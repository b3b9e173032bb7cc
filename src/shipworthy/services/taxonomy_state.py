"""State: every failure mode with its count, its bound, its priority and what answers for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from shipworthy.decision.mode_counts import Counted, ModeCount, ReadOutput, counted
from shipworthy.decision.priority import Priority, in_order, priority_of
from shipworthy.domain.taxonomy import FailureMode, counts_for
from shipworthy.services.desk import Desk
from shipworthy.services.make_queue import queues
from shipworthy.services.queue_kinds import strata
from shipworthy.services.queue_progress import progress
from shipworthy.services.taxonomy_history import taxonomy_history
from shipworthy.similarity.near_names import Near, near_names
from shipworthy.store.guarded import file_hash
from shipworthy.store.mode_labels import read_outputs


@dataclass(frozen=True)
class ModeRow:
    """One failure mode that outputs are counted for.

    Attributes:
        mode: as it is written.
        count: outputs that show it.
        priority: how soon it wants action.
        criteria: ids of criteria that name it, or one that was merged into it.
        merged: modes that were merged into it.
        parts: modes that were split from it and still stand.
        queue: the queue of outputs to read again since it was split or drawn anew; empty where there is none.
        to_read: how many of them nobody has read again yet.
        outputs: outputs that show it, in the order of reading.
    """

    mode: FailureMode
    count: ModeCount
    priority: Priority
    criteria: tuple[str, ...]
    merged: tuple[str, ...]
    parts: tuple[str, ...]
    queue: str
    to_read: int
    outputs: tuple[ReadOutput, ...]


@dataclass(frozen=True)
class TaxonomyState:
    """The taxonomy and what was counted.

    Attributes:
        rows: failure modes by priority, then severity, then rate.
        counted: the counts that rows rest on.
        unnamed: failing outputs without a failure mode, in the order of reading.
        near: pairs of names that are nearly the same.
        hash: of taxonomy.yaml as it was read; a change that was made for it hands it back.
        modes: every failure mode, merged ones too, in the order of the file.
    """

    rows: tuple[ModeRow, ...]
    counted: Counted
    unnamed: tuple[ReadOutput, ...]
    near: tuple[Near, ...]
    hash: str
    modes: tuple[FailureMode, ...]

    def row(self, mode: str) -> ModeRow | None:
        """Return the row of a failure mode; None where there is none."""
        return next((row for row in self.rows if row.mode.id == mode), None)


def taxonomy_state(desk: Desk, *, variant: str | None = None) -> TaxonomyState:
    """Return the failure modes of a launch with what labels on open cases say of them.

    Args:
        desk: the launch.
        variant: whose outputs; those of every variant unless said.
    """
    seen = file_hash(desk.launch.layout.taxonomy)
    modes = desk.launch.reading.taxonomy
    reads, groups = open_reads(desk, variant=variant)
    found = counted(modes, reads, groups=groups)
    target = counts_for(modes)
    with_it: dict[str, list[ReadOutput]] = defaultdict(list)
    for read in reads:
        for name in sorted({target.get(name, name) for name in read.modes}):
            with_it[name].append(read)
    by_id = {count.mode: count for count in found.modes}
    ordered = in_order([(mode, by_id[mode.id]) for mode in modes if mode.id in by_id])
    again = _to_read_again(desk)
    rows = tuple(_row(desk, mode, count, target, with_it[mode.id], again) for mode, count in ordered)
    names = {mode.id: mode.name for mode in modes if mode.id in by_id}
    return TaxonomyState(
        rows=rows,
        counted=found,
        unnamed=tuple(read for read in reads if read.failed and not read.modes),
        near=tuple(near_names(names)),
        hash=seen,
        modes=modes,
    )


def open_reads(desk: Desk, *, variant: str | None = None) -> tuple[list[ReadOutput], dict[str, int]]:
    """Return labelled outputs of open cases in the order of reading, and the groups that they were drawn from."""
    launch = desk.launch
    with launch.ledger.read() as connection:
        reads, groups = read_outputs(
            connection, launch.cases.no, strata=lambda by: strata(launch, connection, by)
        )
    return [read for read in reads if variant in (None, read.variant)], groups


def _row(
    desk: Desk,
    mode: FailureMode,
    count: ModeCount,
    target: dict[str, str],
    outputs: list[ReadOutput],
    again: dict[str, tuple[str, int]],
) -> ModeRow:
    modes, criteria = desk.launch.reading.taxonomy, desk.launch.reading.criteria
    queue, to_read = again.get(mode.id, ("", 0))
    return ModeRow(
        mode=mode,
        count=count,
        priority=priority_of(mode, count),
        criteria=tuple(
            c.id for c in criteria if mode.id in {target.get(name, name) for name in c.failure_modes}
        ),
        merged=tuple(name for name, end in target.items() if end == mode.id and name != mode.id),
        parts=tuple(m.id for m in modes if m.split_from == mode.id and target[m.id] != mode.id),
        queue=queue,
        to_read=to_read,
        outputs=tuple(outputs),
    )


def _to_read_again(desk: Desk) -> dict[str, tuple[str, int]]:
    """Return for each failure mode the queue that its latest split made, and how much of it is left."""
    undone = {event.number for event in taxonomy_history(desk) if event.undone}
    found = {}
    for queue in queues(desk):
        about = queue.about
        if about.get("afresh") and about.get("mode") and about.get("change") not in undone:
            counts = progress(desk, queue.key)
            found[str(about["mode"])] = queue.key, counts.items - counts.done
    return found
