"""REFI-QDA codebooks (.qdc) and projects (.qdpx), as QualCoder, Taguette, NVivo and others write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.domain.interview import KINDS, Kind
from shipworthy.importers.transcripts.interface import MAX_BYTES
from shipworthy.importers.xml_tree import Element, read_xml
from shipworthy.importers.zip_members import Archive

MAX_XML_BYTES = 24 * 1024 * 1024
MAX_SOURCES = 2_000
_KIND = re.compile(r"\[(\w+)\] ?")
_LINES = {"Includes: ": "includes", "Excludes: ": "excludes"}


@dataclass(frozen=True)
class Code:
    """One code of a codebook.

    Attributes:
        mark: its mark in the file.
        name: what people call it.
        definition: what it means.
        includes: near misses that count.
        excludes: look-alikes that do not.
        parent: the mark of the code above; empty when there is none.
        kind: of theme, where the file says it.
        id: the id it had where it was written, where the file says it.
    """

    mark: str
    name: str
    definition: str = ""
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    parent: str = ""
    kind: str = ""
    id: str = ""


@dataclass(frozen=True)
class Selection:
    """One coded passage of a source, at the places the file says."""

    start: int
    end: int
    codes: tuple[str, ...]
    kind: Kind | None
    note: str
    coder: str
    begins: str


@dataclass(frozen=True)
class Source:
    """One text with its passages; whose it is, where the file groups sources by person."""

    name: str
    case: str
    text: str
    selections: tuple[Selection, ...]


@dataclass(frozen=True)
class Project:
    """A whole project, and what of it has no place here."""

    codes: tuple[Code, ...]
    sources: tuple[Source, ...]
    left_out: tuple[str, ...]


def read_codebook(path: Path) -> tuple[Code, ...]:
    """Return the codes of a .qdc or .qdpx file, those above before those below.

    Raises:
        BadInput: it is no codebook, or made to hurt.
    """
    root = (
        _project_xml(path, Archive(path))
        if path.suffix.lower() == ".qdpx"
        else read_xml(_bytes(path), f"{path}:1")
    )
    if root.name not in ("CodeBook", "Project"):
        raise BadInput("the file is no REFI-QDA codebook", where=f"{path}:1", remedy="export a .qdc file")
    return tuple(_codes(root))


def read_project(path: Path) -> Project:
    """Return the codes, texts and coded passages of a project.

    Raises:
        BadInput: it is no project, or made to hurt.
    """
    archive = Archive(path)
    root = _project_xml(path, archive)
    users = {
        each.attributes.get("guid", ""): each.attributes.get("name", "")
        for each in root.named("Users", "User")
    }
    cases = {
        ref.attributes.get("targetGUID", ""): case.attributes.get("name", "")
        for case in root.named("Cases", "Case")
        for ref in case.named("SourceRef")
    }
    sources = root.named("Sources", "TextSource")
    if len(sources) > MAX_SOURCES:
        raise BadInput(f"more than {MAX_SOURCES:,} texts", where=str(path), remedy="export fewer")
    kept = tuple(_source(path, archive, each, users, cases) for each in sources)
    others = sorted(
        {child.name for child in (root.named("Sources") or [Element("", {})])[0].children} - {"TextSource"}
    )
    return Project(tuple(_codes(root)), kept, tuple(others))


def _codes(root: Element) -> Iterator[Code]:
    book = root if root.name == "CodeBook" else (root.named("CodeBook") or [Element("", {})])[0]
    todo = [("", code) for code in reversed(book.named("Codes", "Code"))]
    while todo:
        parent, one = todo.pop()
        mark = one.attributes.get("guid", "").lower()
        said = described("\n".join(each.text for each in one.named("Description")))
        yield Code(mark, one.attributes.get("name", "").strip() or mark, *said, parent)
        todo += [(mark, child) for child in reversed(one.named("Code"))]


def described(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return a definition, and what it includes and excludes, from a description."""
    found: dict[str, list[str]] = {"": [], "includes": [], "excludes": []}
    for line in text.strip().split("\n"):
        sign = next((sign for sign in _LINES if line.startswith(sign)), "")
        found[_LINES.get(sign, "")].append(line.removeprefix(sign))
    return "\n".join(found[""]).strip(), tuple(found["includes"]), tuple(found["excludes"])


def _source(
    path: Path, archive: Archive, source: Element, users: dict[str, str], cases: dict[str, str]
) -> Source:
    name = source.attributes.get("name", "").strip()
    place = source.attributes.get("plainTextPath", "")
    if place:
        text = _member_text(path, archive, place)
    else:
        text = "".join(each.text for each in source.named("PlainTextContent"))
    passages = tuple(_selection(each, users) for each in source.named("PlainTextSelection"))
    coded = tuple(each for each in passages if each is not None and each.codes)
    return Source(name, cases.get(source.attributes.get("guid", ""), ""), text, coded)


def _selection(selection: Element, users: dict[str, str]) -> Selection | None:
    try:
        start, end = (int(selection.attributes[key]) for key in ("startPosition", "endPosition"))
    except (KeyError, ValueError):
        return None
    marks = [ref.attributes.get("targetGUID", "").lower() for ref in selection.named("Coding", "CodeRef")]
    note = "\n".join(each.text for each in selection.named("Description"))
    found = _KIND.match(note)
    kind: Kind | None = next((k for k in KINDS if found is not None and k == found[1]), None)
    coder = users.get(selection.attributes.get("creatingUser", ""), "")
    return Selection(
        start,
        end,
        tuple(dict.fromkeys(marks)),
        kind,
        note[found.end() :] if kind is not None and found is not None else note,
        "" if coder == "unnamed" else coder,
        selection.attributes.get("name", ""),
    )


def _project_xml(path: Path, archive: Archive) -> Element:
    member = next((each for each in archive.members if each.name == "project.qde"), None)
    if member is None or member.size > MAX_XML_BYTES:
        raise BadInput(
            "the file is no REFI-QDA project",
            where=str(path),
            remedy="export a .qdpx file without large media",
        )
    content = next(archive.read([member]))[1]
    root = read_xml(content, f"{path}: project.qde")
    if root.name != "Project":
        raise BadInput("the file is no REFI-QDA project", where=str(path), remedy="export a .qdpx file")
    return root


def _member_text(path: Path, archive: Archive, place: str) -> str:
    """Return a text of the archive; one that lies elsewhere is refused: nothing outside the file is opened."""
    wanted = f"sources/{place.removeprefix('internal://')}"
    member = next((each for each in archive.members if each.name.lower() == wanted.lower()), None)
    if not place.startswith("internal://") or member is None or member.size > MAX_BYTES:
        raise BadInput(
            f"the text `{place[:100]}` is not in the file, or too long",
            where=str(path),
            remedy="export the project with its sources inside",
        )
    content = next(archive.read([member]))[1]
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("a text of the project is not UTF-8", where=f"{path}: {wanted[:100]}") from error


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path), remedy="check the path")
    if path.stat().st_size > MAX_XML_BYTES:
        raise BadInput("the codebook holds more than 24 MB", where=str(path), remedy="check what it is")
    return path.read_bytes()
