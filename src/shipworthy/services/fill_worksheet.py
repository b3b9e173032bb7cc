"""Fill in a worksheet, and bring what is filled in into the eval set; what is left stays to be written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shipworthy.services.set_take import Taken, take
from shipworthy.store.layout import Layout
from shipworthy.store.worksheet_file import Worksheet, fill_in, find_worksheet, is_filled, keep_rows


def fill_worksheet(folder: Path, key: str, given: Mapping[int, tuple[str, str]], *, seen: str) -> Worksheet:
    """Write into rows of a worksheet.

    Args:
        folder: the launch.
        key: of the worksheet.
        given: row to input and expected, as they were typed.
        seen: the hash of the worksheet as the person saw it.

    Raises:
        Refused: somebody else changed it since; nothing is written.
        BadInput: there is no such worksheet.
    """
    return fill_in(find_worksheet(Layout(folder), key), given, seen=seen)


def take_worksheet(folder: Path, sheet: Worksheet) -> Taken:
    """Bring the filled-in cases of a worksheet into the eval set, and take them off the worksheet.

    Raises:
        BadInput: nothing is filled in.
        Refused: a case would go into a sealed part, or is there already.
        FolderHasProblems: the folder would have problems with these cases; nothing is kept then.
    """
    taken = take(folder, sheet.path)
    left = [row for row in sheet.rows if not is_filled(row)]
    if left:
        keep_rows(sheet, left, seen=sheet.seen)
    else:
        sheet.path.unlink(missing_ok=True)
    return taken
