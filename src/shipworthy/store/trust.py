"""Which launch code a person has agreed to run, by content; kept outside the folder, which may be anybody's."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from shipworthy.store.fingerprint import CODE, feature_files, file_sha
from shipworthy.store.layout import Layout


def code_sha(layout: Layout, *reached: str, programs: bool = False) -> str:
    """Name everything in the folder that could run, and what else a run would execute or call.

    Args:
        layout: the launch folder.
        reached: commands and addresses, as a person is shown them.
        programs: whether a command runs: then any file of the feature may be code.
    """
    digest = hashlib.sha256("".join(f"{text}\0" for text in reached).encode())
    files = [path for path in feature_files(layout) if programs or path.suffix in CODE]
    for path in [*files, *([layout.scorers] if layout.scorers.is_file() else [])]:
        digest.update(f"{path.relative_to(layout.folder)}\0{file_sha(path)}\0".encode())
    return digest.hexdigest()


def code_files(layout: Layout, *, programs: bool = False) -> list[str]:
    """Return the names of the files that would run; with programs, of all files that one could read."""
    files = [path for path in feature_files(layout) if programs or path.suffix == ".py"]
    found = [str(path.relative_to(layout.folder)) for path in files]
    return [*found, *(["scorers.py"] if layout.scorers.is_file() else [])]


def is_trusted(sha: str) -> bool:
    """Whether a person agreed to run this content before."""
    path = _list()
    return path.is_file() and sha in path.read_text(encoding="utf-8").split()


def trust(sha: str) -> None:
    """Remember the agreement."""
    path = _list()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{sha}\n")


def _list() -> Path:
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "shipworthy" / "trusted"
