"""Many rows at once: all of them, in order, and none of what is there is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shipworthy.store.insert import add
from shipworthy.store.ledger import open_ledger
from shipworthy.store.tables import texts


def _rows(first: int, n: int, text: str) -> list[tuple[object, ...]]:
    """Return so many texts of one run, one for each case."""
    return [(1, first + i, 1, 0, 1, f"{text} {first + i}", None) for i in range(n)]


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 63, 64, 65, 200, 1000])
def test_every_row_is_there_once_and_as_it_was_given(tmp_path: Path, n: int) -> None:
    """So many rows go in, in statements of 64, 8 and 1; each comes out with its own text."""
    ledger = open_ledger(tmp_path / "ledger.db")
    with ledger.write() as connection:
        assert add(connection, texts, _rows(1, n, "case")) == n
        found = connection.execute(select(texts.c.case_no, texts.c.text).order_by(texts.c.case_no)).all()
    ledger.close()
    assert [tuple(row) for row in found] == [(i, f"case {i}") for i in range(1, n + 1)]


def test_a_row_that_is_there_keeps_its_words_and_is_not_counted_as_new(tmp_path: Path) -> None:
    """70 rows are there; 100 come, from the 31st on: 60 are new, and the 40 others keep what they said."""
    ledger = open_ledger(tmp_path / "ledger.db")
    with ledger.write() as connection:
        add(connection, texts, _rows(1, 70, "first"))
        assert add(connection, texts, _rows(31, 100, "second")) == 60
        said = connection.execute(select(func.count()).where(texts.c.text.like("first%"))).scalar()
    ledger.close()
    assert said == 70


def test_a_row_that_breaks_a_rule_is_named_as_the_library_names_it(tmp_path: Path) -> None:
    """The 40th of 64 texts is of no run: an `IntegrityError` that says the table, and nothing of the batch is kept."""
    ledger = open_ledger(tmp_path / "ledger.db")
    rows = _rows(1, 64, "case")
    rows[39] = (1, 40, 1, 0, None, "of no run", None)
    with pytest.raises(IntegrityError, match="texts"), ledger.write() as connection:
        add(connection, texts, rows)
    with ledger.read() as connection:
        assert connection.execute(select(func.count()).select_from(texts)).scalar() == 0
    ledger.close()
