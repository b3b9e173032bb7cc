"""Certificate: a page that states what was done in a practice launch; no grade, and nothing that was not done."""

from __future__ import annotations

from pathlib import Path

from shipworthy.domain.errors import Misused, Refused
from shipworthy.services.clock import now
from shipworthy.services.course_check import check_course
from shipworthy.services.course_drill import drills, drills_done
from shipworthy.services.opened import opened
from shipworthy.store import journal
from shipworthy.store.course_file import read_lessons

FILE = "certificate.md"
LONGEST = 200


def write_certificate(folder: Path, *, name: str) -> Path:
    """Write the page into the practice launch, over an older one.

    Args:
        folder: the practice launch.
        name: who did the work.

    Returns:
        Where it is.

    Raises:
        Misused: the name is empty, too long, or more than a line.
        Refused: no lesson is done yet.
    """
    path = folder / FILE
    path.write_text(certificate(folder, name=name), encoding="utf-8")
    return path


def certificate(folder: Path, *, name: str) -> str:
    """Return the page as Markdown; nothing is written.

    Args:
        folder: the practice launch.
        name: who did the work.

    Raises:
        Misused: the name is empty, too long, or more than a line.
        Refused: no lesson is done yet.
    """
    said = name.strip()
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Misused("a certificate needs a name on one line", remedy="say --name 'Your Name'")
    marked = check_course(folder)
    if not any(each.passed for each in marked):
        raise Refused(
            "no lesson is done yet, so there is nothing to state",
            where=str(folder),
            remedy="`shipworthy learn progress` says how far each one is",
        )
    titles = {lesson.number: lesson for lesson in read_lessons()}
    lines = ["# What was done", "", f"{_plain(said)}, in a practice launch of sample material:", ""]
    for each in marked:
        if each.passed:
            lesson = titles[each.lesson]
            lines.append(f"- Lesson {each.lesson}, {lesson.title}. {lesson.standfirst}.")
            lines += [f"  - {point.asked}" for point in each.points]
    open_ = [f"{each.lesson} ({titles[each.lesson].title})" for each in marked if not each.passed]
    lines += ["", f"Drills named rightly: {len(drills_done(folder))} of {drills()}."]
    lines += [f"Not done, or not yet: lesson {', '.join(open_)}."] if open_ else []
    with opened(folder) as launch, launch.ledger.read() as connection:
        head = journal.head(connection)[1]
    lines += ["", f"Written {now()[:10]} from the folder and its ledger; journal head `{head[:16]}`."]
    lines += ["This states what was done. It is no grade, and nobody was watching."]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return a name in which nothing is read as Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+!|&" else char for char in text)
