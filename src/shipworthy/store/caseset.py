"""The eval set's index in the ledger: which case is in which part, group and slices.

Derived from `evalset/*.jsonl` and keyed by a fingerprint of those files and of the tags that slices
use; built once, so that a verdict over millions of outputs joins integers instead of parsing text.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update

from shipworthy.decision.plan import PlannedCases
from shipworthy.domain.evalset import Case, input_hash
from shipworthy.domain.launch import Slice
from shipworthy.domain.problem import Problem
from shipworthy.store.evalset_file import fingerprint, read_cases
from shipworthy.store.insert import add
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import Ledger
from shipworthy.store.lookup import numbers_of
from shipworthy.store.tables import PARTS, cases, members, sets, tagsets

BATCH = 4096
PART_NO = {part: number for number, part in enumerate(PARTS)}
OPEN_PARTS = frozenset({"explore", "tune"})
"""Parts whose outcomes may be looked at freely."""


@dataclass(frozen=True)
class CaseSet:
    """One state of the eval set, indexed.

    Attributes:
        no: its number in the ledger.
        fingerprint: names the files and the tags indexed.
        parts: part to its cases and groups.
    """

    no: int
    fingerprint: str
    parts: dict[str, PlannedCases]

    def planned(self, part: str) -> PlannedCases:
        """Return the cases of a part; none when it is empty."""
        return self.parts.get(part, PlannedCases("", 0, 0))


def case_set(ledger: Ledger, layout: Layout, slices: dict[str, Slice]) -> tuple[CaseSet, list[Problem]]:
    """Return the index of the eval set as it stands, made if need be.

    Returns:
        The index, and the problems of the files; with problems nothing is stored and the index is empty.
    """
    tags = _tags_used(slices)
    name = hashlib.sha256(f"{fingerprint(layout)}\n{json.dumps(tags)}".encode()).hexdigest()
    with ledger.read() as connection:
        found = connection.execute(select(sets.c.no, sets.c.about).where(sets.c.fingerprint == name)).first()
    if found:
        return CaseSet(found.no, name, _parts(found.about)), []
    problems: list[Problem] = []
    with ledger.write() as connection:
        again = connection.execute(select(sets.c.no, sets.c.about).where(sets.c.fingerprint == name)).first()
        if again:  # another process was faster
            return CaseSet(again.no, name, _parts(again.about)), []
        number = (connection.execute(select(func.max(sets.c.no))).scalar() or 0) + 1
        about = _Index(connection, number, tags).fill(read_cases(layout, problems))
        if problems:
            connection.rollback()
            return CaseSet(0, name, {}), problems
        connection.execute(sets.insert().values(no=number, fingerprint=name, about=json.dumps(about)))
    return CaseSet(number, name, _parts(json.dumps(about))), []


def tags_of(connection: Connection, set_no: int) -> dict[int, dict[str, str]]:
    """Return each tag set of an index by its number."""
    rows = connection.execute(select(tagsets.c.no, tagsets.c.tags).where(tagsets.c.set_no == set_no))
    return {row.no: json.loads(row.tags) for row in rows}


@dataclass(frozen=True)
class Tagged:
    """What a part holds, by tag set.

    Attributes:
        alone: cases that are their own group.
        larger: the numbers of the larger groups with a case in it.
        cases: all cases.
    """

    alone: dict[int, int]
    larger: dict[int, set[int]]
    cases: dict[int, int]


def by_tagset(connection: Connection, set_no: int, part: str) -> Tagged:
    """Count the cases and groups of a part by tag set, in one pass where every case is its own group."""
    m = members.c
    within = (m.set_no == set_no) & (m.part == PARTS.index(part))
    counts = select(m.tagset_no, m.alone, func.count()).where(within).group_by(m.tagset_no, m.alone)
    alone: dict[int, int] = {}
    cases: dict[int, int] = defaultdict(int)
    for tagset, is_alone, n in connection.execute(counts):
        cases[tagset] += n
        if is_alone:
            alone[tagset] = n
    larger: dict[int, set[int]] = defaultdict(set)
    if sum(alone.values()) < sum(cases.values()):
        grouped = select(m.tagset_no, m.group_no).where(within, m.alone == 0).distinct()
        for tagset, group in connection.execute(grouped):
            larger[tagset].add(group)
    return Tagged(alone, larger, cases)


def first_groups(
    connection: Connection, set_no: int, part: str, number: int
) -> list[tuple[frozenset[int], int]]:
    """Count the first groups of a part, in the order of the eval set, by the tag sets they hold.

    Args:
        connection: a consistent view.
        set_no: the index of the eval set.
        part: which part.
        number: how many groups; all of them when there are fewer.

    Returns:
        Tag sets and the number of groups that hold just these; a group's place is that of its first case.
    """
    m = members.c
    within = (m.set_no == set_no) & (m.part == PARTS.index(part))
    larger = select(func.min(m.case_no).label("first")).where(within, m.alone == 0).group_by(m.group_no)
    starts = select(m.case_no.label("first")).where(within, m.alone == 1).union_all(larger).subquery("starts")
    kept = select(starts.c.first).order_by(starts.c.first).limit(number).subquery("kept")
    last = connection.execute(select(func.max(kept.c.first))).scalar() or 0
    alone = (
        select(m.tagset_no, func.count()).where(within, m.alone == 1, m.case_no <= last).group_by(m.tagset_no)
    )
    found = [(frozenset({tagset}), count) for tagset, count in connection.execute(alone)]
    begun = select(m.group_no).where(within, m.alone == 0).group_by(m.group_no)
    early = m.group_no.in_(begun.having(func.min(m.case_no) <= last))
    held: dict[int, set[int]] = defaultdict(set)
    for group, tagset in connection.execute(
        select(m.group_no, m.tagset_no).where(within, m.alone == 0, early).distinct()
    ):
        held[group].add(tagset)
    return found + [(frozenset(tagsets), 1) for tagsets in held.values()]


def _tags_used(slices: dict[str, Slice]) -> list[str]:
    return sorted({tag for rule in slices.values() for tag in ([rule.by] if rule.by else rule.where) if tag})


def _parts(about: str) -> dict[str, PlannedCases]:
    return {part: PlannedCases(**planned) for part, planned in json.loads(about).items()}


class _Index:
    """Fills `cases`, `members` and `tagsets` in one transaction."""

    def __init__(self, connection: Connection, number: int, tags: list[str]) -> None:
        self.connection = connection
        self.number = number
        self.tags = tags
        self.tagsets: dict[tuple[str | None, ...], int] = {}
        self.groups: dict[str, int] = {}
        self.sums: dict[str, int] = defaultdict(int)
        self.n_cases: Counter[str] = Counter()

    def fill(self, found: Iterator[Case]) -> dict[str, dict[str, str | int]]:
        while batch := list(islice(found, BATCH)):
            self._add(batch)
        for key, number in self.tagsets.items():
            tags = {tag: value for tag, value in zip(self.tags, key, strict=True) if value is not None}
            self.connection.execute(
                tagsets.insert().values(set_no=self.number, no=number, tags=json.dumps(tags))
            )
        self._mark_alone()
        self._join_twins()
        return {
            part: {
                "fingerprint": f"{self.sums[part] % 2**256:064x}",
                "n_cases": self.n_cases[part],
                "n_groups": self._groups_of(part),
            }
            for part in self.n_cases
        }

    def _add(self, batch: list[Case]) -> None:
        """Index a batch; written for speed, as a million cases pass here at a first import."""
        numbers = case_numbers(self.connection, [(case.id, input_hash(case.input)) for case in batch])
        rows, number_of, encode, sha = [], self.tagsets, msgspec.json.encode, hashlib.sha256
        for case, number in zip(batch, numbers, strict=True):
            tagset = number_of.setdefault(tuple(map(case.tags.get, self.tags)), len(number_of))
            group = 0 if case.group is None else self._group(case.group)
            rows.append((self.number, number, PART_NO[case.part], group, 0 if group else 1, tagset))
            line = encode((case.id, case.input, case.expected, case.tags, case.group), order="sorted")
            self.sums[case.part] += int.from_bytes(sha(line).digest(), "big")
        self.n_cases.update(case.part for case in batch)
        add(self.connection, members, rows)

    def _group(self, name: str) -> int:
        return self.groups.setdefault(name, len(self.groups) + 1)

    def _mark_alone(self) -> None:
        """A named group of one case is counted like a case without a group."""
        mine = members.c.set_no == self.number
        single = (
            select(members.c.group_no)
            .where(mine, members.c.group_no > 0)
            .group_by(members.c.group_no)
            .having(func.count() == 1)
        )
        self.connection.execute(update(members).where(mine, members.c.group_no.in_(single)).values(alone=1))

    def _join_twins(self) -> None:
        """Cases with the same input are one group: a copy under another id is no further evidence."""
        m, c = members.c, cases.c
        joined = members.join(cases, c.no == m.case_no)
        mine = (m.set_no == self.number, m.alone == 1, c.input_hash != "")
        first = func.min(m.case_no).label("first")
        several = select(c.input_hash, first).select_from(joined).where(*mine).group_by(c.input_hash)
        twins = several.having(func.count() > 1).subquery("twins")
        found = select(m.case_no, twins.c.first).select_from(
            joined.join(twins, twins.c.input_hash == c.input_hash)
        )
        rows = [
            {"twin": row.case_no, "group": -row.first} for row in self.connection.execute(found.where(*mine))
        ]
        if rows:  # negative numbers: no named group has them
            here = (m.set_no == self.number, m.case_no == bindparam("twin"))
            joining = update(members).where(*here).values(alone=0, group_no=bindparam("group"))
            self.connection.execute(joining, rows)

    def _groups_of(self, part: str) -> int:
        """Count the units of independence in a part."""
        m = members.c
        mine = (m.set_no == self.number, m.part == PART_NO[part])
        alone = select(func.count()).where(*mine, m.alone == 1)
        together = select(func.count(m.group_no.distinct())).where(*mine, m.alone == 0)
        return sum(self.connection.execute(query).scalar() or 0 for query in (alone, together))


def case_numbers(connection: Connection, keys: list[tuple[str, str]]) -> list[int]:
    """Return the ledger's numbers of cases, given as (id, input hash); unknown ones are added."""
    first = (connection.execute(select(func.max(cases.c.no))).scalar() or 0) + 1
    rows = [(first + position, *key) for position, key in enumerate(keys)]
    if add(connection, cases, rows) == len(rows):
        return [row[0] for row in rows]
    known = numbers_of(connection, (key for key, _ in keys))
    return [known[pair] for pair in keys]
