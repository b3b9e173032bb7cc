"""Which rules can fire on a launch folder at all: a rule that reads what no service ever fills in is named here."""

from __future__ import annotations

import ast
import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.coach.launches import BAD

from shipworthy.coach import observed, recorded
from shipworthy.coach.catalogue import RULES
from shipworthy.coach.facts import Facts
from shipworthy.coach.sceptic import challenge

SERVICES = Path(__file__).resolve().parents[3] / "src/shipworthy/services"
VALUES = {
    name: kind
    for module in (observed, recorded)
    for name, kind in vars(module).items()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type)
}
UNFED = {
    "CRT-06": "whether scores have more than two levels: a score is read against `pass_when` at the import",
    "FLR-11": "whether text of strangers reaches the feature: nobody is asked",
    "FLR-12": "which tools it called: calls of tools are not read from transcripts",
    "JDG-04": "versions of a judge against the same labels: `judge calibrate` says it, and a label added since looks alike",
    "JDG-05": "examples that calibrate or decide: `check` refuses the file before any rule is asked",
    "JDG-08": "failures a judge may miss slice by slice: a calibration is not sliced",
    "JDG-10": "whether judge and feature are of one family of models",
    "LAB-04": "whether a labeller built the feature: reviewers have a name and no part in it",
    "LAB-05": "whether a labeller is of the trade: the same",
    "NAR-01": "numbers of a memo that lead to nothing: `verify` derives them instead",
    "NAR-03": "what the first sixty words have: the memo is written by the program, which puts them there",
    "NAR-06": "bad news that a memo leaves out: the same",
    "RUN-08": "rows that an import left out: its receipt says so once, and the ledger does not keep it",
    "SET-15": "whether all cases of a criterion want the same answer",
    "SET-17": "cases taken away after they had failed",
}
"""Rules that only facts can make fire which no service gathers, and what they lack. Wiring one takes it off this list."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a service, by the name of what is called as the module that defines it has it."""
    for path in SERVICES.glob("*.py"):
        tree = ast.parse(path.read_text())
        named = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith(("shipworthy.coach", "dataclasses"))
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in named:
                yield named[node.func.id], node


def filled() -> dict[str, set[str]]:
    """Return, for each value that rules read, the fields that some service fills in."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, call in calls():
        keywords = {keyword.arg for keyword in call.keywords if keyword.arg}
        if name in VALUES:
            order = [each.name for each in dataclasses.fields(VALUES[name])]
            found[name] |= keywords | set(order[: len(call.args)])
        elif name == "replace":
            for other, kind in VALUES.items():
                found[other] |= keywords & {each.name for each in dataclasses.fields(kind)}
    return found


def as_gathered(value: Any, known: dict[str, set[str]]) -> Any:
    """Return a value as a service could have made it: what none fills in is as it is by default."""
    if isinstance(value, tuple):
        return tuple(as_gathered(each, known) for each in value)
    name = type(value).__name__
    if name not in VALUES or not dataclasses.is_dataclass(value):
        return value
    defaults = {
        each.name: each.default if each.default is not dataclasses.MISSING else each.default_factory()  # type: ignore[misc]
        for each in dataclasses.fields(value)
        if each.name not in known[name]
        and (each.default is not dataclasses.MISSING or each.default_factory is not dataclasses.MISSING)
    }
    return dataclasses.replace(value, **defaults)  # type: ignore[type-var]


def fires(rule: str, known: dict[str, set[str]]) -> bool:
    """Whether a rule sees something of its bad launch, as far as services can tell it of that launch."""
    given = BAD[rule]
    facts = dataclasses.replace(
        given,
        **{each.name: as_gathered(getattr(given, each.name), known) for each in dataclasses.fields(Facts)},
    )
    return rule in {found.rule.id for found in challenge(facts).findings}


def test_every_rule_can_fire_through_the_services_or_is_named_with_what_it_lacks():
    """Of 128 rules 113 can fire on a launch folder; the other 15 stand above, each with the fact that nobody gathers."""
    known = filled()
    unfed = {rule.id for rule in RULES if not fires(rule.id, known)}

    assert unfed == set(UNFED)
    assert (len(RULES), len(RULES) - len(unfed)) == (128, 113)


@pytest.mark.parametrize("name", [each.name for each in dataclasses.fields(Facts) if each.default is None])
def test_every_kind_of_fact_is_gathered_by_some_service(name):
    """No part of what rules read is left to tests alone: each is a keyword, or a key, somewhere in the services."""
    told = "\n".join(path.read_text() for path in sorted(SERVICES.glob("*.py")))
    assert f"{name}=" in told or f'"{name}"' in told
