"""`shipworthy import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.receipt import receipt_text
from shipworthy.cli.terminal import counting, out, say
from shipworthy.domain.errors import BadInput, Misused
from shipworthy.domain.evalset import Part
from shipworthy.importers.interface import ColumnMap
from shipworthy.importers.registry import open_file
from shipworthy.services.bring_in import Order
from shipworthy.services.bring_in import bring_in as bring_in_file
from shipworthy.services.new_cases import bring_in_cases, columns_for
from shipworthy.store.column_map import read_map, save_map
from shipworthy.store.fingerprint import file_sha
from shipworthy.store.layout import Layout


def bring_in(  # noqa: PLR0913 - one argument for each option of the command
    *files: Path,
    launch: Path = Path(),
    format: str | None = None,  # noqa: A002 - the option's name
    map: str | None = None,  # noqa: A002 - the option's name
    save_map_as: str | None = None,
    variant: str | None = None,
    cases: Annotated[bool, Parameter(negative="")] = False,
    part: Literal["explore", "tune", "calibrate", "holdout"] | None = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    partial: Annotated[bool, Parameter(negative="")] = False,
    burn_holdout: Annotated[bool, Parameter(negative="")] = False,
    discard_unfinished: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Bring in outcomes that another tool recorded, and print a receipt for every row.

    Reads CSV, TSV, JSONL, JSON, Parquet (with the `tables` extra), Inspect AI logs (.eval, .json), promptfoo
    results (JSON v3, JSONL), OpenTelemetry spans and Langfuse exports, each also gzipped. Importing the same file twice changes nothing; an interrupted
    import goes on where it stopped. Examples:

        shipworthy import outcomes.csv --launch my-launch --variant new
        shipworthy import log.eval --launch my-launch
        shipworthy import out.csv --launch my-launch --map case=qid,score.correct=is_right --save-map-as ours
        shipworthy import next.csv --launch my-launch --map ours
        shipworthy import log.eval --launch my-launch --cases --part holdout

    Args:
        files: the files, in order.
        launch: the launch folder; here unless said.
        format: the format's name, when it is not recognised.
        map: which column holds what: `case=COLUMN,score.NAME=COLUMN,…`, or the name of a saved map.
        save_map_as: save the column map with the launch under this name.
        variant: the variant that answered, when the file does not say or says it differently.
        cases: take only the cases of the file (ids, inputs, tags), not the outcomes; to lock before they come in.
        part: what those cases are for; needed with --cases.
        dry_run: read and account for every row, write nothing.
        partial: accept a log that its own tool marked as unfinished.
        burn_holdout: bring in outcomes of holdout cases although no plan is locked; those cases are then spent.
        discard_unfinished: drop what another, interrupted import left behind.
    """
    if not files:
        raise Misused("no file is named", remedy="shipworthy import FILE --launch FOLDER")
    if cases and part is None:
        raise Misused(
            "--cases without --part", remedy="say what the cases are for: --part explore, or --part holdout"
        )
    if not launch.is_dir():
        raise BadInput(
            "there is no such launch folder", where=str(launch), remedy=f"run `shipworthy init {launch}`"
        )
    name, columns = read_map(Layout(launch), map) if map else ("", None)
    column_map = ColumnMap(columns) if columns is not None else columns_for(launch)
    for file in files:
        if cases and part is not None:
            _take_cases(file, launch, part=part, format_name=format, columns=column_map, dry_run=dry_run)
            continue
        order = Order(
            format=format,
            columns=column_map,
            map_name=name,
            variant=variant,
            partial=partial,
            burn_holdout=burn_holdout,
            discard_unfinished=discard_unfinished,
            dry_run=dry_run,
        )
        with counting(f"reading {file.name}") as progress:
            receipt = bring_in_file(launch, file, order, progress=progress)
        out(receipt_text(receipt))
    if save_map_as and columns is not None and not dry_run:
        say(f"saved the column map as {save_map(Layout(launch), save_map_as, columns)}")
    return 0


def _take_cases(
    file: Path, launch: Path, *, part: Part, format_name: str | None, columns: ColumnMap, dry_run: bool
) -> None:
    if not file.is_file():
        raise BadInput("there is no such file", where=str(file), remedy="check the path")
    reading = open_file(file, format=format_name, columns=columns, partial=True)
    taken = bring_in_cases(launch, reading, file_sha=file_sha(file), part=part, dry_run=dry_run)
    where = "nothing written" if dry_run else f"written to {taken.path} with part {part}"
    out(
        f"{file.name}: {taken.cases:,} cases; {where}"
        if dry_run
        else f"{file.name}: {taken.cases:,} cases {where}"
    )
    out(f"  scores in the file: {', '.join(sorted(taken.scores)) or 'none'}")
    out(f"  variants in the file: {', '.join(sorted(taken.variants)) or 'none named'}")
