"""The codebook as a CSV that Taguette reads: `tag` and `description`, and beside them what only we read again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from shipworthy.domain.theme import Theme
from shipworthy.exporters.refi_qda import described

COLUMNS = ("tag", "description", "parent", "kind", "id")


def codebook_csv(themes: Sequence[Theme]) -> bytes:
    """Return one row for each theme; the parent by its name."""
    names = {theme.id: theme.title for theme in themes}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for theme in themes:
        parent = names.get(theme.parent or "", "")
        writer.writerow((theme.title, described(theme), parent, theme.kind or "", theme.id))
    return out.getvalue().encode()
