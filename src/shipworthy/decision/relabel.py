"""Which outputs have to be read again when a failure mode is split, or its definition changes: those and no others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from shipworthy.decision.mode_counts import ReadOutput
from shipworthy.domain.taxonomy import FailureMode, counts_for


@dataclass(frozen=True)
class Again:
    """An output to read again.

    Attributes:
        read: the output, and what was said of it.
        why: the reason, as a sentence part.
    """

    read: ReadOutput
    why: str


def affected(
    modes: Sequence[FailureMode],
    reads: Iterable[ReadOutput],
    mode: str,
    *,
    wider: bool = False,
    alike: Collection[str] = (),
) -> list[Again]:
    """Return the outputs whose label a change of one failure mode could change, in the order they are given.

    A mode that is split or drawn narrower concerns the outputs that have it. One that is drawn wider concerns failing
    outputs too that have no failure mode, or whose note speaks of it. An output that passes is never concerned: what
    is no failure is no failure of another kind.

    Args:
        modes: the taxonomy; outputs labelled with a mode that was merged into this one have it.
        reads: outputs with what people said of them.
        mode: the id of the mode that changes.
        wider: whether more outputs may have it than before.
        alike: outputs whose note speaks of it, as `case/repeat`.

    Example:
        >>> from shipworthy.domain.review import Output
        >>> reads = [
        ...     ReadOutput("a/1", Output(1, 1, 1), "v", 1, "fail", frozenset({"long"})),
        ...     ReadOutput("b/1", Output(1, 2, 1), "v", 2, "fail"),
        ... ]
        >>> [again.read.name for again in affected([FailureMode(id="long")], reads, "long")]
        ['a/1']
        >>> [again.why for again in affected([FailureMode(id="long")], reads, "long", wider=True)]
        ['has it', 'fails, and has no failure mode']
    """
    target = counts_for(modes)
    found = []
    for read in reads:
        if any(target.get(name, name) == mode for name in read.modes):
            found.append(Again(read, "has it"))
        elif wider and read.failed and not read.modes:
            found.append(Again(read, "fails, and has no failure mode"))
        elif wider and read.failed and read.name in alike:
            found.append(Again(read, "its note speaks of it"))
    return found
