"""Review log: what was asked in the call, and what was agreed, so that it comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import FolderHasProblems
from shipworthy.domain.problem import Problem
from shipworthy.domain.review_call import Action, Asked, ReviewCall
from shipworthy.services.clock import now
from shipworthy.store import journal
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger
from shipworthy.store.reviews import read_reviews, review_name, write_review


@dataclass(frozen=True)
class Held:
    """What is added to a call.

    Attributes:
        reviewer: whose call.
        says: agree, agree with conditions, disagree; empty leaves what was said before.
        conditions: what has to hold.
        questions: what was asked.
        actions: what was agreed.
        answered: questions (by their beginning) and their answers.
        done: actions (by their beginning) that are done.
    """

    reviewer: str
    says: str = ""
    conditions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    answered: tuple[tuple[str, str], ...] = ()
    done: tuple[str, ...] = ()


def review_log(folder: Path, held: Held, *, today: dt.date) -> tuple[Path, ReviewCall]:
    """Add to the reviewer's last call, or begin one of today.

    Args:
        folder: the launch folder.
        held: what is added.
        today: the day of the call, where none was booked.

    Raises:
        FolderHasProblems: a file of reviews has mistakes.
    """
    layout = Layout(folder)
    problems: list[Problem] = []
    calls = read_reviews(layout, problems)
    if problems:
        raise FolderHasProblems(problems)
    own = [name for name, call in calls.items() if call.reviewer == held.reviewer]
    name = own[-1].removesuffix(".yaml") if own else review_name(today.isoformat(), held.reviewer)
    before = calls[own[-1]] if own else ReviewCall(reviewer=held.reviewer)
    call = ReviewCall.model_validate(_added(before, held, today))
    path = write_review(layout, name, call)
    ledger = open_ledger(layout.ledger)
    try:
        with ledger.write() as connection:
            body = {"file": path.name, "says": call.says, "open": open_questions(call)}
            journal.append(connection, verb="review", body=body, at=now())
    finally:
        ledger.close()
    return path, call


def open_questions(call: ReviewCall) -> list[str]:
    """Return the questions that nobody has answered."""
    return [asked.question for asked in call.questions if not asked.answer]


def _added(before: ReviewCall, held: Held, today: dt.date) -> dict[str, object]:
    questions = [*before.questions, *(Asked(question=text) for text in held.questions)]
    for start, answer in held.answered:
        questions = [
            Asked(question=q.question, answer=answer) if q.question.startswith(start) else q
            for q in questions
        ]
    actions = [
        a.model_copy(update={"done": True}) if any(a.what.startswith(start) for start in held.done) else a
        for a in (*before.actions, *held.actions)
    ]
    return {
        **before.model_dump(),
        "held_on": before.held_on or today,
        "says": held.says or before.says,
        "conditions": [*before.conditions, *held.conditions],
        "questions": [q.model_dump() for q in questions],
        "actions": [a.model_dump() for a in actions],
    }
