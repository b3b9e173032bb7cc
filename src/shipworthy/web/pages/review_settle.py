"""Where people differ: both sides beside the output, a named person settles; and how well people agree."""

from __future__ import annotations

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import Said, Stale, State
from shipworthy.services.adjudicate import Sides, read_sides, settle_item, to_settle
from shipworthy.services.queue_progress import queue_standing
from shipworthy.services.reviewers_agree import reviewers_agree
from shipworthy.services.save_label import Saving
from shipworthy.statistics.display_interval import Interval
from shipworthy.statistics.results import NotEstimable
from shipworthy.web.desks import desk_of
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.pages.review_screen import SAID
from shipworthy.web.review_view import Asked, item_view, position_of
from shipworthy.web.visit import Visit

STATES: dict[str, State] = {"pass": "pass", "fail": "fail", "defer": "defer"}


def start(visit: Visit) -> Answer:
    """Go to the first output on which people differ; when there is none, say so."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    waiting = to_settle(desk, queue)
    if waiting:
        return Redirect(f"/review/{queue}/differences/{waiting[0] + 1}")
    return Page("review_settled.html", {"queue": desk.queue(queue)})


def show(visit: Visit) -> Answer:
    """Show one output with what each person said of it."""
    return _page(visit, None)


def settle(visit: Visit) -> Answer:
    """Write down how it is, and go to the next one that differs; what each person said stays."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    state = STATES.get(visit.field("state"))
    if state is None:
        raise BadInput("a verdict is missing", where=visit.at, remedy="press Pass or Fail")
    version = visit.field("version")
    said = Said(state, visit.field("note").replace("\r\n", "\n").strip(), tuple(visit.form.get("modes", ())))
    saving = Saving(
        queue, position_of(visit), visit.who, said, int(version) if version.isdecimal() else 0,
        visit.field("client_id"),
    )  # fmt: skip
    try:
        settle_item(desk, saving)
    except Stale as stale:
        return _page(visit, stale)
    return Redirect(f"/review/{queue}/differences")


def agreement(visit: Visit) -> Answer:
    """Show how far people agree, with intervals, and whether each says the same twice."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    context = {
        "found": reviewers_agree(desk, queue),
        "standing": queue_standing(desk, queue),
        "queue": desk.queue(queue),
    }
    return Page("review_agreement.html", context | {"as_words": interval_words, "as_number": number_words})


def interval_words(found: Interval | NotEstimable) -> str:
    """Return an interval of a share as people read it.

    >>> interval_words(Interval(0.9, 0.8, 0.95, level=0.95, method="m"))
    '90 of 100 (could be 80 to 95)'
    >>> interval_words(NotEstimable("agreement needs two reviewers"))
    'not known: agreement needs two reviewers'
    """
    if isinstance(found, NotEstimable):
        return f"not known: {found.reason}"
    low, high = 100 * found.lower, 100 * found.upper
    return f"{100 * found.estimate:.0f} of 100 (could be {low:.0f} to {high:.0f})"


def number_words(found: Interval | NotEstimable) -> str:
    """Return an interval of a coefficient as people read it.

    >>> number_words(Interval(0.61, 0.402, 0.8, level=0.95, method="m"))
    '0.61 (could be 0.40 to 0.80)'
    """
    if isinstance(found, NotEstimable):
        return f"not known: {found.reason}"
    return f"{found.estimate:.2f} (could be {found.lower:.2f} to {found.upper:.2f})"


def _page(visit: Visit, stale: Stale | None) -> Page:
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    sides: Sides = read_sides(desk, queue, position_of(visit), visit.who)
    mine = stale.mine if stale else Said("withdrawn")
    view = item_view(desk, sides.item, Asked(visit.query.get("as", "")), mine)
    left = len(to_settle(desk, queue))
    context = {
        "sides": sides,
        "view": view,
        "queue": desk.queue(queue),
        "said": SAID,
        "stale": stale,
        "left": left,
    }
    return Page("review_sides.html", context, 409 if stale else 200)


ROUTES = (
    route("/review/{queue}/differences", start),
    route("/review/{queue}/differences/{number}", show, settle),
    route("/review/{queue}/agreement", agreement),
)
