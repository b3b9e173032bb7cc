"""Judge: probes first, sentinels next, then every output that has no score in the judge's series yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from shipworthy.decision.sentinels import Drift
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import Unavailable
from shipworthy.domain.evalset import Case
from shipworthy.domain.judge import JudgeFile
from shipworthy.domain.target import ModelPrice
from shipworthy.judges.message import to_judge
from shipworthy.judges.probes import drawn
from shipworthy.runners.budget import Budget
from shipworthy.runners.secrets import Secrets
from shipworthy.services.clock import now
from shipworthy.services.judge_asking import Asker, Scores, Verdicts, output_text
from shipworthy.services.judge_sentinels import regrade, sentinels
from shipworthy.services.judge_standing import standing, suspend
from shipworthy.services.judge_target import judge_price, reach
from shipworthy.services.judge_wanted import JudgeWish, ask_price, ask_trust, judges_of, variants_of
from shipworthy.services.one_run import one_run
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, judge_series, last_lock, plan_of
from shipworthy.services.pricing import check_limits
from shipworthy.services.record import asyncio_run
from shipworthy.services.score import NO_TEXT
from shipworthy.services.seal import seal_calls, seal_series
from shipworthy.services.stale import basis_of_judge, stale_scores
from shipworthy.services.trust_code import ToTrust
from shipworthy.services.waiting import Planned
from shipworthy.store import journal
from shipworthy.store.bases import Key
from shipworthy.store.bases import Scored as Resting
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.insert import add
from shipworthy.store.judge_key import judge_key
from shipworthy.store.judged import Unjudged
from shipworthy.store.runs import series_number
from shipworthy.store.tables import PARTS, explanations, scores

OPEN = ("explore", "tune", "calibrate")
FEWEST_PROBES = 6
CHARACTERS_A_TOKEN = 4
"""A rule of thumb for the estimate that is shown; no cap relies on it."""
WORDS_OF_A_VERDICT = 120
"""Tokens that a rationale of a few sentences takes; for the same estimate."""


@dataclass(frozen=True)
class Estimate:
    """What is about to be asked.

    Attributes:
        judge: the judge's name.
        outputs: outputs without a score in its series.
        probes: outputs that must fail, asked first.
        sentinels: labelled outputs that it judges again.
        usd: about what it costs; None when nobody knows the price.
    """

    judge: str
    outputs: int
    probes: int
    sentinels: int
    usd: float | None


@dataclass
class JudgeRun:
    """What one judge did; how outputs of sealed cases were judged is not in it."""

    judge: str
    series: str
    probes: int = 0
    passed: list[str] = field(default_factory=list)
    """Probes that it passed, which it must not."""
    drift: Drift | None = None
    unwatched: str = ""
    """Whose labels its sentinels would need, where it names some and none could be judged again."""
    judged: dict[str, int] = field(default_factory=dict)
    """Variant to scores written."""
    wordless: dict[str, int] = field(default_factory=dict)
    """Variant to outputs of which no text was recorded: they are unscored, and nobody was asked."""
    left: int = 0
    """Outputs that the infrastructure failed to judge; the next run asks again."""
    stopped: str = ""
    spent: float | None = None
    suspended: str = ""
    changed: bool = False
    """It is suspended because its sentinels showed a change."""


def judge_run(
    folder: Path,
    wish: JudgeWish,
    *,
    agree: Callable[[ToTrust], bool],
    unpriced: Callable[[list[str]], bool],
    estimated: Callable[[Estimate], None] = lambda _e: None,
    progress: Callable[..., None] = lambda *_a, **_m: None,
) -> list[JudgeRun]:
    """Let judges judge what has no score yet; goes on where it was stopped.

    Args:
        folder: the launch folder.
        wish: which judges and variants, at what cost.
        agree: asked once for what a judge executes or calls.
        unpriced: asked before calls whose price nobody knows are sent.
        estimated: told what is about to be asked.
        progress: told judge, done and planned.

    Raises:
        Refused: what is called, or an unknown price, was not agreed to.
        BadInput: there is no such judge or variant, or it cannot be reached.
        Unavailable: the judge did not answer its probes.
    """
    check_limits(wish.max_cost)
    with opened(folder) as launch, one_run(launch):
        judges = judges_of(launch, wish.name)
        variants = variants_of(launch, wish.variant)
        prices = {judge.name: judge_price(launch.launch, judge) for judge in judges}
        turns = [_Turn(launch, judge, variants, prices[judge.name], named=wish.variant) for judge in judges]
        for turn in turns:
            estimated(turn.estimate())
        if wish.dry_run:
            return []
        ask_price(judges, prices, wish, unpriced)
        ask_trust(launch, judges, agree)
        budget = Budget(wish.max_cost)
        return [asyncio_run(turn.go(budget, progress)) for turn in turns]


class _Turn:
    """One judge's turn: a batch."""

    def __init__(
        self,
        launch: Opened,
        judge: JudgeFile,
        variants: dict[str, int],
        price: ModelPrice | None,
        *,
        named: str | None,
    ) -> None:
        self.launch, self.judge, self.price = launch, judge, price
        self.criterion: Criterion = next(c for c in launch.reading.criteria if c.id == judge.head.criterion)
        self.series = judge_series(launch, judge)
        self.fingerprint = self.series.split("@")[1]
        self.key = judge_key(launch.layout)
        self.by_id = {case.id: case for case in read_cases(launch.layout, [])}
        self.variants = variants
        with launch.ledger.write() as connection:
            self.series_no = series_number(connection, self.series)
            lock = last_lock(connection, plan_of(launch))
            self.batch = sum(
                body["series"] == self.series for _, _, body in journal.events(connection, "probe")
            )
        open_holdout = lock is not None and lock.holds
        decided = (candidate_of(launch.launch), launch.launch.baseline, named)
        but = [case.id for case in judge.shown]
        self.todo = {
            name: Unjudged(
                launch.cases.no,
                number,
                self.series_no,
                (*OPEN, "holdout") if open_holdout and name in decided else OPEN,
                but,
            )
            for name, number in variants.items()
        }
        self.reads = basis_of_judge(judge)
        with launch.ledger.read() as connection:
            self.sizes = {name: todo.size(connection) for name, todo in self.todo.items()}
            self.stale = {name: self._stale(connection, number) for name, number in variants.items()}

    @property
    def waiting(self) -> int:
        """How many outputs have no score yet, or one that rests on an `expected` which was corrected since."""
        return sum(n for n, _ in self.sizes.values()) + sum(map(len, self.stale.values()))

    def _stale(self, connection: Connection, variant_no: int) -> list[Key]:
        if self.reads is None:
            return []
        resting = Resting(variant_no, self.series_no)
        return [key for key, _ in stale_scores(self.launch, connection, resting, self.reads)]

    def _retire(self, name: str) -> None:
        """Move the stale scores of a variant out of the way: these outputs are judged again."""
        with self.launch.ledger.write() as connection:
            Resting(self.variants[name], self.series_no).retire(connection, self.stale[name])
            self.sizes[name] = self.todo[name].size(connection)
        self.stale[name] = []

    def estimate(self) -> Estimate:
        """Return what is about to be asked, and about what it costs."""
        again = [
            len(row.text or "")
            for found in sentinels(self.launch, self.judge, self.variants, series=self.series).values()
            for row in found.values()
        ]
        any_asked = self.waiting or self.judge.head.sentinels
        probes = drawn(self.key, self.fingerprint, self.batch) if any_asked else []
        usd = None
        if self.price is not None:
            one = to_judge(self.key, self.judge, self.criterion, ("estimate",), Case(id=""), "")
            fixed = len(one.instructions) + len(one.material)
            inputs = [len(str(case.input)) for case in self.by_id.values()]
            calls = self.waiting + len(probes) + len(again)
            sent = (
                sum(again)
                + sum(size for _, size in self.sizes.values())
                + calls * (fixed + sum(inputs) / max(len(inputs), 1))
            )
            usd = (
                calls * self.price.call
                + (
                    sent / CHARACTERS_A_TOKEN * self.price.input
                    + calls * WORDS_OF_A_VERDICT * self.price.output
                )
                / 1e6
            )
        return Estimate(self.judge.name, self.waiting, len(probes), len(again), usd)

    async def go(self, budget: Budget, progress: Callable[..., None]) -> JudgeRun:
        """Ask the probes, the sentinels and the outputs."""
        done = JudgeRun(self.judge.name, self.series)
        if self._is_out(done):
            return done
        secrets = Secrets()
        before = budget.spent
        asker = Asker(
            self.launch.ledger,
            reach(self.launch, self.judge, secrets),
            secrets,
            self.series,
            self.price,
            budget,
        )
        try:
            await asker.reached.target.start()
            if self.waiting or self.judge.head.sentinels:
                await self._probe(asker, done)
            if not done.passed:  # else whatever it said would decide nothing, and cost the same
                await self._rest(asker, done, progress)
        finally:
            await asker.reached.target.stop()
            with self.launch.ledger.write() as connection:
                seal_calls(connection, series=self.series, at=now())
        done.left, done.stopped = asker.left, asker.stopped
        done.spent = None if self.price is None else budget.spent - before
        self._is_out(done)
        return done

    def _is_out(self, done: JudgeRun) -> bool:
        """Note whether the judge is suspended, and return whether it is for good."""
        with self.launch.ledger.read() as connection:
            stands = standing(connection, self.series)
        done.suspended, done.changed = stands.suspended, stands.changed_at is not None
        return bool(done.suspended) and not done.changed

    async def _rest(self, asker: Asker, done: JudgeRun, progress: Callable[..., None]) -> None:
        """Ask the sentinels and the outputs."""
        if self.waiting or self.judge.head.sentinels:
            await self._sentinels(asker, done)
        for name in self.todo:
            await self._judge(asker, name, done, progress)

    async def _probe(self, asker: Asker, done: JudgeRun) -> None:
        """Ask what must fail; a judge that passes any of it cannot decide."""
        probes = drawn(self.key, self.fingerprint, self.batch)
        cases = [case for case in self.by_id.values() if case.part in OPEN and case.input is not None]
        found = Verdicts(asker.reached.judge, next(iter(self.variants.values()), 0))

        def source() -> Iterator[Planned]:
            for number, probe in enumerate(probes, start=1):
                case = (
                    cases[number * 7919 % len(cases)] if cases else Case(id="", input="What is asked here?")
                )
                about = (self.fingerprint, "probe", probe.id, str(self.batch))
                message = to_judge(self.key, self.judge, self.criterion, about, case, probe.text)
                yield asker.planned(message, case.id, (0, number))  # the probe's own name would tell it

        await asker.ask(source(), found)
        answered = {number: opinion for (_, number), opinion in found.found.items()}
        if len(answered) < FEWEST_PROBES:
            raise Unavailable(
                f"the judge `{self.judge.name}` answered {len(answered)} of {len(probes)} probes"
                f"{f': {asker.stopped}' if asker.stopped else ''}",
                where=f"judges/{self.judge.name}.md",
                remedy="see that it can be reached, then run the same command again",
            )
        asked = [probes[number - 1].id for number in sorted(answered)]
        done.probes = len(asked)
        done.passed = [probes[n - 1].id for n, opinion in sorted(answered.items()) if opinion.value == 1.0]
        body = {"series": self.series, "batch": self.batch, "asked": asked, "passed": done.passed}
        with self.launch.ledger.write() as connection:
            journal.append(connection, verb="probe", body=body, at=now())
            if done.passed:
                n = len(done.passed)
                why = f"it passed {n} of {len(asked)} outputs that must fail ({', '.join(done.passed)})"
                suspend(connection, self.series, why)

    async def _sentinels(self, asker: Asker, done: JudgeRun) -> None:
        done.drift = await regrade(
            self.launch, asker, self.judge, self.criterion, self.variants, series=self.series
        )
        if done.drift is None:
            done.unwatched = self.judge.head.sentinels or ""
        elif done.drift.alarm:
            with self.launch.ledger.write() as connection:
                suspend(connection, self.series, f"it has changed: {done.drift.words}", changed=True)

    async def _judge(self, asker: Asker, name: str, done: JudgeRun, progress: Callable[..., None]) -> None:
        if self.stale[name]:
            self._retire(name)
        todo, (total, _) = self.todo[name], self.sizes[name]
        with self.launch.ledger.write() as connection:
            silent = add(connection, scores, todo.silent(connection))
            wordless = todo.wordless(connection)
            silent += add(connection, scores, wordless)
            add(connection, explanations, [(*row[:6], NO_TEXT) for row in wordless])
        if wordless:
            done.wordless[name] = len(wordless)
        into = Scores(asker.reached.judge, self.variants[name], self.series_no, self.reads)
        if total and not asker.stopped:
            await asker.ask(
                self._outputs(asker, name, into),
                into,
                lambda _n: progress(f"{self.judge.name}: {name}", into.written, total),
            )
        done.judged[name] = into.written
        if into.written or silent:
            with self.launch.ledger.write() as connection:
                seal_series(connection, variant_no=self.variants[name], series=self.series, at=now())

    def _outputs(self, asker: Asker, name: str, into: Scores) -> Iterator[Planned]:
        last = (0, 0)
        while True:
            with self.launch.ledger.read() as connection:
                rows = self.todo[name].after(connection, *last)
            if not rows:
                return
            for row in rows:
                last = (row.case_no, row.repeat)
                about = (self.fingerprint, name, row.key, str(row.repeat))
                case = self.by_id[row.key]
                message = to_judge(self.key, self.judge, self.criterion, about, case, output_text(row))
                into.runs[last] = row.run_no
                into.cases[row.case_no] = case
                yield asker.planned(message, row.key, last, sealed=PARTS[row.part] == "holdout")
