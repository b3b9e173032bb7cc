"""Trade-off: the variants beside each other on the open cases, axis by axis, and what each is worth."""

from __future__ import annotations

from shipworthy.decision.worth import Worth
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.exporters.svg_board import tradeoff_board as board_svg
from shipworthy.narrative import comparison as said
from shipworthy.narrative.tradeoff_board import PLACES as WHERE
from shipworthy.narrative.tradeoff_board import tradeoff_board
from shipworthy.services.compare import compare_on
from shipworthy.services.worked_out import worked_out
from shipworthy.web.drawn import drawing
from shipworthy.web.page import Answer, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show the trade-off board; sealed cases are never read for it."""
    try:
        launch = visit.launch
        found = worked_out(visit.kept, compare_on, lambda: compare_on(launch))
    except (Refused, BadInput) as nothing:
        return Page("tradeoff.html", {"step_name": "Decide", "nothing": nothing, "heading": "Trade-off"})
    figure = tradeoff_board(found)
    table = tuple(
        (panel.title, row.variant, row.words, WHERE[row.place])
        for panel in figure.panels
        for row in panel.rows
    )
    caption = "Each axis keeps its own numbers; nothing is added up across them. A struck dot is dominated."
    money = [
        sentence
        for name, worth in found.worths.items()
        for sentence in (
            said.worth_words(found, name, worth) if isinstance(worth, Worth) else [f"{name}: not known, {worth.reason}."]
        )
    ]  # fmt: skip
    return Page(
        "tradeoff.html",
        {
            "step_name": "Decide", "nothing": None, "heading": said.heading(found), "notices": said.notices(found),
            "board": drawing(board_svg(figure), caption, ("Axis", "Variant", "Seen", "Among the others"), table),
            "notes": [note for panel in figure.panels for note in panel.notes], "placed": said.placed(found),
            "against": said.against_words(found), "money": money, "next": said.next_step(found, "my-launch"),
        },
    )  # fmt: skip


ROUTES = (route("/tradeoff", show),)
PLACES = (Place("Decide", "Trade-off", "/tradeoff"),)
