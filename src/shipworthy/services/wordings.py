"""Under which wording of its criterion a label was given: people need grading to find criteria, and words change under it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from shipworthy.domain.criteria import Criterion
from shipworthy.store import journal
from shipworthy.store.review import LabelRow


def wording(criterion: Criterion) -> str:
    """Return a short digest of what a person who labels under a criterion reads; blanks and line ends do not count."""
    said = (criterion.question, criterion.pass_, criterion.fail, criterion.borderline)
    read = json.dumps([" ".join(text.split()) for text in said])
    return hashlib.sha256(read.encode()).hexdigest()[:16]


def wordings(criteria: Iterable[Criterion]) -> dict[str, str]:
    """Return the wording of each criterion by its id."""
    return {each.id: wording(each) for each in criteria}


def under_other_words(
    connection: Connection, labels: Sequence[LabelRow], criteria: Iterable[Criterion]
) -> Counter[str]:
    """Count by criterion the labels that were given while it read otherwise than today.

    Args:
        connection: the ledger.
        labels: labels that hold now.
        criteria: the criteria as they read now.

    Returns:
        How many of each; labels whose wording nobody noted, and those of criteria that are gone, are not counted.
    """
    today = wordings(criteria)
    if not any(row.criterion in today for row in labels):
        return Counter()
    noted = {
        number: body["wordings"]
        for _, _, body in journal.events(connection, "labels")
        if "wordings" in body
        for number in range(body["first"], body["last"] + 1)
    }
    return Counter(
        row.criterion
        for row in labels
        if row.criterion in today
        and noted.get(row.no, {}).get(row.criterion, today[row.criterion]) != today[row.criterion]
    )
