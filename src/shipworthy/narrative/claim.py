"""A claim in words: counts first, then what we saw, then what it could be, then its state and price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shipworthy.domain.criteria import Criterion, with_shares
from shipworthy.domain.verdict import Claim, MoreNeeded, State, Verdict
from shipworthy.narrative import wording
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.language import Language
from shipworthy.narrative.scale import Scale, scale_of
from shipworthy.narrative.text import plain
from shipworthy.statistics.scaled_mean import share_at_cap


@dataclass(frozen=True)
class Ref:
    """Where a number comes from: it resolves to one claim of the verdict.

    Attributes:
        number: the claim's place in the verdict, from 1; the appendix prints it.
        criterion: whose question it answers.
        slice: on which cases; None for all.
        variant: whose outputs they are.
    """

    number: int
    criterion: str
    slice: str | None
    variant: str


@dataclass(frozen=True)
class ClaimRow:
    """One claim, every part of it said. Empty text where there is nothing to say.

    Attributes:
        ref: the claim these words speak of.
        claim: the numbers themselves.
        scale: how they are said and drawn.
        name: the criterion's id in words: `right_answer` reads as "right answer".
        promise: the criterion's question, or its id when nobody wrote one.
        where: the slice in words.
        counts: "250 of 260".
        estimate: "96 of 100".
        worst: the cautious bound, "93 of 100".
        bound: the cautious bound as a sentence part, "could be as low as 93 of 100".
        ending: outputs that were not scored or not answered, "2 unscored, 1 no answer, 30 handed over".
        state: one of three, as the rules computed it.
        state_words: the state as a reader may take it: "would hold" where the evidence only explores.
        price: what showing it would take.
        beyond: of a mean, where counting ends and how many may lie there.
    """

    ref: Ref
    claim: Claim
    scale: Scale
    name: str
    promise: str
    where: str
    counts: str
    estimate: str
    worst: str
    bound: str
    ending: str
    state: State
    state_words: str
    price: str
    beyond: str = ""

    @property
    def language(self) -> Language:
        """In which language it is said."""
        return self.scale.language

    @property
    def state_short(self) -> str:
        """The state without its price or reason."""
        return self.state_words.split(":", 1)[0]

    @property
    def bar(self) -> str:
        """The bar as it was drawn."""
        return self.scale.line_words

    @property
    def margin(self) -> float:
        """How far the cautious bound floats above the bar; below 0 it does not reach it."""
        worst, line = self.scale.worst(self.claim), self.scale.line
        if worst is None or line is None:
            return float("-inf")
        distance = line - worst if self.scale.less_is_better else worst - line
        return distance / line if self.scale.unit not in ("share", "gain") and line else distance


@dataclass(frozen=True)
class Line:
    """A claim in one line, for places that have no table.

    Attributes:
        ref: the claim it speaks of.
        text: the whole line.
    """

    ref: Ref
    text: str


def rows(
    verdict: Verdict, criteria: Iterable[Criterion] = (), language: Language = ENGLISH
) -> tuple[ClaimRow, ...]:
    """Return every claim of a verdict in words, in the verdict's order."""
    known = {c.id: c for c in with_shares(criteria)}
    return tuple(
        _row(claim, known.get(claim.criterion), number, language, exploratory=verdict.exploratory)
        for number, claim in enumerate(verdict.claims, start=1)
    )


def line(row: ClaimRow) -> Line:
    """Return a claim as one line of text."""
    seen = f"{row.counts} ({row.estimate})" if row.estimate else row.counts
    bar = row.language.say("bar", bar=row.bar)
    parts = [f"{row.name}, {row.where}: {seen}", row.bound, bar, row.ending, row.state_words]
    return Line(row.ref, "; ".join(p for p in parts if p))


def place(slice_name: str | None, language: Language = ENGLISH) -> str:
    """Return a slice in words.

    >>> place("topic=orders"), place("spanish"), place(None)
    ('topic orders', 'spanish', 'all cases')
    """
    if slice_name is None:
        return language.say("all cases")
    if slice_name in ("everywhere", "across the scope"):  # not a slice's name: the rules have no slice here
        return language.say(slice_name)
    return plain(slice_name.replace("=", " ", 1), 80)


def places(slices: Sequence[str], *, last: str = "and", language: Language = ENGLISH) -> str:
    """Return several slices in words, the tag they share said once.

    >>> places(["topic=orders", "topic=returns"]), places(["everywhere"])
    ('orders and returns (topic)', 'everywhere')
    """
    tags = {name.split("=", 1)[0] for name in slices if "=" in name}
    if len(tags) == 1 and all("=" in name for name in slices):
        values = [plain(n.split("=", 1)[1], 60) for n in slices]
        return f"{language.listed(values, last=last)} ({plain(tags.pop(), 40)})"
    return language.listed([place(name, language) for name in slices], last=last)


def price(more: MoreNeeded | None, language: Language = ENGLISH) -> str:
    """Return what an answer costs, with the hope it rests on.

    >>> price(MoreNeeded(42, 0.94, 0.8, fresh=False))
    'about 42 more cases would show it 80 times in 100, if the true rate is 94 of 100'
    """
    if more is None:
        return ""
    return language.say_for(
        more.cases,
        "{cases} would show it {times}, if {hope}",
        cases=wording.more_cases(more.cases, fresh=more.fresh, language=language),
        times=language.say("times in 100", number=language.number(f"{round(100 * more.power, 6):g}")),
        hope=_hope(more, language),
    )


def _hope(more: MoreNeeded, language: Language) -> str:
    if more.kind == "rate":
        return language.say("the true rate is", rate=wording.per_100(more.assuming, language=language))
    if more.kind == "difference":
        gain = wording.points(more.assuming, language=language)
        return language.say("the true gain is", gain=gain)
    return language.say("the true mean is", mean=wording.two_figures(more.assuming, language=language))


def state_words(
    state: State,
    *,
    more: MoreNeeded | None = None,
    reason: str = "",
    exploratory: bool = False,
    language: Language = ENGLISH,
) -> str:
    """Return one of three states in words, never two.

    >>> state_words("not shown", more=MoreNeeded(42, 0.94, 0.8, fresh=False))
    'not shown yet: about 42 more cases'
    >>> state_words("holds", exploratory=True)
    'would hold'
    """
    if state == "holds":
        return language.say("would hold" if exploratory else "holds")
    if state == "does not hold":
        return language.say("would not hold" if exploratory else "does not hold")
    said = language.say("not shown yet")
    if reason:
        return f"{said}: {plain(language.tell(reason), language.room(160))}"
    if more:
        return f"{said}: {wording.more_cases(more.cases, fresh=more.fresh, language=language)}"
    return said


def _row(
    claim: Claim, criterion: Criterion | None, number: int, language: Language, *, exploratory: bool
) -> ClaimRow:
    scale = scale_of(claim, criterion, language)
    worst = scale.worst(claim)
    towards: wording.Towards = "up" if scale.less_is_better else "down"
    name = plain(claim.criterion.replace("_", " "), 60)
    said = state_words(
        claim.state,
        more=claim.more_needed,
        reason=claim.reason,
        exploratory=exploratory,
        language=language,
    )
    if not claim.decides:
        short, colon, rest = said.partition(":")
        said = f"{short} ({language.say('decides nothing')}){colon}{rest}"
    return ClaimRow(
        ref=Ref(number, claim.criterion, claim.slice, claim.variant),
        claim=claim,
        scale=scale,
        name=name,
        promise=(plain(criterion.question, 160) if criterion else "") or name,
        where=place(claim.slice, language),
        counts=_counts(claim, language),
        estimate=_estimate(claim, scale),
        worst="" if worst is None else scale.say(worst, towards),
        bound=_bound(claim, scale),
        ending=_ending(claim, language),
        state=claim.state,
        state_words=said,
        price=price(claim.more_needed, language),
        beyond=_beyond(claim, scale, criterion),
    )


def _counts(claim: Claim, language: Language) -> str:
    if claim.estimand == "mean":
        return language.counted(claim.planned, "output")
    counted = wording.of(claim.passed, claim.counted, language)
    if claim.estimand in ("all_of_k", "any_of_k"):
        return language.say("{counted} outputs", counted=counted)
    if claim.estimand == "judged_rate":
        said = language.say("a judge passed {counted}", counted=counted)
        if claim.judge is None:
            return said
        labels = language.counted(claim.judge.labels, "label")
        return said + language.say_for(claim.judge.labels, "{labels} correct it", labels=labels)
    if claim.flips is None:
        return counted if claim.handed_over is None else language.say("{counted} answered", counted=counted)
    changed = wording.flips(
        claim.flips.get("fixed", 0), claim.flips.get("broken", 0), claim.flips.get("unchanged"), language
    )
    groups = language.counted(claim.groups, "group")
    return language.say("{counted}; of {groups}: {changed}", counted=counted, groups=groups, changed=changed)


def _estimate(claim: Claim, scale: Scale) -> str:
    if claim.estimate is None:
        return ""
    said, say = scale.say(claim.estimate), scale.language.say
    if claim.estimand == "all_of_k":
        return say("{share} cases pass every time", share=said)
    if claim.estimand == "any_of_k":
        return say("{share} cases pass at least once", share=said)
    raw = claim.passed / claim.counted if claim.counted else 0.0
    by_group = claim.estimand in ("rate", "quantile") and abs(raw - claim.estimate) >= 0.005
    return say("{share} by group", share=said) if by_group else said


def _bound(claim: Claim, scale: Scale) -> str:
    best, worst = scale.best(claim), scale.worst(claim)
    if worst is None or best is None:
        return ""
    say, language = scale.language.say, scale.language
    # A claim is refuted by the far bound; it is named only where it shows what the state says.
    if claim.state == "does not hold" and not scale.reaches(best):
        return say("at best", best=scale.say(best, "down" if scale.less_is_better else "up"))
    if claim.estimand == "rate" and claim.counted and claim.passed == claim.counted:
        return wording.nothing_failed(claim.counted, lower=scale.say(worst, "down"), language=language)
    if scale.less_is_better:
        return say("could be as much as", upper=scale.say(worst, "up"))
    return wording.as_low_as(scale.say(worst, "down"), language)


def _beyond(claim: Claim, scale: Scale, criterion: Criterion | None) -> str:
    """Return where a mean stops counting, and how many may lie there: of how much more those take nothing is known."""
    if claim.estimand != "mean" or criterion is None or criterion.cap is None or claim.upper is None:
        return ""
    language = scale.language
    said = language.say("no output counts for more than", cap=scale.say(criterion.cap, "up"))
    share = share_at_cap(claim.upper, cap=criterion.cap)
    if share >= 1:
        return said
    most = wording.per_100(share, towards="up", language=language)
    return said + language.say("at most {share} take that or more", share=most)


def _ending(claim: Claim, language: Language) -> str:
    parts = []
    if claim.unscored:
        parts.append(language.say("{number} unscored", number=language.whole(claim.unscored)))
    if claim.no_answer:
        parts.append(language.say("{number} no answer", number=language.whole(claim.no_answer)))
    if claim.handed_over:
        parts.append(language.say("{number} handed over", number=language.whole(claim.handed_over)))
    return ", ".join(parts)
