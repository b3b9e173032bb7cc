"""Score answers to demo prompts with the launch's checks, into series of their own."""

from __future__ import annotations

from typing import Any

import msgspec

from shipworthy.runners.scoring import UNSCORED, About, Scores
from shipworthy.services.clock import now
from shipworthy.services.demo_waiting import DemoCase, known_numbers
from shipworthy.services.opened import Opened
from shipworthy.services.seal import seal_series
from shipworthy.store.demo_rows import unscored_answers
from shipworthy.store.insert import add
from shipworthy.store.runs import series_number
from shipworthy.store.tables import explanations, scores


def score_demo(launch: Opened, variant_no: int, series: str, check: Scores, asked: list[DemoCase]) -> None:
    """Score every closed answer that has no score in the series yet, and seal the series.

    A check that breaks leaves the answer unscored: a prompt without `expected` is no mistake in the check.
    """
    with launch.ledger.write() as connection:
        number = series_number(connection, series)
    with launch.ledger.read() as connection:
        known = known_numbers(connection, asked)
        todo = unscored_answers(connection, variant_no, number, known)
    if not todo:
        return
    values: list[tuple[Any, ...]] = []
    words: list[tuple[Any, ...]] = []
    with check.ready():
        for row in todo:
            value, said = None, None
            if row.answered:
                case = known[row.case_no].case
                output = None if row.text is None else msgspec.json.decode(row.text)
                about = About(row.latency_s, row.cost_usd)
                if output is None and check.needs_text:
                    said = f"{UNSCORED}no text of the output was recorded"
                else:
                    value, said = check.score(case.input, case.expected, output, about)
            key = (variant_no, number, row.case_no, row.repeat, 0, row.run_no)
            values.append((*key, row.answered, value))
            if said:
                words.append((*key, said))
    with launch.ledger.write() as connection:
        add(connection, scores, values)
        add(connection, explanations, words)
        seal_series(connection, variant_no=variant_no, series=series, at=now())
