"""A figure as an SVG file of its own: what the page says by its style sheet stands inside, in ink that prints."""

from __future__ import annotations

from shipworthy.exporters import svg
from shipworthy.exporters.memo_tree import Figure
from shipworthy.narrative.figures import IconArray, LoadLine

FACE = "Libertinus Serif"
"""The face that Typst brings along: the same letters on every machine."""
INK, QUIET, LINE, PAPER = "#1c2430", "#5c6675", "#d9d5cc", "#ffffff"
COLOURS = {"holds": "#1f6f54", "not-shown": "#8a6d1d", "does-not-hold": "#9b2c2c"}
CSS = f"""
text {{ font-family: "{FACE}"; font-size: 13px; fill: {INK}; }}
.label {{ font-weight: bold; }} .small {{ font-size: 11.5px; fill: {QUIET}; }} .state {{ font-weight: bold; }}
.rule {{ stroke: {LINE}; stroke-width: 1; }} .bar {{ stroke: {INK}; stroke-width: 2; fill: none; }}
.ring {{ stroke: {INK}; stroke-width: 1.75; fill: {PAPER}; }}
.whisker {{ stroke-width: 2; fill: none; }} .dot {{ stroke-width: 2; }}
.right {{ fill: none; stroke: {QUIET}; stroke-width: 0.75; }}
.doubtful {{ fill: {LINE}; stroke: {QUIET}; stroke-width: 0.75; }}
.wrong {{ fill: {INK}; stroke: {INK}; stroke-width: 0.75; }}
.kept {{ fill: {LINE}; stroke: {INK}; stroke-width: 1.25; }}
.out {{ fill: none; stroke: {INK}; stroke-width: 1.25; stroke-dasharray: 4 3; }}
"""
STATES = "".join(
    f"g.{name} .whisker, g.{name} .dot {{ stroke: {colour}; }} g.{name} .state {{ fill: {colour}; }}\n"
    f"g.{name} .dot {{ fill: {fill}; }}\n"
    for (name, colour), fill in zip(COLOURS.items(), (COLOURS["holds"], PAPER, "none"), strict=True)
)


def figure_svg(figure: Figure) -> str:
    """Return a figure as the text of an SVG file."""
    if isinstance(figure, LoadLine):
        drawn = svg.load_line(figure)
    elif isinstance(figure, IconArray):
        drawn = svg.icon_array(figure)
    else:
        drawn = svg.scope_map(figure)
    head, rest = drawn.markup.split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg"><style>{CSS}{STATES}</style>{rest}'
