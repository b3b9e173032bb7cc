"""Exchange codebooks and whole projects with other tools for qualitative work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from shipworthy import __version__
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.interview import Coding, Consent, Interview, InterviewHead, Pseudonymised
from shipworthy.domain.theme import Theme, ThemeKind
from shipworthy.domain.transcript import cleaned, sha_of
from shipworthy.exporters.codebook_csv import codebook_csv
from shipworthy.exporters.refi_qda import codebook, project
from shipworthy.importers.refi_qda import Code, Selection, Source, described, read_codebook, read_project
from shipworthy.importers.table import read_table
from shipworthy.services.clock import now
from shipworthy.services.interview_import import About, consent_values
from shipworthy.services.interview_table import slug
from shipworthy.services.listening import Listening, free_name, listening, today
from shipworthy.services.made import made
from shipworthy.store.guarded import file_hash, save
from shipworthy.store.interview_write import edit_codings, new_file, put
from shipworthy.store.interviews import paths_of
from shipworthy.store.theme_write import put_themes

SUFFIXES = (".qdc", ".qdpx", ".csv")


@dataclass(frozen=True)
class Exported:
    """What was written: how many themes, interviews and excerpts; which interviews stayed behind, and why."""

    path: Path
    themes: int
    interviews: int = 0
    excerpts: int = 0
    stayed: tuple[str, ...] = ()


@dataclass
class Taken:
    """What was taken in.

    Attributes:
        themes: added to taxonomy.yaml.
        known: themes that were there by name, and stay as they are.
        interviews: names of the interviews that were made.
        excerpts: how many were written.
        unplaced: coded passages whose place could not be found in the text.
        left_out: kinds of sources that have no place here.
    """

    themes: int = 0
    known: int = 0
    interviews: list[str] = field(default_factory=list)
    excerpts: int = 0
    unplaced: int = 0
    left_out: tuple[str, ...] = ()


def interview_export(folder: Path, to: Path, *, title: str = "") -> Exported:
    """Write the codebook, or with `.qdpx` the interviews with their excerpts too.

    Only interviews with consent whose names are replaced leave the folder.

    Args:
        folder: the launch.
        to: a file that ends in .qdc, .qdpx or .csv; it is replaced.
        title: of the project.

    Raises:
        BadInput: the ending is unknown.
    """
    there = listening(folder).sound()
    ending, origin = to.suffix.lower(), f"Shipworthy {__version__}"
    done = Exported(to, len(there.themes))
    if ending == ".qdc":
        content = codebook(there.themes, origin=origin)
    elif ending == ".csv":
        content = codebook_csv(there.themes)
    elif ending == ".qdpx":
        going = [each for each in there.interviews if each.may_be_coded and each.text]
        stayed = tuple(each.name for each in there.interviews if each not in going)
        content = project(
            going,
            there.themes,
            title=title or folder.resolve().name,
            origin=origin,
            at=now().replace("+00:00", "Z"),
        )
        done = Exported(to, len(there.themes), len(going), sum(len(each.codings) for each in going), stayed)
    else:
        raise BadInput(f"`{to.name}` ends in none of {', '.join(SUFFIXES)}", remedy="choose one of them")
    save(to, content, seen=file_hash(to))
    return done


def import_codebook(folder: Path, file: Path) -> Taken:
    """Add the codes of a codebook to taxonomy.yaml; a theme that is there by name stays as it is.

    Args:
        folder: the launch.
        file: .qdc or .qdpx, or a CSV with one of the columns tag, name or path, and `description`.

    Raises:
        BadInput: the file cannot be used.
    """
    there = listening(folder).sound()
    codes = tuple(_from_csv(file)) if file.suffix.lower() == ".csv" else read_codebook(file)
    taken = Taken()
    _add_codes(there, codes, taken)
    return taken


def import_project(folder: Path, file: Path, *, about: About, names_replaced: bool) -> Taken:
    """Take in a whole project: its codebook, its texts as interviews, its coded passages as excerpts.

    Args:
        folder: the launch.
        file: a .qdpx file.
        about: the consent of all people in it.
        names_replaced: whether a person says that no names stand in the texts: replacing them later moves every excerpt.

    Raises:
        BadInput: the file cannot be used.
        Refused: consent was not given, or names are still in it.
    """
    if about.consent != "given":
        raise Refused(
            "nothing is brought in without consent",
            where=str(file),
            remedy="say `--consent given`, if it was",
        )
    if not names_replaced:
        raise Refused(
            "the passages are coded already, so names cannot be replaced any more",
            where=str(file),
            remedy="replace names in the other tool and export again; then say `--names-replaced`",
        )
    there, found = listening(folder).sound(), read_project(file)
    taken = Taken(left_out=found.left_out)
    ids = _add_codes(there, found.codes, taken)
    names = [each.name for each in (*there.interviews, *there.waiting)]
    for source in found.sources:
        interview = _interview(source, ids, about, free_name([*names, *taken.interviews]), taken)
        if interview is not None:
            _write(there, interview)
            taken.interviews.append(interview.name)
            taken.excerpts += len(interview.codings)
    return taken


def _write(there: Listening, interview: Interview) -> None:
    paths = paths_of(there.layout, interview.name)
    head = interview.head.model_dump(exclude_defaults=True)
    put(paths.text, new_file(head, interview.text), seen=file_hash(paths.text))
    if interview.codings:
        edit_codings(paths.excerpts, add=interview.codings)


def _interview(
    source: Source, ids: dict[str, str], about: About, name: str, taken: Taken
) -> Interview | None:
    text = cleaned(source.text).text
    if not text:
        return None
    codings: dict[tuple[int, int, str], Coding] = {}
    for selection in source.selections:
        coding = _coding(source.text, text, selection, ids)
        if coding is None:
            taken.unplaced += 1
            continue
        key = (coding.start, coding.end, coding.coder)
        codes = list(dict.fromkeys((*(codings[key].codes if key in codings else ()), *coding.codes)))
        codings[key] = coding.model_copy(update={"codes": codes})
    head = InterviewHead(
        alias=about.alias or source.case[:60] or name,
        consent=Consent.model_validate(consent_values(about)),
        pseudonymised=Pseudonymised(done=True, at=today()),
        text_sha256=sha_of(text),
    )
    return Interview(name, head, text, tuple(codings.values()))


def _coding(raw: str, text: str, selection: Selection, ids: dict[str, str]) -> Coding | None:
    """Return a passage at its place in the cleaned text; None where its words are not there."""
    words = _words(raw, selection)
    codes = [ids[mark] for mark in selection.codes if mark in ids]
    wanted = cleaned(words).text.strip()
    if not wanted or not codes:
        return None
    places = list(_all(text, wanted))
    if not places:
        return None
    expected = selection.start * len(text) / max(len(raw), 1)
    start = selection.start if selection.start in places else min(places, key=lambda at: abs(at - expected))
    return Coding(
        start=start,
        end=start + len(wanted),
        text=wanted,
        codes=codes,
        kind=selection.kind or "opinion",
        coder=selection.coder[:60],
        note=selection.note[:4000],
    )


def _words(raw: str, selection: Selection) -> str:
    """Return the selected words; where the file counts lines that end in one character, so do we."""
    words, begins = raw[selection.start : selection.end], selection.begins.split("\n")[0][:20]
    if "\r\n" in raw and begins and not words.lstrip().startswith(begins):
        shorter = raw.replace("\r\n", "\n")[selection.start : selection.end]
        return shorter if shorter.lstrip().startswith(begins) else words
    return words


def _all(text: str, words: str) -> Iterable[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _add_codes(there: Listening, codes: Sequence[Code], taken: Taken) -> dict[str, str]:
    """Add what is not there by name, and return the id of each mark."""
    by_name = {theme.title.casefold(): theme.id for theme in there.themes}
    used = {theme.id for theme in there.themes}
    ids: dict[str, str] = {}
    new = []
    for code in codes:
        known = by_name.get(code.name.casefold())
        if known is None:
            known = _free(code.id or slug(code.name), used)
            used.add(known)
            by_name[code.name.casefold()] = known
            new.append(_theme(code, known, ids.get(code.parent)))
        else:
            taken.known += 1
        ids[code.mark] = known
    if new:
        put_themes(there.layout.taxonomy, new)
    taken.themes = len(new)
    return ids


def _theme(code: Code, name: str, parent: str | None) -> Theme:
    kinds: dict[str, ThemeKind] = {kind: kind for kind in get_args(ThemeKind)}
    values = {
        "id": name,
        "name": code.name[:200],
        "definition": code.definition[:2000],
        "includes": list(code.includes),
        "excludes": list(code.excludes),
        "parent": parent,
        "kind": kinds.get(code.kind),
    }
    return made(Theme, values)


def _free(name: str, used: set[str]) -> str:
    number, found = 2, name
    while found in used:
        found = f"{name[:56]}-{number}"
        number += 1
    return found


def _from_csv(file: Path) -> Iterable[Code]:
    rows = list(read_table(file))
    column = next((name for name in ("tag", "name", "path") if rows and name in rows[0][1]), None)
    if column is None:
        raise BadInput(
            "no column is called tag, name or path", where=f"{file}:1", remedy="export the codebook as CSV"
        )
    for _, row in rows:
        if row[column]:
            said = described(row.get("description", ""))
            name = row[column]
            given = row.get("id", "")
            is_id = re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", given) is not None
            yield Code(name, name, *said, row.get("parent", ""), row.get("kind", ""), given if is_id else "")
