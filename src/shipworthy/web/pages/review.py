"""Review: the queues there are, how far each is, and a new one made on purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import OPEN_READING, Progress, QueueKind
from shipworthy.services.desk import Desk
from shipworthy.services.make_queue import QueueWanted, make_queue, queues
from shipworthy.services.queue_progress import progress
from shipworthy.store.review import Queue
from shipworthy.web.desks import desk_of, saturation_of
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.review_view import Edge
from shipworthy.web.visit import Visit

KINDS: dict[QueueKind, str] = {
    "random": "at random: the first reading, and any rate",
    "stratified": "at random, alike from each value of a slice: small ones are read too",
    "disagreements": "where variants, or a scorer and people, or people differ",
    "calibration": "at random from the cases set apart to admit or refuse a judge",
    "twins": "cases that may be twins, side by side",
    "low_confidence": "where the scorer is least sure",
}
PARTS = {"open": "open cases", "calibrate": "cases to calibrate a judge", "holdout": "sealed cases, blind"}
BETWEEN = {"variants": "variants", "judge": "a scorer and people", "reviewers": "people"}
FIRST = "first-reading"
MOST_NAME = 80


@dataclass(frozen=True)
class Row:
    """One queue in the list."""

    queue: Queue
    progress: Progress
    edge: Edge


def show(visit: Visit) -> Answer:
    """Show every queue with its state, and the form for a new one."""
    desk = desk_of(visit.serving)
    rows = [_row(desk, queue) for queue in queues(desk)]
    launch = visit.launch
    context = {
        "rows": rows, "kinds": KINDS, "parts": PARTS, "between": BETWEEN, "criteria": launch.reading.criteria,
        "variants": list(launch.launch.variants), "slices": [name for name, each in launch.launch.slices.items() if each.by],
        "first": FIRST, "candidate": launch.launch.candidate,
    }  # fmt: skip
    return Page("reviews.html", context)


def make(visit: Visit) -> Answer:
    """Make a queue as the form says, and go to its first output."""
    desk = desk_of(visit.serving)
    made = make_queue(desk, _wanted(visit, desk))
    return Redirect(f"/review/{made.key}")


def _row(desk: Desk, queue: Queue) -> Row:
    counted = progress(desk, queue.key)
    return Row(queue, counted, Edge(queue, 0, counted, saturation_of(desk, queue.key, renew=False)))


def _wanted(visit: Visit, desk: Desk) -> QueueWanted:
    name = " ".join(visit.field("name").split())[:MOST_NAME]
    kind = next((known for known in KINDS if known == visit.field("kind", "random")), None)
    if kind is None:
        raise BadInput(
            "there is no such way to choose outputs", where=visit.at, remedy="choose one of the list"
        )
    return QueueWanted(
        key=_key(name or FIRST, set(desk.known)),
        name=name or "first reading",
        n=_whole(visit, "n", 100),
        kind=kind,
        criterion=visit.field("criterion", OPEN_READING),
        seed=_whole(visit, "seed", len(desk.known) + 1),
        variants=[each for each in visit.form.get("variants", ()) if each],
        part=visit.field("part", "open"),
        by=visit.field("by"),
        between=visit.field("between", "variants"),
        overlap=_whole(visit, "overlap", 0) / 100,
        readers=_whole(visit, "readers", 2),
        again=_whole(visit, "again", 0) / 100,
    )


def _key(name: str, taken: set[str]) -> str:
    """Return a name for addresses that no queue has yet.

    >>> _key("Judge: returns!", {"judge-returns"})
    'judge-returns-2'
    """
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "queue"
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key


def _whole(visit: Visit, name: str, unless_said: int) -> int:
    given = visit.field(name).strip()
    if not given:
        return unless_said
    if not given.isdecimal() or len(given) > 9:
        raise BadInput(f"`{given[:40]}` is no whole number", where=name, remedy="use digits alone")
    return int(given)


PLACES = (Place("Look", "Review", "/review"),)
ROUTES = (route("/review", show, make),)
