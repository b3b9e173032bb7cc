"""A threshold for answering on a terminal: what it rests on, one table, the sentence, what may be wrong, what next."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.exporters.terminal import bold, wrapped
from shipworthy.narrative import abstaining as words
from shipworthy.narrative.wording import hundredths, of
from shipworthy.statistics.abstention import Abstention, Step
from shipworthy.statistics.results import NotEstimable


def abstain_text(
    steps: Sequence[Step],
    found: Abstention | NotEstimable,
    *,
    head: str,
    counts: tuple[int, int, int, int],
    wanted: tuple[float, float],
    folder: str,
    written: Sequence[str] = (),
    colour: bool = False,
) -> str:
    """Return what is known of a threshold as plain text of at most 80 columns.

    Args:
        steps: every threshold asked about.
        found: the one chosen, or why there is none.
        head: the sentence at the top.
        counts: cases, outputs left aside, cases without a confidence, cases that pass when all are answered.
        wanted: the rate among the answered, and the chance of a threshold at which it is less.
        folder: the launch folder, for the next step.
        written: where to write what, so that the claim is decided on sealed cases; the lines after the first as they are.
        colour: True where the reader's terminal shows colour.
    """
    (cases, aside, without, passed), (bar, error) = counts, wanted
    lines = [bold(part, colour=colour) for part in wrapped(head)]
    lines += wrapped(words.counted(cases=cases, aside=aside, without=without))
    lines += ["", f"{'from':>6}{'answers':>20}{'of these pass':>20}"]
    lines += [_row(step, said, cases) for step, said in words.states(steps, found, cases=cases)]
    lines += ["", *wrapped(words.sentence(found, bar=bar, error=error))]
    lines += wrapped(f"Most likely to be wrong: {words.ASSUMED}. It would break by {words.BREAKS}.")
    step = words.next_step(found, cases=cases, passed=passed, folder=folder)
    if written:
        lines += ["", *wrapped(written[0]), "", *written[1:]]
    return "\n".join([*lines, "", *wrapped(f"Next: {step}")]) + "\n"


def _row(step: Step, said: str, cases: int) -> str:
    share = f"{of(step.answered, cases)} ({hundredths(step.answered / cases)})"
    good = f"{of(step.passed, step.answered)} ({hundredths(step.passed / step.answered)})"
    return f"{step.threshold:>6g}{share:>20}{good:>20}   {said}"
