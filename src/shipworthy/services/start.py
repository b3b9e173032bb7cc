"""Start a launch: a folder that loads without problems and teaches in its comments."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from shipworthy.domain.errors import Misused, Refused

TEMPLATES = ("blank", "sample")


def start(folder: Path, *, template: str = "blank") -> list[str]:
    """Make a launch folder.

    Args:
        folder: where; it must not exist, or be empty.
        template: `blank`, or `sample` for the sample launch.

    Returns:
        The names of the files written.

    Raises:
        Refused: something is there already; nothing is overwritten.
    """
    if template not in TEMPLATES:
        raise Misused(f"there is no template `{template}`", remedy=f"use one of {', '.join(TEMPLATES)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("there is something already", where=str(folder), remedy="choose a new folder")
    made = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(made, ignore_errors=True)
    content = resources.files("shipworthy") / "content"
    with resources.as_file(content / template) as source:
        shutil.copytree(source, made, ignore=shutil.ignore_patterns("__pycache__", ".shipworthy", "memo"))
    with resources.as_file(content / "shipworthy.schema.json") as schema:
        shutil.copyfile(schema, made / "shipworthy.schema.json")
    (made / ".gitignore").write_text(".shipworthy/\n__pycache__/\n", encoding="utf-8")
    if folder.exists():
        folder.rmdir()
    made.replace(folder)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
