"""Every importer, and the choice of the one that a file is for."""

from __future__ import annotations

from pathlib import Path

from shipworthy.domain.errors import BadInput, Misused, Unavailable
from shipworthy.importers.inspect_ai import InspectImporter
from shipworthy.importers.interface import ColumnMap, Importer, Reading
from shipworthy.importers.langfuse import LangfuseImporter
from shipworthy.importers.opened import head_of
from shipworthy.importers.otlp import OtlpImporter
from shipworthy.importers.promptfoo import PromptfooImporter
from shipworthy.importers.rows import TABLES

IMPORTERS: tuple[Importer, ...] = (
    InspectImporter(),
    PromptfooImporter(),
    LangfuseImporter(),
    OtlpImporter(),
    *TABLES,
)
"""In the order they are asked: what says most about itself comes first."""


def choose(path: Path, *, format: str | None = None) -> Importer:  # noqa: A002 - the option is called so
    """Return the importer for a file: the one named, else the first that recognises it.

    Raises:
        BadInput: the file is missing or empty, or no importer recognises it.
        Misused: there is no format of that name.
    """
    names = ", ".join(importer.name for importer in IMPORTERS)
    head = _head(path)
    if format is not None:
        for importer in IMPORTERS:
            if importer.name == format:
                return importer
        raise Misused(f"there is no format {format!r}", where="--format", remedy=f"use one of: {names}")
    for importer in IMPORTERS:
        if importer.recognises(path, head):
            return importer
    raise BadInput(
        f"the file is of no format that is known: {names}",
        where=f"{path}:1",
        remedy="name its format with --format, if it is one of these",
    )


def open_file(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the option is called so
    columns: ColumnMap | None = None,
    partial: bool = False,
) -> Reading:
    """Open a file with the importer it is for.

    Raises:
        BadInput: the file cannot be used, with the place and what to do.
        Unavailable: the file, or an optional library it needs, cannot be reached.
    """
    importer = choose(path, format=format)
    try:
        return importer.open(path, columns=columns, partial=partial)
    except OSError as error:
        raise Unavailable(
            f"the file cannot be read: {error.strerror or error}",
            where=str(path),
            remedy="check the disk and try again",
        ) from error


def _head(path: Path) -> bytes:
    try:
        return head_of(path)
    except OSError as error:
        raise Unavailable(
            f"the file cannot be opened: {error.strerror or error}",
            where=str(path),
            remedy="check that you may read it",
        ) from error
