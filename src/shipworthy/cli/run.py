"""`shipworthy run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.cost_text import cost_text
from shipworthy.cli.late_text import late_text
from shipworthy.cli.terminal import ask, events_to, is_watched, note, out, progressing, say
from shipworthy.services.foreseen_cost import Foreseen
from shipworthy.services.record import Recorded, Wish, record
from shipworthy.services.trust_code import ToTrust
from shipworthy.store.calls import Told

NOT_FINISHED = 1


def run(  # noqa: PLR0913 - each is an option
    folder: Path = Path(),
    *,
    variant: str | None = None,
    max_cost: float | None = None,
    max_time: float | None = None,
    fresh: Annotated[bool, Parameter(negative="")] = False,
    unpriced: Annotated[bool, Parameter(negative="")] = False,
    agree_cost: Annotated[bool, Parameter(negative="")] = False,
    events: Annotated[bool, Parameter(negative="")] = False,
    trust: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Let variants answer the cases, write every call and answer down, and score what has no score yet.

    Goes on where it was stopped; what has an answer is not asked again. Runs code of the launch folder, so it shows
    which and asks once for each state of that code. Holdout cases are run only under a locked plan. Exit code 1 when
    outputs are still missing. Examples:

        shipworthy run my-launch
        shipworthy run my-launch --variant retrieval --max-cost 5 --max-time 600
        shipworthy run my-launch --trust --events 2> progress.jsonl

    Args:
        folder: the launch folder; here unless said.
        variant: only this one.
        max_cost: USD that may be spent at most, with what an interrupted go of the same run has spent.
        max_time: seconds after which nothing more is sent.
        fresh: ask everything again, after it is said what that costs and agreed to; the first answers go on to count, and
            the new ones are kept beside them.
        unpriced: send calls although nobody knows what they cost.
        agree_cost: agree to what --fresh costs without being asked.
        events: write progress, and whatever else there is to say, as JSON lines to stderr.
        trust: agree to run the folder's code without being asked, for CI.
    """
    tell = note if events else say

    def agree(code: ToTrust) -> bool:
        tell(f"this runs code from {code.folder}: {', '.join(code.files)}")
        tell(f"to be called: {', '.join(code.targets)}")
        return trust or ask("run it?")

    def go_on(names: list[str]) -> bool:
        tell(f"nobody knows what calls of {', '.join(names)} cost")
        return unpriced or ask("send them all the same?")

    def spend(costs: list[Foreseen]) -> bool:
        for each in costs:
            tell(cost_text(each))
        open_ones = [
            each for each in costs if each.fresh and not each.is_free and not (unpriced and not each.priced)
        ]
        return agree_cost or not open_ones or ask("ask everything again at this cost?")

    wish = Wish(
        only=variant, max_cost=max_cost, max_time_s=max_time, fresh=fresh, watched=events or is_watched()
    )
    with events_to() if events else progressing() as progress:
        done = record(folder, wish, agree=agree, unpriced=go_on, spend=spend, progress=progress)
    out(_text(done))
    for name, why in done.stopped.items():
        tell(f"{name}: stopped, {why}")
    return NOT_FINISHED if done.missing else 0


def _text(done: Recorded) -> str:
    lines = [f"{name}: changed since it last ran, so everything is asked anew" for name in done.changed]
    for name, answered in done.answered.items():
        before = f", {done.already[name]:,} there already" if done.already[name] else ""
        lines.append(f"{name}: {answered:,} answered, {done.no_answer[name]:,} no answer{before}")
    lines += [f"{name}: {n:,} outputs of sealed cases recorded" for name, n in done.sealed.items()]
    lines += [f"{name}: {n:,} outputs still missing; run again to go on" for name, n in done.missing.items()]
    lines += [text for bill in done.bills if (text := _bill(bill))]
    lines += [
        f"{name}: this machine was {late * 1000:.0f} ms late at times, so latencies are partly its own; ask fewer at once"
        for name, late in done.client_limited.items()
    ]
    for name, checks in done.checked.items():
        if n := sum(each.written for each in checks):
            lines.append(f"{name}: {n:,} scores written")
        lines += filter(None, map(late_text, checks))
    lines += [f"{name}: nothing to run; import its outcomes" for name in done.nothing_to_run]
    if done.sealed_cases:
        lines.append(f"{done.sealed_cases:,} holdout cases left sealed: lock the plan first")
    return "\n".join(lines) or "nothing to do"


def _bill(bill: Told) -> str:
    """Say what calls came to, where there is anything to say beyond one call for each output.

    Where sealed outputs are among them, how many failed is not said, nor a range that would tell it.
    """
    parts = []
    if bill.faults:
        parts.append(f"{bill.faults:,} failed and were asked again or given up")
    if bill.in_doubt:
        parts.append(f"{bill.in_doubt:,} in doubt after an interruption")
    if not parts and not bill.high:
        return ""
    cost = f"{bill.low:.4f} USD" if bill.low == bill.high else f"{bill.low:.4f} to {bill.high:.4f} USD"
    if bill.faults is None:
        cost = f"at most {bill.high:.4f} USD"
    detail = f" ({', '.join(parts)})" if parts else ""
    whose = f"{bill.variant}, for demos" if bill.purpose == "demo" else bill.variant
    return f"{whose}: {bill.calls:,} calls so far{detail}, {cost}"
