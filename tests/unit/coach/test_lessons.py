"""What the marks of the course say: explanations that hold for everybody, and nothing of what was planted."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shipworthy.coach import lesson
from shipworthy.coach.lesson_own import Happened, Owned, Promised, Signed, mark_own
from shipworthy.store.course_file import read_lessons, read_truth

TRUTH = read_truth()
PLANTED = (
    *TRUTH.hints,
    *(case for case, way in TRUTH.drafts.items() if way),
    *(case for pair in TRUTH.twins for case in pair),
    *TRUTH.names,
    *TRUTH.guesses,
    TRUTH.withdrawn,
    TRUTH.broken,
)
"""Ways to fail, drafts that fail, twins, names in the talks, guesses, what was taken back, what breaks."""
MODULES = sorted(Path(lesson.__file__).parent.glob("lesson*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_text_of_a_mark_holds_what_was_planted(path: Path) -> None:
    """Every string of the modules that mark lessons is free of planted values."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    texts = [each for each in said if isinstance(each, str)]
    assert texts
    assert [(planted, text) for planted in PLANTED for text in texts if planted in text] == []


def test_no_lesson_tells_what_was_planted() -> None:
    """The pages of the lessons name none of it, and there are six."""
    lessons = read_lessons()
    assert [each.number for each in lessons] == [1, 2, 3, 4, 5, 6]
    # Two drafts that are fine stand in lesson 2 as an example of how to group; none of those planted does.
    assert [(p, each.number) for p in PLANTED for each in lessons if p in each.text] == []


def whole() -> Owned:
    """What a learner leaves who answered for everything."""
    promises = (
        Promised("right-a", "t=a", looked_after=True, ends=True, audited=10, broken=True),
        Promised("must-not-a", "t=a", guards=True, looked_after=True, ends=True, audited=10),
    )
    return Owned(
        opened=True,
        mended=("FRM-03", "FRM-05"),
        accepted=tuple((rule, "what was weighed stands here in full") for rule in ("A-1", "A-2", "A-3")),
        memo=True,
        signed=Signed("ship", "ship", "fewer than 48 of 60", has_review=True, expect=0.7),
        included=("t=a",),
        promises=promises,
        wanted=(("t=a", 10),),
        happened=(Happened(("right-a",), "outdated", frozenset({"t=a"})),),
        page="it is broken",
        differently="I would have asked the counter each Monday what is new.",
    )


def test_who_answered_for_everything_passes() -> None:
    """Nine points hold."""
    marked = mark_own(whole())
    assert [point.asked for point in marked.points if not point.done] == []
    assert len(marked.points) == 9


def test_who_began_nothing_is_told_where_to_begin() -> None:
    """No point holds, and each says what comes first."""
    marked = mark_own(Owned())
    assert not marked.begun
    assert all(point.said for point in marked.points)
