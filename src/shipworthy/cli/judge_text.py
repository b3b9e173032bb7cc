"""What `shipworthy judge` prints."""

from __future__ import annotations

from pathlib import Path

from shipworthy.services.judge_run import Estimate, JudgeRun


def estimate(each: Estimate) -> str:
    """Return what is about to be asked, and about what it costs."""
    cost = "price not known" if each.usd is None else f"about {each.usd:.4f} USD"
    return f"{each.judge}: {each.outputs:,} outputs to judge, {each.probes} probes first; {cost}"


def ran(done: JudgeRun, folder: Path) -> str:
    """Return what a judge did; of sealed outputs only that they were judged."""
    lines = [f"{done.judge}: {n:,} outputs of {variant} judged" for variant, n in done.judged.items()]
    if done.probes:
        n = len(done.passed)
        lines.append(
            f"{done.judge}: passed {n} of {done.probes} outputs that must fail: {', '.join(done.passed)}"
            if n
            else f"{done.judge}: failed all {done.probes} outputs that must fail"
        )
    if done.drift is not None:
        lines.append(f"{done.judge}: {done.drift.words}")
    if done.spent is not None:
        lines.append(f"{done.judge}: at most {done.spent:.4f} USD")
    if done.left:
        lines.append(f"{done.judge}: {done.left:,} calls failed; run again to go on")
    if done.stopped:
        lines.append(f"{done.judge}: stopped, {done.stopped}")
    if done.suspended:
        lines.append(f"{done.judge}: suspended, {done.suspended}")
        lines.append(
            f"to mend it: change its prompt or model in judges/{done.judge}.md; the changed judge is calibrated anew"
        )
    return "\n".join(lines) or f"{done.judge}: nothing to judge"
