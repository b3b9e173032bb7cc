"""Accept: a named person takes a challenge upon themselves, for a reason and for a while; an event of the journal."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from shipworthy.coach.catalogue import BY_ID
from shipworthy.coach.policy import Policy
from shipworthy.coach.sceptic import Accepted, Finding
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.services.clock import now
from shipworthy.services.opened import opened
from shipworthy.services.pressure_test import pressure_test
from shipworthy.store import journal

_WORDS = 6
_LONGEST = 2000
_EMPTY = re.compile(r"\b(tbd|todo|later|lgtm|n/?a|asdf+|xxx+|lorem)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to accept.

    Attributes:
        rule: the challenge's id.
        name: who accepts it.
        reason: why.
        until: the last day on which it holds.
    """

    rule: str
    name: str
    reason: str
    until: dt.date


def accept(folder: Path, wish: Wish) -> Accepted:
    """Write down that somebody accepts an open challenge.

    Raises:
        BadInput: there is no such rule, or name, reason or date do not do.
        Refused: there is nothing to accept: the rule sees nothing.
        FolderHasProblems: the folder has mistakes.
    """
    rule = wish.rule.upper()
    if rule not in BY_ID:
        raise BadInput(
            f"there is no challenge `{wish.rule}`",
            where="accept",
            remedy="`shipworthy pressure-test` lists those there are",
        )
    tested = pressure_test(folder)
    found = next((each for each in tested.challenged.findings if each.rule.id == rule), None)
    if found is None:
        raise Refused(
            f"{rule} sees nothing to accept", where=str(folder), remedy="accept a challenge that is open"
        )
    _check(wish, found, tested.facts.policy, tested.facts.today)
    made = Accepted(rule, found.saw.subjects, wish.name.strip(), wish.reason.strip(), wish.until)
    body = {
        "rule": made.rule,
        "subjects": list(made.subjects),
        "saw": found.saw.text,
        "name": made.name,
        "reason": made.reason,
        "until": made.until.isoformat(),
    }
    with opened(folder) as launch, launch.ledger.write() as connection:
        journal.append(connection, verb="accept", body=body, at=now())
    return made


def _check(wish: Wish, found: Finding, policy: Policy, today: dt.date) -> None:
    blocks = found.severity == "blocks"
    if len(wish.name.strip()) < 2 or len(wish.name) > _LONGEST:
        raise BadInput(
            "nobody accepts it", where="--name", remedy="give the name of the person who answers for it"
        )
    _check_reason(wish.reason.strip(), blocks=blocks, least=int(policy["reason_characters"]))
    most = int(policy["accept_block_days" if blocks else "accept_days"])
    days = (wish.until - today).days
    if not 0 <= days <= most:
        last = (today + dt.timedelta(days=most)).isoformat()
        raise BadInput(
            f"{wish.until.isoformat()} is {'past' if days < 0 else f'more than {most} days ahead'}",
            where="--until", remedy=f"give a day up to {last}: then somebody looks again",
        )  # fmt: skip


def _check_reason(reason: str, *, blocks: bool, least: int) -> None:
    words = {word.casefold() for word in re.findall(r"\w{2,}", reason)}
    if not words or len(reason) > _LONGEST:
        raise BadInput("there is no reason", where="--reason", remedy="say in a sentence why it may stand")
    if blocks and (len(reason) < least or len(words) < _WORDS or _EMPTY.search(reason)):
        raise BadInput(
            f"what blocks takes a reason of substance: {least} characters and {_WORDS} different words at least",
            where="--reason", remedy="say what was weighed, and why it may stand until that day",
        )  # fmt: skip
