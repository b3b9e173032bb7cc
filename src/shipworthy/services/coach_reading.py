"""Coach facts that people gave by reading: outputs read and failure modes seen, of open cases alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from sqlalchemy import Connection

from shipworthy.coach.observed import Reading
from shipworthy.decision.mode_counts import ReadOutput
from shipworthy.decision.reading_rates import Read, saturation
from shipworthy.domain.taxonomy import FailureMode, counts_for
from shipworthy.services.opened import Opened
from shipworthy.services.queue_kinds import strata
from shipworthy.store.coverage import has_open_texts
from shipworthy.store.mode_labels import read_outputs
from shipworthy.store.review import last_label


def reading_of(
    launch: Opened, connection: Connection, *, candidate: int | None, least: int
) -> Reading | None:
    """Return what people read of the outputs of open cases; None where there are no labels and nothing to label.

    A launch of scores alone, or of sealed outcomes alone, holds no text that anybody could have read here: whether it
    was read elsewhere is not known. Where texts of open cases are recorded, no label means that nobody read them.

    Args:
        launch: the launch.
        connection: a consistent view.
        candidate: the number of the version that is decided about; None where it has no outputs.
        least: outputs that have to be read of one version.
    """
    if not last_label(connection):
        return Reading() if has_open_texts(connection, launch.cases.no) else None
    reads, _ = read_outputs(connection, launch.cases.no, strata=lambda by: strata(launch, connection, by))
    return read_together(reads, launch.reading.taxonomy, candidate=candidate, least=least)


def read_together(
    reads: list[ReadOutput], taxonomy: tuple[FailureMode, ...], *, candidate: int | None, least: int
) -> Reading:
    """Return what labelled outputs say together; labels of a merged mode count for the one it was merged into."""
    target = counts_for(taxonomy)
    named = [frozenset(target.get(mode, mode) for mode in read.modes) for read in reads]
    counts = Counter(mode for modes in named for mode in modes)
    failed = [modes for read, modes in zip(reads, named, strict=True) if read.failed]
    # An output without a name for its failure shows no new *name*: how many those are, another rule asks.
    seen = saturation([Read(n, "", "pass", modes) for n, modes in enumerate(named)]) if reads else None
    return Reading(
        read=len(reads),
        since_new=seen.since_new if seen and counts else None,
        modes=dict(counts),
        alone=sum(any(counts[mode] == 1 for mode in modes) for modes in named),
        failing=len(failed),
        unnamed=sum(not modes for modes in failed),
        together=_together(named),
        other_version=_other_version(reads, candidate, least),
    )


def _together(named: list[frozenset[str]]) -> tuple[tuple[str, str, float], ...]:
    """Return how much the outputs of two failure modes overlap; modes of one output alone tell nothing of it."""
    having: dict[str, set[int]] = defaultdict(set)
    for number, modes in enumerate(named):
        for mode in modes:
            having[mode].add(number)
    often = sorted(mode for mode, outputs in having.items() if len(outputs) > 1)
    return tuple(
        (a, b, len(having[a] & having[b]) / len(having[a] | having[b])) for a, b in combinations(often, 2)
    )


def _other_version(reads: list[ReadOutput], candidate: int | None, least: int) -> bool | None:
    """Whether enough was read, and of the version that is decided about too little; None where that cannot be said."""
    if candidate is None or len(reads) < least:
        return None
    return sum(read.output.variant_no == candidate for read in reads) < least
