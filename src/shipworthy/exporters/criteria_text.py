"""The criteria on a terminal: bars with their reasons, vague words, failure modes nobody asks about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.exporters.terminal import bold, wrapped
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain

Words = Sequence[tuple[str, str]]


def criteria_text(
    asked: Sequence[tuple[Criterion, Words]], unasked: Sequence[FailureMode], *, colour: bool = False
) -> str:
    """Return criteria as lines of at most 80 columns.

    Args:
        asked: each criterion with its vague words.
        unasked: failure modes that no criterion names.
        colour: True where the reader's terminal shows colour.
    """
    lines: list[str] = []
    for criterion, words in asked:
        lines += [
            bold(part, colour=colour)
            for part in wrapped(f"{criterion.id} · {criterion.kind} · {bar_said(criterion)}")
        ]
        lines += [line for said in _said(criterion, words) for line in wrapped(said, indent="  ")]
        lines.append("")
    if not asked:
        lines += ["no criterion is written yet", ""]
    if unasked:
        lines.append("Failure modes that no criterion asks about, the worst first")
        for mode in unasked:
            lines += wrapped(f"{mode.id} ({mode.severity}): {mode.title}", indent="  ")
    return "\n".join(lines).rstrip() + "\n"


def bar_said(criterion: Criterion) -> str:
    """Return what is estimated and where the line is.

    >>> from shipworthy.domain.criteria import Bar, Scorer
    >>> bar_said(Criterion(id="a", bar=Bar(at_least=0.9), scorer=Scorer(check="c")))
    'at least 90 of 100 pass'
    """
    line, estimand = criterion.bar.value, criterion.estimand
    if estimand == "difference":
        return f"at least {100 * line:+.3g} in 100 against the baseline"
    if estimand == "quantile":
        return f"{wording.line_per_100(criterion.quantile or 0.0)} within {line:g} ({criterion.of})"
    if estimand == "mean":
        return f"at most {line:g} on average ({criterion.of})"
    how = {"all_of_k": f" at all of {criterion.k} goes", "any_of_k": f" at one of {criterion.k} goes"}
    if (surer := criterion.answered) is not None:
        least = wording.line_per_100(surer.of_cases)
        return f"at least {wording.line_per_100(line)} pass where {plain(surer.confidence, 60)} is at least {surer.at_least:g}, at least {least} are"
    return f"at least {wording.line_per_100(line)} pass{how.get(estimand, '')}"


def _said(criterion: Criterion, words: Words) -> Iterator[str]:
    yield criterion.question or "no question is written"
    yield f"why there: {criterion.bar.why or 'nobody says'}"
    for name, text in (
        ("pass", criterion.pass_),
        ("fail", criterion.fail),
        ("borderline", criterion.borderline),
    ):
        if text.strip():
            yield f"{name}: {text}"
    blank = [
        n
        for n, text in (
            ("pass", criterion.pass_),
            ("fail", criterion.fail),
            ("borderline", criterion.borderline),
        )
        if not text.strip()
    ]
    if blank and criterion.of is None:
        yield f"no example of: {', '.join(blank)}"
    for word, asks in words:
        yield f'"{word}": {asks}'
