"""One YAML file: its values, the line of every value, and its mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from shipworthy.domain.problem import Problem

Loc = tuple[int | str, ...]
MAX_YAML_BYTES = 4 * 1024 * 1024
MOST_REMEMBERED = 200_000
"""Characters of a text that is parsed once as long as it stays the same."""
MOST_DEEP = 100
"""Lists in lists: nobody writes so many by hand, and the parser's time grows with the square of them."""
MOST_VALUES = 200_000
"""With aliases unfolded; a page of nested ones can stand for more values than any memory holds."""


@dataclass
class YamlFile:
    """A parsed file; `data` is None when it is missing, empty or not YAML."""

    name: str
    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False
    """It is there but could not be parsed: nothing that depends on it can be judged."""
    above: int = 0
    """Lines of the file above the YAML."""

    def place(self, loc: Loc) -> tuple[int, int]:
        """Return the 1-based line and column of the value at a path, or of its nearest parent."""
        node, line, column = self.data, 1, 1
        for step in loc:
            if isinstance(node, CommentedMap) and step in node:
                if step not in (node.lc.data or {}):
                    break  # it came with an alias (`<<`), and stands nowhere in this map
                line, column = (n + 1 for n in node.lc.key(step))
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line, column = (n + 1 for n in node.lc.item(step))
            else:
                break
            node = node[step]
        return line + self.above, column

    def problem(self, loc: Loc, *, found: str, expected: str, remedy: str) -> Problem:
        """Return a problem at a path of this file."""
        line, column = self.place(loc)
        return Problem(self.name, line, column, found, expected, remedy)


def read_yaml(path: Path, name: str) -> YamlFile:
    """Read a YAML file with places kept; never raises for what stands in it."""
    file = YamlFile(name)
    text = read_text(path, file)
    if text is None:
        return file
    if len(text) > MOST_REMEMBERED:
        return parse_yaml(text, file)
    known = _parsed(text, name)
    return YamlFile(name, known.data, list(known.problems), known.broken)


@lru_cache(maxsize=32)
def _parsed(text: str, name: str) -> YamlFile:
    """Parse a text once: a command reads the same few files again and again; what is read here is never changed."""
    return parse_yaml(text, YamlFile(name))


def read_text(path: Path, file: YamlFile) -> str | None:
    """Return what a person wrote; None when there is no such file, or when it is no text, which becomes a problem."""
    try:
        return _text(path)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        _break(file, 0, 0, str(error), "a UTF-8 text file", "save the file as UTF-8 text")
        return None


def parse_yaml(text: str, file: YamlFile) -> YamlFile:
    """Parse YAML into a file, with places kept; never raises for what stands in it."""
    try:
        yaml = YAML(typ="rt")
        yaml.max_depth = MOST_DEEP
        file.data = yaml.load(text)
    except MaxDepthExceededError as error:
        mark = error.problem_mark
        found, expected = (
            f"more than {MOST_DEEP} values one in another",
            "values that are nested as people write",
        )
        _break(file, mark.line + 1 + file.above, mark.column + 1, found, expected, "close the brackets")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1 + file.above, mark.column + 1) if mark else (0, 0)
        said = " ".join((error.problem or "text that is not YAML").split())
        remedy = (
            "indent with spaces, not tabs"
            if "\\t" in said or "'\t'" in said
            else "mend the YAML at this place"
        )
        _break(file, line, column, said, "valid YAML", remedy)
    except (YAMLError, RecursionError, ValueError) as error:
        _break(file, 0, 0, str(error).splitlines()[0], "valid YAML", "mend the file")
    if found := _unusable(file.data):
        file.data = None
        _break(file, 0, 0, found, "values written out", "write them out where they are needed")
    return file


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_YAML_BYTES:
        raise ValueError(
            f"a file of {path.stat().st_size:,} bytes where people write at most {MAX_YAML_BYTES:,}"
        )
    return path.read_bytes().decode("utf-8-sig")


def _unusable(data: Any) -> str:
    """Say what is in a file that cannot be taken for values; empty when there is nothing of the kind.

    Unfolding aliases has no end where one contains itself, and nested ones stand for too many values.
    """
    left, seen = [data], 0
    while left:
        node = left.pop()
        seen += 1
        if seen > MOST_VALUES:
            return "aliases that stand for themselves, or for more values than a person writes"
        if isinstance(node, dict):
            left += [*node, *node.values()]
        elif isinstance(node, list):
            left += node
        elif isinstance(node, str) and any("\ud800" <= c <= "\udfff" for c in node):
            return "half a character, escaped as `\\ud800` or the like"
    return ""


def _break(file: YamlFile, line: int, column: int, found: str, expected: str, remedy: str) -> None:
    file.broken = True
    file.problems.append(Problem(file.name, line, column, found, expected, remedy))


def plain(node: Any) -> Any:
    """Return ruamel's containers as plain dicts, lists and scalars."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node
