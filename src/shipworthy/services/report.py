"""Report: the memo of a launch, written into its folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from shipworthy.domain.errors import Unavailable
from shipworthy.domain.launch import LanguageCode
from shipworthy.exporters.docx import memo_docx
from shipworthy.exporters.html import memo_html
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.exporters.memo_tree import memo_tree
from shipworthy.exporters.pdf import Paper, memo_pdf
from shipworthy.narrative.audience import Audience, for_audience
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.catalogue.languages import LANGUAGES
from shipworthy.narrative.document import Memo
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.lint import Sin
from shipworthy.narrative.memo import memo
from shipworthy.services.decide import AboutToLook, Decided, decide, look_freely
from shipworthy.services.lint_texts import lint_texts
from shipworthy.services.memo_facts import recorded_facts
from shipworthy.store.layout import Layout

Format = Literal["md", "html", "pdf", "docx", "json"]
USUAL: tuple[Format, ...] = ("md", "html")
EVERY: tuple[Format, ...] = ("md", "html", "pdf", "docx", "json")


@dataclass(frozen=True)
class Written:
    """What a memo is written as.

    Attributes:
        formats: one file each.
        paper: of PDF and DOCX.
        audience: whose order of sections.
        language: in which it is written; the launch's own unless said.
    """

    formats: tuple[Format, ...] = USUAL
    paper: Paper = "a4"
    audience: Audience = "executive"
    language: LanguageCode | None = None


@dataclass(frozen=True)
class Reported:
    """The memo's files, and the verdict they defend.

    Attributes:
        decided: the verdict.
        memo: what the files say.
        files: where they are.
        asides: what a person should know of the files, as that a PDF misses a font.
        sins: words that people wrote and that say more than anybody measured.
    """

    decided: Decided
    memo: Memo
    files: tuple[Path, ...]
    asides: tuple[str, ...] = ()
    sins: tuple[Sin, ...] = ()


def report(
    folder: Path,
    *,
    author: str = "",
    written: Written | None = None,
    missing_as_no_answer: bool = False,
    confirm: Callable[[AboutToLook], bool] = look_freely,
) -> Reported:
    """Write `memo/memo.…` in each format; for a rehearsal `memo/rehearsal.…`, for an audience `memo/memo-legal.…`.

    In another language than the launch's own it is `memo/memo-de.…`, so that it stands beside the other.

    Args:
        folder: the launch folder.
        author: who signs it; empty leaves a line to write on.
        written: as what, on which paper, for whom; Markdown and HTML for the one who decides unless said.
        missing_as_no_answer: as for `decide`.
        confirm: as for `decide`; a memo of sealed evidence is a look.

    Raises:
        Unavailable: the files cannot be written.
    """
    decided = decide(folder, missing_as_no_answer=missing_as_no_answer, confirm=confirm)
    wish = written or Written()
    document = memo_of(decided, author=author, audience=wish.audience, language=wish.language)
    # A rehearsal never replaces what was defended.
    name = "rehearsal" if decided.verdict.exploratory else "memo"
    name = name if wish.audience == "executive" else f"{name}-{wish.audience}"
    own = decided.reading.launch.language
    name = name if wish.language in (None, own) else f"{name}-{wish.language}"
    asides: list[str] = []
    made = {f"{name}.{kind}": _content(document, kind, wish.paper, asides) for kind in wish.formats}
    files = _keep(Layout(folder).memo, made)
    return Reported(decided, document, files, tuple(asides), lint_texts(decided.reading, decided.accepted))


def memo_of(
    decided: Decided,
    *,
    author: str = "",
    audience: Audience = "executive",
    language: LanguageCode | None = None,
) -> Memo:
    """Return the memo of a verdict; one that is not in English carries the English one, for programs to read.

    Args:
        decided: the verdict, with what it was read from.
        author: who signs it.
        audience: whose order of sections.
        language: in which it is written; the launch's own unless said.
    """
    made = _memo_in(LANGUAGES[language or decided.reading.launch.language], decided, author)
    if made.language is not ENGLISH:
        made = replace(made, in_english=_memo_in(ENGLISH, decided, author))
    return for_audience(made, audience)


def _memo_in(language: Language, decided: Decided, author: str) -> Memo:
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
        **recorded_facts(reading.layout.folder, decided.verdict, language),
    )
    return memo(reading.launch, decided.verdict, reading.criteria, reading.taxonomy, facts, language)


def _content(document: Memo, kind: Format, paper: Paper, asides: list[str]) -> bytes:
    if kind == "pdf":
        pdf = memo_pdf(document, paper)
        if pdf.missing:
            asides.append(
                f"the PDF is tagged, but no PDF/UA-1: no font on this machine draws `{pdf.missing}`; install one that does"
            )
        if pdf.pages_of_letter > 1:
            asides.append(
                f"the letter takes {pdf.pages_of_letter} pages before its appendix; shorten what people wrote"
            )
        return pdf.content
    if kind == "docx":
        return memo_docx(document, paper)
    if kind == "json":
        return (json.dumps(memo_tree(document), ensure_ascii=False, indent=1) + "\n").encode()
    return (memo_markdown(document) if kind == "md" else memo_html(document)).encode()


def _keep(target: Path, made: dict[str, bytes]) -> tuple[Path, ...]:
    """Write files so that each is there whole, or as it was before."""
    try:
        target.mkdir(exist_ok=True)
        for file, content in made.items():
            unfinished = target / f".{file}.unfinished"
            unfinished.write_bytes(content)
            unfinished.replace(target / file)
    except OSError as error:
        raise Unavailable(f"the memo cannot be written: {error.strerror}", where=str(target)) from error
    return tuple(target / file for file in made)
