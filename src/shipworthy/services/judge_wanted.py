"""What is asked of judges, and what a person agrees to before they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.judge import JudgeFile
from shipworthy.domain.target import ModelPrice
from shipworthy.services import trust_code
from shipworthy.services.judge_standing import judge_named
from shipworthy.services.judge_target import shown
from shipworthy.services.opened import Opened
from shipworthy.services.trust_code import ToTrust
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.runs import find_variant


@dataclass(frozen=True)
class JudgeWish:
    """What is asked of a run.

    Attributes:
        name: one judge; every judge that a criterion names unless said.
        variant: one variant; every one with recorded outputs unless said.
        max_cost: USD that may be spent at most.
        dry_run: only say what it would ask.
    """

    name: str | None = None
    variant: str | None = None
    max_cost: float | None = None
    dry_run: bool = False


def judges_of(launch: Opened, name: str | None) -> list[JudgeFile]:
    """Return the judge of that name, or every judge that a criterion names.

    Raises:
        BadInput: there is none.
    """
    if name is not None:
        return [judge_named(launch, name)]
    used = {c.scorer.judge for c in launch.reading.criteria if c.scorer and c.scorer.judge}
    found = [judge for judge in launch.reading.judges if judge.name in used]
    if not found:
        raise BadInput(
            "no criterion is scored by a judge",
            where="criteria.yaml",
            remedy="write `scorer: {judge: NAME}`, `estimand: judged_rate` and `labels:` under one",
        )
    return found


def variants_of(launch: Opened, name: str | None) -> dict[str, int]:
    """Return the variants that have outputs, with their numbers."""
    written = launch.launch
    if name is not None and name not in written.variants:
        raise BadInput(
            f"there is no variant `{name}`",
            where="launch.yaml",
            remedy=f"use one of {', '.join(written.variants)}",
        )
    found = {}
    with launch.ledger.read() as connection:
        for each in [name] if name is not None else written.variants:
            number = find_variant(
                connection, each, variant_fingerprint(launch.layout, written.resolved(each))
            )
            if number is not None:
                found[each] = number
    return found


def ask_price(
    judges: list[JudgeFile],
    prices: dict[str, ModelPrice | None],
    wish: JudgeWish,
    unpriced: Callable[[list[str]], bool],
) -> None:
    """Ask before calls are sent whose price nobody knows.

    Raises:
        BadInput: a cap is to be kept and a price is not known.
        Refused: it was not agreed to.
    """
    unknown = [j.name for j in judges if prices[j.name] is None and j.head.command is None]
    remedy = "add prices to `price_list: {as_of: …, models: {…}}` (a free one has `call: 0`)"
    if unknown and wish.max_cost is not None:
        what = f"nobody knows what a call of {', '.join(unknown)} costs, so no cap can be kept"
        raise BadInput(what, where="launch.yaml", remedy=remedy)
    if unknown and not unpriced(unknown):
        what = f"nobody knows what calls of {', '.join(unknown)} cost"
        raise Refused(what, where="launch.yaml", remedy=f"{remedy}, or add --unpriced")


def ask_trust(launch: Opened, judges: list[JudgeFile], agree: Callable[[ToTrust], bool]) -> None:
    """Ask once for each state of what judges execute or call.

    Raises:
        Refused: it was not agreed to.
    """
    targets = [shown(judge) for judge in judges]
    programs = any(judge.head.command for judge in judges)
    trust_code.ask_trust(launch.layout, targets, agree, reached=targets, programs=programs)
