"""The criteria as they stand: bars and reasons, vague words, failure modes that nothing asks about yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.draft import open_words
from shipworthy.domain.problem import Problem
from shipworthy.domain.taxonomy import SEVERITIES, FailureMode, active, counts_for
from shipworthy.store.guarded import file_hash
from shipworthy.store.layout import Layout
from shipworthy.store.python_file import functions
from shipworthy.store.read import Reading, read_launch


@dataclass(frozen=True)
class Asked:
    """One criterion, and what is vague in it.

    Attributes:
        criterion: what is written.
        words: its vague words, each with the question that it leaves open.
    """

    criterion: Criterion
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Criteria:
    """The criteria of a launch.

    Attributes:
        asked: in their order.
        unasked: failure modes that no criterion names, the worst first.
        seen: the hash of criteria.yaml, to be handed back with a change.
        checks: functions in scorers.py that could score.
        recorded: names of imported scores that criteria read.
        slices: declared.
        problems: of the folder.
    """

    asked: tuple[Asked, ...]
    unasked: tuple[FailureMode, ...]
    seen: str
    checks: tuple[str, ...]
    recorded: tuple[str, ...]
    slices: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_criteria(folder: Path, reading: Callable[[], Reading] | None = None) -> Criteria:
    """Return the criteria of a launch; a folder with problems has them too.

    Args:
        folder: the launch.
        reading: reads the folder; it is asked once the file's hash is known, so that what is saved was seen.
    """
    seen = file_hash(Layout(folder).criteria)
    found = reading() if reading else read_launch(folder)
    ends = counts_for(found.taxonomy)
    named = {ends.get(mode, mode) for criterion in found.criteria for mode in criterion.failure_modes}
    free = [mode for mode in active(found.taxonomy) if mode.id not in named and mode.status != "fixed"]
    scorers = [criterion.scorer for criterion in found.criteria if criterion.scorer]
    defined = functions(found.layout.scorers, "scorers.py", []) if found.layout.scorers.is_file() else set()
    return Criteria(
        tuple(Asked(criterion, open_words(criterion)) for criterion in found.criteria),
        tuple(sorted(free, key=lambda mode: -SEVERITIES.index(mode.severity))),
        seen,
        tuple(sorted(name for name in defined or () if not name.startswith("_"))),
        tuple(dict.fromkeys(scorer.recorded for scorer in scorers if scorer.recorded)),
        tuple(found.launch.slices),
        found.problems,
    )
