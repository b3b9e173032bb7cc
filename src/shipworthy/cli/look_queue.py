"""`shipworthy look queue`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say

Kind = Literal["random", "stratified", "disagreements", "calibration", "twins", "low-confidence", "list"]


def look_queue(  # noqa: PLR0913 - each is an option
    folder: Path,
    key: str,
    *,
    n: int = 100,
    kind: Kind = "random",
    criterion: str = "",
    part: Literal["open", "calibrate", "holdout"] = "open",
    by: str = "",
    between: Literal["variants", "judge", "reviewers"] = "variants",
    variant: list[str] | None = None,
    case: list[str] | None = None,
    overlap: float = 0.0,
    readers: int = 2,
    again: float = 0.0,
    afresh: Annotated[bool, Parameter(negative="")] = False,
    seed: int = 1,
    name: str = "",
) -> int:
    """Choose outputs to read, and write down with which chance each was chosen.

    The same seed chooses the same. A random queue takes one output of each group before a second of any, so whoever
    stops early has read a random sample. Outputs of sealed cases can be drawn and labelled, one at a time; nothing is
    summed up of them. Examples:

        shipworthy look queue my-launch first --n 100
        shipworthy look queue my-launch topics --kind stratified --by topic --n 90
        shipworthy look queue my-launch shared --criterion right_answer --overlap 0.3 --again 0.1
        shipworthy look queue my-launch odd --kind disagreements --between judge --criterion right_answer

    Args:
        folder: the launch folder.
        key: the queue's name in commands and addresses: small letters, digits and hyphens.
        n: how many outputs at most.
        kind: random; stratified (alike from each value of a slice); disagreements; calibration (of part calibrate);
            twins (of cases that ask nearly the same); low-confidence (where the scorer is least sure); list.
        criterion: what is asked of each output; nothing for open reading: what went wrong first?
        part: open (explore and tune), calibrate or holdout.
        by: for stratified: the slice.
        between: for disagreements: variants, the judge (or check) and people, or reviewers.
        variant: whose outputs, several times for several; the candidate's unless said. Reviewers are not told.
        case: for a list: ids of cases.
        overlap: the share that several people label.
        readers: how many people that is.
        again: the share that comes back to the same person, unannounced.
        afresh: labels from before do not count, as when a failure mode was split.
        seed: another seed is another draw.
        name: what people call it; the key unless said.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called
    from shipworthy.services.make_queue import QueueWanted, make_queue  # noqa: PLC0415
    from shipworthy.services.queue_progress import progress  # noqa: PLC0415

    wanted = QueueWanted(
        key, n=n, kind="low_confidence" if kind == "low-confidence" else kind, criterion=criterion, name=name,
        seed=seed, variants=variant or (), part=part, by=by, between=between, cases=case or (), overlap=overlap,
        readers=readers, again=again, afresh=afresh,
    )  # fmt: skip
    with desk_at(folder) as desk:
        queue = make_queue(desk, wanted)
        items = progress(desk, key).items
    about = queue.about
    sealed = " of sealed cases" if queue.sealed else ""
    out(f"{queue.key}: {items:,} readings of {about['outputs']:,} {about['of']}{sealed}")
    say(f"next: shipworthy look label {folder} {key} --as YOUR-NAME")
    return 0
