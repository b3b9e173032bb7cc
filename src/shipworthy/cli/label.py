"""`shipworthy label`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.services.label import label as label_outputs


def label(
    file: Path,
    *,
    launch: Annotated[Path, Parameter(name=["--launch", "-l"])] = Path(),
    name: str = "human",
    variant: str | None = None,
) -> int:
    """Bring in what people said of outputs that are recorded already, so that a judge can be corrected.

    The file is a table with a column for the case and one for the label: 1 passes, 0 fails, empty was not labelled.
    A criterion reads them by `labels: {recorded: NAME, chosen: random}`. Labelling is not a look: nothing is said
    about how the labels went. Examples:

        shipworthy label labels.csv --launch my-launch
        shipworthy label by-ada.csv --launch my-launch --name ada --variant new

    Args:
        file: a table of labels: CSV, TSV, JSON lines, JSON or Parquet.
        launch: the launch folder; here unless said.
        name: whose labels these are, as the criterion names them.
        variant: whose outputs were labelled; the candidate unless said.
    """
    receipt = label_outputs(launch, file, name=name, variant=variant)
    out(f"{receipt.kept:,} labels by {receipt.name} on outputs of {receipt.variant}")
    if receipt.known:
        out(f"{receipt.known:,} were there already")
    for reason, number in receipt.dropped.most_common():
        out(f"{number:,} passed over because {reason}")
    say(f"next: shipworthy decide {launch}")
    return 0
