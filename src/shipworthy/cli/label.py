"""`shipworthy label`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused
from shipworthy.services.draw_labels import draw_labels
from shipworthy.services.label import label as label_outputs


def label(
    file: Path,
    *,
    launch: Annotated[Path, Parameter(name=["--launch", "-l"])] = Path(),
    draw: int | None = None,
    name: str = "human",
    variant: str | None = None,
) -> int:
    """Draw outputs for people to label, then bring their labels in, so that a judge can be corrected.

    With `--draw` the file is written: case, repeat, output, and an empty label to fill in; the judge's verdict is not
    shown. Without, it is read: 1 passes, 0 fails, empty was not labelled. A criterion reads labels by
    `labels: {recorded: NAME, chosen: random}`. Labelling is not a look: nothing is said of how labels went. Examples:

        shipworthy label to-label.csv --launch my-launch --draw 100
        shipworthy label to-label.csv --launch my-launch
        shipworthy label by-ada.csv --launch my-launch --name ada --variant new

    Args:
        file: a table of labels: CSV, TSV, JSON lines, JSON or Parquet; with --draw, the CSV to write.
        launch: the launch folder; here unless said.
        draw: how many outputs to draw for labelling, as the criterion says that they are chosen.
        name: whose labels these are, as the criterion names them.
        variant: whose outputs are labelled; the candidate unless said.
    """
    if draw is not None:
        return _draw(file, launch, draw, variant)
    receipt = label_outputs(launch, file, name=name, variant=variant)
    out(f"{receipt.kept:,} labels by {receipt.name} on outputs of {receipt.variant}")
    if receipt.known:
        out(f"{receipt.known:,} were there already")
    for reason, number in receipt.dropped.most_common():
        out(f"{number:,} passed over because {reason}")
    say(f"next: shipworthy decide {launch}")
    return 0


def _draw(file: Path, launch: Path, number: int, variant: str | None) -> int:
    if number < 1:
        raise Misused(f"--draw {number}", remedy="draw at least one output")
    drawn = draw_labels(launch, number, file, variant=variant)
    part = "sealed" if drawn.sealed else "open"
    of_all = "" if drawn.outputs is None else f" of {drawn.outputs:,} answered"
    out(f"{drawn.labels:,}{of_all} outputs on {part} cases, drawn {drawn.how}: {drawn.path}")
    say(f"next: fill in the column `label` with 1 or 0, then shipworthy label {file} --launch {launch}")
    return 0
