"""Sentences about failure modes: how often, how bad, what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shipworthy.decision.mode_counts import Counted, ModeCount
from shipworthy.narrative import wording
from shipworthy.narrative.text import plain

LONGEST = 80


def count_words(count: ModeCount) -> str:
    """Say how often a failure mode was seen, and what its rate could be.

    >>> count_words(
    ...     ModeCount(
    ...         "a", outputs=18, read=100, groups=18, groups_read=100, rate=0.18, lower=0.12, upper=0.2554
    ...     )
    ... )
    '18 of 100 outputs; could be as many as 26 of 100'
    >>> count_words(ModeCount("a"))
    'nothing was read yet'
    """
    if count.rate is None or count.upper is None:
        said = "nothing was read yet"
    else:
        most = wording.per_100(count.upper, towards="up", n=count.groups_read)
        of = f"{wording.of(count.outputs, count.read)} output{'' if count.read == 1 else 's'}"
        grouped = (
            f" in {wording.plural(count.groups_read, 'group')}" if count.groups_read != count.read else ""
        )
        said = f"{of}{grouped}; could be as many as {most}"
    return f"{said}; {count.picked:,} more among outputs that were picked" if count.picked else said


def basis_words(counted: Counted) -> list[str]:
    """Say what the rates rest on, and what they leave out.

    Args:
        counted: the counts of a taxonomy.
    """
    if not counted.read:
        return ["Nothing was read yet on the open cases."]
    lines = [
        f"{wording.plural(counted.read, 'output')} of open cases read, {counted.failed:,} fail"
        + (f"; {counted.unnamed:,} of these have no failure mode" if counted.unnamed else "")
        + "."
    ]
    if not counted.drawn:
        lines.append("None of them was drawn at random: the rates describe what was read, and nothing else.")
    elif counted.picked:
        lines.append(
            f"{wording.plural(counted.picked, 'output')} more were picked, and are left out of rates."
        )
    if counted.unknown:
        named = wording.listed([f"{plain(name, 60)} ({n:,})" for name, n in counted.unknown.items()])
        lines.append(f"Labels name failure modes that taxonomy.yaml does not have: {named}.")
    return lines


def change_words(body: Mapping[str, Any]) -> str:
    """Say what a change of the taxonomy did.

    >>> change_words({"change": "merge", "into": "too-long", "patches": [{"id": "wordy"}]})
    'merged wordy into too-long'
    >>> change_words({"change": "link", "modes": ["too-long"], "criterion": "brief"})
    'linked too-long to the criterion brief'
    """
    ids = [plain(str(patch.get("id", "")), LONGEST) for patch in body.get("patches", ())]
    modes = [plain(str(mode), LONGEST) for mode in body.get("modes", ())] or ids
    named = wording.listed(modes)
    criterion = plain(str(body.get("criterion", "")), LONGEST)
    said = {
        "add": f"added {named}",
        "rename": f"renamed {named} to {_new_name(body.get('patches', ()))}",
        "merge": f"merged {named} into {plain(str(body.get('into', '')), LONGEST)}",
        "split": f"split {plain(str(body.get('of', '')), LONGEST)} into {named}",
        "link": f"linked {named} to the criterion {criterion}",
        "unlink": f"took {named} out of the criterion {criterion}",
        "group": f"gave {named} to {wording.plural(int(body.get('outputs', 0)), 'output')}",
        "undo": f"took back: {plain(str(body.get('undone', '')), 200)}",
    }
    kind = str(body.get("change"))
    return said.get(kind) or f"changed {_keys(body.get('patches', ()))} of {named}"


def _new_name(patches: Sequence[Mapping[str, Any]]) -> str:
    return next((f"“{plain(str((p.get('after') or {}).get('name', '')), LONGEST)}”" for p in patches), "")


def _keys(patches: Sequence[Mapping[str, Any]]) -> str:
    keys = dict.fromkeys(key for patch in patches for key in (patch.get("after") or {}))
    return wording.listed([plain(str(key), 40).replace("_", " ") for key in keys]) or "nothing"
