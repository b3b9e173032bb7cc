"""Outputs read in columns are those that a person would count from the same rows; what is kept is never stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, select, update
from tests.results import OPEN, SEALED, locked

from shipworthy.domain.errors import BadInput
from shipworthy.services.opened import Opened, opened
from shipworthy.store.of_outputs import FAILED, NO_ANSWER, PASSED, UNSCORED, Of
from shipworthy.store.of_outputs import OPEN as OPEN_PARTS
from shipworthy.store.outcomes import added, by_tagset, cases_of, outcomes, recorded, took
from shipworthy.store.reading import Counts, counts, words_of
from shipworthy.store.remember import remembered, shelf
from shipworthy.store.tables import members, scores


@pytest.fixture
def launch(tmp_path: Path, ship: Callable[..., Any]) -> Iterator[Opened]:
    """A launch with 30 open and 40 sealed outputs; of variant 1 (new) one in ten fails."""
    with opened(locked(tmp_path / "launch", ship)) as found:
        yield found


def of(launch: Opened, **more: Any) -> Of:
    """Return the candidate's outputs under its one score."""
    return Of(launch.cases.no, 1, 1, **more)


def total(connection: Connection, wanted: Of) -> Counts:
    """Count outputs by way of the columns."""
    counted = by_tagset(cases_of(connection, wanted.set_no), outcomes(connection, wanted))
    return added(counted, counted)


def test_columns_count_what_the_database_counts(launch: Opened) -> None:
    """27 of 30 passed, by columns and by a query that shares no code with them; in each slice too."""
    with launch.ledger.read() as connection:
        wanted = of(launch)
        assert total(connection, wanted) == counts(connection, wanted) == Counts(OPEN, 27, 0, 0)
        slices = by_tagset(cases_of(connection, wanted.set_no), outcomes(connection, wanted))
        assert sorted(slices.values()) == [(12, 3, 0, 0), (15, 0, 0, 0)]


def test_each_way_to_end_is_told_apart(launch: Opened) -> None:
    """Case by case: a score of 0 failed, none is unscored, no answer is that whatever its score."""
    with launch.ledger.write() as connection:
        open_ones = sorted(connection.execute(select(members.c.case_no).where(members.c.part == 0)).scalars())
        ends: list[dict[str, Any]] = [{"value": None}, {"answered": 0, "value": None}, {"value": 0.4}]
        for case_no, values in zip(open_ones, ends, strict=False):
            mine = (scores.c.variant_no == 1, scores.c.case_no == case_no)
            connection.execute(update(scores).where(*mine).values(**values))
    with launch.ledger.read() as connection:
        codes = outcomes(connection, of(launch)).code.tolist()
        assert codes[:4] == [UNSCORED, NO_ANSWER, FAILED, PASSED]
        assert outcomes(connection, of(launch, passes_from=0.3)).code.tolist()[2] == PASSED
        assert total(connection, of(launch)) == counts(connection, of(launch))


def test_a_sealed_part_is_never_read_unless_it_was_revealed(launch: Opened) -> None:
    """Asked for the holdout, the columns are empty; that rows are there is all that is told."""
    with launch.ledger.read() as connection:
        assert outcomes(connection, of(launch, parts=("holdout",))).code.size == 0
        assert outcomes(connection, of(launch, parts=(*OPEN_PARTS, "holdout"))).code.size == OPEN
        assert outcomes(connection, of(launch, parts=("holdout",), revealed=True)).code.size == SEALED
        assert took(connection, of(launch, parts=("holdout",))).at.size == 0
        there = recorded(connection, of(launch), repeats=1)
    assert there == {"explore": OPEN, "tune": 0, "calibrate": 0, "holdout": SEALED}


def test_a_change_by_anybody_is_seen_at_once(launch: Opened) -> None:
    """What is kept goes when this process or another one commits, and stays while nobody does."""
    with launch.ledger.read() as connection:
        first = outcomes(connection, of(launch))
        assert outcomes(connection, of(launch)) is first
    with launch.ledger.read() as connection:
        assert outcomes(connection, of(launch)) is first
    with opened(launch.layout.folder) as other, other.ledger.write() as connection:
        connection.execute(update(scores).where(scores.c.variant_no == 1).values(value=0.0))
    with launch.ledger.read() as connection:
        assert total(connection, of(launch)).passed == 0
    with launch.ledger.write() as connection:
        connection.execute(update(scores).where(scores.c.variant_no == 1).values(value=1.0))
    with launch.ledger.read() as connection:
        assert total(connection, of(launch)).passed == OPEN


def test_the_index_of_an_eval_set_outlives_a_change_of_outcomes(launch: Opened) -> None:
    """An index is never changed once it is there, so a label or a score does not make it be read again."""
    with launch.ledger.read() as connection:
        first = cases_of(connection, launch.cases.no)
    with launch.ledger.write() as connection:
        connection.execute(update(scores).values(value=1.0))
    with launch.ledger.read() as connection:
        assert cases_of(connection, launch.cases.no) is first
        assert cases_of(connection, launch.cases.no + 1).number.size == 0


def test_what_is_kept_is_bounded_and_the_oldest_goes(launch: Opened) -> None:
    """Of a hundred values the last few are kept; a value made from an earlier state is not kept at all."""
    with launch.ledger.read() as connection:
        for number in range(100):
            remembered(connection, number, partial(str, number))
        kept = shelf(connection)
        assert kept.get(99) == "99"
        assert kept.get(0) is None
        kept.keep("late", "value", state="an earlier one")
        assert kept.get("late") is None


def test_words_are_looked_up_in_the_order_asked_for_and_cut_where_asked(launch: Opened) -> None:
    """Two outputs, the later case first; of each text five letters."""
    with launch.ledger.read() as connection:
        found = outcomes(connection, of(launch))
        keys = [(int(found.case_no[place]), 1) for place in (3, 1)]
        seen = words_of(connection, of(launch), keys, letters=5)
    assert [each.case for each in seen] == ["explore-3", "explore-1"]
    assert all(len(each.text or "") == 5 for each in seen)


def test_times_are_read_to_a_millionth_and_what_is_unknown_is_no_number(launch: Opened) -> None:
    """30 times between 0 and 1 second, and 30 costs."""
    with launch.ledger.read() as connection:
        found = took(connection, of(launch))
    assert found.latency_s.size == OPEN
    assert np.all((found.latency_s >= 0) & (found.latency_s < 1))
    assert not np.isnan(found.cost_usd).any()


def test_a_variant_that_is_not_there_is_said(launch: Opened) -> None:
    """Its name is unknown; the message names those that are."""
    from shipworthy.services.outputs import Chosen, outputs_of  # noqa: PLC0415

    with pytest.raises(BadInput, match="there is no variant `nobody`"):
        outputs_of(launch, Chosen(variant="nobody"))
