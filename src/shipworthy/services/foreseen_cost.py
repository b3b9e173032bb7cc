"""What asking everything again, or anew, will cost: by what answers took so far, and at the worst."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from shipworthy.domain.launch import Variant
from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.runners.budget import worst
from shipworthy.runners.interface import Asked
from shipworthy.runners.registry import target_of
from shipworthy.runners.secrets import Secrets
from shipworthy.runners.turns import beyond_text, n_requests
from shipworthy.services.opened import Opened
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.fingerprint import variant_fingerprint
from shipworthy.store.runs import earlier_states, find_variant
from shipworthy.store.usage import used


@dataclass(frozen=True)
class Foreseen:
    """What asking one variant for all that is planned costs.

    Attributes:
        variant: its name.
        fresh: asked again beside the first answers; False: asked anew, because the variant is another one by now.
        planned: outputs asked for.
        attempts: calls that one output may take, when the infrastructure fails.
        priced: whether anybody knows what a call costs; the amounts are 0 where nobody does.
        usual: USD by what answers took so far, failed calls included; None where nothing is recorded.
        rests_on: outputs that `usual` rests on.
        once: USD that are set aside for one call for each output; infinite where nobody knows how much that is.
        most: USD that are set aside if each output takes all its attempts; no more can be charged.
        cap: USD that the run may spend; None without a cap.
    """

    variant: str
    fresh: bool
    planned: int
    attempts: int
    priced: bool
    usual: float | None = None
    rests_on: int = 0
    once: float = 0.0
    most: float = 0.0
    cap: float | None = None

    @property
    def is_free(self) -> bool:
        """Whether it is known to cost nothing."""
        return not self.planned or (self.priced and self.most == 0)


def foresee(
    launch: Opened,
    name: str,
    parts: Collection[str],
    price: ModelPrice | None,
    *,
    fresh: bool,
    cap: float | None = None,
) -> Foreseen | None:
    """Return what a variant is about to cost; None where it only goes on with what is missing.

    Args:
        launch: the launch; nothing is written.
        name: the variant.
        parts: which parts it is asked about.
        price: what a call costs; None when nobody knows.
        fresh: ask everything again.
        cap: USD that the run may spend.
    """
    variant = launch.launch.resolved(name)
    fingerprint = variant_fingerprint(launch.layout, variant)
    with launch.ledger.read() as connection:
        earlier = earlier_states(connection, name)
        if not fresh and (not earlier or fingerprint in earlier):
            return None
        number = find_variant(connection, name, fingerprint) if fingerprint in earlier else None
        planned = (variant.repeats or 1) * sum(launch.cases.planned(part).n_cases for part in parts)
        attempts = (variant.limits or Limits()).attempts
        if price is None:
            return Foreseen(name, fresh, planned, attempts, priced=False, cap=cap)
        requests, once = _at_worst(launch, variant, parts, price)
        usual, rests_on = _usual(connection, name, number, price, planned, requests)
    return Foreseen(
        name, fresh, planned, attempts, priced=True, usual=usual, rests_on=rests_on, once=once,
        most=once * attempts, cap=cap,
    )  # fmt: skip


def _at_worst(
    launch: Opened, variant: Variant, parts: Collection[str], price: ModelPrice
) -> tuple[int, float]:
    """Return the requests of one call for each output, and what is set aside for them, as the pool reckons it."""
    by_token = price.input > 0 or price.output > 0
    target = target_of(launch.layout.folder, variant, Secrets()) if by_token else None
    requests, amount = 0, 0.0
    for case in read_cases(launch.layout, []):
        if case.part in parts:
            n = n_requests(case.input)
            tokens = target.most_tokens(Asked(case.id, 1, case.input, 0)) if target is not None else (0, 0)
            requests += n
            amount += math.inf if price.input > 0 and beyond_text(case.input) else worst(price, tokens, n)
    repeats = variant.repeats or 1
    return repeats * requests, repeats * amount


def _usual(
    connection: Connection, name: str, number: int | None, price: ModelPrice, planned: int, requests: int
) -> tuple[float | None, int]:
    """Return what the planned outputs cost if they take what answers took so far, and on how many that rests.

    The dearer of two: what was charged then, and what the same calls and tokens cost by now.
    """
    took = used(connection, name, price, variant_no=number)
    if not took.outputs:
        return None, 0
    tokens = took.tokens / took.outputs * planned if price.input > 0 or price.output > 0 else 0.0
    by_now = took.calls / took.outputs * requests * price.call + tokens
    return max(took.cost / took.outputs * planned, by_now), took.outputs
