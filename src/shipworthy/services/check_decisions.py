"""Check decisions: each signature over its content, the memo it was signed over, and its place in the journal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from shipworthy.store import journal
from shipworthy.store.decision_file import canonical, memo_hashes, read_decisions
from shipworthy.store.layout import Layout
from shipworthy.store.signing_key import fits


@dataclass(frozen=True)
class CheckedDecisions:
    """What was found.

    Attributes:
        decisions: how many there are.
        faults: what does not fit.
        keys: the public keys they carry: whether a key is that person's, only that person can say.
    """

    decisions: int
    faults: tuple[str, ...]
    keys: tuple[str, ...]


def check_decisions(layout: Layout, connection: Connection) -> CheckedDecisions:
    """Check every decision of a launch, and that none which was signed is gone.

    Args:
        layout: the launch folder.
        connection: a reading transaction of its ledger.
    """
    found = read_decisions(layout)
    faults: list[str] = []
    keys: set[str] = set()
    seals = {body["file"]: body for _, _, body in journal.events(connection, "sign")}
    for name, content in found.items():
        where = f"decisions/{name}"
        if content is None:
            faults.append(f"{where} is no signed decision")
            continue
        faults += [f"{where}: {fault}" for fault in _faults(layout, connection, content, seals.get(name))]
        keys.add(str(content.get("key", "")))
    faults += [f"decisions/{name} was signed, and is gone" for name in seals if name not in found]
    return CheckedDecisions(len(found), tuple(faults), tuple(sorted(keys)))


def _faults(
    layout: Layout, connection: Connection, content: dict[str, Any], seal: dict[str, Any] | None
) -> list[str]:
    signed = content["signed"]
    exact = canonical(signed)
    faults = []
    if not fits(str(content.get("key", "")), str(content.get("signature", "")), exact):
        faults.append("the signature is not that of its key over this content")
    if seal is None:
        faults.append("no event of the journal says that it was signed")
    elif seal["sha"] != hashlib.sha256(exact).hexdigest() or seal["key"] != content.get("key"):
        faults.append("it is not the decision that the journal saw signed")
    if not journal.has(connection, str(signed.get("journal_head"))):
        faults.append(
            "the journal has no event with the head that it was signed over: it is another ledger, or a cut one"
        )
    return faults + _memo_faults(layout, signed.get("memo"))


def _memo_faults(layout: Layout, signed: Any) -> list[str]:
    there = memo_hashes(layout, rehearsal=False) | memo_hashes(layout, rehearsal=True)
    memo = signed if isinstance(signed, dict) else {}
    gone = [f"memo/{name} is gone" for name in memo if name not in there]
    other = [
        f"memo/{name} is not the file that was signed over: stale, or changed"
        for name, sha in memo.items()
        if name in there and there[name] != sha
    ]
    return gone + other
