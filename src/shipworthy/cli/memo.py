"""`shipworthy memo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.opening import confirming
from shipworthy.cli.terminal import out, say
from shipworthy.services.report import EVERY, USUAL, Format, Written, report

Kind = Literal["md", "html", "pdf", "docx", "json", "all"]


def memo(
    folder: Path = Path(),
    *,
    author: str = "",
    format: Annotated[list[Kind] | None, Parameter(negative="")] = None,  # noqa: A002 - the option's name
    paper: Literal["a4", "letter"] = "a4",
    audience: Literal["executive", "engineering", "legal", "public"] = "executive",
    language: Literal["en", "de"] | None = None,
    missing_as_no_answer: Annotated[bool, Parameter(negative="")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
) -> int:
    """Write the page that defends the verdict: memo/memo.md and memo/memo.html, and PDF, Word or JSON where asked for.

    One page for people who cannot read the code, and an appendix with every count. Other audiences get other orders of
    the same sections; no number changes, and no bad news is left out. PDF and Word need `shipworthy[documents]`. Without a locked plan it is a
    rehearsal, and its files are called so. A memo of sealed evidence that was not looked at before is a look, as
    `decide` is. Examples:

        shipworthy memo my-launch --author "Ada, product"
        shipworthy memo my-launch --format pdf --format docx --paper letter
        shipworthy memo my-launch --format all --audience legal
        shipworthy memo my-launch --language de

    Args:
        folder: the launch folder; here unless said.
        author: who signs it; a line to write on unless said.
        format: md, html, pdf, docx, json, or all; md and html unless said.
        paper: the paper of PDF and Word.
        audience: who reads it: executive, engineering, legal or public.
        language: en or de; the `language` of launch.yaml unless said. Another one than that is written beside it.
        missing_as_no_answer: count planned outputs that were never recorded as no answer, instead of refusing.
        yes: take a look without being asked.
    """
    formats: tuple[Format, ...] = USUAL
    if format:
        formats = EVERY if "all" in format else tuple(dict.fromkeys(kind for kind in format if kind != "all"))
    done = report(
        folder,
        author=author,
        written=Written(formats, paper, audience, language),
        missing_as_no_answer=missing_as_no_answer,
        confirm=confirming(yes=yes),
    )
    for path in done.files:
        out(str(path))
    verdict = done.decided.verdict
    held = f", held back by {len(verdict.blocked_by)} open challenges" if verdict.blocked_by else ""
    say(f"verdict: {verdict.verdict}{held}")
    for aside in done.asides:
        say(aside)
    for sin in done.sins:
        say(f"wording: {sin.where}: `{sin.words}`: {sin.remedy}")
    return 0
