"""The weekly page: every promise with its state, its figure and what is to be done, as HTML and as the text of a mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.exporters.element import Element, element, verbatim_style
from shipworthy.exporters.stylesheet import CSS, fingerprint
from shipworthy.exporters.svg_weeks import weeks_drawing
from shipworthy.narrative.text import plain
from shipworthy.narrative.weeks import Weeks

LOOK = {"kept": ("holds", "●"), "broken": ("does-not-hold", "✕")}


@dataclass(frozen=True)
class Told:
    """One promise on the page.

    Attributes:
        id: its name.
        title: the promise in words.
        status: kept, at risk, broken, not enough data.
        sentences: what is to be said of it, the most important first.
        do_now: what is done because of its state, and by whom.
        figure: its weeks.
    """

    id: str
    title: str
    status: str
    sentences: tuple[str, ...]
    do_now: tuple[str, ...]
    figure: Weeks


def weekly_html(title: str, lead: str, promises: Sequence[Told], foot: Sequence[str]) -> str:
    """Return the page: without scripts, fetched parts or inline styles.

    Args:
        title: the launch, and the day.
        lead: how many promises are in which state.
        promises: every promise, the worst first.
        foot: what concerns all of them.
    """
    policy = f"default-src 'none'; style-src {fingerprint()}; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        verbatim_style(CSS),
    )
    parts = [element("h1", title), element("p", lead, class_="lead"), *(_section(each) for each in promises)]
    body = element("body", element("main", *parts, *(element("p", text) for text in foot)))
    return f"<!doctype html>\n{element('html', head, body, lang='en').markup}\n"


def weekly_text(lead: str, promises: Sequence[Told], foot: Sequence[str]) -> str:
    """Return the same as text, for a mail and a terminal."""
    lines = [plain(lead, 300)]
    for each in promises:
        lines += ["", f"{each.status.upper()}: {plain(each.title, 200)}"]
        lines += [f"  {plain(text, 400)}" for text in (*each.sentences, each.figure.words)]
        lines += [f"  DO NOW: {plain(text, 300)}" for text in each.do_now]
    return "\n".join([*lines, "", *(plain(text, 400) for text in foot)]).rstrip() + "\n"


def _section(each: Told) -> Element:
    kind, sign = LOOK.get(each.status, ("not-shown", "◇"))
    figure = (
        [element("figure", element("div", weeks_drawing(each.figure), class_="drawing"))]
        if each.figure.weeks
        else []
    )
    return element(
        "section",
        element("h2", each.title),
        element("p", element("span", f"{sign} {each.status.capitalize()}", class_=kind), class_="lead"),
        *(element("p", text) for text in each.sentences),
        *(element("p", element("strong", "Do now: "), text) for text in each.do_now),
        *figure,
    )
