"""Fingerprints of judges: how one is reached, what it is told, and the files that its program calls."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.judge import JudgeFile
from shipworthy.store.fingerprint import CODE, below, feature_files, sha_of
from shipworthy.store.layout import Layout

_PROGRAMS = (
    *CODE, ".js", ".mjs", ".cjs", ".ts", ".sh", ".bash", ".rb", ".pl", ".pm", ".php", ".lua", ".r", ".R", ".jl",
)  # fmt: skip
"""What a program may load by the name before its suffix."""
_LONGEST_READ = 1 << 20
"""Of a file so many bytes are searched for the names of others."""


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
        digest.update(b"\0" + name.encode(errors="surrogateescape") + b"\0" + sha_of(path))
    return digest.hexdigest()[:16]


def _judge_program(layout: Layout, run: Sequence[str]) -> list[tuple[str, Path]]:
    """Return the files of the folder that a judge's command names, and those that they call by name in turn."""
    found = {
        argument: path
        for argument in run
        if "\0" not in argument and len(argument) < 200 and (path := layout.folder / argument).is_file()
    }
    own = {*layout.judge_files(), *found.values()}
    left = {*feature_files(layout), *below(layout.judges)} - own
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
