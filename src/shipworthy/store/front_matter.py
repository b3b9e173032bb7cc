"""A file with front matter: YAML between two lines of `---`, and text below."""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.domain.problem import Problem
from shipworthy.store.yaml_file import YamlFile, parse_yaml

LINE = re.compile(r"---[ \t]*\r?$")


class Parts(NamedTuple):
    """The two halves of a file."""

    head: str
    body: str
    body_line: int
    """1-based line on which the text begins."""


def split(text: str) -> Parts | None:
    """Return the front matter and the text; None when the file does not begin so."""
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], start=1) if LINE.fullmatch(line)), None)
    if not LINE.fullmatch(lines[0]) or end is None:
        return None
    body = "\n".join(lines[end + 1 :]).replace("\r\n", "\n")
    blank = len(body) - len(body.lstrip("\n"))
    return Parts("\n".join(lines[1:end]), body.strip("\n"), end + 2 + blank)


def head_of(text: str, file: YamlFile, *, keys: str) -> Parts | None:
    """Parse the front matter into `file` and return both halves; mistakes become problems of the file.

    Args:
        text: the whole file.
        file: takes the values with their places.
        keys: what a person would write there, for the remedy.
    """
    parts = split(text)
    if parts is None:
        expected = f"a line `---`, keys such as {keys}, a line `---`, and then the text"
        file.problems.append(
            Problem(file.name, 1, 0, "no front matter", expected, "begin the file with these lines")
        )
        return None
    file.above = 1
    parse_yaml(parts.head, file)
    return None if file.broken else parts


def joined(head: str, body: str) -> str:
    """Return a file from its front matter and its text."""
    return f"---\n{head.strip(chr(10))}\n---\n\n{body}\n" if body else f"---\n{head.strip(chr(10))}\n---\n"
