"""Groups that notes may fall into, by the letters and words they share: a suggestion, never a finding.

Notes are short and many are the same. Each is taken as counts of its words, of neighbouring words and of runs of
letters inside words, rare ones weighing more; notes are joined by their average likeness until no two groups are
alike enough. It finds other spellings and forms of the same words. It does not find the same thought in other words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array

from shipworthy.similarity.words import words

ALIKE = 0.35
"""The least average likeness (cosine) at which two groups are joined."""

ALONE = 0.25
"""What no other note has weighs so much less: one note's own words do not set it apart from its like."""

LONGEST = 40
"""So many words of a note are compared; what went wrong is said at its beginning."""

MOST = 6000
"""So many different notes are compared; each of those beyond is a group of its own."""

Floats = NDArray[Any]
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»")


@dataclass(frozen=True)
class Group:
    """Notes that may be about one failure mode.

    Attributes:
        members: positions of the notes, ascending.
        middle: position of the note that is most like the others; its words may serve as a first name.
    """

    members: tuple[int, ...]
    middle: int


def suggested_groups(notes: Sequence[str], *, alike: float = ALIKE) -> list[Group]:
    """Return groups of notes, the largest first; empty notes are left out.

    The same notes in the same order give the same groups.

    Args:
        notes: what people wrote.
        alike: the least average likeness at which two groups are joined, above 0 and at most 1.

    Example:
        >>> [group.members for group in suggested_groups(["too long", "Link", "link!", "Too long."])]
        [(0, 3), (1, 2)]
    """
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, note in enumerate(notes):
        if found := _own_words(note):
            same[found].append(position)
    texts = list(same)
    if not texts:
        return []
    likeness = _likeness(texts[:MOST])
    labels = [*_joined(likeness, alike), *range(MOST, len(texts))]
    together: dict[int, list[int]] = defaultdict(list)
    for text, label in enumerate(labels):
        together[label].append(text)
    groups = [_group(found, texts, same, likeness) for found in together.values()]
    return sorted(groups, key=lambda group: (-len(group.members), group.members[0]))


def _own_words(note: str) -> tuple[str, ...]:
    """Return the words that a person wrote; what is quoted from the output only where nothing else is there."""
    return tuple((words(_QUOTED.sub(" ", note)) or words(note))[:LONGEST])


def _pieces(word: str) -> Iterator[str]:
    """Yield a word and its runs of three and four letters, its edges marked."""
    yield f" {word}"
    edged = f"^{word}$"
    yield from (edged[i : i + size] for size in (3, 4) for i in range(len(edged) - size + 1))


def _counted(rows: Iterable[Iterable[str]]) -> tuple[csr_array, list[str]]:
    """Return how often each row has each feature, and the features."""
    column: dict[str, int] = {}
    starts, columns = [0], []
    for row in rows:
        columns += [column.setdefault(feature, len(column)) for feature in row]
        starts.append(len(columns))
    shape = (len(starts) - 1, len(column))
    counted = csr_array((np.ones(len(columns), np.float32), columns, starts), shape=shape)
    counted.sum_duplicates()
    return counted, list(column)


def _likeness(texts: Sequence[Sequence[str]]) -> Floats:
    """Return the cosine of every pair of texts, features weighted by how rare they are."""
    by_word, vocabulary = _counted(texts)
    of_word, _ = _counted(map(_pieces, vocabulary))
    found = (by_word @ of_word).tocsr()
    found.data = 1.0 + np.log(found.data)
    spread = np.bincount(found.indices, minlength=found.shape[1])
    weight = np.log((1 + len(texts)) / (1 + spread)) + 1.0
    weight[spread == 1] *= ALONE
    found.data *= weight[found.indices]
    norms = np.sqrt(found.multiply(found).sum(axis=1))
    found.data /= np.repeat(norms, np.diff(found.indptr))
    shared = found[:, spread > 1].astype(np.float32)
    cosines = (shared @ shared.T).toarray()
    np.fill_diagonal(cosines, 1.0)
    capped: Floats = np.minimum(cosines, 1.0)
    return capped


def _joined(likeness: Floats, alike: float) -> list[int]:
    size = len(likeness)
    if size < 2:
        return [0] * size
    upper = np.triu_indices(size, 1)
    tree = linkage(1.0 - likeness[upper], "average")
    return [int(label) for label in fcluster(tree, 1.0 - alike, "distance")]


def _group(
    found: Sequence[int],
    texts: Sequence[tuple[str, ...]],
    same: Mapping[tuple[str, ...], Sequence[int]],
    likeness: Floats,
) -> Group:
    """Return a group with its members among the notes, and the text that is most like the others."""
    middle = found[0]
    if len(found) > 1:
        weights = np.array([len(same[texts[text]]) for text in found], dtype=float)
        middle = found[int(np.argmax(np.round(likeness[np.ix_(found, found)] @ weights, 6)))]
    members = sorted(position for text in found for position in same[texts[text]])
    return Group(tuple(members), same[texts[middle]][0])
