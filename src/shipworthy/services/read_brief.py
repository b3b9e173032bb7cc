"""The brief as it stands: what is written, what is blank, and the hash that guards the next change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.answers import answered, lacking
from shipworthy.domain.brief import Assumption, Cause, ranked
from shipworthy.domain.launch import Launch
from shipworthy.domain.problem import Problem
from shipworthy.domain.questions import QUESTIONS, Question
from shipworthy.store.guarded import file_hash
from shipworthy.store.layout import Layout
from shipworthy.store.read import Reading, read_launch


@dataclass(frozen=True)
class Brief:
    """The brief of a launch.

    Attributes:
        launch: the launch as far as it could be understood.
        seen: the hash of launch.yaml, to be handed back with a change.
        open: the questions that are not answered yet.
        answered: how many of the nine are.
        assumptions: what matters most and has least behind it first.
        modes: failure modes that a cause may name.
        problems: of the folder.
    """

    launch: Launch
    seen: str
    open: tuple[Question, ...]
    answered: int
    assumptions: tuple[Assumption, ...]
    modes: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def apart(self) -> bool:
        """Whether causes are still written apart: nobody sees what others wrote."""
        return self.launch.premortem.together is None

    def causes(self, reader: str | None) -> tuple[Cause, ...]:
        """Return the causes that somebody may read: their own while people write apart, all afterwards.

        Args:
            reader: who reads; None for nobody in particular, who sees none while people write apart.
        """
        return tuple(c for c in self.launch.premortem.causes if not self.apart or c.participant == reader)


def read_brief(folder: Path, reading: Callable[[], Reading] | None = None) -> Brief:
    """Return the brief of a launch; a folder with problems has one too.

    Args:
        folder: the launch.
        reading: reads the folder; it is asked once the file's hash is known, so that what is saved was seen.
    """
    seen = file_hash(Layout(folder).launch)
    found = reading() if reading else read_launch(folder)
    launch = found.launch
    return Brief(
        launch,
        seen,
        tuple(question for question in QUESTIONS if lacking(question, launch)),
        answered(launch),
        ranked(launch.assumptions),
        tuple(mode.id for mode in found.taxonomy),
        found.problems,
    )
