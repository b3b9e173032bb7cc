"""Several variants on the same open cases: the outcomes laid out, and everything that is said of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from shipworthy.decision.tradeoff import Axis, TradeOff
from shipworthy.decision.worth import Measuring, Outcomes, Traffic, Worth
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.verdict import Verdict
from shipworthy.statistics.results import NotEstimable


@dataclass(frozen=True, eq=False)
class Board:
    """Several variants on the same groups.

    Attributes:
        variants: those that have outcomes, in the order of the launch.
        absent: those that have none.
        axes: what they are held against each other on.
        outcomes: what each did, for the value in money; empty where no goal says what is good.
        traffic: the part of the traffic of each group; None without a partition.
        groups: how many groups all of them share.
        cases: how many cases.
        together: whether some group holds several cases.
        outside: open groups that some variant has no output for.
        notes: what a reader should know.
    """

    variants: tuple[str, ...]
    absent: tuple[str, ...]
    axes: tuple[Axis, ...]
    outcomes: dict[str, Outcomes]
    traffic: Traffic | None
    groups: int
    cases: int
    together: bool
    outside: int
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything that is said of the variants of a launch.

    Attributes:
        launch: as it is written.
        criteria: its criteria.
        candidate: the variant that the plan judges; None when none is named yet.
        locked: whether a plan is locked and holds.
        board: the outcomes.
        trade: who is dominated by whom.
        worths: what each variant but the baseline is worth more than it, or why that is not known.
        rehearsed: what each of them would be on these cases alone, were they new.
        measuring: the week of measuring that was weighed, if one was.
    """

    launch: Launch
    criteria: tuple[Criterion, ...]
    candidate: str | None
    locked: bool
    board: Board
    trade: TradeOff
    worths: dict[str, Worth | NotEstimable]
    rehearsed: dict[str, Verdict]
    measuring: Measuring | None = None
