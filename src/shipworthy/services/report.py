"""Report: the memo of a launch, written into its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import Unavailable
from shipworthy.exporters.html import memo_html
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.narrative.document import Memo
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.memo import memo
from shipworthy.services.decide import AboutToLook, Decided, decide, look_freely
from shipworthy.store.layout import Layout


@dataclass(frozen=True)
class Reported:
    """The memo's files, and the verdict they defend."""

    decided: Decided
    memo: Memo
    files: tuple[Path, ...]


def report(
    folder: Path,
    *,
    author: str = "",
    missing_as_no_answer: bool = False,
    confirm: Callable[[AboutToLook], bool] = look_freely,
) -> Reported:
    """Write `memo/memo.md` and `memo/memo.html`; for a rehearsal `memo/rehearsal.…`.

    Args:
        folder: the launch folder.
        author: who signs it; empty leaves a line to write on.
        missing_as_no_answer: as for `decide`.
        confirm: as for `decide`; a memo of sealed evidence is a look.

    Raises:
        Unavailable: the files cannot be written.
    """
    decided = decide(folder, missing_as_no_answer=missing_as_no_answer, confirm=confirm)
    reading = decided.reading
    facts = Facts(
        date=decided.envelope.made_at[:10],
        author=author,
        locked=decided.locked_at[:10],
        journal_head=decided.envelope.journal_head,
        version=decided.envelope.version,
        sample=reading.launch.sample,
        asides=decided.envelope.asides,
        challenges=decided.accepted,
    )
    document = memo(reading.launch, decided.verdict, reading.criteria, reading.taxonomy, facts)
    target = Layout(folder).memo
    name = (
        "rehearsal" if decided.verdict.exploratory else "memo"
    )  # a rehearsal never replaces what was defended
    written = {f"{name}.md": memo_markdown(document), f"{name}.html": memo_html(document)}
    try:
        target.mkdir(exist_ok=True)
        for file, text in written.items():
            unfinished = target / f".{file}.unfinished"
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(target / file)
    except OSError as error:
        raise Unavailable(f"the memo cannot be written: {error.strerror}", where=str(target)) from error
    return Reported(decided, document, tuple(target / file for file in written))
