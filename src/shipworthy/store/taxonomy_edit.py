"""Write changes of failure modes into `taxonomy.yaml`, in either of its forms, with comments and order kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap

from shipworthy.decision.mode_changes import Patch
from shipworthy.domain.problem import Problem
from shipworthy.store.layout import Layout
from shipworthy.store.taxonomy_file import MODES, modes_in, read_taxonomy
from shipworthy.store.yaml_edit import Edited, edit_yaml, entry, insert, listed, put, read_source
from shipworthy.store.yaml_file import YamlFile, plain


def written_modes(layout: Layout, *, seen: str | None = None) -> tuple[dict[str, dict[str, Any]], str]:
    """Return every failure mode as it is written, by id, and the hash of the file.

    Raises:
        Refused: the file is no longer what the person saw.
        FolderHasProblems: it is not YAML.
    """
    source = read_source(layout.taxonomy, name="taxonomy.yaml", seen=seen)
    rows = plain(modes_in(source.data)) or []
    found = {row["id"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
    return found, source.hash


def write_modes(
    layout: Layout, patches: Sequence[Patch], *, seen: str, needed: Collection[str] = ()
) -> Edited:
    """Change failure modes in the file.

    Args:
        layout: where it is.
        patches: what happens to which entry.
        seen: the hash of the file that the change was made for.
        needed: ids that criteria name: the file must still have them.

    Raises:
        Refused: the file was changed by somebody else in between; nothing is saved.
        FolderHasProblems: the file would have problems; nothing is saved.
    """

    def change(data: Any) -> Any:
        rows = listed(modes_in(data))
        for patch in patches:
            _apply(rows, patch)
        if isinstance(data, dict):
            if MODES not in data or data[MODES] is None:
                data[MODES] = rows
            return data
        return rows

    def problems(file: YamlFile) -> list[Problem]:
        found: list[Problem] = []
        known = read_taxonomy(file, found).positions
        found += [_still_named(name) for name in sorted(set(needed) - set(known))]
        return found

    return edit_yaml(layout.taxonomy, change, name="taxonomy.yaml", seen=seen, problems=problems)


def _still_named(mode: str) -> Problem:
    return Problem(
        "criteria.yaml",
        0,
        0,
        f"the failure mode `{mode}`, which would be gone",
        "failure modes that are declared",
        "take it out of the criterion first",
    )


def _apply(rows: Any, patch: Patch) -> None:
    at = next((n for n, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == patch.id), None)
    if patch.after is None:
        if at is not None:
            del rows[at]
    elif patch.before is None or at is None:
        behind = next((n for n, row in enumerate(rows) if row.get("id") == patch.behind), len(rows) - 1)
        insert(rows, behind + 1, entry(dict(patch.after)))
    else:
        _set(rows[at], patch)


def _set(row: CommentedMap, patch: Patch) -> None:
    for key, value in (patch.after or {}).items():
        if value is None:
            row.pop(key, None)
        else:
            put(row, key, value)
