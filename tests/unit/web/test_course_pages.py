"""The pages of the course and the call that the coach books, asked without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.asgi import get, post
from tests.conftest import Said
from tests.learner import OWNER, locks, proves, reads

from shipworthy.services.kept import Kept
from shipworthy.store.course_file import read_drills, read_lessons, read_truth
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

TRUTH = read_truth()


def served(folder: Path) -> tuple[Starlette, Kept]:
    """Return the pages over a folder, and what has to be closed afterwards."""
    kept = Kept(folder)
    return make_app(Serving(kept, b"k" * 32, hosts_of(8321))), kept


@pytest.fixture
def begun(ship: Callable[..., Said], tmp_path: Path) -> Iterator[tuple[Starlette, Path]]:
    """A practice launch in which the first lesson is done."""
    folder = tmp_path / "practice"
    assert ship("learn", "start", folder).code == 0
    reads(ship, folder)
    app, kept = served(folder)
    yield app, folder
    kept.close()


def test_another_launch_shows_the_lessons_and_how_to_begin(app: Starlette) -> None:
    """Six lessons, twenty drills, and the command that makes a practice launch; nothing is marked."""
    text = get(app, "/course").text
    assert all(f'href="/course/{lesson.number}"' in text for lesson in read_lessons())
    assert text.count('href="/course/drill/') == 20
    assert "shipworthy learn start practice" in text
    assert "points" not in text
    assert "nothing to state" in get(app, "/course/certificate").text


def test_a_practice_launch_shows_how_far_each_lesson_is(begun: tuple[Starlette, Path]) -> None:
    """The first is done, the second is the one to go on with, and asking writes nothing."""
    app, folder = begun
    before = sorted(folder.rglob("*"))
    text = get(app, "/course").text
    assert "Go on with lesson 2" in text
    assert "4 of 4 points" in text
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("number", [lesson.number for lesson in read_lessons()])
def test_a_lesson_has_its_text_its_marks_and_the_way_on(begun: tuple[Starlette, Path], number: int) -> None:
    """Its commands name the folder that is open, and no mark names what was planted."""
    app, _ = begun
    reply = get(app, f"/course/{number}")
    assert reply.status == 200
    assert f"shipworthy learn check {number} practice" in reply.text
    assert 'rel="next"' in reply.text
    assert "How far it is" in reply.text
    assert not any(way in reply.text for way in (*TRUTH.hints, TRUTH.broken, TRUTH.withdrawn, *TRUTH.names))
    assert "`" not in reply.text.split("How far it is")[1]


def test_a_lesson_or_a_drill_that_is_not_there_is_not_found(app: Starlette) -> None:
    """Numbers beyond the last are answered with 404 and the way back."""
    for address in ("/course/7", "/course/drill/21", "/course/drill/0"):
        reply = get(app, address)
        assert (reply.status, "open the course" in reply.text) == (404, True)


def test_a_drill_is_answered_and_kept_in_a_practice_launch_alone(
    app: Starlette, begun: tuple[Starlette, Path]
) -> None:
    """A right answer counts in the practice launch; elsewhere it is marked and kept nowhere; a wrong one tells no other rule."""
    drill, practice = read_drills()[1], begun[0]
    right = post(practice, "/course/drill/2", {"rule": drill.rule})
    assert "Yes:" in right.text
    assert "1 of 20 named rightly" in get(practice, "/course").text
    wrong = post(app, "/course/drill/2", {"rule": drill.others[0]})
    assert "Not that one." in wrong.text
    assert "It is not kept" in wrong.text
    assert post(app, "/course/drill/2", {"rule": "XYZ-01"}).status == 400


def test_what_was_done_is_shown_and_written_under_a_name(begun: tuple[Starlette, Path]) -> None:
    """The page states lesson 1; a name that looks like Markdown or HTML stays a name."""
    app, folder = begun
    assert "Lesson 1, Look." in get(app, "/course/certificate").text
    done = post(app, "/course/certificate", {"name": "Ada <b>[x](y)"})
    assert done.status == 303
    assert "Ada \\<b\\>" in (folder / "certificate.md").read_text(encoding="utf-8")
    assert post(app, "/course/certificate", {"name": " "}).status == 400


def test_the_coach_says_where_one_is_and_writes_the_invitation(
    ship: Callable[..., Said], tmp_path: Path
) -> None:
    """Name, address and hour make a page to read before and an invitation; without an address nothing is written."""
    folder = tmp_path / "practice"
    ship("learn", "start", folder)
    locks(ship, folder, criteria=OWNER)
    proves(ship, folder)
    app, kept = served(folder)
    said = {"reviewer_name": "Zoë", "reviewer_address": "zoe@example.org", "own_name": "Ada",
            "own_address": "ada@example.org", "when": "2031-03-03T10:00"}  # fmt: skip
    assert "You are at Frame" in get(app, "/challenges").text
    assert post(app, "/challenges/call", {**said, "reviewer_address": "nowhere"}).status == 422
    assert post(app, "/challenges/call", {**said, "when": "soon"}).status == 422
    assert not (folder / "reviews").exists()
    done = post(app, "/challenges/call", said)
    assert done.status == 303, done.text
    text = get(app, done.header("location").partition("#")[0]).text
    kept.close()
    assert "Nothing was mailed" in text
    assert {path.suffix for path in (folder / "reviews").iterdir()} >= {".md", ".ics"}
