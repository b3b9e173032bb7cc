"""Fingerprints of what a launch runs: the feature's own files, and its checks."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.judge import JudgeFile
from shipworthy.domain.launch import Variant
from shipworthy.store.layout import Layout

RECORDED = "recorded"
"""The fingerprint of a variant whose outputs come from elsewhere: its code is not here to be hashed."""

PROMPT_FILE = "file:"
"""Before the name of a prompt's file, which belongs to the variant wherever it lies."""
CODE = (".py", ".so", ".pyd", ".pth")
"""What Python can load: never the launch's own, wherever it lies, but for scorers.py."""
_PROGRAMS = (
    *CODE, ".js", ".mjs", ".cjs", ".ts", ".sh", ".bash", ".rb", ".pl", ".pm", ".php", ".lua", ".r", ".R", ".jl",
)  # fmt: skip
"""What a program may load by the name before its suffix."""
_LONGEST_READ = 1 << 20
"""Of a file so many bytes are searched for the names of others."""
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
    below = sorted(_below(layout.folder))
    return [path for path in below if _is_of_feature(path.relative_to(layout.folder))]


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


def _below(folder: Path) -> Iterator[Path]:
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
        digest.update(b"\0prompt\0" + (_sha(prompt) if prompt.is_file() else b""))
    for path in feature_files(layout):
        digest.update(b"\0" + str(path.relative_to(layout.folder)).encode() + b"\0" + _sha(path))
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
    below = (path for name in sorted(_OUR_FOLDERS) for path in _below(layout.folder / name))
    return sorted(path for path in below if path.suffix not in CODE and path not in cases)


def _is_of_checks(relative: Path) -> bool:
    return relative.parts[0] == "checks" and relative.suffix == ".json"


def judge_fingerprint(layout: Layout, judge: JudgeFile, criterion: Criterion, frame: str) -> str:
    """Name a judge: how it is reached, its prompt and examples, and the criterion's own words.

    A change of any of these is another judge, whose scores are another series and which nobody has calibrated.
    What a command runs from the launch folder belongs to it: what it names, and what that calls by name in turn.

    Args:
        layout: the launch folder.
        judge: the judge as it is written.
        criterion: the criterion that it judges.
        frame: the version of what stands round prompt and output in a message.
    """
    words = [criterion.question, criterion.pass_, criterion.fail, criterion.borderline]
    said = json.dumps([judge.terms, words, frame], sort_keys=True, default=str)
    digest = hashlib.sha256(said.encode())
    for name, path in _judge_program(layout, judge.head.command.run) if judge.head.command else ():
        digest.update(b"\0" + name.encode(errors="surrogateescape") + b"\0" + _sha(path))
    return digest.hexdigest()[:16]


def _judge_program(layout: Layout, run: Sequence[str]) -> list[tuple[str, Path]]:
    """Return the files of the folder that a judge's command names, and those that they call by name in turn."""
    found = {
        argument: path
        for argument in run
        if "\0" not in argument and len(argument) < 200 and (path := layout.folder / argument).is_file()
    }
    own = {*layout.judge_files(), *found.values()}
    left = {*feature_files(layout), *_below(layout.judges)} - own
    said = "\n".join(run).encode(errors="surrogateescape") + b"".join(map(_begins, found.values()))
    while called := {path for path in left if _calls(said, path.relative_to(layout.folder))}:
        found |= {str(path.relative_to(layout.folder)): path for path in called}
        left -= called
        said = b"\n".join(map(_begins, called))
    return sorted(found.items())


def _calls(said: bytes, file: Path) -> bool:
    """Whether code or a command calls a file, or a folder it lies in, by name; a module by its bare name."""
    name = file.parent.name if file.name == "__init__.py" else file.stem
    if file.suffix in _PROGRAMS and re.search(rb"(?<!\w)%b(?!\w)" % re.escape(os.fsencode(name)), said):
        return True
    folders = (f"{quote}{part}" for part in file.parts[:-1] for quote in "\"'/")
    return any(os.fsencode(word) in said for word in (file.name, *folders))


def _begins(path: Path) -> bytes:
    """Return as much of a file as is searched for names."""
    with path.open("rb") as file:
        return file.read(_LONGEST_READ)


def file_sha(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    return _sha(path).hex()


def _sha(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
