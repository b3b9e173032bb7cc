"""The course: how far somebody is, a lesson with its marks, a drill, and the page that states what was done."""

from __future__ import annotations

from markupsafe import Markup

from shipworthy.coach.lesson import Marked
from shipworthy.domain.errors import Misused, Refused
from shipworthy.exporters.article_html import article_html
from shipworthy.services.course_certificate import certificate, write_certificate
from shipworthy.services.course_check import check_course, check_lesson, is_practice
from shipworthy.services.course_drill import answer_drill, ask_drill, drills, drills_done, mark_drill
from shipworthy.services.course_lesson import read_lesson, read_lessons
from shipworthy.services.library import read_article
from shipworthy.services.worked_out import worked_out
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import EVERYWHERE, Place
from shipworthy.web.visit import Visit

FOLDER = "FOLDER"
"""What lessons call the practice launch."""


def show(visit: Visit) -> Answer:
    """Show the lessons, and of a practice launch how far each is; nothing is written."""
    layout = visit.kept.layout
    practice = is_practice(layout)
    found = worked_out(visit.kept, check_course, lambda: check_course(layout.folder)) if practice else ()
    marked = {each.lesson: each for each in found}
    lessons = read_lessons()
    done = drills_done(layout.folder) if practice else frozenset()
    following = next((each for each in lessons if practice and not marked[each.number].passed), None)
    rows = [{"it": lesson, "marked": marked.get(lesson.number)} for lesson in lessons]
    context = {
        "practice": practice, "rows": rows, "next": following, "drills": range(1, drills() + 1), "done": done,
    }  # fmt: skip
    return Page("course.html", context)


def show_lesson(visit: Visit) -> Answer:
    """Show a lesson and, in a practice launch, its marks."""
    number = int(visit.path["number"])
    try:
        lesson = read_lesson(number)
    except Misused as error:
        gone = Misused(error.what, where=error.where, remedy="open the course, which lists all of them")
        return Page("problem.html", {"error": gone, "problems": ()}, 404)
    layout = visit.kept.layout
    practice = is_practice(layout)
    text = lesson.text.replace(FOLDER, layout.folder.resolve().name) if practice else lesson.text
    context = {
        "lesson": lesson,
        "body": Markup(article_html(text)),  # noqa: S704 - our own text, in which HTML is switched off
        "marked": _marked(visit, number) if practice else None,
        "article": read_article(lesson.article),
        "last": number == len(read_lessons()),
    }
    return Page("course_lesson.html", context)


def _marked(visit: Visit, number: int) -> Marked:
    """Return the marks of a lesson; they are made again when the folder or the ledger has changed."""
    folder = visit.kept.layout.folder
    return worked_out(visit.kept, (check_lesson, number), lambda: check_lesson(folder, number))


def show_drill(visit: Visit) -> Answer:
    """Show a tiny launch and the rules to choose from."""
    return _drill(visit, None)


def answer(visit: Visit) -> Answer:
    """Mark an answer; in a practice launch it is kept."""
    number, named = int(visit.path["number"]), visit.field("rule")
    folder = visit.kept.layout.folder
    kept = is_practice(visit.kept.layout)
    return _drill(visit, answer_drill(folder, number, named) if kept else mark_drill(number, named))


def _drill(visit: Visit, answered: object) -> Page:
    number = int(visit.path["number"])
    try:
        asked = ask_drill(number)
    except Misused as error:
        gone = Misused(error.what, where=error.where, remedy="open the course, which lists all of them")
        return Page("problem.html", {"error": gone, "problems": ()}, 404)
    context = {
        "asked": asked, "answered": answered, "of": drills(), "practice": is_practice(visit.kept.layout),
    }  # fmt: skip
    return Page("course_drill.html", context)


def show_certificate(visit: Visit) -> Answer:
    """Show what was done, as it would be stated; nothing is written."""
    layout = visit.kept.layout
    practice, body, why = is_practice(layout), "", ""
    if practice:
        try:
            body = article_html(certificate(layout.folder, name=visit.who or "Somebody without a name yet"))
        except Refused as error:
            why = error.what
    context = {
        "practice": practice,
        "body": Markup(body),  # noqa: S704 - our own text and an escaped name, with HTML switched off
        "why": why,
        "written": (layout.folder / "certificate.md").is_file(),
    }
    return Page("course_certificate.html", context)


def write(visit: Visit) -> Answer:
    """Write the page into the practice launch, under a name."""
    name = visit.field("name")
    write_certificate(visit.kept.layout.folder, name=name)
    return Redirect("/course/certificate")


ROUTES = (
    route("/course", show),
    route("/course/certificate", show_certificate, save=write),
    route("/course/drill/{number:int}", show_drill, save=answer),
    route("/course/{number:int}", show_lesson),
)
PLACES = (Place(EVERYWHERE, "Course", "/course"),)
