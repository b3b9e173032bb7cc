"""Twins: cases that ask the same, in the same words or nearly.

Exact twins have the same words in the same order. Near twins are found in two steps: candidates whose own words (those
that the cases do not all share) have many letters in a row in common, then the likeness of each candidate pair by
the letters that have to be inserted and deleted to make one text of the other. Paraphrases are not found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from shipworthy.domain.likeness import Pair
from shipworthy.similarity.words import common_words, core, shortened

NEAR = 0.85
"""Texts that are as alike as this are near twins."""

OWN = 0.75
"""And so alike must be the words of their own, which the frame around them does not make alike."""

FEW = 3
"""Texts with fewer words of their own are twins only when these are the same."""

ALL_PAIRS = 2000
"""Up to so many texts every pair is compared; beyond, the candidates of an index."""

PERMUTATIONS, BANDS, SHINGLE = 128, 32, 5
CANDIDATES = 50
"""Of the candidates of one text so many are compared: of many copies each hangs together with the next."""

SEED = 20_261_125


def exact_groups(texts: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return the positions of texts with the same words, where there is more than one; empty texts are no twins."""
    same: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        if text:
            same[" ".join(text)].append(position)
    return [found for found in same.values() if len(found) > 1]


def twins(texts: Sequence[Sequence[str]], *, near: float = NEAR) -> list[Pair]:
    """Return the pairs of twins, the most alike first.

    Args:
        texts: the words of each text.
        near: from which likeness on two texts are near twins; 1 for exact twins alone.

    Returns:
        Of several texts with the same words each is paired with the first; near twins are told of the first too.
    """
    pairs = [Pair(group[0], other, 1.0, exact=True) for group in exact_groups(texts) for other in group[1:]]
    if near < 1.0:
        copies = {pair.second for pair in pairs}
        kept = [i for i, text in enumerate(texts) if text and i not in copies]
        pairs += _near([texts[i] for i in kept], kept, near)
    return sorted(pairs, key=lambda p: (-p.likeness, not p.exact, p.first, p.second))


def _near(texts: list[Sequence[str]], positions: list[int], near: float) -> Iterator[Pair]:
    from rapidfuzz import fuzz  # noqa: PLC0415 - only when texts are compared

    common = common_words(texts)
    own = [core(shortened(text), common) for text in texts]
    joined = [" ".join(text) for text in own]
    for i, j in _candidates(joined):
        if min(len(own[i]), len(own[j])) < FEW and sorted(own[i]) != sorted(own[j]):
            continue
        if fuzz.ratio(joined[i], joined[j], score_cutoff=100 * OWN) < 100 * OWN:
            continue
        whole = [" ".join(shortened(texts[k])) for k in (i, j)]
        likeness = fuzz.ratio(*whole, score_cutoff=100 * near) / 100
        if likeness >= near:
            yield Pair(
                positions[i], positions[j], round(min(likeness, 0.9999), 4),
                exact=False, numbers=_numbers_alone(texts[i], texts[j]),
            )  # fmt: skip


def _numbers_alone(one: Sequence[str], other: Sequence[str]) -> bool:
    if len(one) != len(other):
        return False
    differ = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return bool(differ) and all(a.isdigit() and b.isdigit() for a, b in differ)


def _candidates(texts: list[str]) -> Iterable[tuple[int, int]]:
    return _every(texts) if len(texts) <= ALL_PAIRS else _indexed(texts)


def _every(texts: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are alike, each compared."""
    import numpy as np  # noqa: PLC0415 - only when texts are compared
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    if len(texts) < 2:
        return
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=100 * OWN, workers=-1)
    for i, j in np.argwhere(np.triu(scores, 1) > 0):
        yield int(i), int(j)


def _indexed(texts: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share a band of their sketches: nearly all that are alike, and a few that are not."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]  # noqa: PLC0415 - only for many texts

    sketches = RMinHash.from_token_sets([_shingles(text) for text in texts], PERMUTATIONS, SEED)
    index = RMinHashLSH(threshold=0.5, num_perm=PERMUTATIONS, num_bands=BANDS)
    index.insert_many(sketches)
    for i, found in enumerate(index.query_all(sketches)):
        for j in sorted(j for j in set(found) if j > i)[:CANDIDATES]:
            yield i, j


def _shingles(text: str) -> list[str]:
    return list({text[i : i + SHINGLE] for i in range(max(len(text) - SHINGLE + 1, 1))})
