"""Change: one change of the taxonomy, written into its file and into the journal, or neither."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from shipworthy.decision.mode_changes import Entries, Patch
from shipworthy.domain.errors import BadInput, ShipworthyError
from shipworthy.services.clock import now
from shipworthy.services.desk import Desk
from shipworthy.store import journal
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch
from shipworthy.store.taxonomy_edit import write_modes, written_modes
from shipworthy.store.yaml_edit import Edited, read_source, save_text

VERB = "taxonomy"
Kind = Literal["add", "rename", "describe", "merge", "split", "link", "unlink", "group", "undo"]


@dataclass(frozen=True)
class Changed:
    """A change that was made.

    Attributes:
        number: of its event in the journal; 0 where nothing was to change.
        kind: what it was.
        modes: the failure modes it is about.
        hash: of taxonomy.yaml as it is now.
    """

    number: int
    kind: Kind
    modes: tuple[str, ...]
    hash: str


def change_modes(
    desk: Desk,
    kind: Kind,
    make: Callable[[Entries], list[Patch]],
    *,
    by: str,
    seen: str | None = None,
    about: dict[str, Any] | None = None,
) -> Changed:
    """Make a change of failure modes.

    Args:
        desk: the launch.
        kind: what the change is.
        make: takes the failure modes as they are written, and returns what happens to which.
        by: who changes them.
        seen: the hash of taxonomy.yaml as the person saw it; None where it was only just read.
        about: what the journal keeps besides.

    Raises:
        BadInput: what is named is not there.
        Refused: the file was changed by somebody else in between; nothing is saved.
        FolderHasProblems: the file is broken, or would be; nothing is saved.
    """
    layout = desk.launch.layout
    entries, read = written_modes(layout, seen=seen)
    patches = make(entries)
    modes = tuple(dict.fromkeys(patch.id for patch in patches))
    if not patches:
        return Changed(0, kind, modes, read)
    body = {"change": kind, "by": name_of(by), "patches": [p.as_json() for p in patches], **(about or {})}
    needed = {name for criterion in read_launch(layout.folder).criteria for name in criterion.failure_modes}
    number, edited = _both(desk, body, lambda: write_modes(layout, patches, seen=read, needed=needed), layout)
    follow(desk)
    return Changed(number, kind, modes, edited.after)


def record_change(desk: Desk, kind: Kind, modes: Sequence[str], *, by: str, about: dict[str, Any]) -> Changed:
    """Write a change into the journal that was made elsewhere than in taxonomy.yaml."""
    body = {"change": kind, "by": name_of(by), "patches": [], "modes": list(modes), **about}
    with desk.launch.ledger.write() as connection:
        number = journal.append(connection, verb="taxonomy", body=body, at=now())
    return Changed(number, kind, tuple(modes), written_modes(desk.launch.layout)[1])


def name_of(by: str) -> str:
    """Return a person's name as one line.

    Raises:
        BadInput: there is nothing in it.
    """
    plain = "".join(c for c in by if c.isprintable()).strip()[:80]
    if not plain:
        raise BadInput("a change has a name to it", where="who", remedy="say who you are")
    return plain


def _both(
    desk: Desk, body: dict[str, Any], write: Callable[[], Edited], layout: Layout
) -> tuple[int, Edited]:
    """Write the file and the event; where the event cannot be kept, the file is put back."""
    edited: Edited | None = None
    try:
        with desk.launch.ledger.write() as connection:
            edited = write()
            files = {"before": edited.before, "after": edited.after}
            number = journal.append(connection, verb="taxonomy", body={**body, "file": files}, at=now())
    except BaseException:
        if edited is not None and edited.after != edited.before:
            with contextlib.suppress(ShipworthyError):
                save_text(read_source(layout.taxonomy, seen=edited.after), edited.old)
        raise
    return number, edited


def follow(desk: Desk) -> None:
    """Let the desk know the files as they are now, so that labels may name what is new."""
    reading = read_launch(desk.launch.layout.folder)
    desk.turn_to(replace(desk.launch, reading=reading))
