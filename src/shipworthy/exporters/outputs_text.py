"""Outputs on a terminal. What a model wrote is hostile: it is only ever text, without a control character."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.exporters.terminal import clean, fit, wrapped
from shipworthy.store.reading import Counts, Seen

NAME = 40


def failures_text(
    title: str, question: str, all_of_them: Counts, by_slice: dict[str, Counts], failed: Sequence[Seen]
) -> str:
    """Return counts, slice by slice, and the first outputs that did not pass."""
    lines = [clean(title), *wrapped(question, indent="  "), "", _row("all open cases", all_of_them)]
    lines += [_row(name, counted) for name, counted in by_slice.items()]
    if failed:
        lines += ["", f"The first {len(failed):,} that did not pass:"]
    for seen in failed:
        lines += ["", f"{clean(seen.case, 60)}{_repeat(seen)}  {_state(seen)}"]
        lines += wrapped(_first_words(seen), indent="    ")
        if seen.words:
            lines += wrapped(f"said of it: {seen.words}", indent="    ")
    return "\n".join(lines)


def output_text(seen: Seen, part: str, scores: Sequence[tuple[str, float | None, str | None]]) -> str:
    """Return one output with everything that is known of it."""
    lines = [f"{clean(seen.case, 60)}{_repeat(seen)} of {clean(seen.variant, 60)}, part {part}"]
    took = [f"{seen.latency_s:.3f} s"] if seen.latency_s is not None else []
    took += [f"{seen.cost_usd:.6f} USD"] if seen.cost_usd is not None else []
    if took:
        lines.append(", ".join(took))
    lines += [
        "",
        *_whole(seen.text if seen.text is not None else f"no answer: {seen.reason or 'no reason given'}"),
    ]
    if seen.steps:
        lines += ["", "Steps", *_whole(seen.steps)]
    if scores:
        lines += ["", "Scores"]
    for name, value, words in scores:
        shown = "unscored" if value is None else f"{value:g}"
        lines += wrapped(f"{name.split('@')[0]}: {shown}{f', {words}' if words else ''}", indent="  ")
    return "\n".join(lines)


def _row(name: str, counted: Counts) -> str:
    rest = []
    if counted.unscored:
        rest.append(f"{counted.unscored:,} unscored")
    if counted.no_answer:
        rest.append(f"{counted.no_answer:,} no answer")
    more = f" ({', '.join(rest)})" if rest else ""
    return f"  {fit(name, NAME)} {counted.passed:,} of {counted.outputs:,} passed{more}"


def _repeat(seen: Seen) -> str:
    return f" (repeat {seen.repeat})" if seen.repeat > 1 else ""


def _state(seen: Seen) -> str:
    if seen.text is None:
        return "no answer"
    return "unscored" if seen.value is None else "failed" if seen.value == 0 else f"graded {seen.value:g}"


def _first_words(seen: Seen) -> str:
    return (seen.text if seen.text is not None else seen.reason or "")[:600]


def _whole(text: str) -> list[str]:
    return [line for part in text[:100_000].split("\n") for line in (wrapped(part, indent="  ") or [""])]
