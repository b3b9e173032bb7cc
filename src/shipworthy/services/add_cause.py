"""Add a cause to the pre-mortem, and put the causes together: apart first, so that the first to speak is not the only one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from shipworthy.domain.answers import find_blank, parsed
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.services.checked_change import new_problems
from shipworthy.services.read_brief import read_brief
from shipworthy.store.layout import Layout
from shipworthy.store.yaml_edit import Edited, edit_yaml
from shipworthy.store.yaml_put import put

FIELDS = ("participant", "cause", "early_sign", "failure_mode", "tripwire")
FEW = 2


def add_cause(folder: Path, said: dict[str, str], *, alone: bool | None = None) -> Edited:
    """Add one cause to the pre-mortem.

    Others may write at the same time: a cause is added to what stands there, and takes nothing away.

    Args:
        folder: the launch.
        said: `participant` and `cause`, and where they are known `early_sign`, `failure_mode` and `tripwire`.
        alone: whether it was written before the others' causes were seen; what the file says unless said.

    Raises:
        BadInput: nobody is named, or nothing is said.
        FolderHasProblems: it names a failure mode that there is not.
    """
    blanks = {name: find_blank(f"premortem.causes.0.{name}") for name in FIELDS}
    values = {name: parsed(blanks[name], said.get(name, "")) for name in FIELDS}
    for name in ("participant", "cause"):
        if values[name] is None:
            raise BadInput(
                f"{blanks[name].label}? Nothing is written", where=name, remedy="write a name and a cause"
            )
    brief = read_brief(folder)
    before = brief.apart if alone is None else alone

    def change(data: Any) -> Any:
        written = {"participant": values["participant"], "written_independently": before}
        written |= {name: value for name, value in values.items() if value is not None}
        there = data.get("premortem") or {}
        put(data, f"premortem.causes.{len(there.get('causes') or ())}", dict(written))
        return data

    return edit_yaml(Layout(folder).launch, change, name="launch.yaml", problems=new_problems(folder))


def put_together(folder: Path, today: dt.date) -> Edited:
    """Put the causes together: from now on everybody sees all of them, and what is added is not written alone.

    Raises:
        Refused: they are together already, or fewer than two people wrote.
    """
    brief = read_brief(folder)
    if not brief.apart:
        raise Refused(
            f"the causes were put together on {brief.launch.premortem.together}",
            where="launch.yaml: premortem",
        )
    if brief.launch.premortem.people < FEW:
        raise Refused(
            "fewer than two people wrote a cause, so there is nothing to put together",
            where="launch.yaml: premortem",
            remedy="let somebody else write alone first",
        )

    def change(data: Any) -> Any:
        put(data, "premortem.together", today)
        return data

    return edit_yaml(Layout(folder).launch, change, name="launch.yaml", problems=new_problems(folder))
