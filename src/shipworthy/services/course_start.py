"""Start the course: a practice launch whose drafts are recorded, with truths planted that the folder does not hold."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from shipworthy.domain.errors import Refused
from shipworthy.services.bring_in import Order, bring_in


def start_course(folder: Path) -> list[str]:
    """Make the practice launch.

    Args:
        folder: where; it must not exist, or be empty.

    Returns:
        The names of the files written, without the ledger.

    Raises:
        Refused: something is there already; nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("there is something already", where=str(folder), remedy="choose a new folder")
    made = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(made, ignore_errors=True)
    course = resources.files("shipworthy") / "content" / "course"
    with resources.as_file(course / "launch") as source:
        shutil.copytree(source, made, ignore=shutil.ignore_patterns("__pycache__", ".shipworthy"))
    (made / ".gitignore").write_text(".shipworthy/\n", encoding="utf-8")
    with resources.as_file(course / "drafts.csv") as drafts:
        bring_in(made, drafts, Order(variant="drafts"))
    if folder.exists():
        folder.rmdir()
    made.replace(folder)
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(name) for name in names if name.parts[0] != ".shipworthy")
