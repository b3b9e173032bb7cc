"""Figures of results: every fact stands in their words, every position is on the drawing, no text is markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.distribution import distribution
from shipworthy.decision.reading_rates import Read
from shipworthy.decision.reading_rates import saturation as read_in_order
from shipworthy.domain.criteria import Bar, Criterion
from shipworthy.exporters.element import Element
from shipworthy.exporters.svg_board import tradeoff_board as board_svg
from shipworthy.exporters.svg_flips import flips as flips_svg
from shipworthy.exporters.svg_histogram import histogram as histogram_svg
from shipworthy.exporters.svg_saturation import saturation as saturation_svg
from shipworthy.exporters.svg_timeline import timeline as timeline_svg
from shipworthy.narrative.flip_squares import MOST, flip_squares
from shipworthy.narrative.histogram import histogram
from shipworthy.narrative.saturation import as_read, saturation
from shipworthy.narrative.timeline import event_words, timeline
from shipworthy.narrative.tradeoff_board import BoardPanel, BoardRow, TradeoffBoard
from shipworthy.statistics.results import NotEstimable
from shipworthy.statistics.unseen import Unseen

HOSTILE = '"><script>alert(1)</script>\u202e\x1b[31m'
QUICK = Criterion(
    id="fast", kind="guardrail", estimand="quantile", of="latency_s", quantile=0.95, bar=Bar(at_most=8.0)
)


def parsed(drawn: Element) -> ET.Element:
    """Return a drawing as a reader of SVG takes it; it has a name and a description, and no style or script."""
    root = ET.fromstring(drawn.markup)
    names = [each.tag for each in root]
    assert names[:2] == ["title", "desc"]
    assert "style" not in drawn.markup
    assert "<script" not in drawn.markup
    return root


def test_a_histogram_has_less_to_the_right_and_its_bar_as_a_line() -> None:
    """Times of 1 to 100 seconds: the .9 quantile of 90 s stands left of the middle one, the bar of 8 s right of both."""
    found = distribution(np.arange(1.0, 101.0), np.arange(100), (0.5, 0.9))
    figure = histogram(found, "latency_s", [QUICK])
    middle, nine = figure.reaches
    assert middle.at is not None
    assert nine.at is not None
    assert nine.at < middle.at < figure.lines[0][0]
    assert figure.lines[0][1] == "fast: 95 of 100 within 8 s"
    assert figure.quantiles[0][:2] == ("50 of 100 within", "50 s")
    assert "Mean 51 s." in figure.words or "Mean 50 s." in figure.words
    drawn = parsed(histogram_svg(figure))
    assert len(drawn.findall("rect")) == sum(n > 0 for n in found.counts)


def test_a_histogram_of_nothing_is_empty_and_says_why() -> None:
    """No cost was recorded of three outputs: no column, and the words say so."""
    figure = histogram(distribution(np.full(3, np.nan), np.arange(3), (0.5,)), "cost_usd")
    assert figure.columns == ()
    assert "Not recorded for 3 outputs." in figure.words
    parsed(histogram_svg(figure))


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(0, 100_000))
def test_squares_never_hide_a_change(fixed: int, broken: int, unchanged: int) -> None:
    """However many groups, each side has at most so many squares, and none only where nothing changed."""
    figure = flip_squares(
        "old", "new", fixed=fixed, broken=broken, unchanged=unchanged, gain=NotEstimable("x")
    )
    assert max(figure.fixed, figure.broken) <= MOST
    assert (figure.fixed == 0) == (fixed == 0)
    assert (figure.broken == 0) == (broken == 0)
    assert (figure.fixed - 1) * figure.each < max(fixed, 1)


def test_squares_are_told_apart_by_place_and_by_shape() -> None:
    """Two broken left of the line as open squares, three fixed right of it; the names are hostile and stay text."""
    figure = flip_squares(HOSTILE, "new", fixed=3, broken=2, unchanged=5, gain=(0.1, -0.2, 0.4))
    drawn = parsed(flips_svg(figure))
    by_class = {kind: [float(r.get("x", "")) for r in drawn.findall("rect") if r.get("class") == kind] for kind in ("fixed", "broken")}  # fmt: skip
    assert len(by_class["fixed"]) == 3
    assert len(by_class["broken"]) == 2
    assert max(by_class["broken"]) < min(by_class["fixed"])
    assert "+10 of 100 gained; could be from -20 of 100 to +40 of 100" in figure.words


def test_failure_modes_are_drawn_in_the_order_of_reading() -> None:
    """Late, late, rude without a name, then seven that pass: two steps up, then flat; the bound stands in the words."""
    read = [Read(1, "", "fail", frozenset({"late"})), Read(2, "", "fail", frozenset({"late"}))]
    read += [Read(3, "", "fail", frozenset()), *(Read(n, "", "pass", frozenset()) for n in range(4, 11))]
    found = read_in_order(read)
    figure = as_read(found)
    assert figure.points[0] == (0.0, 0.0)
    assert [round(y, 2) for _, y in figure.points[1:]] == [0.5, 0.5] + [1.0] * 8
    assert figure.words.startswith(
        "10 groups read, 1 failure mode and 1 failure without a name seen, the last new one 7 ago."
    )
    assert figure.words.endswith(f"could be as much as {-int(-100 * found.upper // 1)} of 100.")
    assert "nothing follows" in as_read(found, drawn=False).words
    assert "of 100" not in as_read(found, drawn=False).words
    parsed(saturation_svg(figure))


def test_the_curve_of_a_single_output_that_passes_is_drawn() -> None:
    """One output, nothing wrong: a flat line and no word of a last new one."""
    figure = as_read(read_in_order([Read(1, "", "pass", frozenset())]))
    assert figure.points == ((0.0, 0.0), (1.0, 0.0))
    assert "ago" not in figure.words
    parsed(saturation_svg(figure))


def test_the_saturation_curve_ends_at_what_was_seen() -> None:
    """100 groups, three modes once, one twice, one twelve times: five modes at the end, none at the start."""
    figure = saturation(Unseen.from_counts(reviewed=100, modes={"a": 1, "b": 1, "c": 1, "d": 2, "e": 12}))
    assert figure.points[0] == (0.0, 0.0)
    assert figure.points[-1] == pytest.approx((1.0, 1.0))
    assert [y for _, y in figure.points] == sorted(y for _, y in figure.points)
    assert "100 groups reviewed, 5 failure modes seen" in figure.words
    assert "could be as much as" in figure.words
    parsed(saturation_svg(figure))


def test_a_lock_of_another_plan_is_a_change_and_a_look_is_none() -> None:
    """Lock, look, the same lock again, another lock."""
    events: list[tuple[int, str, str, dict[str, Any]]] = [
        (1, "2027-01-02T10:00", "lock", {"sha": "a" * 64}), (2, "2027-01-03", "look", {"variant": HOSTILE, "number": 1, "groups": 40}),
        (3, "2027-01-04", "lock", {"sha": "a" * 64}), (4, "2027-01-05", "lock", {"sha": "b" * 64}),
    ]  # fmt: skip
    figure = timeline(events, earlier=2)
    assert [moment.kind for moment in figure.moments] == ["lock", "look", "lock", "change"]
    assert [moment.at for moment in figure.moments] == pytest.approx([0, 1 / 3, 2 / 3, 1], abs=1e-5)
    assert figure.words.startswith("2 earlier events left out.")
    parsed(timeline_svg(figure))
    parsed(timeline_svg(timeline([])))


@given(
    st.text(max_size=20),
    st.dictionaries(st.text(max_size=10), st.integers() | st.text(max_size=80) | st.none(), max_size=4),
)
def test_an_event_says_only_what_is_known_to_hold_no_outcome(verb: str, body: dict[str, object]) -> None:
    """Of an unknown event only its name is said, whatever its body holds; no line breaks, no control characters."""
    said = event_words(verb, body)
    assert "\n" not in said
    assert said.isprintable() or not said
    assert event_words("later", body | {"passed": 173}) == "later"


@pytest.mark.parametrize(
    ("verb", "body", "said"),
    [
        ("labels", {"first": 7, "last": 7, "digest": "ab"}, "label 7 was written"),
        ("labels", {"first": 7, "last": 9, "digest": "ab"}, "labels 7 to 9 were written"),
        ("labels", {"first": "7"}, "labels were written"),
        ("taxonomy", {"change": "split", "of": "late"}, "failure modes changed: split"),
        ("reviewer", {"reviewer": 1, "name": "Ada"}, "somebody began to read: Ada"),
    ],
)
def test_the_events_of_a_reading_say_what_happened(verb: str, body: dict[str, object], said: str) -> None:
    """A label, several, a change of the failure modes, a new reader: each is a sentence, and none tells a verdict."""
    assert event_words(verb, body) == said


def test_a_board_strikes_what_is_dominated_and_keeps_every_word() -> None:
    """Two variants on one axis: the dominated one is struck, both have their words beside them."""
    rows = (
        BoardRow("a", 0.0, 0.2, 0.4, "70 (60 to 80)", "dominated"),
        BoardRow(HOSTILE, 0.6, 0.8, 1.0, "90", "in front"),
    )
    figure = TradeoffBoard((BoardPanel("right: goal, of 100", ("60", "100"), rows, ()),), "words")
    drawn = parsed(board_svg(figure))
    struck = [g for g in drawn.findall("g") if any(each.get("class") == "bar" for each in g.findall("line"))]
    assert [g.get("class") for g in struck] == ["dominated"]
    assert "70 (60 to 80)" in "".join(drawn.itertext())
