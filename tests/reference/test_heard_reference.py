"""What a few interviews can tell, against scipy's laws; see `make_heard.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shipworthy.statistics.heard import chance_heard, share_at_least, share_unheard

REFERENCE = json.loads(Path(__file__).with_name("heard.json").read_text("utf-8"))


@pytest.mark.parametrize("row", REFERENCE["rows"], ids=lambda row: str(row["people"]))
def test_chances_and_bounds_are_those_of_the_binomial_law(row: dict[str, Any]) -> None:
    """The chance to hear is the upper tail, both bounds are quantiles of a beta law."""
    people = row["people"]
    for share, chance in row["heard"].items():
        assert chance_heard(float(share), people) == pytest.approx(chance, rel=1e-12)
    assert share_unheard(people) == pytest.approx(row["unheard"], rel=1e-9)
    for heard, lower in row["at_least"].items():
        assert share_at_least(int(heard), people) == pytest.approx(lower, rel=1e-9)
