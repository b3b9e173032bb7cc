"""Demo-check: ask what somebody showed again and again, in these words and in others, beside the representative set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.decision.demo import Compared, Wording
from shipworthy.domain.demo import DemoPrompt
from shipworthy.domain.errors import BadInput, Misused, Refused
from shipworthy.domain.evalset import input_hash
from shipworthy.runners.declared import scores_of
from shipworthy.services.asking import Asking, Money
from shipworthy.services.demo_figures import Checkable, checkable, figures
from shipworthy.services.demo_score import score_demo
from shipworthy.services.demo_waiting import DemoCase, DemoWaiting, known_numbers, wordings_of
from shipworthy.services.logged import logged
from shipworthy.services.one_run import one_run
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, last_lock, plan_of
from shipworthy.services.pricing import check_limits, is_remote
from shipworthy.services.record import (
    Progress,
    ask_code,
    ask_prices,
    asyncio_run,
    price_within,
)
from shipworthy.services.trust_code import ToTrust
from shipworthy.store.calls import Bill, bills
from shipworthy.store.caseset import OPEN_PARTS
from shipworthy.store.demo_rows import cases_with_words, demo_outputs, demo_words, has_open_cases
from shipworthy.store.ingest import MOST_REPEATS
from shipworthy.store.runs import find_series


@dataclass(frozen=True)
class DemoWish:
    """What is asked of a demo check.

    Attributes:
        variant: whose answers; the candidate's unless said.
        times: how often each wording is asked.
        max_cost: USD that this may spend at most.
        max_time_s: seconds after which nothing is sent any more.
    """

    variant: str | None = None
    times: int = 10
    max_cost: float | None = None
    max_time_s: float | None = None


@dataclass(frozen=True)
class Said:
    """An answer of the worst wording that did not pass, with what the check said of it."""

    prompt: str
    number: int
    repeat: int
    text: str | None
    reason: str | None
    words: str | None


@dataclass
class DemoChecked:
    """What came of it.

    Attributes:
        variant: whose answers.
        prompts: the prompts, as they stand in demo.yaml.
        times: how often each wording was asked.
        already: answers that were there before.
        missing: answers still to come; then there are no figures yet.
        stopped: why it stopped.
        compared: the figures, criterion by criterion.
        said: for criterion ids, one answer that did not pass.
        not_compared: criteria that no check answers.
        also_cases: prompt or rewording to the open case that has the same words.
        untouched: values of the partition that no prompt has.
        open_cases: whether the eval set has open cases at all.
        locked: whether a plan is locked and holds.
        bill: what the calls came to.
    """

    variant: str
    prompts: tuple[DemoPrompt, ...]
    times: int
    already: int = 0
    missing: int = 0
    stopped: str = ""
    compared: list[Compared] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)
    not_compared: list[str] = field(default_factory=list)
    also_cases: dict[str, str] = field(default_factory=dict)
    untouched: list[str] = field(default_factory=list)
    open_cases: bool = False
    locked: bool = False
    bill: Bill | None = None


def demo_check(
    folder: Path,
    wish: DemoWish | None = None,
    *,
    agree: Callable[[ToTrust], bool],
    unpriced: Callable[[list[str]], bool] = lambda _names: False,
    progress: Progress = lambda *_about, **_more: None,
) -> DemoChecked:
    """Ask every wording of every prompt so many times, score the answers, and compare.

    Nothing of it enters the eval set, its counts or a verdict.

    Args:
        folder: the launch folder.
        wish: whose answers, how often, at what cost.
        agree: asked once for each state of the folder's code before any of it runs.
        unpriced: asked before calls whose price nobody knows are sent.
        progress: told variant, done and planned, and more by name.

    Raises:
        BadInput: there is no demo.yaml, no such variant, or nothing to ask.
        Refused: the code was not agreed to, or a prompt is a sealed case.
    """
    wish = wish or DemoWish()
    check_limits(wish.max_cost, wish.max_time_s)
    if not 1 <= wish.times <= MOST_REPEATS:
        raise Misused(f"--times {wish.times}", remedy=f"ask from 1 to {MOST_REPEATS} times")
    with opened(folder) as launch, one_run(launch), logged(launch.ledger) as lend:
        name = _variant(launch, wish.variant)
        plan = plan_of(launch)
        asked = checkable(launch, plan)
        wordings = _wordings(launch, asked)
        done = DemoChecked(name, launch.reading.demo, wish.times)
        done.also_cases = _known_cases(launch)
        done.untouched = _untouched(launch)
        price = price_within(launch, name, wish.max_cost)
        variant = launch.launch.resolved(name)
        ask_prices([name] if is_remote(variant) and price is None else [], unpriced)
        ask_code(launch, [name], agree)
        asking = Asking(
            launch, name, price,
            lambda number, state: DemoWaiting(launch, wordings, wish.times, number, state), 0, lend, kind="demo",
        )  # fmt: skip
        ends = None if wish.max_time_s is None else time.monotonic() + wish.max_time_s
        went = asyncio_run(asking.go(Money(wish.max_cost), wish.max_time_s, ends, progress))
        done.already, done.missing, done.stopped = went.already, went.missing, went.stopped
        if not done.missing:
            _score(launch, asked, asking.number)
        with launch.ledger.read() as connection:
            lock = last_lock(connection, plan)
            done.locked = lock is not None and lock.holds
            done.open_cases = has_open_cases(connection, launch.cases.no, OPEN_PARTS)
            done.bill = next(
                (b for b in bills(connection) if b.variant == name and b.purpose == "demo"), None
            )
            if not done.missing:
                done.compared = figures(launch, connection, plan, name, times=wish.times)
        _read_worst(launch, done, asked, asking.number)
        questions = {each.criterion.id for each in asked}
        series = {plan.series.get(each.criterion.id) for each in asked}
        done.not_compared = [
            c.id
            for c in launch.reading.criteria
            if c.id not in questions and plan.series.get(c.id) not in series
        ]
        return done


def _variant(launch: Opened, wanted: str | None) -> str:
    name = wanted or candidate_of(launch.launch)
    if name not in launch.launch.variants:
        known = ", ".join(launch.launch.variants)
        raise BadInput(f"there is no variant `{name}`", where="launch.yaml", remedy=f"use one of: {known}")
    if not launch.launch.resolved(name).runs:
        raise BadInput(
            f"the outcomes of `{name}` come from elsewhere, so nothing can be asked here",
            where="launch.yaml",
            remedy="give the variant a `python`, `command`, `http` or `chat` target, or name another with --variant",
        )
    return name


def _wordings(launch: Opened, asked: list[Checkable]) -> list[DemoCase]:
    if not launch.reading.demo:
        raise BadInput(
            "nobody has written down what was shown",
            where=str(launch.layout.demo),
            remedy="write it as `- {id: refund, input: …, expected: …, rewordings: [ … ]}`, one entry a prompt",
        )
    if not asked:
        raise BadInput(
            "no criterion is answered by a check, so no answer to the demo can be scored",
            where="criteria.yaml",
            remedy="write `scorer: {check: …}` under a criterion",
        )
    return wordings_of(launch.reading.demo)


def _known_cases(launch: Opened) -> dict[str, str]:
    """Return which prompts are open cases too; one that is sealed must not be asked in the open.

    Raises:
        Refused: a prompt has the words of a sealed case.
    """
    named = {input_hash(each.case.input): each for each in wordings_of(launch.reading.demo)}
    with launch.ledger.read() as connection:
        found = cases_with_words(connection, launch.cases.no, list(named))
    said = {}
    for hashed, (case, part) in found.items():
        wording = named[hashed]
        if part == "holdout":
            raise Refused(
                f"the demo prompt `{wording.prompt}` has the words of the sealed case `{case}`",
                where="demo.yaml",
                remedy="give that case another part than holdout before the lock, or remove the prompt from demo.yaml",
            )
        where = f" in rewording {wording.number}" if wording.number else ""
        said[f"{wording.prompt}{where}"] = case
    return said


def _untouched(launch: Opened) -> list[str]:
    scope = launch.launch.scope_slice()
    tagged = [prompt.tags for prompt in launch.reading.demo if prompt.tags]
    if scope is None or scope[1].by is None or not tagged:
        return []
    there = {tags.get(scope[1].by) for tags in tagged}
    return [f"{scope[1].by}={value}" for value in scope[1].shares if value not in there]


def _score(launch: Opened, asked: list[Checkable], variant_no: int) -> None:
    wordings = wordings_of(launch.reading.demo)
    for series, each in {each.series: each for each in asked}.items():
        scorer = each.criterion.scorer
        check = scores_of(scorer, launch.layout) if scorer else None
        if check is not None:
            score_demo(launch, variant_no, series, check, wordings)


def _read_worst(launch: Opened, done: DemoChecked, asked: list[Checkable], variant_no: int) -> None:
    """Fetch one answer of each criterion's worst wording that did not pass."""
    series = {each.criterion.id: each for each in asked}
    with launch.ledger.read() as connection:
        by_wording = {
            (w.prompt, w.number): no
            for no, w in known_numbers(connection, wordings_of(launch.reading.demo)).items()
        }
        for each in done.compared:
            worst: Wording = each.worst
            if worst.passed == worst.asked:
                continue
            criterion = series[each.criterion].criterion
            passes_from = criterion.pass_when.at_least if criterion.pass_when else 1.0
            series_no = find_series(connection, series[each.criterion].series)
            case_no = by_wording[worst.prompt, worst.number]
            rows = demo_outputs(connection, variant_no, series_no, [case_no])[case_no]
            repeat = next(row.repeat for row in rows if row.value is None or row.value < passes_from)
            words = demo_words(connection, variant_no, series_no, case_no, repeat)
            done.said[each.criterion] = Said(worst.prompt, worst.number, repeat, *words)
