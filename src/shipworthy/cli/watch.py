"""`shipworthy watch`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused
from shipworthy.domain.verdict import ExitCode


def watch(  # noqa: PLR0913 - each is an option
    folder: Path = Path(),
    *files: Annotated[Path, Parameter(negative="")],
    format: Literal["text", "json"] = "text",  # noqa: A002 - the option's name
    draw: int = 0,
    criterion: str = "",
    variant: str = "live",
    seed: int = 1,
    weekly: bool = False,
    to: str = "",
    from_: Annotated[str, Parameter(name="--from")] = "",
    mail: str = "",
) -> int:
    """Take in audited outputs of the live traffic, and say of each promise: kept, at risk, broken, or not enough data.

    A file has a row for each audited output: an id, a column named like the criterion with 1 or 0, and the tags of its
    slices. It must be a random part of the traffic. Files and rows that come twice are counted once; the order in which
    they come is the order that counts. Without a file it says where things stand. Exit code 13 when a promise
    is broken. Examples:

        shipworthy watch my-launch
        shipworthy watch my-launch audits/week-09.csv audits/week-10.csv
        shipworthy watch my-launch traffic/week-10.jsonl --draw 60
        shipworthy watch my-launch --weekly --mail smtp://localhost:25 --to "Zoë <zoe@example.org>" --from "Ada <ada@example.org>"

    Args:
        folder: the launch folder; here unless said.
        files: tables of audited outputs: CSV, TSV, JSON lines, JSON or Parquet.
        format: text for people, json for machines.
        draw: instead of taking the file in, draw so many of its outputs at random into a review queue, to be labelled
            blind; what people say there is read back by the next `watch`.
        criterion: with --draw: what is asked of them; the only promised one unless said.
        variant: with --draw: whose outputs they are, one that launch.yaml declares as recorded.
        seed: with --draw: another seed is another draw.
        weekly: write the weekly page into `weekly/`, with a figure a promise.
        to: with --weekly and --mail: who gets it, as `NAME <ADDRESS>`.
        from_: with --weekly and --mail: who sends it, as `NAME <ADDRESS>`.
        mail: with --weekly: the mail server, smtp://host:port or smtps://host:port; without it nothing is sent.
    """
    if draw:
        return _draw(folder, files, draw, criterion, variant, seed)
    from shipworthy.services.watch import watch as follow  # noqa: PLC0415 - the command is called

    done = follow(folder, files)
    for each in done.brought:
        if each.again:
            say(f"{each.file}: was there already; nothing is counted twice")
            continue
        _say_brought(each)
    if weekly or mail:
        _weekly(folder, to, from_, mail)
    else:
        out(json.dumps(_values(done), indent=1) if format == "json" else _text(done))
    return int(ExitCode.BREACHED) if done.broken else 0


def _draw(folder: Path, files: tuple[Path, ...], n: int, criterion: str, variant: str, seed: int) -> int:
    """Draw an audit of one file."""
    from shipworthy.services.draw_audit import Audit, draw_audit  # noqa: PLC0415 - one option is given

    if len(files) != 1:
        raise Misused("--draw draws from one file", remedy="name the file of live outputs, with their texts")
    done = draw_audit(folder, Audit(files[0], n, criterion, variant, seed))
    out(f"{done.queue}: {done.n:,} of {done.of:,} live outputs, to be asked for {done.criterion}")
    if done.homeless:
        say(f"{done.homeless:,} more are of no slice that launch.yaml declares, and were not drawn from")
    say(f"next: shipworthy look label {folder} {done.queue} --as YOUR-NAME; then shipworthy watch {folder}")
    return 0


def _weekly(folder: Path, to: str, from_: str, mail: str) -> None:
    """Write the weekly page, and mail it where a server is named."""
    from shipworthy.cli.review_invite import person  # noqa: PLC0415 - one option is given
    from shipworthy.services.send_mail import send_mail  # noqa: PLC0415
    from shipworthy.services.weekly import weekly as make  # noqa: PLC0415
    from shipworthy.services.weekly import write_weekly  # noqa: PLC0415

    made = make(folder)
    letter = made.letter(person(from_, "--from"), person(to, "--to")) if mail else None
    out(str(write_weekly(folder, made)))
    out(made.text)
    if letter is not None:
        send_mail(letter, mail)
        out(f"mailed to {letter.to[1]}")


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
            *(f"  {text}" for text in (*sentences(each.watched), each.doubt) if text),
        ]
        if each.status == "not enough data":
            lines.append(
                f"  {each.watched.detector.outputs:,} of {each.promise.labels:,} audited outputs that a window wants."
            )
        lines += [f"  DO NOW: {_wire(w)}" for w in each.pulled]
        lines += [f"  If it is still {each.status} on {w.by}: {_wire(w)}" for w in each.waiting]
        lines.append("")
    return "\n".join(lines)


def _wire(wire: Any) -> str:
    return f"{wire.action} ({wire.who})" if wire.who else f"{wire.action}: nobody is named who can"


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
