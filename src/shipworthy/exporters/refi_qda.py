"""REFI-QDA, the exchange format of tools for qualitative work: a codebook (.qdc) and a whole project (.qdpx).

Names of elements and attributes are those of the standard's codebook 1.0 and project 1.0. Places are characters of the
plain text. What the standard has no word for stands in a description: the kind of an excerpt in brackets before its note.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from shipworthy.domain.interview import Coding, Interview
from shipworthy.domain.theme import Theme

CODEBOOK, PROJECT = "urn:QDA-XML:codebook:1.0", "urn:QDA-XML:project:1.0"
_SPACE = uuid.UUID("6c1f3a52-2f0e-5d0b-9a53-3b1d6b8d7c41")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def codebook(themes: Sequence[Theme], *, origin: str) -> bytes:
    """Return the themes as a codebook.

    Args:
        themes: all of them; what belongs to another stands below it.
        origin: which program writes it, with its version.
    """
    lines = [
        f"<CodeBook xmlns={quoteattr(CODEBOOK)} origin={_attribute(origin)}>",
        *_codes(themes),
        "</CodeBook>",
    ]
    return (_HEAD + "\n".join(lines) + "\n").encode()


def project(
    interviews: Sequence[Interview], themes: Sequence[Theme], *, title: str, origin: str, at: str
) -> bytes:
    """Return interviews with their excerpts as a project: a ZIP whose bytes depend on nothing else.

    Args:
        interviews: those that may leave the folder.
        themes: the codebook.
        title: of the project.
        origin: which program writes it, with its version.
        at: when, as the standard writes it.
    """
    coders = sorted(
        {coding.coder or "unnamed" for each in interviews for coding in each.codings} | {"unnamed"}
    )
    people = sorted({each.head.alias for each in interviews})
    opening = f"<Project xmlns={quoteattr(PROJECT)} name={_attribute(title)} origin={_attribute(origin)} "
    opening += f'creatingUserGUID="{guid("user", "unnamed")}" creationDateTime={_attribute(at)}>'
    lines = [
        opening,
        "<Users>",
        *(f'<User guid="{guid("user", coder)}" name={_attribute(coder)}/>' for coder in coders),
        "</Users>",
        "<CodeBook>",
        *_codes(themes),
        "</CodeBook>",
        "<Cases>",
        *(line for alias in people for line in _case(alias, interviews)),
        "</Cases>",
        "<Sources>",
        *(line for each in interviews for line in _source(each, at)),
        "</Sources>",
        "</Project>",
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        members = {"project.qde": _HEAD + "\n".join(lines) + "\n"}
        members |= {f"sources/{guid('source', each.name)}.txt": each.text for each in interviews}
        for name, text in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return packed.getvalue()


def guid(kind: str, name: str) -> str:
    """Return the standing mark of a thing: the same name has the same mark in every export."""
    return str(uuid.uuid5(_SPACE, f"{kind}:{name}"))


def described(theme: Theme) -> str:
    """Return what a code means, with what it includes and excludes, a line each."""
    lines = [theme.definition] if theme.definition else []
    for word, items in (("Includes", theme.includes), ("Excludes", theme.excludes)):
        lines += [f"{word}: {each}" for each in ([items] if isinstance(items, str) else items) if each]
    return "\n".join(lines)


def _codes(themes: Sequence[Theme]) -> Iterable[str]:
    known = {theme.id for theme in themes}
    below: dict[str | None, list[Theme]] = {}
    for theme in themes:
        below.setdefault(theme.parent if theme.parent in known else None, []).append(theme)
    yield "<Codes>"
    todo: list[Theme | str] = list(reversed(below.get(None, [])))
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            yield one
            continue
        yield f'<Code guid="{guid("code", one.id)}" name={_attribute(one.title)} isCodable="true">'
        if text := described(one):
            yield f"<Description>{_text(text)}</Description>"
        todo += ["</Code>", *reversed(below.get(one.id, []))]
    yield "</Codes>"


def _case(alias: str, interviews: Sequence[Interview]) -> Iterable[str]:
    yield f'<Case guid="{guid("case", alias)}" name={_attribute(alias)}>'
    for each in interviews:
        if each.head.alias == alias:
            yield f'<SourceRef targetGUID="{guid("source", each.name)}"/>'
    yield "</Case>"


def _source(interview: Interview, at: str) -> Iterable[str]:
    mark = guid("source", interview.name)
    made = f'creatingUser="{guid("user", "unnamed")}" creationDateTime={_attribute(at)}'
    yield (
        f'<TextSource guid="{mark}" name={_attribute(interview.name)} plainTextPath="internal://{mark}.txt" {made}>'
    )
    for coding in interview.codings:
        yield from _selection(interview, coding, at)
    yield "</TextSource>"


def _selection(interview: Interview, coding: Coding, at: str) -> Iterable[str]:
    by = guid("user", coding.coder or "unnamed")
    place = f"{interview.name}:{coding.start}:{coding.end}:{coding.coder}"
    yield (
        f'<PlainTextSelection guid="{guid("selection", place)}" name={_attribute(coding.text[:60])} '
        f'startPosition="{coding.start}" endPosition="{coding.end}" creatingUser="{by}" creationDateTime={_attribute(at)}>'
    )
    yield f"<Description>{_text(f'[{coding.kind}] {coding.note}'.rstrip())}</Description>"
    for code in coding.codes:
        yield f'<Coding guid="{guid("coding", f"{place}:{code}")}" creatingUser="{by}" creationDateTime={_attribute(at)}>'
        yield f'<CodeRef targetGUID="{guid("code", code)}"/>'
        yield "</Coding>"
    yield "</PlainTextSelection>"


def _attribute(text: str) -> str:
    return quoteattr(_legal(text).replace("\n", " "))


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    """Return a text without characters that XML has no place for."""
    return "".join(
        c
        for c in text
        if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
