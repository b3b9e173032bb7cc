"""The verdict on a terminal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from shipworthy.exporters.interface import Envelope
from shipworthy.exporters.terminal import clean, fit, wrapped
from shipworthy.exporters.verdict_text import verdict_text
from shipworthy.narrative.claim import rows

calm = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_first_line_is_the_verdict_and_the_last_says_what_next(narrower, criteria):
    """One sentence of verdict, one next step."""
    lines = verdict_text(narrower, criteria).splitlines()
    assert lines[0].startswith("Ship narrower: only orders and returns (topic)")
    assert lines[-1] == "Next: Write the page that defends it (shipworthy memo)."


def test_a_row_shows_shape_word_position_and_counts(narrower, criteria):
    """State is told by shape, by position against the bar, and by word."""
    lines = verdict_text(narrower, criteria).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("✕ right answer, topic billing"))
    track = lines[at][45:]
    assert track.index("✕") < track.index("┤") < track.index("┃")
    assert (
        lines[at + 1]
        .strip()
        .startswith("does not hold: 36 of 60 (60 of 100); at best 71 of 100; bar 80 of 100")
    )


def test_what_is_open_has_its_price(narrower, criteria):
    """A claim not shown yet says what showing it would take."""
    said = " ".join(verdict_text(narrower, criteria).split())
    assert "about 310 new cases would show it 80 times in 100, if the true rate is 94 of 100" in said


def test_colour_adds_nothing_but_colour(narrower, criteria):
    """Without its escapes the coloured text is the plain text, and plain text has no escapes."""
    plain_text, coloured = verdict_text(narrower, criteria), verdict_text(narrower, criteria, colour=True)
    assert "\x1b" not in plain_text
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain_text != coloured


def test_exploratory_evidence_never_holds_on_a_terminal(exploring, criteria):
    """No row of a rehearsal says that anything holds."""
    said = verdict_text(exploring, criteria)
    assert "    holds" not in said
    assert said.startswith("Not yet: this evidence is exploratory and cannot confirm.")


@calm
@given(data=st.data(), envelope=st.sampled_from([None, Envelope("a" * 64, "2027", "0.1.0")]))
def test_hostile_names_stay_text_within_eighty_columns(data, envelope, hostile_verdicts):
    """No name widens a line, hides text, reverses it or reaches the terminal as an escape."""
    verdict = data.draw(hostile_verdicts)
    said = verdict_text(verdict, (), envelope)
    for line in said.splitlines():
        assert cell_len(line) <= 80
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in said if c != "\n")


@calm
@given(data=st.data())
def test_every_claim_is_there_with_its_counts(data, hostile_verdicts):
    """Each claim of the verdict has its row and its counts, whatever its name."""
    verdict = replace(data.draw(hostile_verdicts), reasons=(), notes=(), blocked_by=())
    said = " ".join(verdict_text(verdict).split())
    for row in rows(verdict):
        assert row.counts in said


@calm
@given(st.text(), st.integers(3, 90))
def test_fitted_text_takes_exactly_its_cells(text, width):
    """Wide, narrow and broken text alike fill exactly the cells they were given."""
    assert cell_len(fit(text, width)) == width


@calm
@given(st.text(max_size=400))
def test_wrapping_loses_no_word(text):
    """Wrapped lines hold the whole text."""
    assert "".join(wrapped(text)).replace(" ", "") == clean(text, 4000).replace(" ", "")
