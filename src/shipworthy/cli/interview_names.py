"""`shipworthy interview pseudonymise` and `withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import ask, out, say
from shipworthy.domain.errors import BadInput
from shipworthy.domain.verdict import ExitCode
from shipworthy.narrative.text import plain
from shipworthy.services.interview_pseudonymise import Proposed, Wanted, pairs
from shipworthy.services.interview_pseudonymise import interview_pseudonymise as replace_names


def interview_pseudonymise(
    folder: Path,
    name: str,
    *,
    names: Path | None = None,
    also: Annotated[list[str] | None, Parameter(negative="")] = None,
    replace: Annotated[list[str] | None, Parameter(negative="")] = None,
    keep: Annotated[list[str] | None, Parameter(negative="")] = None,
    yes: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Replace what points to a person, before anything is coded, and freeze the text.

    Proposes replacements for speakers, names, mail and web addresses, phone numbers, long numbers and streets; lists
    words with a capital letter that no rule took. You confirm. The key that leads back is kept outside the folder.
    Exit code 11 when nobody confirmed. Examples:

        shipworthy interview pseudonymise my-launch P1
        shipworthy interview pseudonymise my-launch P1 --also London --replace "Acme=[employer]" --keep Monday --yes

    Args:
        folder: the launch folder.
        name: the interview.
        names: a file with further names to look for, one a line.
        also: a further name to look for; may be repeated.
        replace: other words for a passage, as WORDS=OTHER WORDS; may be repeated.
        keep: a passage that stays; may be repeated.
        yes: agree to the proposals; read them first without it.
    """
    listed = _lines(names) if names else []
    wanted = Wanted((*listed, *(also or [])), pairs(replace or []), tuple(keep or []))

    def agree(proposed: Proposed) -> bool:
        _print(proposed)
        return yes or ask("replace these and freeze the text?")

    done = replace_names(folder, name, wanted, agree=agree)
    if done is None:
        say("nothing was replaced: look at the list, then add --yes")
        return ExitCode.NOT_YET
    out(f"{done.name}: {done.passages:,} passages replaced; frozen in {done.text_at}")
    out(f"key, readable by you alone: {done.key_at}")
    say(f'next: shipworthy interview code {folder} {done.name} "their words" --code … --kind did')
    return 0


def interview_withdraw(
    folder: Path, name: str, *, yes: Annotated[bool, Parameter(negative="")] = False
) -> int:
    """Delete what a person said: text, excerpts, raw transcript and key. The journal keeps that it happened, and no word.

    Asks first. Says in which pages of the folder words of theirs still stand, and that git keeps what was committed.
    Exit code 11 when nobody confirmed. Example:

        shipworthy interview withdraw my-launch P1

    Args:
        folder: the launch folder.
        name: the interview.
        yes: agree without being asked.
    """
    from shipworthy.services.interview_withdraw import Withdrawal  # noqa: PLC0415 - it opens the ledger
    from shipworthy.services.interview_withdraw import interview_withdraw as take_back  # noqa: PLC0415

    def agree(plan: Withdrawal) -> bool:
        out(
            f"{plan.name}: {plan.characters:,} characters of text and {plan.excerpts:,} excerpts are deleted:"
        )
        for file in plan.files:
            out(f"  {file}")
        return yes or ask("delete them for good?")

    done = take_back(folder, name, agree=agree)
    if done is None:
        say("nothing was deleted: add --yes")
        return ExitCode.NOT_YET
    out(f"{done.name}: deleted; the journal says that it was withdrawn, and nothing of what was said")
    for page in done.still_in:
        out(f"still in {page}: render it again, or delete it")
    if done.in_git:
        say("git keeps what was committed: rewrite its history, or tell the person that you cannot")
    return 0


def _print(proposed: Proposed) -> None:
    for each in proposed.proposals:
        out(f"{each.what}: {plain(each.was)} -> {plain(each.now)} ({each.n:,})")
    if not proposed.proposals:
        out("no rule found anything that points to a person")
    if proposed.doubts:
        words = ", ".join(f"{plain(word, 60)} ({n:,})" for word, n in proposed.doubts.items())
        out(f"not taken; look at them: {words}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "the list of names cannot be read", where=str(path), remedy="one name a line, UTF-8"
        ) from error
