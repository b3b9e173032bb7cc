"""What a launch has on record, in counts; none of them is an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shipworthy.narrative import wording


@dataclass(frozen=True)
class Records:
    """How much there is of each kind of record.

    Attributes:
        brief: parts of the brief that are written, of the nine that are asked for.
        interviews: interviews that were held.
        modes: failure modes with a name.
        criteria: criteria with a bar.
        cases: part to number of cases.
        groups: groups of all cases.
        outputs: outputs that were recorded.
        labels: labels that people gave.
        judges: judges that are written.
        locks: plans that were locked.
        looks: looks at sealed cases.
        accepted: challenges that a person took upon themselves.
        memos: files of memos.
        reviews: calls with a reviewer.
        decisions: decisions that were signed.
        promises: promises that are watched.
        audits: audited outputs of the live traffic that came in.
        incidents: incidents that were written down.
        events: events of the journal.
        head: the journal's head.
    """

    brief: int = 0
    interviews: int = 0
    modes: int = 0
    criteria: int = 0
    cases: Mapping[str, int] = field(default_factory=dict)
    groups: int = 0
    outputs: int = 0
    labels: int = 0
    judges: int = 0
    locks: int = 0
    looks: int = 0
    accepted: int = 0
    memos: int = 0
    reviews: int = 0
    decisions: int = 0
    promises: int = 0
    audits: int = 0
    incidents: int = 0
    events: int = 0
    head: str = ""


NOUNS = {
    "interviews": ("interview", ""),
    "modes": ("failure mode", ""),
    "criteria": ("criterion", "criteria"),
    "outputs": ("recorded output", ""),
    "labels": ("label from people", "labels from people"),
    "judges": ("judge", ""),
    "locks": ("locked plan", ""),
    "looks": ("look at sealed cases", "looks at sealed cases"),
    "accepted": ("accepted challenge", ""),
    "memos": ("file of the memo", "files of the memo"),
    "reviews": ("call with a reviewer", "calls with reviewers"),
    "decisions": ("signed decision", ""),
    "promises": ("promise", ""),
    "audits": ("audited live output", ""),
    "incidents": ("incident", ""),
    "events": ("event in the journal", "events in the journal"),
}
ASKED = 9
"""Questions of the brief."""


def counted(records: Records, name: str) -> str:
    """Return one kind of record in words; empty where there is none.

    >>> counted(Records(labels=3), "labels"), counted(Records(), "labels")
    ('3 labels from people', '')
    >>> counted(Records(cases={"holdout": 2, "explore": 1}, groups=3), "cases")
    '3 cases in 3 groups (1 explore, 2 holdout)'
    """
    if name == "brief":
        return f"{wording.of(records.brief, ASKED)} parts of the brief" if records.brief else ""
    if name == "cases":
        total = sum(records.cases.values())
        parts = ", ".join(f"{wording.whole(n)} {part}" for part, n in sorted(records.cases.items()) if n)
        return (
            f"{wording.plural(total, 'case')} in {wording.plural(records.groups, 'group')} ({parts})"
            if total
            else ""
        )
    noun, many = NOUNS[name]
    number = getattr(records, name)
    return wording.plural(number, noun, many) if number else ""
