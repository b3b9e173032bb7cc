"""Signed decisions as files in `decisions/`: one JSON object each, whose signed part is named by its canonical bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from shipworthy.store.layout import Layout

FORMAT = "shipworthy.decision/1"


def canonical(signed: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: JSON with sorted keys and nothing between its parts."""
    return json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def memo_hashes(layout: Layout, *, rehearsal: bool) -> dict[str, str]:
    """Return the SHA-256 of every file of the memo, by name."""
    name = "rehearsal" if rehearsal else "memo"
    found = sorted(layout.memo.glob(f"{name}*")) if layout.memo.is_dir() else []
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found if path.is_file()}


def write_decision(folder: Path, name: str, content: dict[str, Any]) -> Path:
    """Write a decision so that it is there whole or not at all; an earlier one is never written over."""
    folder.mkdir(exist_ok=True)
    path, number = folder / f"{name}.json", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.json"
    unfinished = folder / f".{path.name}.unfinished"
    unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def read_decisions(layout: Layout) -> dict[str, dict[str, Any] | None]:
    """Return every decision by its file's name; None for a file that is none."""
    found: dict[str, dict[str, Any] | None] = {}
    folder = layout.folder / "decisions"
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            whole = isinstance(content, dict) and isinstance(content.get("signed"), dict)
            found[path.name] = content if whole else None
        except (OSError, ValueError, RecursionError):
            found[path.name] = None
    return found
