"""Write: add a failure mode, or say more of one: its name, its definition, how bad it is, what stands against it."""

from __future__ import annotations

from typing import Any

from shipworthy.decision.mode_changes import added, changed, mode_id
from shipworthy.domain.errors import BadInput
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.services.desk import Desk
from shipworthy.services.taxonomy_change import Changed, change_modes

SAYABLE = tuple(name for name in FailureMode.model_fields if name not in ("id", "merged_into", "split_from"))
"""What may be said of a failure mode directly; the rest follows from merging and splitting."""
LONGEST_NAME = 200


def add_mode(
    desk: Desk, name: str, *, by: str, mode: str = "", seen: str | None = None, **values: Any
) -> Changed:
    """Add a failure mode.

    Args:
        desk: the launch.
        name: what people call it.
        by: who adds it.
        mode: its id; made from the name unless said.
        seen: the hash of taxonomy.yaml as the person saw it.
        values: what else is said of it; see `SAYABLE`.

    Raises:
        BadInput: there is one of that id, or no id can be made of the name.
        Refused: the file was changed by somebody else in between.
        FolderHasProblems: a value is none that a failure mode can have.
    """
    plain = name_line(name)
    said = {"name": plain, **_sayable(values)}
    new = mode or mode_id(plain)
    return change_modes(desk, "add", lambda entries: added(entries, new, said), by=by, seen=seen)


def rename_mode(desk: Desk, mode: str, name: str, *, by: str, seen: str | None = None) -> Changed:
    """Give a failure mode another name; its id stays, because labels and criteria point to it.

    Raises:
        BadInput: there is no such failure mode, or nothing in the name.
        Refused: the file was changed by somebody else in between.
    """
    plain = name_line(name)
    return change_modes(
        desk, "rename", lambda entries: changed(entries, mode, {"name": plain}), by=by, seen=seen
    )


def describe_mode(desk: Desk, mode: str, *, by: str, seen: str | None = None, **values: Any) -> Changed:
    """Say something of a failure mode: definition, severity, who is hurt, controls; an empty value is taken away.

    Raises:
        BadInput: there is no such failure mode, or no such key.
        Refused: the file was changed by somebody else in between.
        FolderHasProblems: a value is none that a failure mode can have.
    """
    said = {key: None if value in ("", []) else value for key, value in _sayable(values).items()}
    return change_modes(desk, "describe", lambda entries: changed(entries, mode, said), by=by, seen=seen)


def name_line(name: str) -> str:
    """Return a name as one line of text.

    Raises:
        BadInput: there is nothing in it, or it is a text and no name.
    """
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not plain or len(plain) > LONGEST_NAME:
        raise BadInput(
            "this is no name for a failure mode" if plain else "a failure mode has a name",
            where=plain[:60],
            remedy="say in two to six words what goes wrong",
        )
    return plain


def _sayable(values: dict[str, Any]) -> dict[str, Any]:
    for key in values:
        if key not in SAYABLE:
            raise BadInput(f"a failure mode has no `{key}`", remedy=f"use one of: {', '.join(SAYABLE)}")
    return values
