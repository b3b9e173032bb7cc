"""The course as text: a lesson marked, and how far somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shipworthy.exporters.article_text import body_text
from shipworthy.exporters.terminal import bold, wrapped

if TYPE_CHECKING:
    from shipworthy.coach.lesson import Marked
    from shipworthy.coach.rule import Rule
    from shipworthy.store.course_file import Lesson

DONE, OPEN = "●", "○"


def marked_text(marked: Marked, title: str, *, colour: bool = False) -> str:
    """Return a marked lesson: what is there, and how to go on."""
    done = sum(point.done for point in marked.points)
    lines = [bold(f"Lesson {marked.lesson}, {title}: {done} of {len(marked.points)}", colour=colour)]
    for point in marked.points:
        lines += _marked(DONE if point.done else OPEN, point.asked)
        lines += wrapped(point.said, indent="    ")
    return "\n".join(lines) + "\n"


def _marked(mark: str, text: str) -> list[str]:
    first, *more = wrapped(text, indent="  ")
    return [f"{mark} {first.strip()}", *more]


def lessons_text(lessons: Sequence[Lesson]) -> str:
    """Return the list of lessons."""
    lines = []
    for lesson in lessons:
        lines += [f"{lesson.number}  {lesson.title} ({lesson.minutes} min)", f"   {lesson.standfirst}"]
    return "\n".join(lines) + "\n"


def progress_text(marked: Sequence[Marked], lessons: Sequence[Lesson], drills: tuple[int, int]) -> str:
    """Return how far each lesson is, and how many drills are done."""
    titles = {lesson.number: lesson.title for lesson in lessons}
    lines = []
    for each in marked:
        done = sum(point.done for point in each.points)
        mark = DONE if each.passed else OPEN
        lines.append(f"{mark} {each.lesson}  {titles[each.lesson]:<8} {done} of {len(each.points)}")
    lines.append(f"{DONE if drills[0] == drills[1] else OPEN} drills     {drills[0]} of {drills[1]}")
    return "\n".join(lines) + "\n"


def lesson_text(lesson: Lesson, *, colour: bool = False) -> str:
    """Return a lesson whole, with what to read beside it."""
    above = [bold(f"Lesson {lesson.number}, {lesson.title}", colour=colour), *wrapped(lesson.standfirst)]
    after = ["Read beside it", f"  shipworthy learn {lesson.article}"]
    parts = ["\n".join(above), body_text(lesson.text, colour=colour), "\n".join(after)]
    return "\n\n".join(parts) + "\n"


def drill_text(number: int, shows: str, choices: Sequence[Rule]) -> str:
    """Return a drill: the tiny launch, and the rules to choose from."""
    lines = [f"Drill {number}", *wrapped(shows), "", "Which rule asks about its flaw?"]
    for rule in choices:
        lines += [f"  {rule.id}  {rule.title}"]
    lines += ["", f"shipworthy learn drill {number} --rule RULE"]
    return "\n".join(lines) + "\n"


def answered_text(rule: Rule, *, right: bool) -> str:
    """Return what to say of an answer: why the rule asks, or what it would have to see here."""
    if right:
        return (
            "\n".join([f"{DONE} {rule.id} asks: {rule.asks}", *wrapped(rule.matters), *wrapped(rule.fix)])
            + "\n"
        )
    lines = [f"{OPEN} Not that one. {rule.id} asks: {rule.asks}"]
    lines += wrapped(
        "Read the tiny launch again: which sentence of it would worry that question? If none does, another rule asks."
    )
    return "\n".join(lines) + "\n"
