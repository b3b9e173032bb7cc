"""`shipworthy judge`: run, calibrate, suggest, pairwise, flips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from shipworthy.cli.terminal import ask, out, progressing, say
from shipworthy.domain.errors import Misused
from shipworthy.domain.verdict import ExitCode

judge = App(
    name="judge",
    help="""Let a model judge outputs, and show what its verdicts are worth.

A judge is a file `judges/NAME.md`: how it is reached, and its prompt. `run` lets it judge, `calibrate` holds it against
people's labels, `suggest` draws what to label next; `pairwise` and `flips` ask whether it follows the order of outputs. Examples:

    shipworthy judge run my-launch --dry-run
    shipworthy judge calibrate my-launch policy --labels human
    shipworthy judge suggest my-launch policy --n 100
""",
    help_format="markdown",
)
OPEN = ExitCode.NOT_YET
COMMANDS = ("run", "calibrate", "suggest", "pairwise", "flips")
"""In the order of the work."""


def make(called: str = "") -> App:
    """Return the group of commands, whichever of them is called."""
    del called
    return judge


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
    from shipworthy.cli.judge_text import estimate, ran  # noqa: PLC0415 - one command is called
    from shipworthy.services.judge_run import judge_run  # noqa: PLC0415
    from shipworthy.services.judge_wanted import JudgeWish  # noqa: PLC0415

    agree, go_on = _asking(trust=trust, unpriced=unpriced)
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
        out(ran(each))
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
    from shipworthy.cli.judge_text import way_back  # noqa: PLC0415 - one command is called
    from shipworthy.narrative.calibration import sentences  # noqa: PLC0415
    from shipworthy.services.judge_calibrate import Against, judge_calibrate  # noqa: PLC0415

    done = judge_calibrate(folder, name, Against(labels, scores, variant, chosen))
    for line in sentences(done.found, done.judge):
        out(line)
    if done.since:
        out("counted: what it judged since its sentinels showed a change, and nothing before")
    if done.unjudged:
        out(
            f"left out: {done.unjudged:,} labelled outputs without a verdict; `shipworthy judge run` brings them"
        )
    if done.tries > 1:
        out(
            f"this is version {done.tries} of the judge that is held against such labels: "
            "trying until one is accepted accepts by luck; fresh labels tell"
        )
    if done.goes > 1:
        out(
            f"it was held against these labels {done.goes} times while they grew: labelling until it is accepted accepts "
            "more often than 5 times in 100; decide beforehand how many to label"
        )
    if done.moved is not None:
        out(
            f"its limits were others before: catches {done.moved['catches']:g}, accuses {done.moved['accuses']:g}; limits "
            "that are moved until a judge fits them show nothing"
        )
    if done.suspended:
        out(f"suspended all the same: {done.suspended}")
        out(f"to mend it: {way_back(name, changed=done.changed)}")
    return 0 if done.found.state == "accepted" and not done.suspended else OPEN


@judge.command
def suggest(
    folder: Path,
    name: str,
    *,
    to: Path,
    n: int = 50,
    part: Literal["holdout", "calibrate"] = "holdout",
    chosen: Literal["random", "by_verdict"] = "random",
    variant: str | None = None,
) -> int:
    """Draw which outputs people should label next, without showing what the judge said of them.

    On the holdout the labels correct the rate: they are drawn as the criterion says. On calibrate cases they admit the
    judge: at random, or by verdict, half of them of those that it did not pass. Examples:

        shipworthy judge suggest my-launch policy --to next.csv --part calibrate --chosen by_verdict
        shipworthy judge suggest my-launch policy --to next.csv --n 100

    Args:
        folder: the launch folder.
        name: the judge.
        to: the table to write.
        n: how many outputs.
        part: holdout, to correct the rate; calibrate, to admit the judge.
        chosen: for calibrate cases: by chance, or by chance within each verdict.
        variant: whose outputs; the candidate unless said.
    """
    from shipworthy.services.judge_suggest import judge_suggest  # noqa: PLC0415 - one command is called

    if n < 1:
        raise Misused(f"--n {n}", remedy="draw at least one output")
    done = judge_suggest(folder, name, n, to, part=part, how=chosen, variant=variant)
    of_all = "" if done.outputs is None else f" of {done.outputs:,} answered"
    out(f"{done.labels:,}{of_all} outputs on {part} cases, drawn {done.how}: {done.path}")
    if done.already:
        out(f"{done.already:,} carry a label already")
    for verdict, (drawn, all_of_them) in done.chances.items():
        out(
            f"of {all_of_them:,} that the judge {verdict}: {drawn:,} to be labelled, a chance of {_chance(drawn, all_of_them)}"
        )
    say(f"next: fill in the column `label` with 1 or 0, then shipworthy label {to} --launch {folder}")
    return 0


def _chance(part: int, whole: int) -> str:
    return f"{part / whole:.3g}" if whole else "0"


@judge.command
def pairwise(
    folder: Path,
    name: str,
    *,
    variants: Annotated[tuple[str, str], Parameter(negative="")],
    n: int = 100,
    max_cost: float | None = None,
    unpriced: Annotated[bool, Parameter(negative="")] = False,
    trust: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Show a judge the outputs of two variants on open cases, each pair in both orders.

    A judge may judge pairs only when the share of pairs on which the order decides is shown to be below the limit that
    its file states under `flips`, and when none of ten outputs that must fail, asked about first, wins against a real
    one. Exit code 11 when it may not. Example:

        shipworthy judge pairwise my-launch policy --variants rules retrieval

    Args:
        folder: the launch folder.
        name: the judge.
        variants: the two whose outputs are compared.
        n: pairs at most.
        max_cost: USD that may be spent at most.
        unpriced: send calls although nobody knows what they cost.
        trust: agree to what the judge calls without being asked, for CI.
    """
    from shipworthy.cli.judge_text import pairs  # noqa: PLC0415 - one command is called
    from shipworthy.services.judge_pairs import judge_pairs  # noqa: PLC0415

    agree, go_on = _asking(trust=trust, unpriced=unpriced)
    found = judge_pairs(folder, name, variants=variants, n=n, agree=agree, unpriced=go_on, max_cost=max_cost)
    for line in pairs([found], variants):
        out(line)
    return 0 if found.may_judge else OPEN


@judge.command
def flips(
    file: Path, *, by: Annotated[list[str] | None, Parameter(negative="")] = None, limit: float = 0.2
) -> int:
    """Say of recorded judges of pairs which follow the order of the outputs, and which may judge pairs.

    Reads a table with one row a pair. Exit code 11 when no judge may. Example:

        shipworthy judge flips verdicts.csv.gz --by evaluator --by strategy

    Args:
        file: a CSV, gzipped or not: `winner_order_ab` and `winner_order_ba` hold the better output in each order, as 1,
            2, tie or nothing.
        by: columns that tell judges apart.
        limit: the share of pairs that may turn with their order.
    """
    from shipworthy.cli.judge_text import pairs  # noqa: PLC0415 - one command is called
    from shipworthy.services.pairs_recorded import pairs_recorded  # noqa: PLC0415

    if not 0 < limit < 1:
        raise Misused(f"--limit {limit:g}", remedy="give a share between 0 and 1")
    found = pairs_recorded(file, by=tuple(by or ()), limit=limit)
    for line in pairs(found):
        out(line)
    return 0 if any(each.admission.admitted for each in found) else OPEN


def _asking(*, trust: bool, unpriced: bool) -> tuple[Callable[[Any], bool], Callable[[list[str]], bool]]:
    """Return what asks a person before something is called, and before calls without a price."""

    def agree(code: Any) -> bool:
        if code.files:
            say(f"this runs code from {code.folder}: {', '.join(code.files)}")
        say(f"to be called: {', '.join(code.targets)}")
        return trust or ask("go on?")

    def go_on(names: list[str]) -> bool:
        say(f"nobody knows what calls of {', '.join(names)} cost")
        return unpriced or ask("send them all the same?")

    return agree, go_on
