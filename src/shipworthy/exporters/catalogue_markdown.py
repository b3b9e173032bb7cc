"""The catalogue of challenges as a page: every rule with what it finds, its question, its reason and its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from shipworthy.coach.catalogue import RULES
from shipworthy.coach.policy import THRESHOLDS
from shipworthy.coach.rule import Rule
from shipworthy.exporters.markdown_text import table

_FAMILIES = {
    "FRM": "Framing", "USR": "Users", "FLR": "Failure modes", "CRT": "Criteria", "SET": "The eval set", "RUN": "Runs and statistics",
    "LAB": "Labels", "JDG": "Judges", "CST": "Cost", "SCP": "Scope", "LCH": "Going live", "PST": "After launch", "NAR": "The memo",
}  # fmt: skip
_HEAD = ("id", "does", "finds", "asks", "why it matters", "do", "source", "needs to know")


def catalogue_markdown(rules: Sequence[Rule] = RULES) -> str:
    """Return the tables of the catalogue, family by family, and the thresholds that a policy may tighten."""
    count = {word: sum(rule.severity == word for rule in rules) for word in ("blocks", "warns", "notes")}
    lines = [
        f"{len(rules)} rules: {count['blocks']} block, {count['warns']} warn, {count['notes']} advise.",
        "A rule that needs to know what is not recorded is silent, and counted as not asked.",
    ]
    for family, here in groupby(rules, key=lambda rule: rule.family):
        lines += ["", f"## {_FAMILIES[family]}", "", *table(_HEAD, [_row(rule) for rule in here])]
    rows = [(f"`{name}`", f"{t.default:g}", t.stricter, _cell(t.meaning)) for name, t in THRESHOLDS.items()]
    lines += ["", "## Thresholds", "", *table(("name", "default", "stricter is", "meaning"), rows)]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return our own words for a cell of a table."""
    return text.replace("|", "\\|")


def _row(rule: Rule) -> tuple[str, ...]:
    finds = f"{rule.title}. {rule.saw.__doc__ or ''}"
    needs = ", ".join(rule.needs).replace("_", " ")
    command = rule.command.format(folder="my-launch").replace("`", "")
    fix = f"{_cell(rule.fix)} `{command}`"
    return (
        rule.id,
        rule.severity,
        _cell(finds),
        _cell(rule.asks),
        _cell(rule.matters),
        fix,
        _cell(rule.source),
        _cell(needs),
    )
