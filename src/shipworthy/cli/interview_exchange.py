"""`shipworthy interview export`, `import-codebook` and `import-project`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.interview import Use
from shipworthy.services.interview_exchange import Taken, import_codebook, import_project
from shipworthy.services.interview_exchange import interview_export as export_to
from shipworthy.services.interview_import import About


def interview_export(folder: Path, to: Path, *, title: str = "") -> int:
    """Write the codebook (.qdc, or .csv for Taguette) or the whole project (.qdpx, REFI-QDA) for other tools.

    Only interviews with consent whose names are replaced leave the folder. Example:

        shipworthy interview export my-launch interviews.qdpx

    Args:
        folder: the launch folder.
        to: the file to write; its ending says what.
        title: the title of the project; the folder's name unless said.
    """
    done = export_to(folder, to, title=title)
    out(f"{done.path}: {done.themes:,} themes, {done.interviews:,} interviews, {done.excerpts:,} excerpts")
    for name in done.stayed:
        say(f"stayed behind: {name}, which may not leave yet")
    return 0


def interview_import_codebook(folder: Path, file: Path) -> int:
    """Add the codes of a codebook to taxonomy.yaml: .qdc and .qdpx (REFI-QDA), or a CSV with tag, name or path.

    A theme that is there by name stays as it is. Example:

        shipworthy interview import-codebook my-launch codes.qdc

    Args:
        folder: the launch folder.
        file: the codebook.
    """
    _print(import_codebook(folder, file))
    return 0


def interview_import_project(
    folder: Path,
    file: Path,
    *,
    consent: Annotated[bool, Parameter(negative="")] = False,
    method: str = "",
    scope: Annotated[tuple[Use, ...], Parameter(negative="")] = (),
    names_replaced: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Take in a project of another tool (.qdpx): its codebook, its texts as interviews, its coded passages.

    You say for all people in it that consent was given, and that names are replaced. Example:

        shipworthy interview import-project my-launch study.qdpx --consent --method signed --scope quote --names-replaced

    Args:
        folder: the launch folder.
        file: the project.
        consent: everybody in it agreed.
        method: how consent was given.
        scope: what it allows: notes, recording, quote, quote_external; may be repeated.
        names_replaced: no names stand in its texts; replacing them later would move every excerpt.
    """
    about = About(consent="given" if consent else "missing", method=method, scope=scope)
    done = import_project(folder, file, about=about, names_replaced=names_replaced)
    _print(done)
    out(f"interviews: {', '.join(done.interviews) or 'none'}; {done.excerpts:,} excerpts")
    if done.unplaced:
        out(f"{done.unplaced:,} passages passed over: their words are not where the file says")
    if done.left_out:
        out(f"left out: {', '.join(done.left_out)}")
    return 0


def _print(done: Taken) -> None:
    out(f"{done.themes:,} themes added to taxonomy.yaml, {done.known:,} were there by name")
