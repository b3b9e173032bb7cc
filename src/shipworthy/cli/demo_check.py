"""`shipworthy demo-check`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import ask, out, progressing, say
from shipworthy.exporters.demo_text import DemoPage, Quoted, demo_text
from shipworthy.narrative import wording
from shipworthy.narrative.demo import Standing, next_step
from shipworthy.services.demo_check import DemoChecked, DemoWish
from shipworthy.services.demo_check import demo_check as check_demo
from shipworthy.services.trust_code import ToTrust

NOT_FINISHED = 1


def demo_check(
    folder: Path = Path(),
    *,
    variant: str | None = None,
    times: int = 10,
    max_cost: float | None = None,
    max_time: float | None = None,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the word of the other commands
    unpriced: Annotated[bool, Parameter(negative="")] = False,
    trust: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Ask what somebody showed again and again, as shown and reworded, beside the representative set.

    Reads the prompts from demo.yaml, asks the variant each wording so many times, scores the answers with the launch's
    checks, and says whether the demo differs from the open cases by more than chance. Nothing of it becomes evidence.
    Goes on where it was stopped. Exit code 1 when answers are still missing. Examples:

        shipworthy demo-check my-launch
        shipworthy demo-check my-launch --variant retrieval --times 20 --max-cost 1
        shipworthy demo-check my-launch --trust --format json

    Args:
        folder: the launch folder; here unless said.
        variant: whose answers; the candidate's unless said.
        times: how often each wording is asked.
        max_cost: USD that may be spent at most, with what an interrupted go has spent.
        max_time: seconds after which nothing more is sent.
        format: text or json.
        unpriced: send calls although nobody knows what they cost.
        trust: agree to run the folder's code without being asked, for CI.
    """

    def agree(code: ToTrust) -> bool:
        say(f"this runs code from {code.folder}: {', '.join(code.files)}")
        say(f"to be called: {', '.join(code.targets)}")
        return trust or ask("run it?")

    def go_on(names: list[str]) -> bool:
        say(f"nobody knows what calls of {', '.join(names)} cost")
        return unpriced or ask("send them all the same?")

    wish = DemoWish(variant, times, max_cost, max_time)
    with progressing() as progress:
        done = check_demo(folder, wish, agree=agree, unpriced=go_on, progress=progress)
    standing = Standing(
        str(folder), done.variant, candidate=variant is None, open_cases=done.open_cases, locked=done.locked,
        missing=done.missing, times=times, expected=all(p.expected is not None for p in done.prompts),
    )  # fmt: skip
    following = next_step(done.compared, standing)
    if format == "json":
        out(_as_json(done, following))
    else:
        out(demo_text(_page(done, following)))
    if done.stopped:
        say(f"{done.variant}: stopped, {done.stopped}")
    return NOT_FINISHED if done.missing else 0


def _page(done: DemoChecked, following: str) -> DemoPage:
    rewordings = sum(len(prompt.rewordings) for prompt in done.prompts)
    title = (
        f"{done.variant}: {wording.plural(len(done.prompts), 'prompt')} as shown, "
        f"{wording.plural(rewordings, 'rewording')}, {done.times} times each"
    )
    if done.missing:
        title += f"; {wording.plural(done.missing, 'answer')} still missing, so there are no figures yet"
    worst = {each.criterion: each.worst for each in done.compared}
    quoted = {
        name: Quoted(worst[name], said.repeat, said.text, said.reason, said.words)
        for name, said in done.said.items()
    }
    return DemoPage(title, done.compared, quoted, _notes(done), following)


def _notes(done: DemoChecked) -> list[str]:
    notes = [
        f"the prompt `{prompt}` is also the open case `{case}`, which the set's figures hold too"
        for prompt, case in done.also_cases.items()
    ]
    if done.untouched:
        notes.append(f"no prompt of the demo has {wording.listed(done.untouched, last='or')}")
    shown = [
        f"`{prompt.id}` {', '.join(part for part in (str(prompt.shown_at or ''), prompt.by and f'by {prompt.by}') if part)}"
        for prompt in done.prompts
        if prompt.shown_at or prompt.by
    ]
    if shown:
        notes.append(f"shown: {'; '.join(shown)}")
    if done.not_compared:
        notes.append(
            f"no check answers {wording.listed(done.not_compared)}, so the demo is not held against it"
        )
    if done.bill is not None and done.bill.high:
        notes.append(f"{done.bill.calls:,} calls for demos so far, at most {done.bill.high:.4f} USD")
    return notes


def _as_json(done: DemoChecked, following: str) -> str:
    """Return the figures for machines; what a model wrote stands in it as text."""
    content = asdict(done)
    content["prompts"] = [prompt.model_dump(mode="json") for prompt in done.prompts]
    return json.dumps({**content, "next": following})
