"""Take cases from a file of outcomes: ids, inputs, tags and groups, never the outcomes."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Return a map that guesses, and knows the tags that the launch's slices use."""
    slices = read_launch(folder).launch.slices.values()
    return ColumnMap(
        {}, tuple(sorted({tag for rule in slices for tag in ([rule.by] if rule.by else rule.where) if tag}))
    )


def bring_in_cases(folder: Path, reading: Reading, *, file_sha: str, part: Part) -> tuple[Path, int]:
    """Write the cases of a file as `evalset/imported-….jsonl`, whole or not at all.

    Args:
        folder: the launch folder.
        reading: an opened file; its outcomes are passed over.
        file_sha: the file's hash, which names the new file.
        part: what the cases are for.

    Returns:
        The new file, and how many cases it holds.

    Raises:
        BadInput: the file holds no case.
        Refused: the cases of this file were written before.
    """
    path = Layout(folder).evalset / f"imported-{file_sha[:12]}.jsonl"
    if path.exists():
        raise Refused(
            "the cases of this file were taken before", where=str(path), remedy="import its outcomes instead"
        )
    written = write_cases(path, _each_once(reading, f"import {file_sha[:12]}", part))
    if not written:
        path.unlink()
        raise BadInput("the file holds no usable row", remedy="check its columns with --dry-run")
    return path, written


def _each_once(reading: Reading, source: str, part: Part) -> Iterator[Case]:
    """Yield the case of each row that brings a new id.

    Only hashes are kept: a million ids would take three times the room. That a later row gives the same
    id another input is found when its outcome is imported.
    """
    seen: set[int] = set()
    for batch in reading.batches():
        for row in batch:
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
