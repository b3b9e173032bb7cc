"""Replace names before anything is coded: proposed by rules, confirmed by a person, frozen; the key stays outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.interview import Interview
from shipworthy.domain.pseudonym import MOST, Proposal, Replaced, adjusted, doubts, propose, replaced
from shipworthy.domain.transcript import cleaned, sha_of, speakers
from shipworthy.services.listening import Listening, file_of, listening, needs_consent, today
from shipworthy.store.interview_write import changed_head, delete, file_and_hash, put, set_in
from shipworthy.store.interviews import paths_of
from shipworthy.store.outside import keep_key, read_key


@dataclass(frozen=True)
class Wanted:
    """What a person says beside the rules.

    Attributes:
        names: further names to look for.
        instead: other words for a passage; a passage no rule found may be named too.
        keep: passages that stay.
    """

    names: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposed:
    """What would be replaced, for a person to look at.

    Attributes:
        name: the interview.
        text: what was said, as it is.
        proposals: what would be replaced by what.
        doubts: words with a capital letter that no rule took, and how often they stand there.
        seen: the hash of the file the proposals were made from.
    """

    name: str
    text: str
    proposals: tuple[Proposal, ...]
    doubts: dict[str, int]
    seen: str

    @property
    def preview(self) -> str:
        """What would stand in the folder."""
        return replaced(self.text, self.proposals).text


@dataclass(frozen=True)
class Pseudonymised:
    """What was done: how many passages were replaced, where the text and the key to it are."""

    name: str
    passages: int
    text_at: Path
    key_at: Path
    sha: str


def propose_names(folder: Path, name: str, wanted: Wanted) -> Proposed:
    """Return what should be replaced in an interview; nothing is written.

    Raises:
        Refused: consent was not given, the names are replaced already, or something is coded already.
        BadInput: there is no such interview, or no text in it.
    """
    return _proposed(listening(folder), name, wanted)


def interview_pseudonymise(
    folder: Path, name: str, wanted: Wanted, *, agree: Callable[[Proposed], bool], seen: str | None = None
) -> Pseudonymised | None:
    """Replace names once a person agreed, write the text into the folder and freeze it; None when they did not agree.

    Args:
        folder: the launch.
        name: the interview.
        wanted: what the person says beside the rules.
        agree: asks them, with everything that would be replaced in sight.
        seen: the hash of the file whose proposals they looked at; None where they are made now.

    Raises:
        Refused: as for `propose_names`; or the file was changed in between.
    """
    there = listening(folder)
    proposed = _proposed(there, name, wanted)
    if seen is not None and seen != proposed.seen:
        raise Refused(
            "the transcript was changed after you looked at it; nothing was replaced",
            where=name,
            remedy="look at the proposals again",
        )
    if not agree(proposed):
        return None
    done = replaced(proposed.text, proposed.proposals)
    return _frozen(there, name, done)


def reveal(folder: Path, name: str) -> str:
    """Return the text of an interview with its names, by the key on this machine.

    Raises:
        BadInput: there is no key here, or it belongs to another text.
    """
    from shipworthy.domain.pseudonym import restored  # noqa: PLC0415 - the one place that puts names back

    there = listening(folder)
    interview = there.named(name)
    needs_consent(interview, "shown")
    if there.is_waiting(name):
        return interview.text
    try:
        return restored(interview.text, read_key(there.layout, name))
    except ValueError as error:
        raise BadInput(str(error), where=name, remedy="bring the text back that was frozen") from error


def _proposed(there: Listening, name: str, wanted: Wanted) -> Proposed:
    interview = there.named(name)
    needs_consent(interview, "put into the folder")
    _ready(there, interview)
    text = cleaned(interview.text).text
    head = interview.head
    found = propose(text, alias=head.alias, names=wanted.names, interviewer=head.interviewer)
    if len(found) > MOST:
        raise BadInput(
            f"more than {MOST:,} passages point to persons",
            where=name,
            remedy="check that this is one interview, and no table of customers",
        )
    mine = adjusted(found, instead=wanted.instead, keep=wanted.keep)
    return Proposed(name, text, tuple(mine), doubts(text, mine), file_and_hash(file_of(there, name))[1])


def _ready(there: Listening, interview: Interview) -> None:
    if not interview.text:
        raise BadInput(
            f"`{interview.name}` has no text yet",
            where=f"interviews/{interview.name}.md",
            remedy=f"run `shipworthy interview import . FILE --name {interview.name}`",
        )
    if there.is_waiting(interview.name):
        return
    if interview.head.pseudonymised.done or interview.codings:
        what = "its names are replaced" if interview.head.pseudonymised.done else "something is coded"
        raise Refused(
            f"the text of `{interview.name}` is frozen: {what} already",
            where=f"interviews/{interview.name}.md",
            remedy="withdraw it and bring it in again if a name was missed",
        )


def _frozen(there: Listening, name: str, done: Replaced) -> Pseudonymised:
    """Write the key first, then the text, and delete the raw transcript last: a crash leaves it waiting."""
    source, sha = file_of(there, name), sha_of(done.text)
    target = paths_of(there.layout, name).text
    seen = file_and_hash(target)[1]

    base = target if target.exists() else source
    known = there.named(name).head.model_dump(exclude_defaults=True) if base != source else {}

    def change(head: dict[str, Any]) -> None:
        for key, value in known.items():
            if key == "consent" or key not in head:
                set_in(head, key, value)
        if head.get("interviewer") not in speakers(done.text):
            head.pop("interviewer", None)
        set_in(head, "pseudonymised", {"done": True, "at": today(), "replaced": len(done.swaps)})
        set_in(head, "text_sha256", sha)

    text = changed_head(base, change, body=done.text)
    key_at = keep_key(there.layout, name, done.swaps, sha=sha)
    put(target, text, seen=seen)
    if source != target:
        delete(source)
    return Pseudonymised(name, len(done.swaps), target, key_at, sha)


def pairs(lines: Sequence[str]) -> dict[str, str]:
    """Return `WORDS=OTHER WORDS` as a mapping.

    Raises:
        BadInput: a line has no `=`.
    """
    found = {}
    for line in lines:
        was, equals, now = line.partition("=")
        if not equals or not was.strip() or not now.strip():
            raise BadInput(f"`{line[:80]}` has no `=` between two texts", remedy="write 'Maria=Person 1'")
        found[was.strip()] = now.strip()
    return found
