"""The outputs of demo prompts that are still missing: each wording so many times, beside the eval set and no part of it.

Wordings are rows of `cases` like any other, but for their input hash, which no case of an eval set can have: so no
index of an eval set ever holds one, and no count of the eval set ever reaches its outputs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from shipworthy.domain.demo import DemoPrompt
from shipworthy.domain.evalset import Case, input_hash
from shipworthy.runners.seed import seed_of
from shipworthy.services.opened import Opened
from shipworthy.services.waiting import Planned
from shipworthy.store.caseset import case_numbers
from shipworthy.store.lookup import numbers_of
from shipworthy.store.tables import outputs


@dataclass(frozen=True)
class DemoCase:
    """One wording of one prompt.

    Attributes:
        prompt: the prompt's id.
        number: 0 as shown, from 1 on a rewording.
        case: what is asked, in the shape in which checks are given cases.
    """

    prompt: str
    number: int
    case: Case

    @property
    def key(self) -> tuple[str, str]:
        """What the ledger knows it by."""
        return self.case.id, f"demo:{input_hash(self.case.input)}"


def wordings_of(prompts: tuple[DemoPrompt, ...]) -> list[DemoCase]:
    """Return every wording, each prompt's own before its rewordings."""
    return [
        DemoCase(
            prompt.id,
            number,
            Case(id=f"demo:{prompt.id}#{number}", input=said, expected=prompt.expected, tags=prompt.tags),
        )
        for prompt in prompts
        for number, said in enumerate(prompt.wordings)
    ]


def demo_series(series: str, wordings: list[DemoCase]) -> str:
    """Return the series of scores of the demo: the check's, apart from the eval set's, renewed with what is expected."""
    expected = [(each.case.id, each.case.expected) for each in wordings]
    digest = hashlib.sha256(msgspec.json.encode(expected, order="deterministic")).hexdigest()[:16]
    return f"demo:{series.removeprefix('check:')}:{digest}"


def known_numbers(connection: Connection, wordings: list[DemoCase]) -> dict[int, DemoCase]:
    """Return the ledger's number of each wording that was ever asked."""
    found = numbers_of(connection, [each.case.id for each in wordings])
    return {found[each.key]: each for each in wordings if each.key in found}


class DemoWaiting:
    """What one variant still has to be asked.

    Args:
        launch: the launch.
        wordings: what is asked.
        times: how often each.
        variant_no: whose.
        fingerprint: the variant's, for seeds.
    """

    run_no: int | None = None
    trouble = ""

    def __init__(
        self, launch: Opened, wordings: list[DemoCase], times: int, variant_no: int, fingerprint: str
    ) -> None:
        self.launch = launch
        self.repeats = times
        self.variant_no = variant_no
        self.fingerprint = fingerprint
        with launch.ledger.write() as connection:
            numbers = case_numbers(connection, [each.key for each in wordings])
        self.wordings = dict(zip(numbers, wordings, strict=True))

    @property
    def planned(self) -> int:
        """How many outputs are planned."""
        return self.repeats * len(self.wordings)

    def there(self) -> int:
        """Count what was asked already."""
        return sum(self.counts()[:2])

    def counts(self) -> tuple[int, int, int]:
        """Count answered and unanswered outputs; none of them is sealed."""
        o = outputs.c
        query = select(o.answered, func.count()).where(*self._mine()).group_by(o.answered)
        with self.launch.ledger.read() as connection:
            found = {bool(row[0]): row[1] for row in connection.execute(query)}
        return found.get(True, 0), found.get(False, 0), 0

    def __iter__(self) -> Iterator[Planned]:
        """Yield what is missing: everything once before anything twice, so that a stop leaves all prompts alike."""
        o = outputs.c
        with self.launch.ledger.read() as connection:
            there = {
                tuple(row) for row in connection.execute(select(o.case_no, o.repeat).where(*self._mine()))
            }
        for repeat in range(1, self.repeats + 1):
            for number, wording in self.wordings.items():
                if (number, repeat) not in there:
                    case = wording.case
                    seed = seed_of(case.id, self.fingerprint, repeat)
                    yield Planned(case.id, repeat, case.input, seed, number, sealed=False)

    def _mine(self) -> tuple[Any, ...]:
        o = outputs.c
        return (
            o.variant_no == self.variant_no,
            o.case_no.in_(self.wordings),
            o.repeat <= self.repeats,
            o.attempt == 0,
        )
