"""Ask a judge for many outputs: the same pool and the same accounting as for a variant; verdicts become scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from shipworthy.domain.evalset import Case
from shipworthy.domain.target import ModelPrice
from shipworthy.judges.interface import Judge, Message, Opinion
from shipworthy.runners.budget import Budget
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.pool import Pool
from shipworthy.runners.reads import Basis
from shipworthy.runners.secrets import Secrets
from shipworthy.services.gate import LedgerGate
from shipworthy.services.hands import InThread
from shipworthy.services.judge_target import Reached
from shipworthy.services.waiting import Planned
from shipworthy.store.insert import add
from shipworthy.store.ledger import Ledger
from shipworthy.store.runs import ASKED, Run
from shipworthy.store.tables import bases, explanations, scores
from shipworthy.store.writing import Answered, Writing

Key = tuple[int, int]
"""Case number and repeat."""
NO_RUN = Run(0, 0, closed=True, opened=0)
"""Calls to a judge belong to no run of the variant: they write scores, not outputs."""


class Verdicts(Writing):
    """Keeps what a judge said, without writing it: for probes and sentinels.

    Args:
        judge: reads the answers.
        variant_no: whose outputs are judged.
    """

    def __init__(self, judge: Judge, variant_no: int) -> None:
        super().__init__("", variant_no, "", 1, "judge")
        self.judge = judge
        self.found: dict[Key, Opinion] = {}

    def begin(self, connection: Connection) -> Run:  # noqa: ARG002 - nothing is opened
        """Return the run that calls are noted under."""
        return NO_RUN

    def write(self, connection: Connection, pending: list[tuple[int, Answered]]) -> None:  # noqa: ARG002
        """Keep a batch of answers."""
        for number, answer in pending:
            self.found[number, answer.repeat or 1] = self.read(answer)

    def read(self, answer: Answered) -> Opinion:
        """Return what one answer says; a judge that gave none leaves the output unscored, with the reason."""
        if answer.output is None:
            return Opinion(None, f"unscored: the judge gave no answer, {answer.reason}")
        return self.judge.opinion(answer.output)


class Scores(Verdicts):
    """Writes what a judge said as scores of a series.

    Args:
        judge: reads the answers.
        variant_no: whose outputs are judged.
        series_no: the judge's series.
        reads: names the values of a case that may change under the judge; None when it is shown none.
    """

    def __init__(self, judge: Judge, variant_no: int, series_no: int, reads: Basis | None = None) -> None:
        super().__init__(judge, variant_no)
        self.series_no = series_no
        self.reads = reads
        self.cases: dict[int, Case] = {}
        """The cases of the outputs that are being judged."""
        self.runs: dict[Key, int] = {}
        """The run of each output that is being judged."""
        self.written = 0

    def write(self, connection: Connection, pending: list[tuple[int, Answered]]) -> None:
        """Write a batch of scores, each with the judge's words."""
        score_rows: list[tuple[Any, ...]] = []
        word_rows: list[tuple[Any, ...]] = []
        base_rows: list[tuple[Any, ...]] = []
        for number, answer in pending:
            repeat = answer.repeat or 1
            run = self.runs.pop((number, repeat))
            said = self.read(answer)
            key = (self.variant_no, self.series_no, number, repeat, 0)
            score_rows.append((*key, run, 1, said.value))
            word_rows.append((*key, run, said.words))
            if self.reads is not None:
                case = self.cases[number]
                base_rows.append((*key, self.reads(case.input, case.expected)))
        self.written += add(connection, scores, score_rows)
        add(connection, explanations, word_rows)
        add(connection, bases, base_rows)


class _Gate(LedgerGate):
    """A gate that leaves out what the infrastructure failed to bring: such an output stays to be judged."""

    left = 0

    def answer(self, asked: Asked, reply: Reply) -> None:
        """Note an answer; after a failure of the infrastructure there is none."""
        assert isinstance(asked, Planned)
        if reply.fault:
            self.left += 1
            self.costs.pop((asked.no, asked.repeat), None)
            return
        super().answer(asked, reply)


class Asker:
    """Asks one judge.

    Args:
        ledger: where every call is noted.
        reached: the judge.
        secrets: what must never be written.
        series: what calls are noted under.
        price: what a call costs; None when it is not known.
        budget: the money that may be spent.
    """

    def __init__(
        self,
        ledger: Ledger,
        reached: Reached,
        secrets: Secrets,
        series: str,
        price: ModelPrice | None,
        budget: Budget,
    ) -> None:
        self.ledger, self.reached, self.secrets = ledger, reached, secrets
        self.series, self.price, self.budget = series, price, budget
        self.left = 0
        """Outputs that the infrastructure failed to judge."""
        self.stopped = ""

    async def ask(
        self, source: Iterator[Planned], into: Verdicts, told: Callable[[int], None] = lambda _n: None
    ) -> None:
        """Ask about everything the source yields; the target must be started.

        Args:
            source: what to ask.
            into: what becomes of the answers.
            told: told after each commit how many answers it brought; never how they went.
        """
        reached = self.reached
        gate = _Gate(
            InThread(self.ledger, into, self.series),
            durable=reached.remote or self.price is not None,
            priced=self.price is not None,
            secrets=self.secrets,
            told=lambda answers: told(len(answers)),
        )
        pool = Pool(
            reached.target,
            reached.limits,
            at_once=reached.at_once,
            gate=gate,
            price=self.price,
            budget=self.budget,
        )
        try:
            ended = await pool.ask_all(source)
        finally:
            gate.close()
        self.left += gate.left
        self.stopped = self.stopped or ended.stopped

    def planned(self, message: Message, case: str, key: Key, *, sealed: bool = False) -> Planned:
        """Return a message as the pool takes it."""
        return Planned(case, key[1], self.reached.judge.given(message), 0, key[0], sealed)


def output_text(row: Any) -> str:
    """Return an output as a judge reads it: what a function returned, or the text as it was imported."""
    if row.kind in ASKED:
        value = msgspec.json.decode(row.text)
        return value if isinstance(value, str) else str(row.text)
    return row.text or ""
