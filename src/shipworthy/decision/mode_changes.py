"""Changes of a taxonomy as values: what each entry said before and says after, so that any change can be taken back.

Entries are taken as they are written in the file: a change names the keys it touches and no others, so taking it back
leaves alone what was changed elsewhere since.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shipworthy.domain.errors import BadInput, Refused

Entry = Mapping[str, Any]
Entries = Mapping[str, Entry]
"""Id to entry, as written in the file, in its order."""

INHERITED = ("severity", "severity_reason", "who", "detectable", "owner", "origin", "parent")
"""What the parts of a split take over until somebody says otherwise."""
WHERE = "taxonomy.yaml"


@dataclass(frozen=True)
class Patch:
    """What happens to one entry.

    Attributes:
        id: which.
        before: the keys that change, as they were, None for a key that was not there; None for a new entry.
        after: the same keys as they are, None for a key that goes; None for an entry that goes.
        behind: the entry that a new one stands behind; empty for the end of the list.
    """

    id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    behind: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        before = None if self.before is None else dict(self.before)
        after = None if self.after is None else dict(self.after)
        return {"id": self.id, "before": before, "after": after, "behind": self.behind}

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Patch:
        """Return what the journal kept."""
        return Patch(body["id"], body["before"], body["after"], body.get("behind", ""))


def mode_id(name: str) -> str:
    """Return an id for what people call a failure mode.

    Raises:
        BadInput: nothing in the name can stand in an id.

    >>> mode_id("Tells an internal rule!"), mode_id("Élan: 2 bullets")
    ('tells-an-internal-rule', 'elan-2-bullets')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    found = re.sub(r"^[^a-z]+", "", found)[:60].strip("-")
    if not found:
        raise BadInput(
            "no id can be made of this name",
            where=name[:60],
            remedy="give one with letters a to z: `--id too-long`",
        )
    return found


def added(entries: Entries, mode: str, values: Entry, *, behind: str = "") -> list[Patch]:
    """Return the change that adds a failure mode.

    Raises:
        BadInput: there is one of that id.
    """
    if mode in entries:
        raise BadInput(f"there is a failure mode `{mode}` already", where=WHERE, remedy="use another id")
    said = {key: value for key, value in values.items() if value not in ("", None, [], {})}
    return [Patch(mode, None, {"id": mode, **said}, behind)]


def changed(entries: Entries, mode: str, values: Entry) -> list[Patch]:
    """Return the change that gives a failure mode new values; None takes a key away.

    >>> changed({"a": {"id": "a", "name": "A"}}, "a", {"name": "B", "owner": "Ada"})
    [Patch(id='a', before={'name': 'A', 'owner': None}, after={'name': 'B', 'owner': 'Ada'}, behind='')]
    """
    now = _known(entries, mode)
    new = {key: value for key, value in values.items() if now.get(key) != value}
    return [Patch(mode, {key: now.get(key) for key in new}, new)] if new else []


def merged(entries: Entries, modes: Sequence[str], into: str) -> list[Patch]:
    """Return the change that merges failure modes into another: their labels count for it from now on.

    Raises:
        BadInput: one of them is not there.
        Refused: one is merged already, or is the one that they go into.
    """
    if _known(entries, into).get("merged_into"):
        raise Refused(
            f"`{into}` is itself merged into `{entries[into]['merged_into']}`",
            where=WHERE,
            remedy=f"merge into `{entries[into]['merged_into']}`",
        )
    found = []
    for mode in dict.fromkeys(modes):
        if mode == into:
            raise Refused(f"`{mode}` cannot be merged into itself", where=WHERE, remedy="name another one")
        if _known(entries, mode).get("merged_into"):
            raise Refused(
                f"`{mode}` is merged into `{entries[mode]['merged_into']}` already",
                where=WHERE,
                remedy="undo that first: `shipworthy taxonomy undo`",
            )
        found += changed(entries, mode, {"merged_into": into})
    if not found:
        raise BadInput(
            "nothing to merge", remedy="name at least one failure mode besides the one they go into"
        )
    return found


def split(entries: Entries, mode: str, parts: Mapping[str, str]) -> list[Patch]:
    """Return the change that splits a failure mode into parts, which stand behind it and take over its severity.

    Args:
        entries: the taxonomy as written.
        mode: the mode that is split.
        parts: id to name of what it is split into, at least two; one may be the mode itself, drawn narrower.

    Raises:
        BadInput: the mode is not there, a part is, or there are fewer than two.
        Refused: the mode was merged into another.
    """
    whole = _known(entries, mode)
    if whole.get("merged_into"):
        raise Refused(
            f"`{mode}` is merged into `{whole['merged_into']}`",
            where=WHERE,
            remedy=f"split `{whole['merged_into']}`, or undo the merge first",
        )
    if len(parts) < 2:
        raise BadInput("a split has at least two parts", where=mode, remedy="name two, or rename the mode")
    found, behind = [], mode
    for part, name in parts.items():
        if part == mode:
            found += changed(entries, mode, {"name": name}) if name else []
            continue
        kept = {key: whole[key] for key in INHERITED if key in whole}
        found += added(entries, part, {"name": name, **kept, "split_from": mode}, behind=behind)
        behind = part
    return found


def taken_back(entries: Entries, patches: Sequence[Patch], in_use: Mapping[str, str]) -> list[Patch]:
    """Return the change that takes an earlier one back.

    A part of a split that outputs are labelled with already is merged into the mode it came from, so that no label
    is lost; any other entry that is in use stays, and the undo is refused.

    Args:
        entries: the taxonomy as written now.
        patches: what the earlier change did.
        in_use: ids that may not go, with what uses each, as "12 labels".

    Raises:
        Refused: what the change wrote was changed since, or is in use.
    """
    found = []
    for patch in reversed(patches):
        if patch.after is None:
            if patch.id in entries:
                raise Refused(
                    f"there is a failure mode `{patch.id}` again", where=WHERE, remedy="rename it first"
                )
            found.append(Patch(patch.id, None, patch.before))
            continue
        now = entries.get(patch.id)
        if now is None or any(now.get(key) != value for key, value in patch.after.items()):
            raise Refused(
                f"`{patch.id}` was changed since, so this can no longer be taken back by itself",
                where=WHERE,
                remedy="take back the later change first, or change the file by hand",
            )
        if patch.before is not None:
            found.append(Patch(patch.id, patch.after, patch.before))
        else:
            found += _gone(patch, now, in_use)
    return found


def _gone(patch: Patch, now: Entry, in_use: Mapping[str, str]) -> list[Patch]:
    if patch.id not in in_use:
        return [Patch(patch.id, dict(now), None)]
    if now.get("split_from"):
        return [Patch(patch.id, {"merged_into": None}, {"merged_into": now["split_from"]})]
    raise Refused(
        f"`{patch.id}` is in use: {in_use[patch.id]}",
        where=WHERE,
        remedy=f"merge it into another one: `shipworthy taxonomy merge {patch.id} --into …`",
    )


def _known(entries: Entries, mode: str) -> Entry:
    if mode not in entries:
        known = ", ".join(entries)
        raise BadInput(
            f"there is no failure mode `{mode[:60]}`",
            where=WHERE,
            remedy=f"use one of: {known}" if known else "add one first: `shipworthy taxonomy add`",
        )
    return entries[mode]
