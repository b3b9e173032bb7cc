"""Agree: how far reviewers say the same of the same outputs, and whether each says the same twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from shipworthy.domain.errors import Refused
from shipworthy.domain.review import FIRM, Output
from shipworthy.services.desk import Desk
from shipworthy.services.queue_progress import groups_of
from shipworthy.statistics.agreement import Pattern, Ratings
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.group_mean import GroupMean
from shipworthy.statistics.results import NotEstimable
from shipworthy.store.review import LabelRow, current_labels

Estimated = Interval | NotEstimable
LEVEL = 0.95


@dataclass(frozen=True)
class Agreement:
    """How far reviewers agree.

    Attributes:
        reviewers: who labelled outputs of the queue, by name.
        outputs: how many outputs two or more of them labelled.
        groups: groups of those outputs.
        raw: the share of pairs of labels that are equal.
        failing: the share of labels that say fail, on these outputs.
        kappa: agreement beyond chance: Cohen's for two reviewers, Fleiss' for more.
        ac1: Gwet's AC1, which stays near raw agreement where nearly everything passes.
        differ: outputs on which they differ.
        twice: name to how often the person said the same of an output that came back unannounced, of how many.
        consistency: the share of those that were the same, over all reviewers.
    """

    reviewers: tuple[str, ...]
    outputs: int
    groups: int
    raw: Estimated
    failing: Estimated
    kappa: Estimated
    ac1: Estimated
    differ: int
    twice: dict[str, tuple[int, int]]
    consistency: Estimated


def reviewers_agree(desk: Desk, queue: str) -> Agreement:
    """Return how far the reviewers of a queue agree.

    Raises:
        BadInput: there is no such queue.
        Refused: the queue is about sealed outputs: agreement tells how many pass.
    """
    desk.refresh()
    state = desk.state(queue)
    if state.queue.sealed:
        raise Refused("these outputs are sealed: agreement would tell how they turned out", where=queue)
    with desk.launch.ledger.read() as connection:
        rows = current_labels(connection, state.queue.criterion, list(state.own))
        groups = {output: at[0] for output, at in groups_of(desk, connection, state.queue).items()}
    names = {number: name for name, number in desk.people.items()}
    firm = [row for row in rows if row.state in FIRM and row.output in groups]
    own = [row for row in firm if row.turn == "own"]
    people = sorted({row.reviewer_no for row in own})
    ratings, differ = _ratings(own, people, groups)
    twice, same = _twice(firm, names, groups)
    return Agreement(
        tuple(names.get(no, "somebody") for no in people),
        ratings.n_compared if ratings else 0,
        ratings.n_groups if ratings else 0,
        *_figures(ratings),
        differ,
        twice,
        same,
    )


def _ratings(own: list[LabelRow], people: list[int], groups: dict[Output, int]) -> tuple[Ratings | None, int]:
    given: defaultdict[Output, dict[int, str]] = defaultdict(dict)
    for row in own:
        given[row.output][row.reviewer_no] = row.state
    by_group: defaultdict[int, list[Pattern]] = defaultdict(list)
    differ = 0
    for output, said in given.items():
        by_group[groups[output]].append(tuple(said.get(no) for no in people))
        differ += len(set(said.values())) > 1
    if len(people) < 2:
        return None, 0
    histogram = Counter(tuple(sorted(patterns, key=str)) for patterns in by_group.values())
    return Ratings.from_groups(histogram, labels=("pass", "fail")), differ


def _figures(ratings: Ratings | None) -> tuple[Estimated, Estimated, Estimated, Estimated]:
    if ratings is None:
        none = NotEstimable("agreement needs two reviewers")
        return none, none, none, none
    kappa = ratings.cohen_kappa() if ratings.n_raters == 2 else ratings.fleiss_kappa()
    return ratings.raw_agreement(), ratings.prevalence()["fail"], kappa, ratings.gwet_ac1()


def _twice(
    firm: list[LabelRow], names: dict[int, str], groups: dict[Output, int]
) -> tuple[dict[str, tuple[int, int]], Estimated]:
    first = {(row.reviewer_no, row.output): row.state for row in firm if row.turn == "own"}
    counted: dict[str, tuple[int, int]] = {}
    by_group: defaultdict[int, list[bool]] = defaultdict(list)
    for row in firm:
        before = first.get((row.reviewer_no, row.output))
        if row.turn != "again" or before is None:
            continue
        name = names.get(row.reviewer_no, "somebody")
        same, of = counted.get(name, (0, 0))
        counted[name] = same + (before == row.state), of + 1
        by_group[groups[row.output]].append(before == row.state)
    if not by_group:
        return {}, NotEstimable("no output came back to the person who had labelled it")
    mean = GroupMean.from_histogram(Counter(sum(each) / len(each) for each in by_group.values()))
    half = (1 - LEVEL) / 2
    return counted, Interval(mean.estimate, mean.lower(half), mean.upper(half), LEVEL, mean.method)
