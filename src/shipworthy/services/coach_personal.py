"""Coach facts of personal data: mail addresses and phone numbers that were left in interviews and in what people wrote.

The eval set is not searched: what customers write in a case may be what the feature has to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.coach.recorded import Personal
from shipworthy.domain.pseudonym import RULES
from shipworthy.store.interviews import read_interviews
from shipworthy.store.layout import Layout

WRITTEN = ("launch.yaml", "criteria.yaml", "taxonomy.yaml", "promises.yaml")
MOST_BYTES = 2_000_000
_OF_A_PERSON = tuple(pattern for what, pattern in RULES if what in ("e-mail", "phone"))
_OF_NOBODY = re.compile(r"(?i)@(?:[\w-]+\.)*(?:example(?:\.\w+)?|invalid|test|localhost)$")
"""Addresses that lead nowhere by agreement (RFC 2606): people write them in place of real ones."""


def personal_facts(layout: Layout) -> Personal | None:
    """Return the personal data that stand in the folder; None where nobody was talked to, so that nothing can be left in.

    Args:
        layout: the launch's folder.
    """
    talks = read_interviews(layout, [], codes=None)
    if not talks:
        return None
    hits, places = 0, []
    for where, text in (*((f"interviews/{each.name}.md", each.text) for each in talks), *_written(layout)):
        here = sum(1 for _ in _found(text))
        hits += here
        places += [where] if here else []
    return Personal(hits, tuple(places))


def _written(layout: Layout) -> Iterator[tuple[str, str]]:
    for name in WRITTEN:
        path = layout.folder / name
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            yield name, path.read_text("utf-8", errors="replace")


def _found(text: str) -> Iterator[str]:
    """Yield what points to a person; a date and a long number of the launch's own are no phone."""
    for pattern in _OF_A_PERSON:
        for hit in pattern.finditer(text):
            if not _OF_NOBODY.search(hit[0]):
                yield hit[0]
