"""Withdraw an interview: its text, its excerpts, its raw transcript and its key are deleted; that it happened is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.interview import Interview
from shipworthy.services.clock import now
from shipworthy.services.listening import Listening, checked_name, listening, today
from shipworthy.store.interview_write import delete, new_file, put
from shipworthy.store.interviews import names_in, paths_of
from shipworthy.store.journal import append
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.outside import forget, waiting_names

SHORTEST_LEFT = 20
"""Characters of an excerpt by which a page that still shows it is told."""
MOST_PAGE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Withdrawal:
    """What goes, or went, and what cannot be reached.

    Attributes:
        name: the interview.
        characters: of text.
        excerpts: how many.
        files: what is deleted, as paths a person can read.
        still_in: pages of the folder in which words of it still stand.
        in_git: whether the folder is under git, which keeps what was committed.
    """

    name: str
    characters: int
    excerpts: int
    files: tuple[str, ...]
    still_in: tuple[str, ...]
    in_git: bool


def interview_withdraw(folder: Path, name: str, *, agree: Callable[[Withdrawal], bool]) -> Withdrawal | None:
    """Delete an interview once a person agreed; None when they did not.

    The file keeps one line: that the consent was withdrawn, and when. The journal keeps the name of the file and no word.

    Args:
        folder: the launch.
        name: the interview; it may be broken, for what cannot be read has to go too.
        agree: asks, with everything that goes in sight.

    Raises:
        BadInput: there is no such interview.
    """
    checked_name(name)
    there = listening(folder)
    if name not in (*names_in(there.layout), *waiting_names(there.layout)):
        there.named(name)
    plan = _plan(there, name)
    if not agree(plan):
        return None
    paths = paths_of(there.layout, name)
    delete(paths.excerpts)
    delete(paths.text)
    forget(there.layout, name)
    put(paths.text, new_file({"consent": {"state": "withdrawn", "date": today()}}), seen="")
    _record(there.layout, {"interview": name, "excerpts": plan.excerpts})
    return plan


def _plan(there: Listening, name: str) -> Withdrawal:
    known = [each for each in (*there.interviews, *there.waiting) if each.name == name]
    codings = [coding for each in known for coding in each.codings]
    paths = paths_of(there.layout, name)
    files = [f"interviews/{path.name}" for path in (paths.text, paths.excerpts) if path.exists()]
    if name in waiting_names(there.layout):
        files.append("the raw transcript outside the folder")
    files.append("the key to its names, if it is on this machine")
    return Withdrawal(
        name,
        max((len(each.text) for each in known), default=0),
        len(codings),
        tuple(files),
        tuple(_still_in(there.layout, known)),
        any((parent / ".git").exists() for parent in (there.layout.folder.resolve(), *there.layout.folder.resolve().parents)),
    )  # fmt: skip


def _still_in(layout: Layout, known: list[Interview]) -> list[str]:
    """Return the pages of the folder in which words of an interview stand; nothing is changed there."""
    words = {coding.text for each in known for coding in each.codings if len(coding.text) >= SHORTEST_LEFT}
    if not words:
        return []
    pages = [
        path for place in (layout.memo, layout.folder / "decisions") for path in sorted(place.rglob("*"))
    ]
    found = []
    for page in pages:
        if page.is_file() and page.stat().st_size <= MOST_PAGE_BYTES:
            text = page.read_bytes().decode("utf-8", "replace")
            if any(each in text for each in words):
                found.append(str(page.relative_to(layout.folder)))
    return found


def _record(layout: Layout, body: dict[str, Any]) -> None:
    ledger = open_ledger(layout.ledger)
    try:
        with ledger.write() as connection:
            append(connection, verb="withdraw", body=body, at=now())
    finally:
        ledger.close()
