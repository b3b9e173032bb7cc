"""`shipworthy gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from shipworthy.cli.terminal import out
from shipworthy.domain.verdict import ExitCode

CODES = {"pass": 0, "regressed": ExitCode.DO_NOT_SHIP, "not shown": ExitCode.NOT_YET}


def gate(
    folder: Path = Path(),
    *,
    changed: str | None = None,
    accepted: str | None = None,
    policy: Literal["no-regression", "not-worse"] = "no-regression",
    margin: float = 0.0,
    trials: int = 0,
    format: Literal["text", "markdown", "json", "junit"] = "text",  # noqa: A002 - the option's name
) -> int:
    """Stop a change that broke something: the changed variant against the accepted one, on the open cases, paired.

    For every change of the code, as often as you like: it reads no sealed case, takes no look, and decides nothing
    about shipping. It says how often it stops a change that changes nothing. Exit code 0 passes, 12 a regression is
    shown, 11 not shown to be no worse (with --policy not-worse). Examples:

        shipworthy gate my-launch
        shipworthy gate my-launch --changed new-prompt --accepted retrieval --format markdown
        shipworthy gate my-launch --policy not-worse --margin 0.03
        shipworthy gate my-launch --trials 500 --format junit > gate.xml

    Args:
        folder: the launch folder; here unless said.
        changed: the variant that was changed; the candidate unless said.
        accepted: the variant it is held against; the baseline unless said.
        policy: no-regression passes what is not shown to be worse; not-worse passes only what is shown not to be.
        margin: with not-worse, by how much it may be worse, as a share.
        trials: try the gate so often on changes that change nothing, made from the same data, and say how often it stopped.
        format: text for people, markdown for a pull request, json for machines, junit for test reports.
    """
    from shipworthy.decision.change_gate import Policy  # noqa: PLC0415 - the command is called
    from shipworthy.exporters import gate_report  # noqa: PLC0415 - the command is called
    from shipworthy.services.change_gate import Change, change_gate  # noqa: PLC0415

    way: Policy = "not worse" if policy == "not-worse" else "no regression"
    done = change_gate(folder, Change(changed, accepted, way, margin, trials=trials))
    notes = [*done.notes]
    if done.outside:
        notes.append(f"{done.outside:,} open groups are left out, as one of the two has not answered them")
    write = {
        "text": gate_report.gate_text, "markdown": gate_report.gate_markdown, "json": gate_report.gate_json,
        "junit": gate_report.gate_junit,
    }[format]  # fmt: skip
    out(write(done.gated, done.turned, notes, done.alarms))
    return int(CODES[done.gated.outcome])
