"""Read the lessons of the course."""

from __future__ import annotations

from shipworthy.domain.errors import Misused
from shipworthy.store.course_file import Lesson, read_lessons

__all__ = ["read_lesson", "read_lessons"]


def read_lesson(number: int) -> Lesson:
    """Return one lesson.

    Raises:
        Misused: there is none of that number.
    """
    by_number = {lesson.number: lesson for lesson in read_lessons()}
    if number not in by_number:
        known = ", ".join(map(str, by_number))
        raise Misused(f"there is no lesson {number}", remedy=f"lessons there are: {known}")
    return by_number[number]
