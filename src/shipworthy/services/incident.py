"""Incident: what happened is written down, and becomes a case that the next change has to pass."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput, FolderHasProblems
from shipworthy.domain.launch import Launch
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import Incident
from shipworthy.services.clock import now
from shipworthy.store import journal
from shipworthy.store.ledger import open_ledger
from shipworthy.store.promises import read_promises, write_yaml
from shipworthy.store.read import read_launch


@dataclass(frozen=True)
class Happened:
    """An incident and what came with it.

    Attributes:
        incident: what happened; its `cases` are filled in here.
        given: the input that went wrong; empty where it is not known.
        expected: what would have been right.
        tags: tags of the new case.
    """

    incident: Incident
    given: str = ""
    expected: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Noted:
    """What was written."""

    path: Path
    case: str
    incident: Incident


def incident(folder: Path, happened: Happened) -> Noted:
    """Write an incident into `incidents/`, a case into `evalset/incidents.jsonl`, and an event into the journal.

    The case is fresh and in the part explore: it never counts for the holdout that was sealed before.

    Args:
        folder: the launch folder.
        happened: what happened.

    Raises:
        BadInput: a failure mode or a promise is not declared, or the case lacks a tag that the slices go by.
        FolderHasProblems: the folder has mistakes.
    """
    reading = read_launch(folder)
    problems: list[Problem] = list(reading.problems)
    promises = read_promises(reading.layout, reading.criteria, problems)
    if problems:
        raise FolderHasProblems(problems)
    told = happened.incident
    _declared("failure mode", told.failure_mode, [mode.id for mode in reading.taxonomy], "taxonomy.yaml")
    for name in told.promises:
        _declared("promise", name, [each.id for each in promises], "promises.yaml")
    if happened.given:
        _tagged(reading.launch, dict(happened.tags))
    folder_of = reading.layout.folder / "incidents"
    number = 1 + (len(list(folder_of.glob("*.yaml"))) if folder_of.is_dir() else 0)
    name = f"{told.on.isoformat()}-{number:03d}"
    case = f"incident-{name}" if happened.given else ""
    told = told.model_copy(update={"cases": [*told.cases, case] if case else told.cases})
    path = write_yaml(folder_of / f"{name}.yaml", told.model_dump(exclude_defaults=True))
    if case:
        _add_case(reading.layout.evalset / "incidents.jsonl", case, happened)
    ledger = open_ledger(reading.layout.ledger)
    try:
        with ledger.write() as connection:
            body = {
                "file": path.name,
                "severity": told.severity,
                "cases": told.cases,
                "promises": told.promises,
            }
            journal.append(connection, verb="incident", body=body, at=now())
    finally:
        ledger.close()
    return Noted(path, case, told)


def _declared(noun: str, name: str, known: list[str], file: str) -> None:
    if name and name not in known:
        raise BadInput(
            f"the {noun} `{name}` is not declared",
            where=file,
            remedy=f"use one of: {', '.join(known) or 'none yet'}; or leave it out",
        )


def _tagged(launch: Launch, tags: dict[str, str]) -> None:
    """Refuse a case that no slice would take: one of those would keep the whole folder from being judged."""
    lacking = [
        (rule.by, tags.get(rule.by), ", ".join(rule.shares))
        for rule in launch.slices.values()
        if rule.by and rule.shares and tags.get(rule.by) not in rule.shares
    ]
    if lacking:
        what = [
            f"no tag `{tag}`" if value is None else f"the tag `{tag}={value[:60]}`, which has no share"
            for tag, value, _ in lacking
        ]
        remedy = [f"--tag {tag}=VALUE with one of: {values}" for tag, _, values in lacking]
        raise BadInput(
            f"the case would have {' and '.join(what)}, so no slice would hold it; nothing was written",
            where="launch.yaml: slices",
            remedy=f"add {'; and '.join(remedy)}",
        )


def _add_case(path: Path, name: str, happened: Happened) -> None:
    row: dict[str, object] = {
        "id": name,
        "input": happened.given,
        "group": name,
        "source": "incident",
        "part": "explore",
    }
    if happened.expected:
        row["expected"] = happened.expected
    if happened.tags:
        row["tags"] = dict(happened.tags)
    path.parent.mkdir(exist_ok=True)
    before = path.read_bytes() if path.exists() else b""
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(before + gap + json.dumps(row, ensure_ascii=False).encode() + b"\n")
    unfinished.replace(path)


def today() -> dt.date:
    """Return the day here."""
    return dt.datetime.now().astimezone().date()
