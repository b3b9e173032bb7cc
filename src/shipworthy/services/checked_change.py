"""What a change of an authored file would break: the problems that the folder does not have yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from shipworthy.domain.problem import Problem
from shipworthy.store.read import read_launch
from shipworthy.store.yaml_file import YamlFile


def new_problems(folder: Path) -> Callable[[YamlFile], Sequence[Problem]]:
    """Return a question to a file as it would be: which problems would the folder have that it has not got now?

    Mistakes that stand in the folder already keep nobody from writing something else.
    """
    known = {(each.file, each.found, each.expected) for each in read_launch(folder).problems}

    def asked(file: YamlFile) -> Sequence[Problem]:
        found = read_launch(folder, instead=file).problems
        return [each for each in found if (each.file, each.found, each.expected) not in known]

    return asked
