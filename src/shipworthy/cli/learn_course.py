"""`shipworthy learn start`, `lesson`, `check`, `progress`, `drill` and `certificate`."""

from __future__ import annotations

import sys
from pathlib import Path

from shipworthy.cli.terminal import out, say


def learn_start(folder: Path = Path("practice")) -> int:
    """Make the practice launch of the course: sample material, in which some drafts are wrong on purpose.

    Nothing that exists is overwritten. Example:

        shipworthy learn start practice

    Args:
        folder: where to make it; `practice` unless said.
    """
    from shipworthy.services.course_start import start_course  # noqa: PLC0415 - one command is called

    files = start_course(folder)
    out(f"made {folder} with {len(files)} files: sample material, with drafts that are wrong on purpose")
    say("next: shipworthy learn lesson 1")
    return 0


def learn_lesson(number: int | None = None) -> int:
    """Print a lesson of the course, or the list of them.

    A lesson says what to do, with which command, and what is marked. Examples:

        shipworthy learn lesson
        shipworthy learn lesson 1

    Args:
        number: which one; the list unless said.
    """
    from shipworthy.exporters.course_text import lesson_text, lessons_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.course_lesson import read_lesson, read_lessons  # noqa: PLC0415

    if number is None:
        out(lessons_text(read_lessons()))
    else:
        out(lesson_text(read_lesson(number), colour=sys.stdout.isatty()))
    return 0


def learn_check(number: int, folder: Path = Path("practice")) -> int:
    """Mark a lesson from the practice folder and its ledger: what is there, and how to go on; never the answer.

    Nothing is written, and asking again is free. Exit code 11 while something is open. Example:

        shipworthy learn check 1 practice

    Args:
        number: the lesson.
        folder: the practice launch; `practice` unless said.
    """
    from shipworthy.domain.verdict import ExitCode  # noqa: PLC0415 - loaded with the command
    from shipworthy.exporters.course_text import marked_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.course_check import check_lesson  # noqa: PLC0415
    from shipworthy.services.course_lesson import read_lesson  # noqa: PLC0415

    marked = check_lesson(folder, number)
    out(marked_text(marked, read_lesson(number).title, colour=sys.stdout.isatty()))
    return 0 if marked.passed else ExitCode.NOT_YET


def learn_progress(folder: Path = Path("practice")) -> int:
    """Say which lessons and drills are done, as the folder and its ledger show it.

    Nothing is written, and asking again is free. Example:

        shipworthy learn progress practice

    Args:
        folder: the practice launch; `practice` unless said.
    """
    from shipworthy.exporters.course_text import progress_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.course_check import check_course  # noqa: PLC0415
    from shipworthy.services.course_drill import drills, drills_done  # noqa: PLC0415
    from shipworthy.services.course_lesson import read_lessons  # noqa: PLC0415

    out(progress_text(check_course(folder), read_lessons(), (len(drills_done(folder)), drills())))
    return 0


def learn_drill(number: int, folder: Path = Path("practice"), *, rule: str = "") -> int:
    """Find the flaw: read a tiny launch, and name the rule of the sceptic that asks about it.

    Without a rule the launch and its choices are shown. Answers are kept in the journal of the practice launch.
    Exit code 11 for an answer that is not the one. Examples:

        shipworthy learn drill 1
        shipworthy learn drill 1 practice --rule FRM-05

    Args:
        number: which drill.
        folder: the practice launch; `practice` unless said.
        rule: your answer.
    """
    from shipworthy.domain.verdict import ExitCode  # noqa: PLC0415 - loaded with the command
    from shipworthy.exporters.course_text import answered_text, drill_text  # noqa: PLC0415 - only for its output
    from shipworthy.services.course_drill import answer_drill, ask_drill  # noqa: PLC0415

    if not rule:
        asked = ask_drill(number)
        out(drill_text(asked.number, asked.shows, asked.choices))
        return 0
    answered = answer_drill(folder, number, rule)
    out(answered_text(answered.rule, right=answered.right))
    return 0 if answered.right else ExitCode.NOT_YET


def learn_certificate(folder: Path = Path("practice"), *, name: str) -> int:
    """Write the page that states what was done: lessons and drills, no grade.

    It names nothing that was not done, and is written over an older one. Example:

        shipworthy learn certificate practice --name "Your Name"

    Args:
        folder: the practice launch; `practice` unless said.
        name: who did the work.
    """
    from shipworthy.services.course_certificate import write_certificate  # noqa: PLC0415 - one command is called

    out(str(write_certificate(folder, name=name)))
    return 0
