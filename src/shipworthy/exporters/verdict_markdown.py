"""The verdict for a pull request's conversation: one sentence, a table, why, what next."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Verdict
from shipworthy.exporters.interface import Envelope
from shipworthy.exporters.markdown_text import escaped, table
from shipworthy.narrative.claim import ClaimRow, rows
from shipworthy.narrative.explain import how_cautious, next_step, why
from shipworthy.narrative.headline import headline
from shipworthy.narrative.prose import flat

HEAD = ("Claim", "Where", "Bar", "In the test", "What it could be", "State")


def verdict_markdown(
    verdict: Verdict, criteria: Sequence[Criterion] = (), envelope: Envelope | None = None
) -> str:
    """Return the verdict as GitHub-flavoured Markdown.

    Args:
        verdict: what to show.
        criteria: the criteria behind its claims.
        envelope: when given, its journal head and version are the last line.
    """
    said = rows(verdict, criteria)
    lines = [f"**{escaped(headline(verdict))}**", ""]
    lines += [*table(HEAD, [_row(row) for row in said]), ""]
    lines += [f"- {escaped(flat(prose))}" for prose in why(verdict, said)]
    lines += [f"- Note: {escaped(note)}" for note in verdict.notes]
    if envelope is not None:
        lines += [f"- Beside it: {escaped(aside)}" for aside in envelope.asides]
    lines += ["", f"Next: {escaped(next_step(verdict, said))}"]
    if cautious := how_cautious(said):
        lines += ["", escaped(cautious)]
    lines += ["", _provenance(verdict, envelope)]
    return "\n".join(lines) + "\n"


def _row(row: ClaimRow) -> tuple[str, ...]:
    seen = f"{row.counts} ({row.estimate})" if row.estimate else row.counts
    seen = f"{seen}; {row.ending}" if row.ending else seen
    cells = (row.name, row.where, row.bar, seen, row.bound or "not known", row.state_words)
    return tuple(escaped(cell) for cell in cells)


def _provenance(verdict: Verdict, envelope: Envelope | None) -> str:
    parts = [f"plan {verdict.plan[:12]}", f"evidence {verdict.evidence[:12]}"]
    if envelope is not None:
        parts += [f"journal {envelope.journal_head[:12]}"] if envelope.journal_head else []
        parts += [f"Shipworthy {envelope.version}"] if envelope.version else []
    return escaped(", ".join(parts))
