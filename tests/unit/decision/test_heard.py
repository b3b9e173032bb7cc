"""What was heard, counted by people."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.heard import heard, listened, reads_as
from shipworthy.domain.interview import KINDS, Coding, Interview, InterviewHead
from shipworthy.domain.theme import Becomes, Theme, above, circles, in_order

THEMES = [
    Theme(id="time", becomes=Becomes(criterion="fast")),
    Theme(id="slow", parent="time"),
    Theme(id="late", parent="slow"),
    Theme(id="other"),
]


def interview(
    name: str, alias: str, *codings: tuple[str, str], state: str = "given", kin: str = "stranger"
) -> Interview:
    """Return an interview whose excerpts have a code and a kind each."""
    head = InterviewHead.model_validate(
        {"alias": alias, "relationship": kin, "consent": {"state": state, "date": dt.date(2027, 3, 1)}}
    )
    made = [
        Coding.model_validate({"start": n, "end": n + 1, "text": "x", "codes": [code], "kind": kind})
        for n, (code, kind) in enumerate(codings)
    ]
    return Interview(name, head, "x" * 99, tuple(made))


def test_a_code_counts_for_every_theme_above_it_once_a_person() -> None:
    """One person says it late and slow, another only praises: two people, one of them in strong words."""
    found = {
        each.theme.id: each
        for each in heard(
            [
                interview("a", "Ada", ("late", "did"), ("slow", "did"), ("late", "habit")),
                interview("b", "ada", ("late", "opinion")),
                interview("c", "Bo", ("slow", "compliment")),
            ],
            THEMES,
        )
    }
    assert (len(found["time"].people), len(found["slow"].people), len(found["late"].people)) == (2, 2, 1)
    assert (len(found["time"].strong), found["time"].weak_only) == (1, 1)
    assert len(found["late"].quotes) == 3
    assert found["late"].becomes == Becomes(criterion="fast")
    assert (found["other"].people, found["other"].is_open) == ((), False)


@pytest.mark.parametrize("state", ["missing", "refused", "withdrawn"])
def test_who_did_not_agree_counts_for_nothing(state: str) -> None:
    """Whatever stands in the file."""
    silent = interview("a", "Ada", ("slow", "did"), state=state)
    assert listened([silent]).people == ()
    assert all(each.people == () for each in heard([silent], THEMES))


def test_friends_and_colleagues_are_named() -> None:
    """They count, and are told apart."""
    found = listened(
        [interview("a", "Ada", kin="friend"), interview("b", "Bo"), interview("c", "Cy", kin="colleague")]
    )
    assert (found.people, found.near) == (("ada", "bo", "cy"), ("ada", "cy"))


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_they_do_is_strong(kind: str) -> None:
    """Two kinds are; opinions, compliments, wishes and generalities are not."""
    coding = Coding.model_validate({"start": 0, "end": 1, "text": "x", "codes": ["a"], "kind": kind})
    assert coding.is_strong == (kind in ("did", "habit"))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("I would definitely use it.", "opinion"),
        ("I’d pay for that", "opinion"),  # noqa: RUF001 - as people type
        ("Great idea!", "compliment"),
        ("You should add a button", "wish"),
        ("People always do that", "generality"),
        ("Last Tuesday I gave up after an hour.", ""),
        ("", ""),
    ],
)
def test_words_that_read_like_a_weak_kind_are_pointed_at(words: str, kind: str) -> None:
    """A hint by how weak kinds often begin."""
    assert reads_as(words) == kind


parents = st.lists(st.none() | st.sampled_from(list("abcdef")), min_size=6, max_size=6)


@given(parents)
def test_any_tree_ends_circles_too(above_each: list[str | None]) -> None:
    """Whatever people write under `parent`, every theme is shown once and every way up ends."""
    themes = [Theme(id=name, parent=parent) for name, parent in zip("abcdef", above_each, strict=True)]
    by_id = {theme.id: theme for theme in themes}
    assert sorted(theme.id for _, theme in in_order(themes)) == list("abcdef")
    assert all(len(above(by_id, name)) <= 6 for name in by_id)
    assert all(by_id[name].parent is not None for name in circles(by_id))
