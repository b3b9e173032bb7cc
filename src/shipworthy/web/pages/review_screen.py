"""The review screen: one output fills it; a verdict, its save and the next output are one press."""

from __future__ import annotations

import secrets
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import Said, Stale, State
from shipworthy.services.desk import Desk
from shipworthy.services.find_items import find_items, go_to
from shipworthy.services.next_item import next_item
from shipworthy.services.other_outputs import other_outputs
from shipworthy.services.queue_progress import progress
from shipworthy.services.read_item import is_at_hand, read_item
from shipworthy.services.reveal import reveal
from shipworthy.services.save_label import Saved, Saving, saved, submit_label
from shipworthy.services.undo_label import undo_label
from shipworthy.web.desks import desk_at_hand, desk_of, labelled_by, saturation_of
from shipworthy.web.keys import TABLE, handlers, shown
from shipworthy.web.page import Answer, Data, Later, Page, Redirect, route
from shipworthy.web.render.output import render
from shipworthy.web.review_view import Asked, Edge, ItemView, item_view, position_of
from shipworthy.web.shape import fragment
from shipworthy.web.teaching import card_for
from shipworthy.web.visit import Visit

MOST_AHEAD = 30
STATES: dict[str, State] = {"pass": "pass", "fail": "fail", "defer": "defer"}
SAID = {"pass": "passes", "fail": "fails", "defer": "put off", "withdrawn": "without a label"}


def start(visit: Visit) -> Answer:
    """Go to where the person left off: the first output that is held or waiting; at the end, say so."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    if visit.query.get("find", "").strip() or visit.query.get("go", "").strip():
        return _sought(visit, desk, queue)
    coming = next_item(desk, queue, visit.who)
    if coming.position is not None:
        return Redirect(f"/review/{queue}/{coming.position + 1}")
    edge = Edge(desk.queue(queue), 0, progress(desk, queue), saturation_of(desk, queue))
    put_off = [at + 1 for at in coming.put_off]
    return Page("review_end.html", {"edge": edge, "put_off": put_off, "client_id": secrets.token_hex(16)})


def show(visit: Visit) -> Answer:
    """Show one output; the part alone for the script, which has the frame already."""
    desk = desk_at_hand(visit) or desk_of(visit.serving)
    view = item_view(desk, read_item(desk, visit.path["queue"], position_of(visit), visit.who), _asked(visit))
    if visit.query.get("part"):
        context = {"view": view, "queue": desk.queue(view.item.queue), "said": SAID} | _none()
        return _part(visit, "review_item.html", context)
    return _screen(visit, desk, view)


def save(visit: Visit) -> Answer:
    """Save a verdict, and go to the next output; a save that comes too late shows both values and loses none."""
    desk, queue, position = (
        desk_at_hand(visit) or desk_of(visit.serving),
        visit.path["queue"],
        position_of(visit),
    )
    saving = Saving(
        queue, position, visit.who, _said(visit), _number(visit, "version") or 0, visit.field("client_id"),
        _number(visit, "ms"),
    )  # fmt: skip
    durable = submit_label(desk, saving)

    def then() -> Page | Redirect | Data:
        try:
            row = durable.result()
        except Stale as stale:
            return _stale(visit, desk, saving, stale)
        if not visit.wants_data:
            return Redirect(_next_address(desk, queue, visit.who))
        return Data(_saved(visit, desk, queue, saved(desk, queue, row)))

    return Later(durable, then, lambda: visit.wants_data and desk.is_fresh)


def undo(visit: Visit) -> Answer:
    """Take back the last thing that the person did in the queue, and go to that output."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    undone = undo_label(desk, queue, visit.who, visit.field("client_id"))
    if not visit.wants_data:
        return Redirect(
            f"/review/{queue}" if undone.position is None else f"/review/{queue}/{undone.position + 1}"
        )
    where = "an output" if undone.position is None else f"output {undone.position + 1}"
    words = f"Undone: {where} is {SAID[undone.said.state]} again."
    return Data(_saved(visit, desk, queue, undone) | {"said": words})


def ahead(visit: Visit) -> Answer:
    """Say which outputs come next, so that the script has them ready; they are held for the person."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    asked = visit.query.get("n", "")
    return Data({"ahead": _ahead(desk, queue, visit.who, int(asked) if asked.isdecimal() else 1)})


def edge(visit: Visit) -> Answer:
    """Say where the queue stands, saturation included, for the script to renew."""
    desk, queue = desk_of(visit.serving), visit.path["queue"]
    saturation = saturation_of(desk, queue)
    asked = visit.query.get("at", "")
    number = int(asked) if asked.isdecimal() else 0
    shown_edge = Edge(desk.queue(queue), number, progress(desk, queue), saturation)
    return _part(visit, "review_edge.html", {"edge": shown_edge})


def show_others(visit: Visit) -> Answer:
    """After the person's own label: show whose output it is and what others said; it is written down."""
    desk, queue, position = desk_of(visit.serving), visit.path["queue"], position_of(visit)
    others = reveal(desk, queue, position, visit.who)
    view = item_view(desk, read_item(desk, queue, position, visit.who), _asked(visit))
    compared = [
        (
            other.variant,
            render(
                view.item.text or "", "diff", against=other.text or "", names=(other.variant, "this output")
            ),
        )
        for other in other_outputs(desk, queue, position, visit.who)
    ]
    return _screen(visit, desk, view, revealed=others, compared=compared)


def text_file(visit: Visit) -> Answer:
    """Give the whole output as a text file."""
    desk = desk_of(visit.serving)
    item = read_item(desk, visit.path["queue"], position_of(visit), visit.who)
    content = (item.text or "").encode("utf-8", "backslashreplace")
    return Data(content, content_type="text/plain; charset=utf-8", download=f"output-{item.position + 1}.txt")


def _at_hand(visit: Visit) -> bool:
    """Return whether a save, or the part of the page with an output, waits for nothing but the disk."""
    desk = desk_at_hand(visit)
    if desk is None:
        return False
    if visit.form:
        return visit.wants_data and is_at_hand(desk, visit.path["queue"], visit.who)
    number = str(visit.path["number"])
    is_part = bool(visit.query.get("part")) and number.isdecimal() and len(number) < 10
    return is_part and is_at_hand(desk, visit.path["queue"], visit.who, int(number) - 1)


def _screen(visit: Visit, desk: Desk, view: ItemView, **more: Any) -> Page:
    queue = view.item.queue
    context = {
        "view": view, "queue": desk.queue(queue), "said": SAID, "edge": _edge(desk, queue, view.number),
        "keys": TABLE, "handlers": handlers(), "shown": shown, "card": card_for(labelled_by(desk, visit.who)),
    }  # fmt: skip
    return Page("review.html", _none() | context | more)


def _part(visit: Visit, template: str, context: dict[str, Any]) -> Data:
    return Data(fragment(visit, template, context).encode(), content_type="text/html; charset=utf-8")


def _none() -> dict[str, Any]:
    return {"revealed": None, "stale": None, "compared": ()}


def _saved(visit: Visit, desk: Desk, queue: str, given: Saved) -> dict[str, Any]:
    number = None if given.position is None else given.position + 1
    return {
        "position": number, "version": given.version, "ahead": _ahead(desk, queue, visit.who, 8),
        "edge": fragment(visit, "review_edge.html", {"edge": _edge(desk, queue, number or 0)}),
        "card": fragment(visit, "review_card.html", {"card": card_for(labelled_by(desk, visit.who))}),
    }  # fmt: skip


def _stale(visit: Visit, desk: Desk, saving: Saving, stale: Stale) -> Page | Data:
    """Show what holds and what was to be saved, side by side; the note stays in the form."""
    if visit.wants_data:
        sides = {
            side: {"state": SAID[said.state], "note": said.note, "modes": list(said.modes)}
            for side, said in (("mine", stale.mine), ("theirs", stale.theirs))
        }
        return Data(sides | {"version": stale.version, "number": saving.position + 1}, 409)
    item = read_item(desk, saving.queue, saving.position, visit.who)
    page = _screen(visit, desk, item_view(desk, item, Asked(), stale.mine), stale=stale)
    return Page(page.template, page.context, 409)


def _edge(desk: Desk, queue: str, number: int) -> Edge:
    """Return where the queue stands; saturation as it was last worked out, where working it out takes long."""
    saturation = saturation_of(desk, queue, renew=False)
    return Edge(desk.queue(queue), number, progress(desk, queue), saturation)


def _ahead(desk: Desk, queue: str, who: str, n: int) -> list[int]:
    coming = next_item(desk, queue, who, ahead=max(1, min(n, MOST_AHEAD)))
    return [position + 1 for position in coming.positions]


def _next_address(desk: Desk, queue: str, who: str) -> str:
    coming = next_item(desk, queue, who)
    return f"/review/{queue}" if coming.position is None else f"/review/{queue}/{coming.position + 1}"


def _sought(visit: Visit, desk: Desk, queue: str) -> Answer:
    go = visit.query.get("go", "").strip()
    if go.isdecimal() and 1 <= int(go) <= len(desk.state(queue).items):
        return Redirect(f"/review/{queue}/{int(go)}")
    words = visit.query.get("find", "").strip()
    found = [at + 1 for at in (go_to(desk, queue, go) if go else find_items(desk, queue, words, visit.who))]
    if len(found) == 1:
        return Redirect(f"/review/{queue}/{found[0]}")
    return Page("review_found.html", {"queue": desk.queue(queue), "words": go or words, "found": found})


def _asked(visit: Visit) -> Asked:
    return Asked(visit.query.get("as", ""), visit.query.get("whole") == "1")


def _said(visit: Visit) -> Said:
    state = STATES.get(visit.field("state"))
    if state is None:
        raise BadInput("a verdict is missing", where=visit.at, remedy="press Pass, Fail or Defer")
    modes = () if state == "pass" else tuple(visit.form.get("modes", ()))
    return Said(state, visit.field("note").replace("\r\n", "\n").strip(), modes, _number(visit, "step"))


def _number(visit: Visit, name: str) -> int | None:
    """Return a whole number of the form; None for anything else."""
    given = visit.field(name)
    return int(given) if given.isdecimal() and len(given) < 16 else None


ROUTES = (
    route("/review/{queue}", start),
    route("/review/{queue}/ahead", ahead),
    route("/review/{queue}/edge", edge),
    route("/review/{queue}/undo", save=undo),
    route("/review/{queue}/{number}", show, save, at_hand=_at_hand),
    route("/review/{queue}/{number}/others", save=show_others),
    route("/review/{queue}/{number}/text", text_file),
)
