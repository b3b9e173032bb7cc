"""`shipworthy review log`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say
from shipworthy.domain.errors import Misused
from shipworthy.domain.review_call import Action


def review_log(
    folder: Path = Path(),
    *,
    who: str,
    says: Literal["agree", "agree with conditions", "disagree"] | None = None,
    condition: Annotated[list[str] | None, Parameter(negative="")] = None,
    question: Annotated[list[str] | None, Parameter(negative="")] = None,
    action: Annotated[list[str] | None, Parameter(negative="")] = None,
    answer: Annotated[list[str] | None, Parameter(negative="")] = None,
    done: Annotated[list[str] | None, Parameter(negative="")] = None,
) -> int:
    """Write down what was asked in the call and what was agreed; open questions come back until they are answered.

    Adds to the reviewer's last call in `reviews/`. Examples:

        shipworthy review log my-launch --who "Zoë Åberg" --question "Who switches it off at 2 a.m.?" --says "agree with conditions"
        shipworthy review log my-launch --who "Zoë Åberg" --action "plant 20 bad drafts; Ada; 2026-12-10"
        shipworthy review log my-launch --who "Zoë Åberg" --answer "Who switches: whoever is on call, tested on 5 December"

    Args:
        folder: the launch folder; here unless said.
        who: the reviewer.
        says: what the reviewer says in the end.
        condition: what has to hold for it; may be given several times.
        question: what was asked; may be given several times.
        action: what was agreed, as "WHAT; WHO; DAY"; may be given several times.
        answer: the answer to an earlier question, as "ITS FIRST WORDS: ANSWER".
        done: the first words of an action that is done.
    """
    from shipworthy.services.review_log import Held, open_questions  # noqa: PLC0415 - one command is called
    from shipworthy.services.review_log import review_log as write_down  # noqa: PLC0415

    held = Held(
        who, says or "", tuple(condition or ()), tuple(question or ()), tuple(_action(each) for each in action or ()),
        tuple(_answer(each) for each in answer or ()), tuple(done or ()),
    )  # fmt: skip
    path, call = write_down(folder, held, today=dt.datetime.now().astimezone().date())
    out(str(path))
    for text in open_questions(call):
        out(f"open question: {text}")
    for each in call.actions:
        if not each.done:
            out(
                f"to do: {each.what}{f', {each.owner}' if each.owner else ''}{f', by {each.due}' if each.due else ''}"
            )
    say("answer a question with --answer, close an action with --done")
    return 0


def _action(text: str) -> Action:
    what, owner, due = ([part.strip() for part in text.split(";")] + ["", ""])[:3]
    try:
        return Action(what=what, owner=owner, due=dt.date.fromisoformat(due) if due else None)
    except ValueError as error:
        raise Misused(f"--action {text!r}", remedy='write it as "WHAT; WHO; 2026-12-10"') from error


def _answer(text: str) -> tuple[str, str]:
    start, colon, answer = text.partition(":")
    if not (start.strip() and colon and answer.strip()):
        raise Misused(f"--answer {text!r}", remedy='write it as "FIRST WORDS OF THE QUESTION: ANSWER"')
    return start.strip(), answer.strip()
