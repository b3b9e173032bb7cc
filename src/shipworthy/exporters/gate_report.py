"""What the gate of a change says: for people, for a pull request, for machines, for test reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from shipworthy.decision.change_gate import FalseAlarms, Gated, GateLine
from shipworthy.exporters.markdown_text import escaped, table
from shipworthy.narrative.text import plain

SAYS = {
    "pass": "passes",
    "regressed": "stopped: a regression is shown",
    "not shown": "held back: not shown to be no worse",
}
STATES = {"regressed": "worse", "not worse": "not worse", "open": "not told apart"}
Turned = Sequence[tuple[str, str, str]]
"""Criterion, case, fixed or broken."""


def headline(gated: Gated) -> str:
    """Return the outcome in one line."""
    return f"{gated.changed} against {gated.accepted}: {SAYS[gated.outcome]}"


def gate_text(gated: Gated, turned: Turned, notes: Sequence[str], alarms: FalseAlarms | None) -> str:
    """Return the report for a terminal."""
    lines = [headline(gated), ""]
    lines += [
        f"  {plain(line.axis, 40):<24} {_counts(line):<34} {STATES[line.state]}" for line in gated.lines
    ]
    lines += [
        "",
        *(f"  {way:<7} {plain(case, 60)} ({plain(criterion, 40)})" for criterion, case, way in turned),
    ]
    return "\n".join([*lines, "", *_foot(gated, notes, alarms)]).rstrip() + "\n"


def gate_markdown(gated: Gated, turned: Turned, notes: Sequence[str], alarms: FalseAlarms | None) -> str:
    """Return the report for the conversation of a pull request."""
    rows = [(escaped(line.axis), _counts(line), STATES[line.state]) for line in gated.lines]
    lines = [f"**{escaped(headline(gated))}**", "", *table(("Line", "On the open cases", "State"), rows)]
    if turned:
        changed = [(way, escaped(case), escaped(criterion)) for criterion, case, way in turned]
        lines += [
            "",
            "<details><summary>Cases that changed</summary>",
            "",
            *table(("", "Case", "Criterion"), changed),
        ]
        lines += ["", "</details>"]
    return "\n".join([*lines, "", *(escaped(text) for text in _foot(gated, notes, alarms))]) + "\n"


def gate_json(gated: Gated, turned: Turned, notes: Sequence[str], alarms: FalseAlarms | None) -> str:
    """Return the report for machines: `shipworthy.gate/1`."""
    made: dict[str, Any] = {
        "format": "shipworthy.gate/1",
        "changed": gated.changed,
        "accepted": gated.accepted,
        "policy": gated.policy,
        "level": gated.level,
        "margin": gated.margin,
        "outcome": gated.outcome,
        "false_alarm": gated.false_alarm,
        "lines": [{name: getattr(line, name) for name in line.__dataclass_fields__} for line in gated.lines],
        "flips": [{"criterion": c, "case": case, "way": way} for c, case, way in turned],
        "notes": list(notes),
        "trials": None if alarms is None else {"times": alarms.times, "stopped": alarms.stopped},
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def gate_junit(gated: Gated, turned: Turned, notes: Sequence[str], alarms: FalseAlarms | None) -> str:
    """Return the report as JUnit XML: one test for each line, failed where it stops the change."""
    failed = [line for line in gated.lines if _stops(gated, line)]
    suite = ET.Element(
        "testsuite",
        name="shipworthy gate",
        tests=str(len(gated.lines)),
        failures=str(len(failed)),
        errors="0",
    )
    for line in gated.lines:
        case = ET.SubElement(suite, "testcase", classname="shipworthy.gate", name=plain(line.axis, 80))
        if line in failed:
            said = ET.SubElement(case, "failure", message=f"{STATES[line.state]}: {_counts(line)}")
            said.text = "\n".join(
                f"{way} {plain(name, 80)}" for axis, name, way in turned if axis == line.axis
            )
    ET.SubElement(suite, "system-out").text = "\n".join(_foot(gated, notes, alarms))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _stops(gated: Gated, line: GateLine) -> bool:
    return line.state == "regressed" or (gated.policy == "not worse" and line.state != "not worse")


def _counts(line: GateLine) -> str:
    if line.side in ("goal", "harm"):
        return f"of {line.groups:,}: fixes {line.fixed:,}, breaks {line.broken:,}"
    return f"of {line.groups:,}: better in {line.fixed:,}, worse in {line.broken:,}"


def _foot(gated: Gated, notes: Sequence[str], alarms: FalseAlarms | None) -> list[str]:
    said = [
        "Open cases only; the sealed ones were not touched, and this decides nothing about shipping.",
        f"False alarm: {gated.false_alarm}.",
    ]
    if alarms is not None:
        said.append(
            f"Tried on these data with changes that change nothing: stopped {alarms.stopped:,} of {alarms.times:,} times."
        )
    return [*said, *(plain(note, 300) for note in notes)]
