"""`shipworthy watch`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.verdict import ExitCode


def watch(
    folder: Path = Path(),
    *files: Annotated[Path, Parameter(negative="")],
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
) -> int:
    """Take in audited outputs of the live traffic, and say of each promise: kept, at risk, broken, or not enough data.

    A file has a row for each audited output: an id, a column named like the criterion with 1 or 0, and the tags of its
    slices. It must be a random part of the traffic. Files and rows that come twice are counted once; the order in which
    they come is the order that counts. Without a file it says where things stand. Exit code 13 when a promise
    is broken. Examples:

        shipworthy watch my-launch
        shipworthy watch my-launch audits/week-09.csv audits/week-10.csv

    Args:
        folder: the launch folder; here unless said.
        files: tables of audited outputs: CSV, TSV, JSON lines, JSON or Parquet.
        format: text for people, json for machines.
    """
    from shipworthy.services.watch import watch as follow  # noqa: PLC0415 - the command is called

    done = follow(folder, files)
    for each in done.brought:
        if each.again:
            say(f"{each.file}: was there already; nothing is counted twice")
            continue
        _say_brought(each)
    out(json.dumps(_values(done), indent=1) if format == "json" else _text(done))
    return int(ExitCode.BREACHED) if done.broken else 0


def _say_brought(each: Any) -> None:
    added = ", ".join(f"{n:,} for {name}" for name, n in each.values.items() if n)
    grown = " that were added since it was taken in" if each.grown else ""
    say(
        f"{each.file}: {each.rows:,} rows{grown}, {each.fresh:,} outputs that are new; {added or 'nothing for a promise'}"
    )
    if each.known:
        say(f"{each.known:,} rows were there already")
    for reason, number in each.dropped.most_common():
        say(f"{number:,} rows passed over because {reason}")
    for note in each.notes:
        say(note)


def _text(done: Any) -> str:
    from shipworthy.narrative.monitoring import sentences  # noqa: PLC0415 - the command is called

    lines = []
    for each in done.standings:
        lines += [
            f"{each.status.upper()}  {each.promise.id}",
            *(f"  {text}" for text in sentences(each.watched)),
        ]
        if each.status == "not enough data":
            lines.append(
                f"  {each.watched.detector.outputs:,} of {each.promise.labels:,} audited outputs that a window wants."
            )
        wires = [
            w
            for w in each.promise.tripwires
            if each.status in ("at risk", "broken") and w.when == each.status
        ]
        lines += [
            f"  DO NOW: {w.action}{f' ({w.who})' if w.who else ': nobody is named who can'}" for w in wires
        ]
        lines.append("")
    return "\n".join(lines)


def _values(done: Any) -> dict[str, Any]:
    return {
        "format": "shipworthy.watch/1",
        "promises": [
            {
                "id": each.promise.id,
                "status": each.status,
                "rate": each.promise.rate,
                "audited": each.watched.detector.outputs,
                "passed": each.watched.passed,
                "shown_after": each.watched.detector.alarm_at,
                "began": each.watched.detector.began,
            }
            for each in done.standings
        ],
    }
