"""`shipworthy judge`: run, calibrate, suggest, pairwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from shipworthy.cli.terminal import ask, out, progressing, say
from shipworthy.domain.errors import Misused
from shipworthy.domain.verdict import ExitCode

judge = App(
    name="judge",
    help="""Let a model judge outputs, and show what its verdicts are worth.

A judge is a file `judges/NAME.md`: how it is reached, and its prompt. `run` lets it judge, `calibrate` holds it against
people's labels, `suggest` draws what to label next, `pairwise` asks whether it follows the order of two outputs.
""",
    help_format="markdown",
)
OPEN = ExitCode.NOT_YET


@judge.command
def run(
    folder: Path = Path(),
    name: str | None = None,
    *,
    variant: str | None = None,
    max_cost: float | None = None,
    unpriced: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    trust: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Let judges judge the outputs that have no verdict of theirs yet.

    Each batch begins with outputs that must fail; a judge that passes one of them cannot decide. Goes on where it was
    stopped. Says nothing of how outputs of sealed cases were judged. Exit code 11 when a judge is suspended, 1 when
    outputs are left. Examples:

        shipworthy judge run my-launch --dry-run
        shipworthy judge run my-launch policy --max-cost 2

    Args:
        folder: the launch folder; here unless said.
        name: only this judge; every judge that a criterion names unless said.
        variant: only the outputs of this variant.
        max_cost: USD that may be spent at most.
        unpriced: send calls although nobody knows what they cost.
        dry_run: only say what would be asked, and about what it costs.
        trust: agree to what the judges call without being asked, for CI.
    """
    from shipworthy.services.judge_run import JudgeWish, judge_run  # noqa: PLC0415 - one command is called
    from shipworthy.services.record import ToTrust  # noqa: PLC0415

    def agree(code: ToTrust) -> bool:
        if code.files:
            say(f"this runs code from {code.folder}: {', '.join(code.files)}")
        say(f"to be called: {', '.join(code.targets)}")
        return trust or ask("go on?")

    def go_on(names: list[str]) -> bool:
        say(f"nobody knows what calls of {', '.join(names)} cost")
        return unpriced or ask("send them all the same?")

    from shipworthy.cli.judge_text import estimate, ran  # noqa: PLC0415

    wish = JudgeWish(name, variant, max_cost, dry_run)
    with progressing() as progress:
        done = judge_run(
            folder,
            wish,
            agree=agree,
            unpriced=go_on,
            estimated=lambda each: (out if dry_run else say)(estimate(each)),
            progress=progress,
        )
    for each in done:
        out(ran(each, folder))
    if any(each.suspended for each in done):
        return OPEN
    return ExitCode.FAILED if any(each.left or each.stopped for each in done) else 0


@judge.command
def calibrate(
    folder: Path,
    name: str,
    *,
    labels: str,
    scores: str | None = None,
    variant: str | None = None,
    chosen: Literal["random", "by_verdict", "enriched"] = "random",
) -> int:
    """Hold a judge against people's labels on calibrate cases, and accept or refuse it.

    Says how many of 100 real failures it catches, how many good outputs it accuses, and how many labels its verdicts
    are worth; the limits stand under `accept:` in its file. It belongs to the judge as it is: another prompt, model or
    criterion ends it. Exit code 0 accepted, 11 not. Examples:

        shipworthy judge calibrate my-launch policy --labels human
        shipworthy judge calibrate my-launch gpt4 --labels human --scores gpt4

    Args:
        folder: the launch folder.
        name: the judge; with --scores, what the report calls it.
        labels: whose labels, as `label --name` or a column of an import brought them.
        scores: a recorded score to calibrate in the place of a judge of this launch.
        variant: whose outputs; the candidate unless said.
        chosen: how the labelled outputs were chosen: by chance, by chance within each verdict, or for how they turned out.
    """
    from shipworthy.narrative.calibration import sentences  # noqa: PLC0415 - one command is called
    from shipworthy.services.judge_calibrate import Against, judge_calibrate  # noqa: PLC0415

    done = judge_calibrate(folder, name, Against(labels, scores, variant, chosen))
    for line in sentences(done.found, done.judge):
        out(line)
    if done.unjudged:
        out(f"left out: {done.unjudged:,} labelled outputs without a verdict; `shipworthy judge run` brings them")
    if done.tries > 1:
        out(
            f"this is version {done.tries} of the judge that is held against such labels: "
            "trying until one is accepted accepts by luck; fresh labels tell"
        )
    if done.suspended:
        out(f"suspended all the same: {done.suspended}")
    return 0 if done.found.state == "accepted" and not done.suspended else OPEN
