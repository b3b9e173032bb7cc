"""What is kept outside the launch folder, in the state directory of one person: raw transcripts, and the keys to names.

A folder is shared and committed, and git forgets nothing; so no name enters it. Files here are readable by their owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.domain.pseudonym import Swap
from shipworthy.store.layout import Layout


def outside(layout: Layout) -> Path:
    """Return the directory of one launch; it need not exist."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    where = str(layout.folder.resolve())
    return Path(home) / "shipworthy" / "interviews" / hashlib.sha256(where.encode()).hexdigest()[:16]


def waiting_path(layout: Layout, name: str) -> Path:
    """Return where a transcript waits until its names are replaced."""
    return outside(layout) / f"{name}.md"


def key_path(layout: Layout, name: str) -> Path:
    """Return where the key to the names of an interview is kept."""
    return outside(layout) / f"{name}.key.json"


def waiting_names(layout: Layout) -> list[str]:
    """Return the names of transcripts that wait."""
    place = outside(layout)
    return sorted(path.stem for path in place.glob("*.md")) if place.is_dir() else []


def keep(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all.

    Raises:
        Unavailable: the state directory cannot be written.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        what = f"the file cannot be written: {error.strerror}"
        raise Unavailable(what, where=str(path), remedy="set XDG_STATE_HOME to a folder of yours") from error


def keep_key(layout: Layout, name: str, swaps: Sequence[Swap], *, sha: str) -> Path:
    """Write down what was replaced where, and return the path; nothing is kept where nothing was replaced."""
    path = key_path(layout, name)
    body = {
        "launch": str(layout.folder.resolve()),
        "interview": name,
        "text_sha256": sha,
        "replaced": [{"at": swap.at, "now": swap.now, "was": swap.was} for swap in swaps],
    }
    keep(path, json.dumps(body, ensure_ascii=False, indent=1) + "\n")
    return path


def read_key(layout: Layout, name: str) -> list[Swap]:
    """Return what was replaced where.

    Raises:
        BadInput: there is no key here, or it cannot be read.
    """
    path = key_path(layout, name)
    if not path.is_file():
        raise BadInput(
            f"there is no key to the names of `{name}` on this machine",
            where=str(path),
            remedy="ask whoever replaced the names; the key never left their machine",
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [Swap(int(each["at"]), str(each["now"]), str(each["was"])) for each in found["replaced"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "the key cannot be read", where=str(path), remedy="bring it back from a copy"
        ) from error


def forget(layout: Layout, name: str) -> list[str]:
    """Delete the raw transcript and the key of an interview, and return what was deleted."""
    gone = []
    for path in (waiting_path(layout, name), key_path(layout, name)):
        if path.exists():
            path.unlink()
            gone.append(str(path))
    return gone
