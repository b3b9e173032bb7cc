"""A lesson of the course, marked: what it asked for, what is there, and what to do about the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """One thing that a lesson asks for.

    Attributes:
        asked: what is asked for, as a statement that holds when it is done.
        done: whether it holds.
        said: what is there, and where it does not hold yet, how to go on; never what the answer is.
    """

    asked: str
    done: bool
    said: str


@dataclass(frozen=True)
class Marked:
    """A lesson and how far it is.

    Attributes:
        lesson: its number.
        points: what it asks for, in the order in which it is done.
    """

    lesson: int
    points: tuple[Point, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that it asks for is there."""
        return bool(self.points) and all(point.done for point in self.points)

    @property
    def begun(self) -> bool:
        """Whether anything is there."""
        return any(point.done for point in self.points)
