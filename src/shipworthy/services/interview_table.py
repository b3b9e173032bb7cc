"""Code many excerpts at once from a table that somebody kept elsewhere: one row, one quote, one code."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.domain.interview import Coding, Interview, Kind
from shipworthy.domain.theme import Theme
from shipworthy.importers.table import read_table
from shipworthy.services.interview_code import codable, replace_codes
from shipworthy.services.interview_trace import Columns
from shipworthy.services.listening import listening
from shipworthy.services.made import made
from shipworthy.similarity.quotes import NEAR, locate
from shipworthy.store.interview_write import edit_codings
from shipworthy.store.interviews import paths_of
from shipworthy.store.theme_write import put_themes


@dataclass(frozen=True)
class Reading:
    """How a table of codes is read.

    Attributes:
        columns: which hold the quote and the interview.
        code: the column of codes.
        theme: the column of themes above them; empty when there is none.
        kind: the kind of all of them, as the table says nothing of it.
        coder: who coded.
        near: take passages that are only near, and keep the words they were quoted as.
        likeness: of 100, from which a passage is near.
    """

    columns: Columns
    code: str
    theme: str = ""
    kind: Kind = "opinion"
    coder: str = ""
    near: bool = False
    likeness: float = NEAR


@dataclass
class TableReceipt:
    """What became of a table, counted by rows, by excerpts and by people.

    Attributes:
        rows: with a quote and a code.
        verbatim: rows whose words stand in the transcript as they are quoted, or in the same words.
        near: rows whose words are only near.
        coded: excerpts written; rows on one passage are one excerpt with several codes.
        people: whose excerpts they are.
        added: themes and codes that were added to taxonomy.yaml.
        passed_over: rows that were not taken, by reason.
    """

    rows: int = 0
    verbatim: int = 0
    near: int = 0
    coded: int = 0
    people: int = 0
    added: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)


def interview_table(folder: Path, table: Path, how: Reading) -> TableReceipt:
    """Locate every quote of a table and code it; what cannot be located is counted, never invented.

    Raises:
        BadInput: the table cannot be used.
        Refused: an interview it names may not be coded.
        FolderHasProblems: something in the interviews or themes is wrong.
    """
    there = listening(folder).sound()
    known: dict[str, Interview] = {each.person: each for each in there.interviews if each.person}
    known |= {each.name.casefold(): each for each in there.interviews}
    receipt = TableReceipt()
    themes: dict[str, Theme] = {}
    codings: dict[str, dict[tuple[int, int], Coding]] = {}
    wanted = [how.columns.quote, how.columns.interview, how.code, *([how.theme] if how.theme else [])]
    for _, row in read_table(table, *wanted):
        interview = known.get(row.get(how.columns.interview, "").casefold())
        coding = _coding(interview, row, how, receipt)
        if interview is not None and coding is not None:
            codable(there, interview.name)
            mine = codings.setdefault(interview.name, {})
            key = (coding.start, coding.end)
            mine[key] = replace_codes(mine[key], coding) if key in mine else coding
            for theme in _themes(row, how):
                themes.setdefault(theme.id, theme)
    new = [theme for theme in themes.values() if theme.id not in {each.id for each in there.themes}]
    if new:
        put_themes(there.layout.taxonomy, new)
    for name, found in codings.items():
        _write(there.named(name), found, paths_of(there.layout, name).excerpts)
    receipt.added = len(new)
    receipt.coded = sum(len(found) for found in codings.values())
    receipt.people = len({there.named(name).person for name in codings})
    return receipt


def _write(interview: Interview, found: dict[tuple[int, int], Coding], path: Path) -> None:
    before = {(each.start, each.end, each.coder): each for each in interview.codings}
    mine = {(each.start, each.end, each.coder): each for each in found.values()}
    old = [before[key] for key in mine if key in before]
    new = [replace_codes(before[key], each) if key in before else each for key, each in mine.items()]
    edit_codings(path, add=new, remove=old)


def _coding(
    interview: Interview | None, row: dict[str, str], how: Reading, receipt: TableReceipt
) -> Coding | None:
    quote, code = row.get(how.columns.quote, ""), row.get(how.code, "")
    if not quote or not code:
        receipt.passed_over["there is no quote or no code in it"] += 1
        return None
    receipt.rows += 1
    if interview is None:
        receipt.passed_over["nobody of that name was interviewed"] += 1
        return None
    found = locate(interview.text, quote, near=how.likeness)
    if found.state == "not found":
        receipt.passed_over["its words are not in the transcript, nor anything near"] += 1
        return None
    is_near = found.state == "near"
    receipt.near += is_near
    receipt.verbatim += not is_near
    if is_near and not how.near:
        receipt.passed_over["its words are only near what stands in the transcript"] += 1
        return None
    values = {
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "codes": [slug(code)],
        "kind": how.kind,
        "coder": how.coder,
        "quoted_as": quote if is_near else "",
    }
    return made(Coding, values)


def _themes(row: dict[str, str], how: Reading) -> list[Theme]:
    code, above = row[how.code], row.get(how.theme, "") if how.theme else ""
    themes = [Theme(id=slug(above), name=above[:200])] if above else []
    parent = slug(above) if above and slug(above) != slug(code) else None
    return [*themes, Theme(id=slug(code), name=code[:200], parent=parent)]


def slug(name: str) -> str:
    """Return the id of a theme from its name; one without a Latin letter gets a mark of its own.

    >>> slug("Creativity & Ideas"), slug("\u6642\u9593")
    ('creativity-ideas', 'c-bf6267da')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    if not made:
        return f"c-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return made if made[0].isalpha() else f"c-{made}"[:60]
