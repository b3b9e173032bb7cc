"""What twins and leaks do to an eval set: sealed cases that were seen, groups that count twice, answers that conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from shipworthy.decision.health import SEALED, Cases, Finding
from shipworthy.decision.marks import Mark
from shipworthy.decision.parts import joined
from shipworthy.domain.likeness import Leak, Pair

MANY, SHARE = 20, 0.2
"""A file that holds so many cases, and so large a share of all, is told of once: it looks like data."""


def telling(seen: Cases, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs worth telling: the most alike of each case in its own part, and in another part.

    Cases made from one frame are all twins of each other; nobody reads half a million pairs.

    Args:
        seen: the cases.
        pairs: the most alike first.
    """
    told: set[tuple[int, bool]] = set()
    kept = []
    for pair in pairs:
        across = seen.cases[pair.first].part != seen.cases[pair.second].part
        ends = {(pair.first, across), (pair.second, across)}
        if not ends <= told:
            kept.append(pair)
            told |= ends
    return kept


def twin_findings(seen: Cases, pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Yield twins that lie in two parts, or count as two groups."""
    groups = seen.groups
    for pair in pairs:
        one, other = seen.cases[pair.first], seen.cases[pair.second]
        parts = {one.part, other.part}
        if len(parts) > 1:
            yield _across(seen, pair)
        elif groups[pair.first] != groups[pair.second]:
            yield _two_groups(seen, pair)


def _alike(pair: Pair) -> str:
    if pair.exact:
        return "the same words"
    return f"alike by {pair.likeness:.2f}{', in all but numbers' if pair.numbers else ''}"


def _across(seen: Cases, pair: Pair) -> Finding:
    one, other = seen.cases[pair.first], seen.cases[pair.second]
    sealed = "holdout" in (one.part, other.part)
    return Finding(
        "twins across parts",
        mend=sealed or pair.exact,
        what=f"`{one.id}` ({one.part}) and `{other.id}` ({other.part}) are twins: {_alike(pair)}",
        where=seen.where(pair.first, pair.second),
        why="what was learnt from one is known of the other, so the sealed one confirms nothing"
        if sealed
        else "what was learnt from one is known of the other",
        remedy=f"delete one of the two, or shipworthy set split {seen.folder} --again",
        cases=seen.ids(pair.first, pair.second),
        likeness=pair.likeness,
    )


def _two_groups(seen: Cases, pair: Pair) -> Finding:
    one, other = seen.cases[pair.first], seen.cases[pair.second]
    return Finding(
        "twins in two groups",
        mend=pair.exact and one.part == "holdout",
        what=f"`{one.id}` and `{other.id}` ({one.part}) are twins that count as two groups: {_alike(pair)}",
        where=seen.where(pair.first, pair.second),
        why="they stand or fall together, so the denominator is larger than the evidence",
        remedy="give both the same `group`, or delete one",
        cases=seen.ids(pair.first, pair.second),
        likeness=pair.likeness,
    )


def melting(
    seen: Cases, pairs: Iterable[Pair], marks: Sequence[Mark], slice_of: Callable[[int], str | None]
) -> Iterator[Finding]:
    """Yield the slices that hold fewer groups than are counted, once twins count as one.

    Args:
        seen: the cases.
        pairs: the twins among them.
        marks: what each claim asks of its slice, at the groups that are counted.
        slice_of: the slice of the scope that the case at a position lies in; None without a partition.
    """
    keys: list[list[object]] = [[("group", name)] for name in seen.groups]
    for number, pair in enumerate(pairs):
        keys[pair.first].append(("twins", number))
        keys[pair.second].append(("twins", number))
    now, then = seen.groups, joined(keys)
    held: dict[str | None, list[int]] = defaultdict(list)
    for position, case in enumerate(seen.cases):
        if case.part == "holdout":
            held[slice_of(position)].append(position)
    for name, positions in sorted(held.items(), key=lambda item: item[0] or ""):
        before, after = len({now[i] for i in positions}), len({then[i] for i in positions})
        if after < before:
            yield _melts(seen, name, (before, after), [m for m in marks if m.sized.slice == name])


def _melts(seen: Cases, name: str | None, counts: tuple[int, int], marks: Sequence[Mark]) -> Finding:
    before, after = counts
    lost = [m for m in marks if after < m.sized.least <= m.sized.groups]
    place = f"the holdout{f' on {name}' if name else ''}"
    if lost:
        least = max(m.sized.least for m in lost)
        why = f"{', '.join(m.sized.criterion for m in lost)} could not be shown even if all pass: it takes {least}"
    else:
        why = "a bound that counts twins twice is tighter than the evidence"
    return Finding(
        "groups that melt",
        mend=bool(lost),
        what=f"{place} counts {before} groups, and {after} if twins count once",
        where=("evalset/",),
        why=why,
        remedy=f"give twins the same `group`, then shipworthy set grow {seen.folder}",
    )


def conflict_findings(seen: Cases, pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Yield twins that expect different answers; other numbers may well ask for another answer."""
    for pair in pairs:
        one, other = seen.cases[pair.first], seen.cases[pair.second]
        if one.expected is None or other.expected is None or one.expected == other.expected or pair.numbers:
            continue
        yield Finding(
            "conflict",
            mend=pair.exact,
            what=f"`{one.id}` and `{other.id}` ask the same ({_alike(pair)}) and expect different answers",
            where=seen.where(pair.first, pair.second),
            why="one of the two fails whatever the answer is"
            if pair.exact
            else "one of the two may be wrong",
            remedy="correct `expected` of one of them, or say in `input` what makes them differ",
            cases=seen.ids(pair.first, pair.second),
            likeness=pair.likeness,
        )


def label_findings(
    seen: Cases, pairs: Iterable[Pair], labels: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> Iterator[Finding]:
    """Yield twins whose outputs are the same, and labelled differently by the same name.

    Args:
        seen: the cases.
        pairs: the twins among them.
        labels: case id to name of the labels to output to its label, of parts that are not sealed.
    """
    for pair in pairs:
        one, other = (labels.get(name, {}) for name in seen.ids(pair.first, pair.second))
        for name in sorted(set(one) & set(other)):
            same = set(one[name]) & set(other[name])
            if any(one[name][text] != other[name][text] for text in same):
                first, second = seen.ids(pair.first, pair.second)
                yield Finding(
                    "labels that disagree",
                    mend=False,
                    what=f"`{first}` and `{second}` are twins ({_alike(pair)}) with the same output, and the labels `{name}` differ",
                    where=seen.where(pair.first, pair.second),
                    why="the question leaves room, or a label is a slip: a judge cannot learn from both",
                    remedy="let a second person label both, and sharpen pass, fail and borderline in criteria.yaml",
                    cases=(first, second),
                    likeness=pair.likeness,
                )


def leak_findings(seen: Cases, leaks: Sequence[Leak]) -> Iterator[Finding]:
    """Yield cases that stand in what a model is shown; a file that holds a good part of them is told of once."""
    by_file: dict[tuple[str, bool], list[Leak]] = defaultdict(list)
    for leak in leaks:
        by_file[leak.name, seen.cases[leak.case].part in SEALED].append(leak)
    for (name, sealed), found in by_file.items():
        if len(found) >= MANY and len(found) >= SHARE * len(seen.cases):
            yield _data(seen, name, found, sealed=sealed)
        else:
            yield from (_leak(seen, leak, sealed=sealed) for leak in found)


def _leak(seen: Cases, leak: Leak, *, sealed: bool) -> Finding:
    case = seen.cases[leak.case]
    how = {"verbatim": "word for word", "shared runs": f"{leak.likeness:.0%} of its runs of eight words"}.get(
        leak.measure, f"edited, alike by {leak.likeness:.2f}"
    )
    return Finding(
        "leak",
        mend=sealed,
        what=f"`{case.id}` ({case.part}) stands in {leak.name}: {how}",
        where=(f"{leak.name}:{leak.line}", seen.places[leak.case]),
        why="the model is shown the question it is examined on"
        if sealed
        else "it may explore, but not decide: keep it out of the holdout",
        remedy=f'take it out of {leak.name}, or give the case `"part": "explore"` and write a fresh one'
        if sealed
        else "nothing, while it explores; shipworthy set split leaves it there",
        cases=(case.id,),
        likeness=leak.likeness,
    )


def _data(seen: Cases, name: str, found: Sequence[Leak], *, sealed: bool) -> Finding:
    which = "sealed cases" if sealed else "open cases"
    return Finding(
        "leak",
        mend=sealed,
        what=f"{len(found):,} {which} stand in {name}",
        where=(f"{name}:{min(leak.line for leak in found)}",),
        why="a variant that can read this file can read what it is examined on",
        remedy=f"move {name} out of the launch folder if it is data; else take the cases out of it",
        cases=tuple(seen.cases[leak.case].id for leak in found),
        likeness=max(leak.likeness for leak in found),
    )
