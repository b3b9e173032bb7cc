"""Sign: a named person agrees with the verdict, or not, over the plan, the evidence and the memo as they are."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shipworthy.domain.decision import Chosen, Decision, Dissent, Override
from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.services.clock import now
from shipworthy.services.decide import AboutToLook, Decided, decide
from shipworthy.store import journal
from shipworthy.store.decision_file import FORMAT, canonical, memo_hashes, write_decision
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.signing_key import public_text, signing_key

OPTIONS = ["ship", "ship narrower", "not yet", "do not ship"]


@dataclass(frozen=True)
class Choice:
    """What a person decides, as it is given to `sign`.

    Attributes:
        by: who decides.
        chosen: what; the verdict unless said.
        reason: why otherwise than was computed.
        expires: the day on which that ends.
        dissent: who disagreed and why.
        reverse_if: what would undo it.
        review_on: the day on which it is looked at again.
        expect: the chance, in their own view, that every promise is kept on that day.
    """

    by: str
    chosen: Chosen | None = None
    reason: str = ""
    expires: dt.date | None = None
    dissent: tuple[tuple[str, str], ...] = ()
    reverse_if: str = ""
    review_on: dt.date | None = None
    expect: float | None = None


@dataclass(frozen=True)
class Signed:
    """A signed decision."""

    path: Path
    decision: Decision
    public: str
    head: str


def sign(folder: Path, choice: Choice, *, key: Path | None = None) -> Signed:
    """Write a signed decision into `decisions/`, and an event of it into the journal.

    Takes no look: what is signed was seen before.

    Args:
        folder: the launch folder.
        choice: what is decided.
        key: an Ed25519 key; the person's own unless said.

    Raises:
        Refused: there is no memo of this verdict, or no look was taken.
        BadInput: something is missing that a decision of this kind needs.
    """
    decided = decide(folder, confirm=_never)
    layout = Layout(folder)
    memo = _memo_of(layout, decided)
    decision = _decision(decided, choice)
    private = signing_key(key)
    signed = {
        "format": FORMAT,
        "decision": decision.model_dump(mode="json", by_alias=True),
        "at": now(),
        "plan": decided.verdict.plan,
        "evidence": decided.verdict.evidence,
        "look": decided.verdict.look,
        "variant": decided.verdict.variant,
        "journal_head": decided.envelope.journal_head,
        "memo": memo,
        "version": decided.envelope.version,
    }
    content = canonical(signed)
    public = public_text(private)
    whole = {"signed": signed, "key": public, "signature": private.sign(content).hex()}
    name = f"{str(signed['at'])[:10]}-{decision.chosen.replace(' ', '-')}"
    try:
        path = write_decision(folder / "decisions", name, whole)
    except OSError as error:
        raise Unavailable(f"the decision cannot be written: {error.strerror}", where=str(folder)) from error
    head = _remember(layout, path.name, whole, content)
    return Signed(path, decision, public, head)


def _remember(layout: Layout, file: str, whole: dict[str, Any], content: bytes) -> str:
    body = {"file": file, "sha": hashlib.sha256(content).hexdigest(), "key": whole["key"]}
    ledger = open_ledger(layout.ledger)
    try:
        with ledger.write() as connection:
            journal.append(connection, verb="sign", body=body, at=now())
            return journal.head(connection)[1]
    finally:
        ledger.close()


def _never(_: AboutToLook) -> bool:
    return False


def _memo_of(layout: Layout, decided: Decided) -> dict[str, str]:
    """Return the hashes of the memo that defends this verdict."""
    found = memo_hashes(layout, rehearsal=decided.verdict.exploratory)
    evidence = decided.verdict.evidence
    texts = [layout.memo / name for name in found if name.endswith((".md", ".html", ".json"))]
    if not texts or not all(evidence in path.read_text(encoding="utf-8") for path in texts):
        raise Refused(
            "there is no memo of this verdict"
            if not texts
            else "the memo is of other evidence than the verdict",
            where=str(layout.memo),
            remedy=f"run `shipworthy memo {layout.folder}`, read it, then sign",
        )
    return found


def _decision(decided: Decided, choice: Choice) -> Decision:
    verdict = decided.verdict
    launch = decided.reading.launch
    try:
        return Decision(
            question=launch.decision.question,
            options=OPTIONS,
            verdict=verdict.verdict,
            blocked_by=list(verdict.blocked_by),
            chosen=choice.chosen or verdict.verdict,
            scope=list(verdict.scope.included),
            override=Override(reason=choice.reason, expires=choice.expires) if choice.reason else None,
            dissent=[Dissent(who=who, text=text) for who, text in choice.dissent],
            reverse_if=choice.reverse_if,
            review_on=choice.review_on,
            expect=choice.expect,
            by=choice.by,
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the decision"
        raise BadInput(
            f"a decision of this kind needs {_needed(first)}",
            where=where,
            remedy="see `shipworthy sign --help`",
        ) from error


def _needed(error: Any) -> str:
    context = error.get("ctx", {})
    said = context.get("error")
    return str(said) if said is not None else str(error["msg"]).lower()
