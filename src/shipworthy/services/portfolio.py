"""Portfolio: one page of what somebody owned and how it turned out, with words taken out; takes no look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import FolderHasProblems, Misused, Refused, Unavailable
from shipworthy.domain.problem import Problem
from shipworthy.exporters.html import memo_html
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.narrative.portfolio import Kept, Owned, Taken, Turned, portfolio
from shipworthy.narrative.redaction import redacted, redactor
from shipworthy.services.export import known
from shipworthy.services.watch import watch
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.layout import Layout
from shipworthy.store.promises import read_incidents


@dataclass(frozen=True)
class Page:
    """What is said on the page beyond what is on record.

    Attributes:
        redact: words that must not stand on it.
        differently: what one would do differently.
        author: who did it; empty leaves it out.
    """

    redact: tuple[str, ...] = ()
    differently: str = ""
    author: str = ""


def write_portfolio(folder: Path, page: Page) -> tuple[Path, ...]:
    """Write `portfolio/portfolio.md` and `.html`, and return where they are.

    Args:
        folder: the launch folder.
        page: what is taken out, and what is added.

    Raises:
        Misused: a word to redact has no letter.
        FolderHasProblems: the folder has mistakes.
        Unavailable: the files cannot be written.
    """
    for word in page.redact:
        if not any(char.isalnum() for char in word):
            raise Misused(f"--redact {word!r}", remedy="name a word with letters or digits")
    found = known(folder)
    layout = found.reading.layout
    owned = Owned(
        found.reading.launch,
        found.reading.criteria,
        found.verdict,
        found.records,
        _decisions(layout),
        _turned(folder, layout),
        page.differently,
        page.author,
    )
    mask = redactor(page.redact)
    document = redacted(portfolio(owned), mask)
    made = {"portfolio.md": memo_markdown(document), "portfolio.html": memo_html(document)}
    return _keep(folder / "portfolio", made)


def _decisions(layout: Layout) -> tuple[Taken, ...]:
    """Return the signed decisions by day."""
    found = []
    for content in read_decisions(layout).values():
        said = content["signed"].get("decision") if content else None
        if not isinstance(said, dict):
            continue
        override = said.get("override")
        reason = override.get("reason", "") if isinstance(override, dict) else ""
        day = str(content["signed"].get("at", ""))[:10] if content else ""
        chosen, computed = str(said.get("chosen", "")), str(said.get("verdict", ""))
        found.append(Taken(chosen, computed, day, str(reason), str(said.get("reverse_if") or "")))
    return tuple(sorted(found, key=lambda taken: taken.on))


def _turned(folder: Path, layout: Layout) -> Turned:
    problems: list[Problem] = []
    incidents = read_incidents(layout, problems)
    if problems:
        raise FolderHasProblems(problems)
    counts: dict[str, int] = dict(Counter(each.severity for each in incidents.values()))
    try:
        standings = watch(folder).standings
    except Refused:
        return Turned((), counts)  # nothing was promised
    kept = tuple(
        Kept(
            each.promise.statement or each.promise.id,
            each.status,
            each.watched.passed,
            each.watched.detector.outputs,
        )
        for each in standings
    )
    return Turned(kept, counts)


def _keep(target: Path, made: dict[str, str]) -> tuple[Path, ...]:
    """Write files so that each is there whole, or as it was before."""
    try:
        target.mkdir(exist_ok=True)
        for file, content in made.items():
            unfinished = target / f".{file}.unfinished"
            unfinished.write_text(content, encoding="utf-8")
            unfinished.replace(target / file)
    except OSError as error:
        raise Unavailable(f"the page cannot be written: {error.strerror}", where=str(target)) from error
    return tuple(target / file for file in made)
