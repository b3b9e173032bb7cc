"""Fingerprints of what a launch runs: the feature's own files, and its checks."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from shipworthy.domain.launch import Variant
from shipworthy.store.layout import Layout

RECORDED = "recorded"
"""The fingerprint of a variant whose outputs come from elsewhere: its code is not here to be hashed."""

PROMPT_FILE = "file:"
"""Before the name of a prompt's file, which belongs to the variant wherever it lies."""
CODE = (".py", ".so", ".pyd", ".pth")
"""What Python can load: never the launch's own, wherever it lies, but for scorers.py."""
_OURS = {
    "launch.yaml",
    "criteria.yaml",
    "taxonomy.yaml",
    "demo.yaml",
    "policy.yaml",
    "promises.yaml",
    "scorers.py",
    "shipworthy.schema.json",
}
_OUR_FOLDERS = {
    "evalset",
    "memo",
    "decisions",
    "maps",
    "interviews",
    "judges",
    "reviews",
    "incidents",
    "portfolio",
    "__pycache__",
}


def feature_files(layout: Layout) -> list[Path]:
    """Return the files that belong to the feature: everything in the folder that is not the launch's own.

    What lies behind a link to a folder belongs to it too: Python imports through such a link.
    """
    return [path for path in sorted(below(layout.folder)) if _is_of_feature(path.relative_to(layout.folder))]


def would_be_of_feature(layout: Layout, path: Path) -> bool:
    """Whether a file, were it written there, would belong to the feature: then it would be another one."""
    try:
        relative = path.resolve().relative_to(layout.folder.resolve())
    except (OSError, ValueError):
        return False
    return not any(_is_hidden(part) for part in relative.parts) and _is_of_feature(relative)


def _is_of_feature(relative: Path) -> bool:
    ours = str(relative) in _OURS or (
        relative.suffix not in CODE
        and (relative.parts[0] in _OUR_FOLDERS or relative.name.startswith("README"))
    )
    return not ours and not _is_of_checks(relative)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that are not hidden.

    What a link to a folder leads to is walked once, and never from inside itself: links cannot make a walk without end.
    """
    met: set[str] = set()

    def walk(at: Path, inside: frozenset[str]) -> Iterator[Path]:
        try:
            paths = sorted(at.iterdir())
        except OSError:
            return
        for path in paths:
            if _is_hidden(path.name):
                continue
            if path.is_file():
                yield path
            elif path.is_dir():
                real = os.path.realpath(path)
                if real in inside or (path.is_symlink() and real in met):
                    continue
                if path.is_symlink():
                    met.add(real)
                yield from walk(path, inside | {real})

    return walk(folder, frozenset({os.path.realpath(folder)}))


def variant_fingerprint(layout: Layout, variant: Variant) -> str:
    """Name the state of a variant: its target and the feature's files; `recorded` when it ran elsewhere.

    Limits and prices are not part of it: they change how fast answers come, never which.
    """
    if not variant.runs:
        return RECORDED
    digest = hashlib.sha256(_target(variant))
    if variant.chat is not None and variant.chat.system.startswith(PROMPT_FILE):
        prompt = layout.folder / variant.chat.system[len(PROMPT_FILE) :].strip()
        digest.update(b"\0prompt\0" + (sha_of(prompt) if prompt.is_file() else b""))
    for path in feature_files(layout):
        digest.update(b"\0" + str(path.relative_to(layout.folder)).encode() + b"\0" + sha_of(path))
    return digest.hexdigest()[:16]


def _target(variant: Variant) -> bytes:
    if variant.python is not None:
        return variant.python.encode()
    way = next(way for way in (variant.command, variant.http, variant.chat) if way is not None)
    return f"{type(way).__name__}\0{json.dumps(way.model_dump(mode='json'), sort_keys=True)}".encode()


def check_files(layout: Layout) -> list[Path]:
    """Return the JSON files in `checks/`: they belong to the checks, not to the feature."""
    return [path for path in sorted((layout.folder / "checks").rglob("*.json")) if path.is_file()]


def own_data(layout: Layout) -> list[Path]:
    """Return what lies in the launch's own folders beside code and files of cases: a check may read it all the same."""
    cases = set(layout.evalset_files())
    found = (path for name in sorted(_OUR_FOLDERS) for path in below(layout.folder / name))
    return sorted(path for path in found if path.suffix not in CODE and path not in cases)


def _is_of_checks(relative: Path) -> bool:
    return relative.parts[0] == "checks" and relative.suffix == ".json"


def file_sha(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    return sha_of(path).hex()


def sha_of(path: Path) -> bytes:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
