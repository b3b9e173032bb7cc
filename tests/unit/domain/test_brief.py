"""The brief as people write it."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from shipworthy.domain.brief import Assumption, Budget, Cause, Premortem, ranked


def test_what_matters_most_and_has_least_behind_it_comes_first() -> None:
    """Importance goes before evidence; among equals their order stays."""
    made = [
        Assumption(id="a", statement="s", importance=1, evidence="none"),
        Assumption(id="b", statement="s", importance=3, evidence="strong"),
        Assumption(id="c", statement="s", importance=3, evidence="weak"),
        Assumption(id="d", statement="s", importance=3, evidence="weak"),
    ]
    assert [each.id for each in ranked(made)] == ["c", "d", "b", "a"]


def test_two_people_who_wrote_alone_make_a_pre_mortem_that_was_written_apart() -> None:
    """Two causes of one person are one mind; a cause that was written after the others' does not count."""
    ada, ben = Cause(participant="Ada", cause="x"), Cause(participant="Ben", cause="y")
    late = Cause(participant="Cem", cause="z", written_independently=False)
    assert Premortem(causes=[ada, ben]).alone
    assert not Premortem(causes=[ada, ada, late]).alone
    assert Premortem(causes=[ada, late], together=dt.date(2026, 11, 26)).people == 2


def test_a_ceiling_of_nothing_is_none() -> None:
    """A budget of 0 would forbid everything, and is a slip of the pen."""
    with pytest.raises(ValidationError):
        Budget(seconds=0.0)
