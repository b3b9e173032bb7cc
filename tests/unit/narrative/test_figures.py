"""Figures as data."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.narrative.claim import rows
from shipworthy.narrative.figures import icon_array, load_line, load_lines, scope_map


def marks(verdict, criteria):
    """Return the marks of the load line, by claim number."""
    return {m.ref.number: m for p in load_line(rows(verdict, criteria)).panels for m in p.marks}


def test_position_tells_the_state(narrower, criteria):
    """What holds floats right of its line, what does not hold lies left of it, what is open crosses it."""
    for mark in marks(narrower, criteria).values():
        if mark.state == "holds":
            assert mark.bar <= mark.low <= mark.dot
        elif mark.state == "does not hold":
            assert mark.dot <= mark.high < mark.bar
        else:
            assert mark.low < mark.bar < mark.high


def test_less_is_better_is_drawn_to_the_right_as_well(narrower, criteria):
    """A cost under its ceiling lies right of its line, like everything that holds."""
    cost = next(m for m in marks(narrower, criteria).values() if m.label == "cost")
    assert cost.bar < cost.low < cost.dot


def test_one_hundred_marks_count_seen_and_possible_failures(narrower, criteria):
    """An icon array has 100 marks: wrong as seen, wrong at the bound, right."""
    array = icon_array(rows(narrower, criteria)[8])
    assert (array.right, array.doubtful, array.wrong) == (48, 12, 40)
    assert array.words == "40 of 100 wrong as seen; it could be 52."


def test_one_failure_in_many_is_one_mark(make_claim, narrower):
    """A failure never rounds away."""
    claim = make_claim(passed=1999, planned=2000)
    array = icon_array(rows(type(narrower)("ship", None, False, "v", narrower.scope, (claim,), "p", "e"))[0])
    assert array.wrong == 1


def test_the_scope_map_names_share_and_reason(narrower):
    """Each slice has its share; the one left out says by which claim."""
    areas = scope_map(narrower, {"topic=orders": 0.55, "topic=returns": 0.3, "topic=billing": 0.15}).areas
    assert [(a.name, a.share, a.kept) for a in areas] == [
        ("orders", 0.55, True), ("returns", 0.3, True), ("billing", 0.15, False)
    ]  # fmt: skip
    assert areas[2].words == "left out: right_answer does not hold"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_position_lies_on_its_axis(data, verdicts, criteria):
    """Whatever the numbers, positions are between 0 and 1, ticks ascend, and every claim is drawn once."""
    verdict = data.draw(verdicts)
    figure = load_line(rows(verdict, criteria))
    drawn = [m for panel in figure.panels for m in panel.marks]
    assert sorted(m.ref.number for m in drawn) == list(range(1, len(verdict.claims) + 1))
    for mark in drawn:
        assert all(0 <= p <= 1 for p in (mark.bar, mark.dot, mark.low, mark.high) if p is not None)
    for panel in figure.panels:
        positions = [at for at, _ in panel.ticks]
        assert positions == sorted(positions)


def test_many_claims_are_drawn_in_sheets_that_share_their_axes(make_claim, narrower, criteria):
    """Thirty claims of one kind: three drawings of at most fourteen, one axis, told once how to read them."""
    passed = [40 + 2 * i for i in range(30)]
    claims = tuple(make_claim(passed=n, planned=110, part=f"topic=t{n}") for n in passed)
    said = rows(replace(narrower, claims=claims), criteria)

    drawn = load_lines(said, drawn="2026-11-26")

    assert [sum(len(panel.marks) for panel in each.panels) for each in drawn] == [14, 14, 2]
    assert len({each.panels[0].ticks for each in drawn}) == 1
    assert [bool(each.caption) for each in drawn] == [False, False, True]
    assert [each.drawn for each in drawn] == ["2026-11-26", "", ""]
