"""The words that people wrote for the memo: theirs are looked at, the names of rules are not."""

from pathlib import Path

from shipworthy.services.lint_texts import lint_texts
from shipworthy.store.read import read_launch

LAUNCH = "title: Odd\ncandidate: new\nvariants:\n  new: {recorded: true}\n"
CRITERIA = "- {id: right, bar: {at_least: 0.8, why: agents said so}, scorer: {recorded: passed}}\n"


def test_the_name_of_an_accepted_rule_is_no_acronym_of_who_accepted_it(tmp_path: Path) -> None:
    """In `FRM-09 …: read by the KPI group` only KPI is to be written out."""
    (tmp_path / "launch.yaml").write_text(LAUNCH)
    (tmp_path / "criteria.yaml").write_text(CRITERIA)

    found = lint_texts(
        read_launch(tmp_path), ["FRM-09 Nobody said why: read by the KPI group (Ada, until 2027-01-01)"]
    )

    assert [(sin.kind, sin.words) for sin in found] == [("acronym", "KPI")]
