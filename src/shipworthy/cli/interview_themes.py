"""`shipworthy interview theme`, `themes` and `summary`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.theme import ThemeKind
from shipworthy.narrative import listening as words
from shipworthy.narrative.text import plain
from shipworthy.services.interview_themes import interview_themes as all_themes
from shipworthy.services.interview_themes import set_theme


def interview_theme(  # noqa: PLR0913 - each is an option
    folder: Path,
    name: str,
    *,
    title: str = "",
    definition: str = "",
    includes: str = "",
    excludes: str = "",
    parent: str | None = None,
    kind: ThemeKind | None = None,
    criterion: str | None = None,
    failure_mode: str | None = None,
    scope: str | None = None,
    assumption: str | None = None,
    not_now: str | None = None,
) -> int:
    """Add a theme to taxonomy.yaml or change one, and say what it becomes; what is not said stays as it is.

    A theme has to become something, or “not now” with a reason. Examples:

        shipworthy interview theme my-launch slow-search --title "Search is slow" --definition "They waited, and say how long"
        shipworthy interview theme my-launch slow-search --criterion fast
        shipworthy interview theme my-launch wants-dark-mode --not-now "one of nine asked, and nobody lost anything"

    Args:
        folder: the launch folder.
        name: the id of the theme.
        title: what people call it.
        definition: when an excerpt has it, so that two people agree.
        includes: a near miss that counts.
        excludes: a look-alike that does not count.
        parent: the theme it belongs to.
        kind: opportunity, pain, desire, workaround or risk.
        criterion: the criterion that it becomes.
        failure_mode: the failure mode that it becomes.
        scope: the line of the scope that it becomes.
        assumption: the assumption that it becomes.
        not_now: why nothing comes of it now.
    """
    said = {
        "criterion": criterion,
        "failure_mode": failure_mode,
        "scope": scope,
        "assumption": assumption,
        "not_now": not_now,
    }
    theme = {
        "id": name,
        "name": title,
        "definition": definition,
        "includes": [includes] if includes else "",
        "excludes": [excludes] if excludes else "",
        "parent": parent,
        "kind": kind,
        "becomes": {key: value for key, value in said.items() if value} or None,
    }
    set_theme(folder, theme)
    out(f"{name}: written to taxonomy.yaml")
    return 0


def interview_themes(folder: Path = Path(), *, quotes: int = 1) -> int:
    """Show what was heard, by theme: how many people, how many of them told what they did, and what it becomes.

    A person who says a thing five times is one person. Example:

        shipworthy interview themes my-launch --quotes 3

    Args:
        folder: the launch folder; here unless said.
        quotes: how many excerpts to show of each theme; those that may not be quoted are counted alone.
    """
    found = all_themes(folder)
    people = len(found.listened.people)
    for each in found.themes:
        out(words.theme_line(each, people, None))
        for quote in [q for q in each.quotes if q.quotable and each.theme.id in q.coding.codes][:quotes]:
            out(
                f"{'  ' * each.depth}  {plain(quote.alias, 40)} ({quote.coding.kind}): {plain(quote.coding.text, 160)}"
            )
    if found.open:
        names = ", ".join(each.theme.id for each in found.open)
        say(f"nothing comes of these yet: {names}")
        say(
            f"next: shipworthy interview theme {folder} {found.open[0].theme.id} --criterion …, or --not-now “why”"
        )
    return 0


def interview_summary(folder: Path = Path()) -> int:
    """Say who was heard, what by how many people, and what so few interviews can and cannot tell.

    The chances are computed, from binomial sums over people. Example:

        shipworthy interview summary my-launch

    Args:
        folder: the launch folder; here unless said.
    """
    from shipworthy.services.interview_summary import interview_summary as sum_up  # noqa: PLC0415 - one command is called

    done = sum_up(folder)
    people = done.tells.people
    out(words.who(done.listened))
    if friends := words.near(done.listened):
        out(friends)
    for theme in done.themes:
        out(words.theme_line(theme.heard, people, theme.at_least))
    for line in words.can_tell(people, done.tells.chances):
        out(f"can tell: {line}")
    for line in words.cannot_tell(people, done.tells.unheard, done.tells.needed):
        out(f"cannot tell: {line}")
    out(words.ASSUMES)
    return 0
