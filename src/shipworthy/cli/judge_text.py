"""What `shipworthy judge` prints."""

from __future__ import annotations

from shipworthy.narrative import wording
from shipworthy.narrative.text import plain
from shipworthy.services.judge_pairs import Paired
from shipworthy.services.judge_run import Estimate, JudgeRun
from shipworthy.statistics.results import NotEstimable


def estimate(each: Estimate) -> str:
    """Return what is about to be asked, and about what it costs."""
    cost = "price not known" if each.usd is None else f"about {each.usd:.4f} USD"
    first = f"{each.probes} probes first"
    if each.sentinels:
        first += f", then {each.sentinels} sentinels again"
    return f"{each.judge}: {each.outputs:,} outputs to judge, {first}; {cost}"


def ran(done: JudgeRun) -> str:
    """Return what a judge did; of sealed outputs only that they were judged."""
    lines = [f"{done.judge}: {n:,} outputs of {variant} judged" for variant, n in done.judged.items()]
    lines += [
        f"{done.judge}: {n:,} outputs of {variant} are unscored, as no text of them was recorded"
        for variant, n in done.wordless.items()
    ]
    if done.probes:
        n = len(done.passed)
        lines.append(
            f"{done.judge}: passed {n} of {done.probes} outputs that must fail: {', '.join(done.passed)}"
            if n
            else f"{done.judge}: failed all {done.probes} outputs that must fail"
        )
    if done.drift is not None:
        lines.append(f"{done.judge}: {done.drift.words}")
    if done.unwatched:
        lines.append(
            f"{done.judge}: whether it changed was not seen: no calibrate output with the tag `sentinel` that it judged "
            f"before has a label by {done.unwatched}"
        )
    if done.spent is not None:
        lines.append(f"{done.judge}: at most {done.spent:.4f} USD")
    if done.left:
        lines.append(f"{done.judge}: {done.left:,} calls failed; run again to go on")
    if done.stopped:
        lines.append(f"{done.judge}: stopped, {done.stopped}")
    if done.suspended:
        lines.append(f"{done.judge}: suspended, {done.suspended}")
        lines.append(f"to mend it: {way_back(done.judge, changed=done.changed)}")
    return "\n".join(lines) or f"{done.judge}: nothing to judge"


def way_back(judge: str, *, changed: bool) -> str:
    """Return what ends a suspension."""
    other = (
        f"change its prompt, model or `version` in judges/{judge}.md; the changed judge is calibrated anew"
    )
    if not changed:
        return other
    return (
        "add calibrate cases, let it judge their outputs, label them, and run `shipworthy judge calibrate`: what it judged "
        f"since decides; or {other}"
    )


STATES = {
    "below the limit": "may judge pairs",
    "above the limit": "refused for pairs",
    "not shown": "may not judge pairs yet",
}


def pairs(found: list[Paired], variants: tuple[str, str] | None = None) -> list[str]:
    """Return a line for each judge, and how many may judge pairs where there are several."""
    lines = [_pair(each) for each in found]
    for each in found:
        if each.preferred and variants:
            first, second, ties = each.preferred
            lines.append(
                f"of {wording.plural(sum(each.preferred), 'steady pair')}: {plain(variants[0])} {first:,}, "
                f"{plain(variants[1])} {second:,}, ties {ties:,}; an impression from open cases, not a claim"
            )
    if len(found) > 1:
        admitted = sum(each.admission.admitted for each in found)
        lines.append(
            f"{admitted:,} of {len(found):,} judges may judge pairs; whoever picks the steadiest of many picks luck too"
        )
    return lines


def _pair(each: Paired) -> str:
    counts, admission = each.counts, each.admission
    first = counts.first_share()
    leaning = (
        "" if isinstance(first, NotEstimable) else f", {counts.to_first:,} times towards the first place"
    )
    silent = f", {counts.unanswered:,} without an answer" if counts.unanswered else ""
    if each.passed:
        return (
            f"{plain(each.judge)}: may not judge pairs: it preferred {len(each.passed)} of {each.probes} outputs that must "
            f"fail to real ones, in both orders: {', '.join(each.passed)}"
        )
    return (
        f"{plain(each.judge)}: {STATES[admission.state]}: it changed its mind on {wording.of(counts.flips, counts.answered)} "
        f"pairs with their order{leaning}{silent}; it could be {wording.per_100(admission.upper, towards='up')}, "
        f"the limit is {wording.line_per_100(admission.limit)}"
    )
