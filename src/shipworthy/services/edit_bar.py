"""Draw a criterion's line elsewhere, with the reason; a line without a reason is not drawn."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from shipworthy.domain.answers import clean
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.draft import share
from shipworthy.domain.errors import BadInput
from shipworthy.services.checked_change import new_problems
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch
from shipworthy.store.yaml_edit import Edited, edit_yaml
from shipworthy.store.yaml_put import put

SHARES = ("rate", "all_of_k", "any_of_k", "judged_rate")


def edit_bar(folder: Path, name: str, value: str, why: str, *, seen: str | None = None) -> Edited:
    """Change a criterion's bar and the reason for it.

    Args:
        folder: the launch.
        name: the criterion's id.
        value: the number as it was typed; nothing leaves it where it is.
        why: who drew the line there, and what happens below it.
        seen: the hash of criteria.yaml as the person saw it; None where it was only just read.

    Raises:
        BadInput: there is no such criterion, the number is none, or there is no reason that belongs to it.
        Refused: somebody else changed the file since it was read; nothing is saved.
    """
    criterion = next((each for each in read_launch(folder).criteria if each.id == name), None)
    if criterion is None:
        raise BadInput(
            f"there is no criterion `{clean(name)[:80]}`", where="criteria.yaml", remedy="check its id"
        )
    line = _number(criterion, value) if value.strip() else criterion.bar.value
    reason = " ".join(clean(why).split())
    moved = not math.isclose(line, criterion.bar.value, abs_tol=1e-12)
    if not reason or (moved and reason == criterion.bar.why):
        raise BadInput(
            "the line has no reason of its own" if moved else "the reason is blank",
            where=f"criteria.yaml: {name}",
            remedy="say who draws it there, and what happens below it",
        )
    side = "at_least" if criterion.bar.at_least is not None else "at_most"

    def change(data: Any) -> Any:
        row = next(n for n, each in enumerate(data) if isinstance(each, dict) and each.get("id") == name)
        if moved:
            put(data, f"{row}.bar.{side}", line)
        put(data, f"{row}.bar.why", reason)
        return data

    return edit_yaml(
        Layout(folder).criteria, change, name="criteria.yaml", seen=seen, problems=new_problems(folder)
    )


def _number(criterion: Criterion, value: str) -> float:
    if criterion.estimand in SHARES:
        return share(value, f"criteria.yaml: {criterion.id}")
    try:
        return float(value)
    except ValueError:
        raise BadInput(
            f"`{clean(value)[:80]}` is no number",
            where=f"criteria.yaml: {criterion.id}",
            remedy="write it as 0.05",
        ) from None
