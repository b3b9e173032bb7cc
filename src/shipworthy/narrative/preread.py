"""What a reviewer reads before the call: one page, of the same make as the memo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative.document import Block, Bullets, Memo, Paragraph, Section
from shipworthy.narrative.headline import headline
from shipworthy.narrative.text import plain, sentence

MOST = 5
"""Challenges that one page carries: the hardest."""


@dataclass(frozen=True)
class Asking:
    """What the one who invites says in her own words.

    Attributes:
        reviewer: who is asked.
        stuck_on: what she is stuck on.
        wants: what she wants from the hour.
        when: the day and hour in words.
        challenges: open challenges, the hardest first.
        sample: the launch is sample material.
    """

    reviewer: str
    stuck_on: str = ""
    wants: str = ""
    when: str = ""
    challenges: Sequence[str] = ()
    sample: bool = False


def preread(launch: Launch, verdict: Verdict, asking: Asking) -> Memo:
    """Return the page.

    Args:
        launch: what is decided.
        verdict: as it was computed; a rehearsal says that it is one.
        asking: what is asked of the reviewer.
    """
    question = sentence(launch.decision.question) or "Is this worth shipping, and to whom?"
    sections = [
        Section(
            "goal",
            "What it is for",
            (Paragraph((sentence(launch.goal) or "Nobody has written it down yet.",)),),
        ),
        Section("question", "What is to be decided", (Paragraph((question,)),)),
        Section("state", "Where it stands", (Paragraph((headline(verdict),), lead=True),)),
        Section("challenges", "The hardest questions that are open", (_challenges(asking),)),
        Section(
            "stuck",
            "What I am stuck on",
            (Paragraph((sentence(asking.stuck_on) or "To be said in the call.",)),),
        ),
        Section("wanted", "What I want from the hour", (Paragraph((sentence(asking.wants) or WANTED,)),)),
    ]
    heading = (("For", plain(asking.reviewer, 120)), ("When", plain(asking.when, 80)))
    notices = ("Sample material: this launch describes no real product.",) if asking.sample else ()
    return Memo(
        title=f"Before we talk: {plain(launch.title, 100) or 'a launch without a title'}",
        notices=notices,
        heading=tuple(pair for pair in heading if pair[1]),
        page=tuple(sections),
        appendix=(),
        foot=(("Read with it", "the memo, where there is one"),),
    )


WANTED = "Say where you would not sign, and which one thing would change that."


def _challenges(asking: Asking) -> Block:
    if not asking.challenges:
        return Paragraph(("None is open. Bring your own.",))
    return Bullets(tuple((plain(each, 400),) for each in asking.challenges[:MOST]))
