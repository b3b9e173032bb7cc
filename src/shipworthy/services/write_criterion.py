"""Write a criterion into `criteria.yaml`, below those that stand there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shipworthy.domain.draft import drafted
from shipworthy.domain.errors import BadInput
from shipworthy.services.checked_change import new_problems
from shipworthy.store.layout import Layout
from shipworthy.store.yaml_edit import Edited, edit_yaml, entry, listed
from shipworthy.store.yaml_put import written_out


def write_criterion(folder: Path, typed: Mapping[str, str], *, seen: str | None = None) -> Edited:
    """Write one criterion.

    Args:
        folder: the launch.
        typed: field to what was typed, see `domain/draft.py`.
        seen: the hash of criteria.yaml as the person saw it; None where it was only just read.

    Raises:
        BadInput: a field is blank or cannot stand there; nothing is saved.
        FolderHasProblems: the folder would have new problems, such as a slice that is not declared; nothing is saved.
        Refused: somebody else changed the file since it was read; nothing is saved.
    """
    made = drafted(typed)

    def change(data: Any) -> Any:
        rows = listed(data)
        if any(isinstance(row, dict) and row.get("id") == made["id"] for row in rows):
            raise BadInput(
                f"there is a criterion `{made['id']}` already",
                where="criteria.yaml",
                remedy="give this one another name",
            )
        rows.append(
            entry(
                {
                    name: written_out(value) if isinstance(value, str) else value
                    for name, value in made.items()
                }
            )
        )
        return rows

    return edit_yaml(
        Layout(folder).criteria, change, name="criteria.yaml", seen=seen, problems=new_problems(folder)
    )
