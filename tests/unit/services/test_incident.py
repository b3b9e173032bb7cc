"""An incident asks for the tags that its case needs, before anything is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.reviewing import reviewed

from shipworthy.domain.errors import BadInput
from shipworthy.domain.promise import Incident
from shipworthy.services.check import check
from shipworthy.services.incident import Happened, incident

TOLD = Incident(what="a refund was promised", on=dt.date(2026, 11, 26), severity="costly")


@pytest.mark.parametrize(
    ("tags", "what"),
    [
        ((), "no tag `topic`"),
        ((("language", "es"),), "no tag `topic`"),
        ((("topic", "c"),), "the tag `topic=c`, which has no share"),
    ],
)
def test_a_case_that_no_slice_would_hold_is_refused(
    tmp_path: Path, tags: tuple[tuple[str, str], ...], what: str
) -> None:
    """The slices go by `topic`, a or b: without it the words name it and its values, and the folder stays as it was."""
    folder = reviewed(tmp_path / "l", 4)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(BadInput) as refused:
        incident(folder, Happened(TOLD, "After 40 days?", tags=tags))
    assert what in refused.value.what
    assert refused.value.remedy == "add --tag topic=VALUE with one of: a, b"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_case_with_its_tags_leaves_nothing_to_mend(tmp_path: Path) -> None:
    """With the tag the case is written and `check` has nothing to say; without a case no tag is asked for."""
    folder = reviewed(tmp_path / "l", 4)
    assert incident(folder, Happened(TOLD, "After 40 days?", tags=(("topic", "b"),))).case
    assert not incident(folder, Happened(TOLD)).case
    assert check(folder).problems == ()
