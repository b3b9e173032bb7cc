"""What a plan takes with a criterion that is not written yet: before the time is spent, not after."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from shipworthy.decision.claims import POWER
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.draft import drafted
from shipworthy.domain.errors import BadInput, Misused
from shipworthy.narrative import outlook as words
from shipworthy.services.opened import Opened
from shipworthy.services.plan import Planned, plan_in


def price_draft(launch: Opened, typed: Mapping[str, str]) -> list[str]:
    """Return in sentences what the plan takes with this criterion, or why nobody can say.

    Args:
        launch: the launch, opened.
        typed: field to what was typed, see `domain/draft.py`.

    Raises:
        BadInput: a field is blank or cannot stand there.
    """
    made = drafted(typed)
    try:
        criterion = Criterion.model_validate(made)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            f"the criterion does not fit: {first['msg'].removeprefix('Value error, ')}",
            where=".".join(map(str, first["loc"])),
        ) from None
    if unknown := next((name for name in criterion.slices if name not in launch.launch.slices), None):
        known = ", ".join(launch.launch.slices) or "none"
        raise BadInput(
            f"the slice `{unknown[:80]}` is not declared",
            where="slices",
            remedy=f"slices in launch.yaml: {known}",
        )
    if criterion.kind == "diagnostic":
        return ["A diagnostic decides nothing: the plan takes what it took."]
    try:
        return priced_words(plan_in(launch, power=POWER, also=[criterion]), criterion.id)
    except (BadInput, Misused) as error:
        return [f"What the plan takes cannot be said yet: {error.what}."]


def priced_words(planned: Planned, name: str = "") -> list[str]:
    """Return what a plan takes, in sentences.

    Args:
        planned: the plan.
        name: of the criterion that stands in front; all of them unless said.
    """
    outlook, criteria = planned.outlook, planned.plan.asked
    said: list[str] = []
    for row in (*outlook.sized, *outlook.also):
        if not name or row.criterion == name:
            needed = "nobody can say how many" if row.needed is None else f"{row.needed:,}"
            said.append(
                f"{words.place(row)}: {row.groups:,} sealed groups now, {row.least:,} at the fewest, "
                f"{needed} for a chance of 80 in 100{_hope(row.hoped)}."
            )
    said += [line for line in words.out_of_reach(outlook, criteria) if not name or line.startswith(name)]
    said.append(words.bill_words(outlook.bill, outlook.currency))
    said += [
        words.bill_words(bill, outlook.currency, wanted=power)
        for power, bill in outlook.bills[:1]
        if bill.more
    ]
    return said


def _hope(hoped: float | None) -> str:
    return "" if hoped is None else f" if {hoped:.3g} is true"
