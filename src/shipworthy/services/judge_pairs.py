"""Pairs: show a judge two outputs in both orders, and let it judge pairs only if the order does not decide."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from shipworthy.domain.errors import Refused
from shipworthy.domain.judge import JudgeFile
from shipworthy.judges.message import to_judge_pair
from shipworthy.judges.probes import drawn
from shipworthy.runners.budget import Budget
from shipworthy.runners.secrets import Secrets
from shipworthy.services.clock import now
from shipworthy.services.judge_asking import Asker, output_text
from shipworthy.services.judge_choices import Choices
from shipworthy.services.judge_pair_probes import Probed, probe_pairs
from shipworthy.services.judge_standing import judge_named
from shipworthy.services.judge_target import judge_price, reach
from shipworthy.services.judge_wanted import JudgeWish, ask_price, ask_trust, variants_of
from shipworthy.services.one_run import one_run
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import judge_series
from shipworthy.services.pricing import check_limits
from shipworthy.services.record import asyncio_run
from shipworthy.services.seal import seal_calls
from shipworthy.services.trust_code import ToTrust
from shipworthy.services.waiting import Planned
from shipworthy.statistics.position_bias import Admission, BothOrders
from shipworthy.store import journal
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.judge_key import judge_key
from shipworthy.store.judged import recorded
from shipworthy.store.tables import PARTS, cases, members, outputs, runs, texts

TURNED = {"first": "second", "second": "first", "tie": "tie"}


@dataclass(frozen=True)
class Paired:
    """What both orders showed of one judge.

    Attributes:
        judge: its name.
        counts: steady pairs, flips and pairs without an answer.
        admission: whether it may judge pairs.
        preferred: of the steady pairs, how many went to the first variant, to the second, and ties; None unless it may judge.
        probes: how many outputs that must fail were put beside real ones.
        passed: ids of those that it preferred in both orders, which it must not.
    """

    judge: str
    counts: BothOrders
    admission: Admission
    preferred: tuple[int, int, int] | None = None
    probes: int = 0
    passed: tuple[str, ...] = ()

    @property
    def may_judge(self) -> bool:
        """Whether it may judge pairs: the order does not decide, and nothing that must fail won."""
        return self.admission.admitted and not self.passed


def judge_pairs(
    folder: Path,
    name: str,
    *,
    variants: tuple[str, str],
    n: int,
    agree: Callable[[ToTrust], bool],
    unpriced: Callable[[list[str]], bool],
    max_cost: float | None = None,
) -> Paired:
    """Show a judge the outputs of two variants on open cases, each pair in both orders.

    Args:
        folder: the launch folder.
        name: the judge.
        variants: the two that are compared.
        n: pairs at most, in the order of the eval set.
        agree: asked once for what the judge executes or calls.
        unpriced: asked before calls whose price nobody knows are sent.
        max_cost: USD that may be spent at most.

    Raises:
        Refused: no open case has an output of both.
        Unavailable: the judge did not answer its probes.
    """
    check_limits(max_cost)
    with opened(folder) as launch, one_run(launch):
        judge = judge_named(launch, name)
        price = judge_price(launch.launch, judge)
        numbers = [variants_of(launch, variant).get(variant) for variant in variants]
        with launch.ledger.read() as connection:
            both = _pairs(launch, connection, numbers, n)
        if not both:
            raise Refused(
                f"no open case has an output of both {variants[0]} and {variants[1]}",
                where="the ledger",
                remedy="run or import both on the open cases first",
            )
        ask_price([judge], {judge.name: price}, JudgeWish(max_cost=max_cost), unpriced)
        ask_trust(launch, [judge], agree)
        series = judge_series(launch, judge)
        secrets = Secrets()
        asker = Asker(launch.ledger, reach(launch, judge, secrets), secrets, series, price, Budget(max_cost))
        asking = _Asking(launch, asker, judge, variants, both)
        into = Choices(asker.reached.judge, numbers[0] or 0)
        probed = asyncio_run(asking.go(into))
        found = _both_orders(both, into)
        admission = found.admission(limit=judge.head.flips)
        body = {
            "series": series, "variants": list(variants), "state": admission.state, "steady": found.steady,
            "flips": found.flips, "unanswered": found.unanswered, "asked": probed.asked, "passed": probed.preferred,
        }  # fmt: skip
        with launch.ledger.write() as connection:
            journal.append(connection, verb="pair", body=body, at=now())
    done = Paired(name, found, admission, None, len(probed.asked), probed.preferred)
    return replace(done, preferred=_preferred(both, into)) if done.may_judge else done


class _Asking:
    """Puts probes and pairs to one judge."""

    def __init__(
        self, launch: Opened, asker: Asker, judge: JudgeFile, variants: tuple[str, str], both: dict[int, Any]
    ) -> None:
        self.launch, self.asker, self.judge, self.variants, self.both = launch, asker, judge, variants, both
        self.criterion = next(c for c in launch.reading.criteria if c.id == judge.head.criterion)
        self.key, self.fingerprint = judge_key(launch.layout), asker.series.split("@")[1]
        wanted = {row[0].key for row in both.values()}
        self.by_id = {case.id: case for case in read_cases(launch.layout, []) if case.id in wanted}

    async def go(self, into: Choices) -> Probed:
        """Ask the probes first, then every pair in both orders."""
        try:
            await self.asker.reached.target.start()
            probed = await self._probe()
            await self.asker.ask(self._pairs(), into)
        finally:
            await self.asker.reached.target.stop()
            with self.launch.ledger.write() as connection:
                seal_calls(connection, series=self.asker.series, at=now())
        return probed

    async def _probe(self) -> Probed:
        with self.launch.ledger.read() as connection:
            events = journal.events(connection, "pair")
            batch = sum(body["series"] == self.asker.series for _, _, body in events)
        shown = [(self.by_id[one.key], output_text(one)) for one, _ in self.both.values()]
        beside = [each for each in shown if each[1].strip()] or shown
        probes = drawn(self.key, f"{self.fingerprint} pairs", batch)
        about = (self.fingerprint, "pairs", str(batch))
        return await probe_pairs(self.asker, self.judge, self.criterion, self.key, probes, beside, about)

    def _pairs(self) -> Iterator[Planned]:
        for number, (one, other) in self.both.items():
            shown = (output_text(one), output_text(other))
            for order, pair in ((1, shown), (2, (shown[1], shown[0]))):
                about = (self.fingerprint, *self.variants, one.key, f"order {order}")
                message = to_judge_pair(
                    self.key, self.judge, self.criterion, about, self.by_id[one.key], pair
                )
                yield self.asker.planned(message, one.key, (number, order))


def _pairs(
    launch: Opened, connection: Connection, numbers: list[int | None], n: int
) -> dict[int, tuple[Any, Any]]:
    """Return the first answered output of both variants for open cases."""
    o, m = outputs.c, members.c
    found: list[dict[int, Any]] = []
    for number in numbers:
        query = (
            select(cases.c.key, o.case_no, m.alone, m.group_no, runs.c.kind, texts.c.text)
            .select_from(recorded(launch.cases.no))
            .where(
                o.variant_no == (number or 0),
                o.attempt == 0,
                o.repeat == 1,
                o.answered == 1,
                texts.c.text.is_not(None),
                m.part.in_([PARTS.index(part) for part in sorted(OPEN_PARTS)]),
            )
            .order_by(o.case_no)
        )
        found.append({row.case_no: row for row in connection.execute(query)})
    there = (case for case in found[0] if case in found[1])
    return {case: (found[0][case], found[1][case]) for case in itertools.islice(there, n)}


def _both_orders(both: dict[int, Any], into: Choices) -> BothOrders:
    """Count by group, as pairs of one group stand or fall together."""
    groups: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for number, (one, _) in both.items():
        choices: Any = (into.place(number, 1), into.place(number, 2))
        counts = BothOrders.from_choices({choices: 1})
        group = 2 * one.case_no if one.alone else 2 * one.group_no + 1
        added = (counts.steady, counts.to_first, counts.to_second, counts.unanswered)
        groups[group] = [a + b for a, b in zip(groups[group], added, strict=True)]
    histogram: Counter[Any] = Counter(tuple(each) for each in groups.values())
    return BothOrders.from_groups(histogram)


def _preferred(both: dict[int, Any], into: Choices) -> tuple[int, int, int]:
    won = Counter(
        into.place(number, 1)
        for number in both
        if into.place(number, 1) and into.place(number, 2) == TURNED[into.place(number, 1) or ""]
    )
    return won["first"], won["second"], won["tie"]
