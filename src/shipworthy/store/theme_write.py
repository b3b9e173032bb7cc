"""Write themes into taxonomy.yaml: under `themes:`, beside the failure modes, comments and order kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from shipworthy.domain.theme import Theme
from shipworthy.store.guarded import NO_FILE
from shipworthy.store.yaml_edit import (
    Edited,
    Source,
    changed_text,
    edit_yaml,
    entry,
    listed,
    read_source,
    save_text,
    written,
)

FIELDS = ("name", "definition", "includes", "excludes", "parent", "kind")


def put_themes(path: Path, themes: Sequence[Theme], *, seen: str | None = None) -> Edited:
    """Add themes, or change those whose id is there already; a field that is empty here stays as it is there.

    Args:
        path: taxonomy.yaml; it need not exist.
        themes: what should stand there.
        seen: the hash of the file as the person saw it; None where it was only just read.

    Raises:
        Refused: somebody else changed the file in between.
        FolderHasProblems: the file is not YAML.
    """
    source = read_source(path, name="taxonomy.yaml", seen=seen)
    if not source.data:
        return save_text(source, _begun(source, themes))
    if isinstance(source.data, list):
        seen = save_text(source, _as_mapping(source)).after

    def change(data: Any) -> Any:
        whole = data if isinstance(data, dict) else CommentedMap()
        rows = listed(whole.get("themes"))
        for theme in themes:
            row = next((each for each in rows if isinstance(each, dict) and each.get("id") == theme.id), None)
            if row is None:
                rows.append(entry({"id": theme.id, **_values(theme)}))
            else:
                for key, value in _values(theme).items():
                    row[key] = written(value)
        whole["themes"] = rows
        return whole

    return edit_yaml(path, change, name="taxonomy.yaml", seen=seen)


def _begun(source: Source, themes: Sequence[Theme]) -> str:
    """Return the text of a file that holds nothing yet, with the themes at its end; its comments stay above."""
    above = [line for line in source.text.split("\n") if line.strip() != "[]"]
    empty = Source(source.path, source.name, "", NO_FILE, None)
    rows = [entry({"id": theme.id, **_values(theme)}) for theme in themes]
    made = changed_text(empty, lambda _: CommentedMap({"themes": listed(CommentedSeq(rows))}))
    return "\n".join([*above, made]).lstrip("\n") if source.text.strip() else made


def _as_mapping(source: Source) -> str:
    """Return the text of a plain list with the list under `failure_modes:`; no line of it changes."""
    lines = source.text.split("\n")
    first = next(n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    return "\n".join([*lines[:first], "failure_modes:", *lines[first:]])


def _values(theme: Theme) -> dict[str, Any]:
    values: dict[str, Any] = {key: getattr(theme, key) for key in FIELDS if getattr(theme, key)}
    return values | ({"becomes": theme.becomes.said()} if theme.becomes else {})
