"""What the memo needs beside the verdict; a service gathers it, and nothing here is computed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stage:
    """One step of going live.

    Attributes:
        whom: who gets the feature, "5 of 100 conversations".
        until: what must be seen before the next step.
        stop: what ends it, and who can.
    """

    whom: str
    until: str = ""
    stop: str = ""


@dataclass(frozen=True)
class FailureCount:
    """How often a failure mode was named, of how many outputs that were read for it.

    Attributes:
        mode: the failure mode's id in the taxonomy.
        count: outputs with that label.
        read: outputs that were read.
        example: one case id, so that a reader can look.
    """

    mode: str
    count: int
    read: int
    example: str = ""


@dataclass(frozen=True)
class Facts:
    """Dates, names and records that stand round the verdict.

    Attributes:
        date: the day the memo was made, in words or ISO.
        author: who signs it; empty leaves a line to write on.
        to: who decides; empty takes the launch's.
        locked: the day the plan was locked; empty when it was not.
        journal_head: the journal's head when the memo was made.
        version: of the program.
        sample: True for sample material, which the memo says at its top.
        failures: failure modes counted by people, if any were.
        stages: how the launch goes live.
        challenges: accepted challenges, each as one sentence with who accepted it.
        quote: one thing a user said, word for word.
        quote_by: what that user is called here; never their name.
        review_on: when the decision is looked at again.
        asides: what is no evidence and should be known all the same, such as how a demo went.
    """

    date: str = ""
    author: str = ""
    to: str = ""
    locked: str = ""
    journal_head: str = ""
    version: str = ""
    sample: bool = False
    failures: tuple[FailureCount, ...] = field(default=())
    stages: tuple[Stage, ...] = field(default=())
    challenges: tuple[str, ...] = field(default=())
    quote: str = ""
    quote_by: str = ""
    review_on: str = ""
    asides: tuple[str, ...] = field(default=())
