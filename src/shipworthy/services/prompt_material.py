"""What a variant or a judge may be shown, as far as it lies in the launch folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.similarity.leaks import Material
from shipworthy.store.fingerprint import feature_files
from shipworthy.store.layout import Layout

MOST_BYTES = 5_000_000
"""A larger file is no prompt."""

AUTHORED = ("launch.yaml", "criteria.yaml", "taxonomy.yaml")
"""System prompts stand in the first; judges are shown the questions and examples of the others."""

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\[nrt]")


@dataclass
class Shown:
    """The words of what is shown, and which files could not be read.

    Attributes:
        material: all words, with their places.
        files: the files read.
        skipped: files that are too large or no text.
        prompts: whether anything but the authored files was read.
    """

    material: Material = field(default_factory=Material)
    files: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    prompts: bool = False


def prompt_material(layout: Layout) -> Shown:
    """Read the feature's files, judge prompts, and the texts of the authored files."""
    shown = Shown()
    judges = sorted((layout.folder / "judges").rglob("*.md"))
    feature = feature_files(layout)
    for path in [*feature, *(path for path in judges if path not in feature)]:
        if path.is_file():
            shown.prompts |= _add(shown, layout.folder, path)
    for name in AUTHORED:
        path = layout.folder / name
        if path.is_file():
            _add(shown, layout.folder, path)
    return shown


def _add(shown: Shown, folder: Path, path: Path) -> bool:
    name = str(path.relative_to(folder))
    text = _text(path)
    if text is None:
        shown.skipped.append(name)
        return False
    shown.material.add(name, _ESCAPE.sub(_plain, text))
    shown.files.append(name)
    return True


def _plain(found: re.Match[str]) -> str:
    """Read an escape as program text and JSON write it; a line break stays inside its line."""
    return chr(int(found[1], 16)) if found[1] else " "


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    if b"\0" in content:
        return None
    return content.decode("utf-8", "replace")
