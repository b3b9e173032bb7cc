"""Read the interviews of a launch: front matter and frozen text, the excerpts beside it, and every mistake in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.interview import MAX_CHARACTERS, Coding, Interview, InterviewHead
from shipworthy.domain.problem import Problem
from shipworthy.domain.transcript import first_unseen, sha_of
from shipworthy.store.front_matter import head_of
from shipworthy.store.layout import Layout
from shipworthy.store.validate import validated
from shipworthy.store.yaml_file import YamlFile, plain, read_text, read_yaml

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
EXCERPTS = ".excerpts.yaml"
MOST_KNOWN = 500
_Key = tuple[str, str, str, frozenset[str] | None]
_KNOWN: dict[_Key, tuple[Interview | None, tuple[Problem, ...]]] = {}
"""What was understood of which bytes."""


@dataclass(frozen=True)
class Paths:
    """The two files of one interview."""

    text: Path
    excerpts: Path


def paths_of(layout: Layout, name: str) -> Paths:
    """Return where an interview of this name is kept."""
    return Paths(layout.interviews / f"{name}.md", layout.interviews / f"{name}{EXCERPTS}")


def names_in(layout: Layout) -> list[str]:
    """Return the names of the interviews that are there, in order."""
    found = layout.interviews.glob("*.md") if layout.interviews.is_dir() else ()
    return sorted(path.stem for path in found if not path.name.startswith((".", "README")))


def read_interviews(
    layout: Layout, problems: list[Problem], *, codes: Collection[str] | None
) -> tuple[Interview, ...]:
    """Return the interviews that could be understood, and put mistakes into `problems`.

    Args:
        layout: the launch folder.
        problems: takes what is wrong.
        codes: ids of the themes; None when taxonomy.yaml could not be read, so that no code can be called unknown.
    """
    names = names_in(layout)
    found = [read_interview(layout, name, problems, codes=codes) for name in names]
    if layout.interviews.is_dir():
        for path in sorted(layout.interviews.glob(f"*{EXCERPTS}")):
            name = path.name.removesuffix(EXCERPTS)
            if name not in names:
                what = f"excerpts of `{name}`, but there is no interviews/{name}.md"
                remedy = "bring the interview back, or delete this file"
                problems.append(
                    Problem(f"interviews/{path.name}", 0, 0, what, "the text they are from", remedy)
                )
    return tuple(each for each in found if each is not None)


def read_interview(
    layout: Layout, name: str, problems: list[Problem], *, codes: Collection[str] | None
) -> Interview | None:
    """Return one interview; None when there is none or its head cannot be understood.

    What was understood of the same bytes before is taken again: a server reads the same files for every page.
    """
    paths = paths_of(layout, name)
    key = (name, _mark(paths.text), _mark(paths.excerpts), None if codes is None else frozenset(codes))
    known = _KNOWN.get(key)
    if known is None:
        found = list[Problem]()
        known = (_read(paths, name, found, codes), tuple(found))
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = known
    problems += known[1]
    return known[0]


def _mark(path: Path) -> str:
    """Return what tells the bytes of a file from others."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return type(error).__name__


def _read(
    paths: Paths, name: str, problems: list[Problem], codes: Collection[str] | None
) -> Interview | None:
    file = YamlFile(f"interviews/{name}.md")
    interview = parse_interview(paths.text, file)
    problems += file.problems
    if interview is None:
        return None
    excerpts = read_yaml(paths.excerpts, f"interviews/{name}{EXCERPTS}")
    codings = _codings(excerpts, interview, codes)
    problems += excerpts.problems
    if codings and not interview.may_be_coded:
        problems.append(_too_early(file, interview))
    return Interview(name, interview.head, interview.text, tuple(codings))


def parse_interview(path: Path, file: YamlFile) -> Interview | None:
    """Return what stands in one file of an interview, without its excerpts."""
    if not NAME.fullmatch(path.stem):
        found, expected = f"the name `{path.stem}`", "letters, digits, `-` and `_`, a letter first"
        file.problems.append(Problem(file.name, 0, 0, found, expected, "rename the file"))
        return None
    text = read_text(path, file)
    parts = head_of(text, file, keys="`alias:` and `consent:`") if text is not None else None
    if parts is None:
        return None
    head, problems = validated(InterviewHead, plain(file.data or {}), file)
    file.problems += problems
    if head is None:
        return None
    file.problems += _text_problems(file, head, parts.body, parts.body_line)
    return Interview(path.stem, head, parts.body)


def _text_problems(file: YamlFile, head: InterviewHead, text: str, line: int) -> list[Problem]:
    found = []
    if text and head.consent.state in ("refused", "withdrawn"):
        what = f"what somebody said whose consent is {head.consent.state}"
        remedy = f"run `shipworthy interview withdraw . {Path(file.name).stem}`"
        found.append(Problem(file.name, line, 0, what, "no text", remedy))
    if len(text) > MAX_CHARACTERS:
        what = f"a text of {len(text):,} characters"
        found.append(
            Problem(
                file.name, line, 0, what, f"at most {MAX_CHARACTERS:,}", "split it into several interviews"
            )
        )
    elif head.text_sha256 is not None and head.text_sha256 != sha_of(text):
        found.append(
            file.problem(
                ("text_sha256",),
                found="a text that was changed after it was frozen",
                expected="the text that the excerpts were taken from",
                remedy=f"bring it back, for example by `git checkout {file.name}`",
            )
        )
    if (at := first_unseen(text)) is not None:
        what = f"a character that cannot be seen (U+{ord(text[at]):04X})"
        where = line + text.count("\n", 0, at)
        found.append(
            Problem(file.name, where, 0, what, "text that shows all there is", "take the character out")
        )
    return found


def _too_early(file: YamlFile, interview: Interview) -> Problem:
    if interview.head.consent.state != "given":
        return file.problem(
            ("consent", "state"),
            found=f"excerpts, and the consent is {interview.head.consent.state}",
            expected="`state: given` with its date before anything is coded",
            remedy=f"write down how it was given, or run `shipworthy interview withdraw . {interview.name}`",
        )
    return file.problem(
        ("pseudonymised", "done"),
        found="excerpts of a text whose names were not replaced",
        expected="names replaced before anything is coded: later it moves every excerpt",
        remedy=f"run `shipworthy interview pseudonymise . {interview.name}`",
    )


def _codings(file: YamlFile, interview: Interview, codes: Collection[str] | None) -> list[Coding]:
    if file.data is None:
        return []
    if not isinstance(file.data, list):
        file.problems.append(
            file.problem(
                (),
                found="keys at the top",
                expected="a list of excerpts",
                remedy="start each entry with `- start: …`",
            )
        )
        return []
    understood = []
    for position, entry in enumerate(file.data):
        coding, problems = validated(Coding, plain(entry), file, (position,))
        file.problems += problems
        if coding is not None:
            file.problems += _coding_problems(file, position, coding, interview, codes)
            understood.append(coding)
    return understood


def _coding_problems(
    file: YamlFile, position: int, coding: Coding, interview: Interview, codes: Collection[str] | None
) -> list[Problem]:
    found = []
    if interview.text[coding.start : coding.end] != coding.text:
        there = interview.text.find(coding.text)
        remedy = (
            f"write `start: {there}` and `end: {there + len(coding.text)}`, where these words stand"
            if there >= 0
            else "quote the words as they stand in the text, or remove the excerpt"
        )
        found.append(
            file.problem(
                (position, "text"),
                found=f"words that do not stand at {coding.start} to {coding.end} of the text",
                expected="the excerpt to equal that part of the text",
                remedy=remedy,
            )
        )
    for i, code in enumerate(coding.codes):
        if codes is not None and code not in codes:
            known = ", ".join(sorted(codes))
            found.append(
                file.problem(
                    (position, "codes", i),
                    found=f"the code `{code}`, which is not declared",
                    expected=f"one of {known}" if known else "a theme in taxonomy.yaml",
                    remedy=f"add `- id: {code}` under `themes:` in taxonomy.yaml, or correct its name",
                )
            )
    if coding.external_ok and "quote_external" not in interview.head.consent.scope:
        found.append(
            file.problem(
                (position, "external_ok"),
                found="an excerpt for outside, and the consent does not allow it",
                expected="`quote_external` in the scope of the consent",
                remedy="take `external_ok` out, or ask the person",
            )
        )
    return found
