"""Append outputs to an open run, a batch at a time: the first answer counts, and nothing is written twice."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, exists, func, select

from shipworthy.domain.errors import BadInput
from shipworthy.store.insert import add
from shipworthy.store.runs import Run, series_number
from shipworthy.store.tables import explanations, outputs, scores, steps, texts

MOST_REPEATS = 64


class Answer(Protocol):
    """One output on its way into the ledger; an importer's row is one."""

    case: str
    repeat: int | None
    status: Any
    """`answered` or `no answer`."""
    output: str | None
    reason: str | None
    latency_s: float | None
    cost_usd: float | None
    steps: str | None
    """Turns and tool calls as JSON, where there was more than one step."""
    scores: dict[str, float | None] | None
    explanations: dict[str, str] | None


class Ingest:
    """Writes the outputs of one run.

    Args:
        connection: a transaction to look at what is there already.
        run: the open run.
        repeats: how many repeats of a case the variant is declared to have; None when it is not declared.
    """

    def __init__(self, connection: Connection, run: Run, *, repeats: int | None) -> None:
        self.run = run
        self.repeats = repeats
        self.limit = min(repeats or MOST_REPEATS, MOST_REPEATS)
        self.seen = array("Q")  # case number to a bit for each repeat
        self.n_cases = 0
        self.series: dict[str, int] = {}
        o = outputs.c
        mine = (o.variant_no == run.variant_no) & (o.run_no == run.no)
        others = (o.variant_no == run.variant_no) & (o.run_no != run.no)
        self.resumes = bool(connection.execute(select(exists().where(mine))).scalar())
        self.has_earlier = bool(connection.execute(select(exists().where(others))).scalar())
        self.written = self.skipped = self.later_attempts = self.most_repeats = 0

    def write(self, connection: Connection, answers: Sequence[tuple[int, Answer]]) -> None:
        """Append a batch of (case number, answer); what an interrupted go has written already is passed over."""
        keyed = [(number, self._repeat(number, answer), answer) for number, answer in answers]
        if self.resumes:
            keyed = self._without_written(connection, keyed)
        attempts = self._attempts(connection, keyed) if self.has_earlier else {}
        output_rows, text_rows, step_rows, score_rows, word_rows = [], [], [], [], []
        variant, run, series = self.run.variant_no, self.run.no, self._series
        for case, repeat, answer in keyed:
            attempt = attempts.get((case, repeat), 0) if attempts else 0
            answered = 1 if answer.status == "answered" else 0
            output_rows.append(
                (variant, case, repeat, attempt, run, answered, answer.latency_s, answer.cost_usd)
            )
            if answer.output is not None or answer.reason is not None:
                text_rows.append((variant, case, repeat, attempt, run, answer.output, answer.reason))
            if answer.steps:
                step_rows.append((variant, case, repeat, attempt, run, answer.steps))
            if answer.scores and answered:
                for name, value in answer.scores.items():
                    score_rows.append(
                        (variant, series(connection, name), case, repeat, attempt, run, answered, value)
                    )
            if answer.explanations:
                for name, words in answer.explanations.items():
                    word_rows.append((variant, series(connection, name), case, repeat, attempt, run, words))
        add(connection, outputs, output_rows)
        add(connection, texts, text_rows)
        add(connection, steps, step_rows)
        add(connection, scores, score_rows)
        add(connection, explanations, word_rows)
        self.written += len(output_rows)
        self.later_attempts += sum(1 for attempt in attempts.values() if attempt)

    def _repeat(self, case: int, answer: Answer) -> int:
        """Return which repeat this is, and mark it as seen."""
        if case >= len(self.seen):
            self.seen.frombytes(bytes(8 * (2 * case + 1024 - len(self.seen))))
        mask = self.seen[case]
        repeat = answer.repeat
        if repeat is None:
            repeat = mask.bit_length() + 1
        if not 1 <= repeat <= self.limit:
            raise self._too_many(answer, repeat)
        bit = 1 << (repeat - 1)
        if mask & bit:
            raise BadInput(
                f"the case `{answer.case}` has repeat {repeat} twice",
                remedy="remove one of the rows, or give each its own repeat number",
            )
        self.n_cases += mask == 0
        self.most_repeats = max(self.most_repeats, repeat)
        self.seen[case] = mask | bit
        return repeat

    def _too_many(self, answer: Answer, repeat: int) -> BadInput:
        if repeat < 1:
            return BadInput(f"repeat {repeat} of case `{answer.case}`", remedy="number repeats from 1")
        if self.repeats == 1:
            return BadInput(
                f"the case `{answer.case}` stands more than once, and the variant has one repeat of each case",
                remedy="write `repeats:` under the variant in launch.yaml if these are repeats; else remove duplicates",
            )
        return BadInput(
            f"repeat {repeat} of case `{answer.case}`, but the variant has {self.repeats or MOST_REPEATS} repeats",
            remedy="correct `repeats:` under the variant in launch.yaml",
        )

    def _without_written(
        self, connection: Connection, keyed: list[tuple[int, int, Answer]]
    ) -> list[tuple[int, int, Answer]]:
        o = outputs.c
        there = connection.execute(
            select(o.case_no, o.repeat).where(
                o.variant_no == self.run.variant_no,
                o.case_no.in_({case for case, _, _ in keyed}),
                o.run_no == self.run.no,
            )
        )
        written = {(row.case_no, row.repeat) for row in there}
        left = [each for each in keyed if each[:2] not in written]
        self.skipped += len(keyed) - len(left)
        return left

    def _attempts(
        self, connection: Connection, keyed: list[tuple[int, int, Answer]]
    ) -> dict[tuple[int, int], int]:
        """Return the attempt number of outputs that other runs answered before."""
        o = outputs.c
        query = (
            select(o.case_no, o.repeat, func.max(o.attempt).label("last"))
            .where(
                o.variant_no == self.run.variant_no,
                o.case_no.in_({case for case, _, _ in keyed}),
                o.run_no != self.run.no,
            )
            .group_by(o.case_no, o.repeat)
        )
        wanted = {(case, repeat) for case, repeat, _ in keyed}
        rows = connection.execute(query)
        return {(r.case_no, r.repeat): r.last + 1 for r in rows if (r.case_no, r.repeat) in wanted}

    def _series(self, connection: Connection, name: str) -> int:
        if name not in self.series:
            self.series[name] = series_number(connection, f"recorded:{name}")
        return self.series[name]
