"""What is wrong with an eval set: for people on a terminal, and as the JSON contract `shipworthy.doctor/1`."""

from __future__ import annotations

import json
from itertools import groupby

from shipworthy.decision.health import Diagnosis, Finding
from shipworthy.exporters.terminal import wrapped
from shipworthy.narrative import wording

SCHEMA = "shipworthy.doctor/1"
SHOWN = 5
TITLES = {
    "twins across parts": "Twins in two parts",
    "leak": "Cases that stand in prompts",
    "no holdout": "No holdout",
    "twins in two groups": "Twins that count as two groups",
    "groups that melt": "Groups that are fewer than they look",
    "conflict": "Twins that expect different answers",
    "labels that disagree": "Labels that disagree",
    "thin slice": "Slices too thin to show the bar",
    "coverage": "Slices with less of the holdout than of the traffic",
    "one source": "One source",
    "stale": "Old cases",
    "no text": "Cases without text",
}


def doctor_text(found: Diagnosis, *, everything: bool = False) -> str:
    """Return the findings as plain text of at most 80 columns, the worst first; `!` marks what must be mended.

    Args:
        found: the diagnosis.
        everything: whether to list every finding of a kind.
    """
    must = sum(finding.mend for finding in found.findings)
    counted = f"{wording.plural(found.cases, 'case')} in {wording.plural(found.groups, 'group')}"
    others = len(found.findings) - must
    lines = wrapped(
        f"{counted}: {wording.plural(must, 'finding')} to mend before a lock, {wording.plural(others, 'other')}."
        if found.findings
        else f"{counted}: nothing found."
    )
    for (_, kind), group in groupby(found.findings, key=lambda f: (f.mend, f.kind)):
        lines += ["", *_kind(TITLES[kind], list(group), everything=everything)]
    lines += ["", *wrapped(f"Searched for cases: {wording.plural(len(found.read), 'file')}.")]
    for note in found.notes:
        lines += wrapped(note)
    return "\n".join(lines) + "\n"


def _kind(title: str, findings: list[Finding], *, everything: bool) -> list[str]:
    lines = [f"{title} ({len(findings):,})"]
    shown = findings if everything else findings[:SHOWN]
    said: set[tuple[str, str]] = set()
    for position, finding in enumerate(shown):
        lines += _lead("! " if finding.mend else "  ", f"{finding.what}.")
        lines += wrapped(" · ".join(finding.where), indent="    ")
        last = position + 1 == len(shown) or _reason(shown[position + 1]) != _reason(finding)
        if last and _reason(finding) not in said:
            said.add(_reason(finding))
            lines += wrapped(f"Why: {finding.why}.", indent="    ")
            lines += wrapped(f"To mend it: {finding.remedy}.", indent="    ")
    if len(shown) < len(findings):
        lines.append(f"  and {len(findings) - len(shown):,} more: --all or --json lists them")
    return lines


def _reason(finding: Finding) -> tuple[str, str]:
    return finding.why, finding.remedy


def _lead(mark: str, text: str) -> list[str]:
    first, *rest = wrapped(text, indent="  ")
    return [mark + first[2:], *rest]


def doctor_json(found: Diagnosis) -> str:
    """Return the findings as JSON, indented for people."""
    value = {
        "schema": SCHEMA,
        "must_mend": found.must_mend,
        "cases": found.cases,
        "groups": found.groups,
        "findings": [
            {
                "kind": finding.kind,
                "mend": finding.mend,
                "what": finding.what,
                "where": list(finding.where),
                "why": finding.why,
                "remedy": finding.remedy,
                "cases": list(finding.cases),
                "likeness": finding.likeness,
            }
            for finding in found.findings
        ],
        "searched": list(found.read),
        "notes": list(found.notes),
    }
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2) + "\n"
