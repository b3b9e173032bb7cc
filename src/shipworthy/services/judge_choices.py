"""Which of two outputs a judge preferred, kept by case and order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from shipworthy.judges.interface import Choice
from shipworthy.services.judge_asking import Verdicts
from shipworthy.store.writing import Answered


class Choices(Verdicts):
    """Keeps which of two outputs a judge preferred, by case and order."""

    def __init__(self, judge: Any, variant_no: int) -> None:
        super().__init__(judge, variant_no)
        self.chosen: dict[tuple[int, int], Choice] = {}

    def write(self, connection: Connection, pending: list[tuple[int, Answered]]) -> None:  # noqa: ARG002
        """Keep a batch of choices."""
        for number, answer in pending:
            if answer.output is not None:
                self.chosen[number, answer.repeat or 1] = self.judge.choice(answer.output)

    def place(self, number: int, order: int) -> str | None:
        """Return the place that won; None without an answer."""
        found = self.chosen.get((number, order))
        return found.place if found else None
