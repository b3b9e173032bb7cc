"""Reading outputs: what a label is, what an undo brings back, and counts that end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from shipworthy.domain.errors import Refused

State = Literal["pass", "fail", "defer", "withdrawn"]
Turn = Literal["own", "again", "settled"]
"""A person's own label, the same person's hidden second one, and the one that settles a disagreement."""
QueueKind = Literal["random", "stratified", "disagreements", "calibration", "twins", "low_confidence", "list"]

OPEN_READING = ""
"""The criterion of labels that are not about a criterion yet: what went wrong first?"""
FIRM = frozenset({"pass", "fail"})
"""States that say how an output is."""
NOTE_MOST = 20_000
"""Characters of a note."""


class Output(NamedTuple):
    """One output, as the ledger numbers it; a page never shows the variant's number."""

    variant_no: int
    case_no: int
    repeat: int


@dataclass(frozen=True)
class Said:
    """What a person says of one output.

    Attributes:
        state: passes, fails, deferred, or nothing any more.
        note: what went wrong first, in the person's words.
        modes: ids of failure modes.
        step: index of the first step that went wrong, where there are several.
    """

    state: State
    note: str = ""
    modes: tuple[str, ...] = ()
    step: int | None = None


NOTHING = Said("withdrawn")
"""What an output without a label is taken to say."""


@dataclass(frozen=True)
class Label:
    """One row of the ledger's labels.

    Attributes:
        no: its number; later is larger.
        at: when, as text.
        reviewer: whose.
        output: about which output.
        criterion: under which; empty for open reading.
        turn: own, again or settled.
        version: 1 for the first in its chain (reviewer, output, criterion, turn); the highest one holds.
        said: what was said.
        queue_no: the queue it was given in; None for one that was brought in.
        undoes: the number of the label that this row takes back.
        ms_spent: how long the person looked at the output.
        blind: what the person had not been shown by then.
    """

    no: int
    at: str
    reviewer: str
    output: Output
    criterion: str
    turn: Turn
    version: int
    said: Said
    queue_no: int | None = None
    undoes: int | None = None
    ms_spent: int | None = None
    blind: Mapping[str, bool] = field(default_factory=dict)


class Act(NamedTuple):
    """As much of a label as an undo needs: its number, and which one it takes back."""

    no: int
    undoes: int | None


def next_undone(acts: Iterable[Act]) -> int | None:
    """Return the number of the label that the next undo takes back: the last one that still stands.

    Args:
        acts: everything one person did, oldest first; an undo is never undone, so undoing goes ever further back.

    >>> next_undone([Act(1, None), Act(2, None), Act(3, 2)])
    1
    """
    standing: list[int] = []
    for act in acts:
        if act.undoes is None:
            standing.append(act.no)
        elif act.undoes in standing:
            standing.remove(act.undoes)
    return standing[-1] if standing else None


def before(chain: Sequence[tuple[int, Said]], version: int) -> Said:
    """Return what a chain said before one of its versions.

    >>> before([(1, Said("pass")), (2, Said("fail"))], 2).state
    'pass'
    >>> before([(1, Said("pass"))], 1).state
    'withdrawn'
    """
    earlier = [(number, said) for number, said in chain if number < version]
    return max(earlier, key=lambda each: each[0])[1] if earlier else NOTHING


@dataclass(frozen=True)
class Progress:
    """How far a queue is, in counts that end.

    Attributes:
        items: how many there are.
        done: labelled by as many people as are wanted.
        deferred: put off by somebody, and not done.
        passed: of those done; None where the queue is about sealed outputs.
        failed: of those done; None where the queue is about sealed outputs.
        differ: of those done, where people differ and nobody has settled it; None on sealed outputs.
    """

    items: int
    done: int
    deferred: int
    passed: int | None = None
    failed: int | None = None
    differ: int | None = None

    @property
    def left(self) -> int:
        """How many are neither done nor put off."""
        return self.items - self.done - self.deferred


def standing(given: Mapping[str, State] | Mapping[int, State], *, readers: int, settled: State | None) -> str:
    """Say where one item of a queue stands: open, begun, deferred, or done as pass, fail or differ.

    >>> (
    ...     standing({1: "pass", 2: "fail"}, readers=2, settled=None),
    ...     standing({1: "pass"}, readers=2, settled=None),
    ... )
    ('differ', 'begun')
    >>> standing({1: "pass", 2: "fail"}, readers=2, settled="fail")
    'fail'
    """
    if settled in FIRM:
        return str(settled)
    firm = {state for state in given.values() if state in FIRM}
    number = sum(state in FIRM for state in given.values())
    if number >= readers:
        return "differ" if len(firm) > 1 else str(next(iter(firm)))
    if "defer" in given.values():
        return "deferred"
    return "begun" if number else "open"


class Stale(Refused):
    """Somebody, or the same person elsewhere, said something of the output since it was read.

    Attributes:
        mine: what was to be saved; nothing of it is lost.
        theirs: what holds now.
        version: the version that holds now: saving with it says that it was read.
    """

    def __init__(self, mine: Said, theirs: Said, version: int) -> None:
        super().__init__(
            "this output was labelled in the meantime: it holds "
            f"`{theirs.state}`, and you were about to save `{mine.state}`",
            where=f"version {version} of the label",
            remedy="read both, and save again what you stand by",
        )
        self.mine, self.theirs, self.version = mine, theirs, version
