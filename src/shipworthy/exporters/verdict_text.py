"""The verdict on a terminal: one sentence, the load line claim by claim, why, what next."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Verdict
from shipworthy.exporters.interface import Envelope
from shipworthy.exporters.terminal import SHAPE, bold, cells, fit, painted, wrapped
from shipworthy.narrative.claim import ClaimRow, rows
from shipworthy.narrative.explain import next_step, why
from shipworthy.narrative.figures import LoadLine, Mark, Panel, load_line
from shipworthy.narrative.headline import headline
from shipworthy.narrative.prose import flat

TRACK = 34
"""Cells of a row's drawing."""
LABEL = 42
"""Cells of a row's name; with shape, blanks and drawing they fill the line."""


def verdict_text(
    verdict: Verdict,
    criteria: Sequence[Criterion] = (),
    envelope: Envelope | None = None,
    *,
    colour: bool = False,
) -> str:
    """Return the verdict as plain text of at most 80 columns.

    Args:
        verdict: what to show.
        criteria: the criteria behind its claims; they tell bars of quantiles and units of means.
        envelope: when given, its journal head and version are the last line.
        colour: True where the reader's terminal shows colour; every fact stands there without it.
    """
    said = rows(verdict, criteria)
    lines = [bold(part, colour=colour) for part in wrapped(headline(verdict))]
    lines += ["", *_figure(load_line(said), said, colour=colour), "Why"]
    for prose in why(verdict, said):
        lines += wrapped(flat(prose), indent="  ")
    for note in verdict.notes:
        lines += wrapped(f"Note: {note}", indent="  ")
    for aside in envelope.asides if envelope is not None else ():
        lines += ["", *wrapped(f"Beside it: {aside}")]
    lines += ["", *wrapped(f"Next: {next_step(verdict, said)}")]
    if envelope is not None:
        lines += ["", *wrapped(_provenance(verdict, envelope))]
    return "\n".join(lines) + "\n"


def _provenance(verdict: Verdict, envelope: Envelope) -> str:
    parts = [f"plan {verdict.plan[:12]}", f"evidence {verdict.evidence[:12]}"]
    parts += [f"journal {envelope.journal_head[:12]}"] if envelope.journal_head else []
    parts += [f"Shipworthy {envelope.version}"] if envelope.version else []
    return ", ".join(parts)


def _figure(figure: LoadLine, said: Sequence[ClaimRow], *, colour: bool) -> list[str]:
    by_number = {row.ref.number: row for row in said}
    lines: list[str] = []
    for panel in figure.panels:
        lines += _head(panel)
        for mark in panel.marks:
            lines += _mark(mark, by_number[mark.ref.number], colour=colour)
        lines.append("")
    return lines


def _head(panel: Panel) -> list[str]:
    """Return the axis: its ends in numbers, better to the right, and what the signs mean."""
    left, right = panel.ticks[0][1], panel.ticks[-1][1]
    middle = "better →".center(TRACK - cells(left) - cells(right))
    return [f"  {fit(f'{panel.title}; ┃ is the bar', LABEL)}  {left}{middle}{right}"]


def _mark(mark: Mark, row: ClaimRow, *, colour: bool) -> list[str]:
    name = fit(f"{mark.label}, {mark.where}", LABEL)
    sign = painted(SHAPE[mark.state], mark.state, colour=colour)
    drawn = painted(_track(mark), mark.state, colour=colour)
    seen = f"{row.counts} ({row.estimate})" if row.estimate else row.counts
    facts = "; ".join(part for part in (seen, row.bound, f"bar {row.bar}", row.ending) if part)
    lines = [f"{sign} {name}  {drawn}".rstrip()]
    lines += wrapped(f"{row.state_short}: {facts}", indent="    ")
    for more in (row.beyond, row.claim.reason, row.price):
        lines += wrapped(more, indent="    ")
    return lines


def _track(mark: Mark) -> str:
    """Return the whisker, the dot in the shape of its state, and the bar across them."""
    track = ["·"] * TRACK
    if mark.low is not None and mark.high is not None:
        start, end = _cell(mark.low), _cell(mark.high)
        for i in range(start, end + 1):
            track[i] = "─"
        track[start] = "├"
        track[end] = "┤"
    if mark.bar is not None:
        track[_cell(mark.bar)] = "┃"
    if mark.dot is not None:
        _place(track, mark)
    return "".join(track)


def _place(track: list[str], mark: Mark) -> None:
    """Put the dot beside the bar, on the side where it is, when both fall on one cell."""
    if mark.dot is None:
        return
    at = _cell(mark.dot)
    if mark.bar is not None and at == _cell(mark.bar):
        at += 1 if mark.dot >= mark.bar else -1
        at = min(max(at, 0), TRACK - 1)
    if mark.bar is None or at != _cell(mark.bar):
        track[at] = SHAPE[mark.state]


def _cell(position: float) -> int:
    return min(int(position * (TRACK - 1) + 0.5), TRACK - 1)
