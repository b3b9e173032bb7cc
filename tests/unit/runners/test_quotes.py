"""Quoted passages: each must stand in the source that is cited for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.criteria import Scorer
from shipworthy.runners.declared import scores_of
from shipworthy.runners.scoring import About, Said
from shipworthy.store.layout import Layout

FIRST = "Refunds take five working days \u2013 at most.  A letter says \u2018done\u2019 when the money is on its way."
SECOND = "Shops close at eight on weekdays and at six on Saturdays."


def said(output: str, *, sources: Any = (FIRST, SECOND), **asked: Any) -> Said:
    """Return what the check says of an output."""
    scorer = Scorer.model_validate({"cites": {"in": "input.sources", "quotes": "exact", **asked}})
    check = scores_of(scorer, Layout(Path()))
    assert check is not None
    given = {"sources": list(sources) if isinstance(sources, tuple) else sources}
    with check.ready():
        return check.score(given, None, output, About())


@pytest.mark.parametrize(
    "output",
    [
        'It says "Refunds take five working days" [1].',
        "It says \u201crefunds take  five working days,\u201d [1] so wait.",
        "As [2] has it: \u201eShops close at eight on weekdays\u201c.",
        "\u00abShops close at eight on weekdays\u00bb and \u00abRefunds take five working days\u00bb [1, 2].",
        "It says \u201cfive working days - at most\u201d [1].",
        "It says \u201ca letter says 'done' when the money\u201d [1].",
        "It says \u201cRefunds take five working days \u2026 A letter says 'done'\u201d [1].",
        "It says \u201cdone\u201d and \u201cno refund\u201d [1].",
        '[1] says "Refunds take five working days" and [2] that "Shops close at eight on weekdays".',
        "It says \u2018Refunds take five working days\u2019 [1], and the customers\u2019 own words are not meant.",
        'A 5" pipe is "Refunds take five working days" long [1].',
    ],
)
def test_a_passage_that_stands_in_its_source_passes(output):
    """Letter case, blanks, marks, dashes and what is left out between some words make no difference."""
    assert said(output) == (1.0, None)


@pytest.mark.parametrize(
    ("output", "why"),
    [
        (
            'It says "Refunds take three working days" [1].',
            "quotes 'Refunds take three working days' from 1, which does not say so",
        ),
        (
            'For a 5" pipe "Refunds take three working days" [1].',
            "quotes 'Refunds take three working days' from 1, which does not say so",
        ),
        (
            "It says \u2018Refunds don\u2019t take three working days\u2019 [1].",
            "quotes 'Refunds don\u2019t take three working days' from 1, which does not say so",
        ),
        (
            'It says "Shops close at eight on weekdays" [1]. Go there [2].',
            "quotes 'Shops close at eight on weekdays' from 1, which does not say so",
        ),
        (
            'It says "Refunds take five working days". ' + "x" * 200 + " [1]",
            "quotes 'Refunds take five working days' and cites no source for it",
        ),
        (
            "It says \u201cRefunds \u2026 done \u2026 money\u201d [1].",
            "quotes 'Refunds \u2026 done \u2026 money' from 1, which does not say so",
        ),
        ('It says "... ... ..." [1].', "quotes '... ... ...' from 1, which does not say so"),
    ],
)
def test_a_passage_that_does_not_stand_there_fails_with_the_reason(output, why):
    """Invented, taken from another source, without a source, or put together from single words."""
    assert said(output) == (0.0, why)


def test_a_passage_belongs_to_the_citation_behind_it_and_not_to_the_next_one():
    """Two passages, two sources, in the wrong order: the first one is named."""
    assert said('"Shops close at eight on weekdays" [2], "Refunds take five working days" [1].')[0] == 1.0
    value, words = said('"Shops close at eight on weekdays" [1], "Refunds take five working days" [2].')
    assert value == 0.0
    assert "'Shops close at eight on weekdays' from 1" in str(words)


@pytest.mark.parametrize(
    "sources",
    [
        [{"id": "DOC-1", "text": FIRST}, {"id": "DOC-2", "text": SECOND}],
        {"DOC-1": FIRST, "DOC-2": SECOND},
        {"DOC-1": {"body": [FIRST]}, "DOC-2": {"body": [SECOND]}},
        {"first": {"id": "DOC-1", "text": FIRST}, "second": {"id": "DOC-2", "text": SECOND}},
    ],
)
def test_a_source_is_found_by_its_id_in_whatever_form_the_case_has_it(sources):
    """A list of parts with an id, or keys; the other source does not count."""
    asked = {"by": "id", "pattern": r"DOC-\d+"}

    assert said('"Shops close at eight" (DOC-2)', sources=sources, **asked) == (1.0, None)
    assert said('"Shops close at eight" (DOC-1)', sources=sources, **asked)[0] == 0.0


def test_near_takes_a_slip_of_the_pen_and_says_how_alike_the_rest_is():
    """One letter is wrong: 97 of 100; another sentence: 57, where 90 are needed."""
    near = {"quotes": "near"}

    assert said('"Refunds take five workin days" [1]', **near) == (1.0, None)
    value, words = said('"Refunds are paid out at once" [1]', **near)
    assert value == 0.0
    assert "where the nearest is 'refunds take" in str(words)
    assert "and 90 are needed" in str(words)
    assert said('"Refunds are paid out at once" [1]', alike=50, **near) == (1.0, None)


def test_a_passage_that_holds_its_whole_source_is_not_near_it():
    """The source is four words; a long invented passage has them somewhere in it."""
    long = f'"Nobody ever pays, {SECOND[:20]}, and whoever asks twice is sent away at once" [1]'

    assert said(long, sources=[SECOND[:20]], quotes="near")[0] == 0.0


def test_an_output_full_of_passages_is_unscored_and_a_long_passage_ends_in_time():
    """Fifty-one passages are too many; one of 100,000 characters is compared exactly."""
    value, words = said('"one two three" [1] ' * 51)
    assert (value, words) == (None, "unscored: 51 quoted passages, and 50 are compared at most")

    text = "word " * 20_000
    assert said(f'"{text}" [1]', sources=[text + FIRST], quotes="near") == (1.0, None)
    assert said(f'"{text} no" [1]', sources=[text + FIRST], quotes="near")[0] == 0.0


@pytest.mark.parametrize(
    "asked",
    [{"alike": 80}, {"quotes": "near", "alike": 100}, {"quotes": "near", "alike": 10}, {"quotes": "yes"}],
)
def test_what_makes_no_sense_is_refused_when_the_folder_is_read(asked):
    """`alike` without `near`, or out of bounds."""
    with pytest.raises(ValueError, match=r"quotes|alike"):
        Scorer.model_validate({"cites": {"in": "input.sources", **asked}})
