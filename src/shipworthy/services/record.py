"""Run: let variants answer the cases, write every call and answer down, and score what has no score yet."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.launch import Variant
from shipworthy.domain.target import ModelPrice
from shipworthy.runners.registry import target_of
from shipworthy.runners.secrets import Secrets
from shipworthy.services.asking import Asking, Money, Went
from shipworthy.services.foreseen_cost import Foreseen, foresee
from shipworthy.services.logged import logged
from shipworthy.services.one_run import one_run
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import candidate_of, last_lock, plan_of
from shipworthy.services.pricing import check_limits, is_remote, price_of
from shipworthy.services.score import Scored, score_variant
from shipworthy.services.trust_code import ToTrust, ask_trust
from shipworthy.store.calls import Told, told

Progress = Callable[..., None]
Result = TypeVar("Result")
SELDOM = (50_000, 20, 50)
"""When Python looks for cyclic garbage while it asks: a pool of workers makes little of it."""
OPEN_PARTS = ("explore", "tune", "calibrate")
CACHE_MIB = 8
"""A run appends: what it wrote it hardly reads again, and its memory should not grow with the eval set."""


@dataclass
class Recorded:
    """What a run did."""

    answered: dict[str, int] = field(default_factory=dict)
    no_answer: dict[str, int] = field(default_factory=dict)
    already: dict[str, int] = field(default_factory=dict)
    checked: dict[str, list[Scored]] = field(default_factory=dict)
    """What each check did."""
    sealed: dict[str, int] = field(default_factory=dict)
    """Outputs of holdout cases that were recorded now."""
    sealed_cases: int = 0
    """Holdout cases left alone because no plan is locked."""
    nothing_to_run: list[str] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    """Why a variant was not finished."""
    missing: dict[str, int] = field(default_factory=dict)
    """Planned outputs that a variant still lacks."""
    changed: list[str] = field(default_factory=list)
    """Variants whose code or settings are not those that answered before: everything is asked anew."""
    client_limited: dict[str, float] = field(default_factory=dict)
    """Variants whose times are partly ours: how late the event loop ran, in seconds."""
    bills: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """What is asked of a run.

    Attributes:
        only: one variant; all of them unless said.
        max_cost: USD that this run may spend at most.
        max_time_s: seconds after which nothing is sent any more.
        fresh: ask everything again; the answers are kept beside the first ones, which go on to count.
        watched: whether anybody sees how open outputs pass so far.
    """

    only: str | None = None
    max_cost: float | None = None
    max_time_s: float | None = None
    fresh: bool = False
    watched: bool = False


def record(
    folder: Path,
    wish: Wish | None = None,
    *,
    agree: Callable[[ToTrust], bool],
    unpriced: Callable[[list[str]], bool] = lambda _names: False,
    spend: Callable[[list[Foreseen]], bool] = lambda _costs: False,
    progress: Progress = lambda *_about, **_more: None,
) -> Recorded:
    """Run every variant that can run here, then score what has no score yet.

    Args:
        folder: the launch folder.
        wish: which variants, at what cost.
        agree: asked once for each state of the folder's code before any of it runs.
        unpriced: asked before calls whose price nobody knows are sent.
        progress: told variant, done and planned, and more by name.
        spend: told, before anything is sent, what variants cost of which everything is asked again or anew; whether that
            is agreed to counts where it is asked again.

    Raises:
        Refused: the code, an unknown price, or the cost of asking everything again was not agreed to.
        BadInput: a variant or check cannot be loaded.
        Misused: a limit is no number.
    """
    wish = wish or Wish()
    check_limits(wish.max_cost, wish.max_time_s)
    with opened(folder, cache_mib=CACHE_MIB) as launch, one_run(launch), logged(launch.ledger) as lend:
        names = _names(launch, wish.only)
        prices = {name: price_within(launch, name, wish.max_cost) for name in names}
        ask_prices([n for n in names if is_remote(launch.launch.resolved(n)) and prices[n] is None], unpriced)
        ask_code(launch, names, agree)
        for variant in map(launch.launch.resolved, names):
            if is_remote(variant):  # what it lacks is said before anything is sent for another one
                target_of(launch.layout.folder, variant, Secrets())
        with launch.ledger.read() as connection:
            lock = last_lock(connection, plan_of(launch))
        locked = lock.seq if lock is not None else 0
        sealed_open = lock is not None and lock.holds
        parts = {name: _parts(launch, name, wish, sealed_open=sealed_open) for name in names}
        ask_spending(launch, wish, parts, prices, spend)
        done = Recorded()
        done.sealed_cases = 0 if sealed_open else launch.cases.planned("holdout").n_cases
        money = Money(wish.max_cost)
        began = monotonic()
        for name in names:
            variant = launch.launch.resolved(name)
            if variant.runs:
                kind = "fresh" if wish.fresh else "run"
                asking = Asking(
                    launch, name, prices[name], parts[name], locked, lend, kind=kind, watched=wish.watched
                )
                ends = None if wish.max_time_s is None else began + wish.max_time_s
                went = asyncio_run(asking.go(money, wish.max_time_s, ends, progress))
                _note(done, name, went)
            elif not variant.recorded:
                done.nothing_to_run.append(name)
            done.checked[name] = score_variant(launch, name, progress)
        with launch.ledger.read() as connection:
            done.bills = [bill for bill in told(connection) if bill.variant in names]
        return done


def _parts(launch: Opened, name: str, wish: Wish, *, sealed_open: bool) -> tuple[str, ...]:
    """Return which parts a variant is asked about."""
    holdout = sealed_open and _may_see_holdout(launch, name, wish.only)
    return (*OPEN_PARTS, "holdout") if holdout else OPEN_PARTS


def ask_spending(
    launch: Opened,
    wish: Wish,
    parts: dict[str, tuple[str, ...]],
    prices: dict[str, ModelPrice | None],
    spend: Callable[[list[Foreseen]], bool],
) -> None:
    """Say what asking everything again or anew costs, and ask before it is asked again.

    Raises:
        Refused: it was not agreed to.
    """
    found = [
        foresee(launch, name, parts[name], prices[name], fresh=wish.fresh, cap=wish.max_cost)
        for name in parts
        if launch.launch.resolved(name).runs
    ]
    costs = [each for each in found if each is not None]
    if costs and not spend(costs) and not all(each.is_free for each in costs if each.fresh):
        raise Refused(
            "asking everything again costs what is said above, and nobody agreed to that",
            where=", ".join(each.variant for each in costs),
            remedy="leave --fresh out to ask only for what is missing, or add --agree-cost",
        )


def asyncio_run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine on the quickest event loop there is."""
    gc.freeze()  # what is loaded by now stays: no need to look through it again and again
    gc.set_threshold(*SELDOM)
    try:
        import uvloop  # noqa: PLC0415 - only a run needs it
    except ImportError:  # pragma: no cover - where there is none
        return asyncio.run(main)
    return uvloop.run(main)


def _note(done: Recorded, name: str, went: Went) -> None:
    done.already[name] = went.already
    done.answered[name] = went.answered
    done.no_answer[name] = went.no_answer
    if went.sealed:
        done.sealed[name] = went.sealed  # how these went is not said before a look
    if went.stopped:
        done.stopped[name] = went.stopped
    if went.missing:
        done.missing[name] = went.missing
    if went.changed:
        done.changed.append(name)
    if went.client_limited:
        done.client_limited[name] = went.client_limited


def _names(launch: Opened, only: str | None) -> list[str]:
    names = list(launch.launch.variants)
    if only is None:
        return names
    if only not in names:
        raise BadInput(
            f"there is no variant `{only}`", where="launch.yaml", remedy=f"use one of {', '.join(names)}"
        )
    return [only]


def price_within(launch: Opened, name: str, max_cost: float | None) -> ModelPrice | None:
    """Return what a call of a variant costs, None when nobody knows.

    Raises:
        BadInput: nobody knows, and a cap is to be kept.
    """
    variant: Variant = launch.launch.resolved(name)
    price = price_of(launch.launch, variant, name) if variant.runs else None
    if price is None and max_cost is not None and is_remote(variant):
        raise BadInput(
            f"nobody knows what a call of `{name}` costs, so no cap can be kept",
            where="launch.yaml",
            remedy="add its price to `price_list: {as_of: …, models: {…}}`; a free one has `call: 0`",
        )
    return price


def ask_prices(names: list[str], unpriced: Callable[[list[str]], bool]) -> None:
    """Ask before calls of unknown price are sent.

    Raises:
        Refused: it was not agreed to.
    """
    if names and not unpriced(names):
        raise Refused(
            f"nobody knows what calls of {', '.join(names)} cost",
            where="launch.yaml",
            remedy="add prices to `price_list: {as_of: …, models: {…}}` (a free one has `call: 0`), or add --unpriced",
        )


def _may_see_holdout(launch: Opened, name: str, only: str | None) -> bool:
    """Only what the plan judges sees the holdout unasked: every further variant is a further try."""
    return name in (candidate_of(launch.launch), launch.launch.baseline) or name == only


def ask_code(launch: Opened, names: list[str], agree: Callable[[ToTrust], bool]) -> None:
    """Ask before this state of the folder's code runs for the first time.

    Raises:
        Refused: it was not agreed to.
    """
    targets = [text for n in names if (text := _shown(launch.launch.resolved(n)))]
    checks = [f"scorers:{c.scorer.check}" for c in launch.reading.criteria if c.scorer and c.scorer.check]
    reached = [text for text in targets if " " in text]
    programs = any(launch.launch.resolved(name).command for name in names)
    ask_trust(launch.layout, [*targets, *checks], agree, reached=reached, programs=programs)


def _shown(variant: Variant) -> str:
    """Return what a variant would execute or call, as a person would recognise it."""
    if variant.python is not None:
        return variant.python
    if variant.command is not None:
        return f"command: {' '.join(variant.command.run)}"
    if variant.http is not None:
        return f"{variant.http.method} {variant.http.url}"
    return f"chat: {variant.chat.model} at {variant.chat.url}" if variant.chat is not None else ""
