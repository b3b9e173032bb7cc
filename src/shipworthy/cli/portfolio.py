"""`shipworthy portfolio`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say


def portfolio(
    folder: Path = Path(),
    *,
    redact: Annotated[list[str] | None, Parameter(negative="")] = None,
    differently: str = "",
    author: str = "",
) -> int:
    """Write one page of what you did and how it turned out, with words taken out: portfolio/portfolio.md and .html.

    The problem, what you did in counts, the evidence, the decision, what promises and incidents say of it since, and
    what you would do differently. Takes no look. Read it before you show it: only the words that you name are taken
    out. Example:

        shipworthy portfolio my-launch --redact "Lantern Row" --redact Ada --differently "I would have read outputs first."

    Args:
        folder: the launch folder; here unless said.
        redact: a word or name to take out wherever it stands, in any case; may be given several times.
        differently: what you would do differently, in your own words.
        author: who did it; left out unless said.
    """
    from shipworthy.services.portfolio import Page, write_portfolio  # noqa: PLC0415 - the command is called

    for path in write_portfolio(folder, Page(tuple(redact or ()), differently, author)):
        out(str(path))
    say("read it before you show it: only the words that you named are taken out")
    return 0
