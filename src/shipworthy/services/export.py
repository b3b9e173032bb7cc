"""Export: the model card, the argument and the table of frameworks, from folder and ledger; takes no look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shipworthy.domain.launch import Variant
from shipworthy.domain.verdict import Verdict
from shipworthy.exporters.argument_text import argument_json, argument_markdown
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.exporters.memo_tree import memo_tree
from shipworthy.narrative.argument import argument
from shipworthy.narrative.crosswalk import crosswalk
from shipworthy.narrative.document import Memo
from shipworthy.narrative.model_card import SAMPLE, Card, model_card
from shipworthy.narrative.records import Records
from shipworthy.narrative.text import plain
from shipworthy.services.opened import opened
from shipworthy.services.pressure_test import known_verdict, pressure_test
from shipworthy.services.records import records_of
from shipworthy.store.read import Reading

Format = Literal["markdown", "json"]


@dataclass(frozen=True)
class Known:
    """What may be told of a launch: the verdict is None while sealed cases were not looked at."""

    reading: Reading
    verdict: Verdict | None
    records: Records


def known(folder: Path) -> Known:
    """Return what may be told of a launch without a look.

    Args:
        folder: the launch folder.

    Raises:
        FolderHasProblems: the folder has mistakes.
    """
    with opened(folder) as launch:
        with launch.ledger.read() as connection:
            records = records_of(launch, connection)
        reading = launch.reading
    return Known(reading, known_verdict(folder), records)


def export_model_card(folder: Path, format: Format = "markdown") -> str:  # noqa: A002 - what it is
    """Return the model card of the candidate."""
    found = known(folder)
    launch = found.reading.launch
    name = launch.candidate
    variant = launch.resolved(name) if name in launch.variants else Variant()
    card = Card(launch, found.reading.criteria, found.reading.taxonomy, found.verdict, found.records, variant)
    return _written(model_card(card), format, "shipworthy.model-card/1")


def export_crosswalk(folder: Path, format: Format = "markdown") -> str:  # noqa: A002 - what it is
    """Return the table of frameworks."""
    found = known(folder)
    return _written(crosswalk(found.reading.launch, found.records), format, "shipworthy.crosswalk/1")


def export_claims(folder: Path, format: Format = "markdown") -> str:  # noqa: A002 - what it is
    """Return the argument as a tree; where nobody wrote a counter-argument, the hardest open challenge stands for it."""
    found = known(folder)
    launch, verdict = found.reading.launch, found.verdict
    top = argument(launch, found.reading.criteria, verdict, _challenges(folder, found.reading))
    title = plain(launch.title, 120) or "a launch without a title"
    if format == "json":
        about = {
            "launch": title,
            "sample": launch.sample,
            "plan": verdict.plan if verdict else None,
            "evidence": verdict.evidence if verdict else None,
            "exploratory": verdict.exploratory if verdict else None,
            "journal_head": found.records.head,
        }
        return argument_json(top, about)
    return argument_markdown(top, title, (SAMPLE,) if launch.sample else ())


def _challenges(folder: Path, reading: Reading) -> dict[str, str]:
    """Return the hardest open challenge of the launch, and of each criterion that one is about."""
    ids = {criterion.id for criterion in reading.criteria}
    hardest: dict[str, str] = {}
    for found in pressure_test(folder).challenged.open:
        said = f"{found.rule.asks} ({found.rule.id}: {found.saw.text})"
        about = [name for name in found.saw.subjects if name in ids] or [""]
        for name in about:
            hardest.setdefault(name, said)
    return hardest


def _written(document: Memo, format: Format, name: str) -> str:  # noqa: A002 - what it is
    if format == "json":
        return json.dumps(memo_tree(document) | {"format": name}, ensure_ascii=False, indent=1) + "\n"
    return memo_markdown(document)
