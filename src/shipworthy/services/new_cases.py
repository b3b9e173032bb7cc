"""Take cases from a file of outcomes: ids, inputs, tags and groups, never the outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.evalset import Case, Part
from shipworthy.importers.interface import ColumnMap, Reading
from shipworthy.store.evalset_file import write_cases
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch


def has_cases(folder: Path) -> bool:
    """Whether the launch has any file of cases with something in it."""
    return any(path.stat().st_size for path in Layout(folder).evalset_files())


def columns_for(folder: Path) -> ColumnMap:
    """Return a map that guesses, and knows the tags that slices use and the scores that criteria read."""
    reading = read_launch(folder)
    slices = reading.launch.slices.values()
    tags = {tag for rule in slices for tag in ([rule.by] if rule.by else rule.where) if tag}
    scores = {c.scorer.recorded for c in reading.criteria if c.scorer and c.scorer.recorded}
    scores |= {c.labels.recorded for c in reading.criteria if c.labels}
    return ColumnMap({}, tuple(sorted(tags)), tuple(sorted(scores)))


@dataclass
class Taken:
    """The cases of a file, and the names, never the values, of what else it holds."""

    path: Path
    cases: int = 0
    scores: set[str] = field(default_factory=set)
    variants: set[str] = field(default_factory=set)


def bring_in_cases(
    folder: Path, reading: Reading, *, file_sha: str, part: Part, dry_run: bool = False
) -> Taken:
    """Write the cases of a file as `evalset/imported-….jsonl`, whole or not at all.

    Args:
        folder: the launch folder.
        reading: an opened file; its outcomes are passed over.
        file_sha: the file's hash, which names the new file.
        part: what the cases are for.
        dry_run: only count.

    Returns:
        The new file, how many cases it holds, and which scores and variants the outcomes have.

    Raises:
        BadInput: the file holds no case.
        Refused: the cases of this file were written before.
    """
    taken = Taken(Layout(folder).evalset / f"imported-{file_sha[:12]}.jsonl")
    if taken.path.exists():
        raise Refused(
            "the cases of this file were taken before",
            where=str(taken.path),
            remedy="import its outcomes; or delete that file and take the cases again, for another part",
        )
    cases = _each_once(reading, f"import {file_sha[:12]}", part, taken)
    taken.cases = sum(1 for _ in cases) if dry_run else write_cases(taken.path, cases)
    if not taken.cases:
        taken.path.unlink(missing_ok=True)
        raise BadInput("the file holds no usable row", remedy="check its columns with --dry-run")
    return taken


def _each_once(reading: Reading, source: str, part: Part, taken: Taken) -> Iterator[Case]:
    """Yield the case of each row that brings a new id.

    Only hashes are kept: a million ids would take three times the room. That a later row gives the same
    id another input is found when its outcome is imported.
    """
    seen: set[int] = set()
    if reading.header.variant:
        taken.variants.add(reading.header.variant)
    for batch in reading.batches():
        for row in batch:
            if row.scores:
                taken.scores.update(row.scores)
            if row.variant:
                taken.variants.add(row.variant)
            if (known := hash(row.case)) not in seen:
                seen.add(known)
                yield Case(
                    id=row.case,
                    input=row.input,
                    expected=row.expected,
                    tags=row.tags or {},
                    group=row.group,
                    source=source,
                    part=part,
                )
