# ruff: noqa: INP001 - a script beside the package, not a part of one
"""Write what is generated: docs/reference and the schema for editors; `--check` names what is stale.

Everything here follows from the program alone: no clock, no terminal, no path of this machine.
"""

from __future__ import annotations

import argparse
import inspect
import io
import json
import re
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from rich.console import Console

from shipworthy.cli.main import COMMANDS, make_app
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.importers.columns import PREFIXES, SCORES, WELL_KNOWN
from shipworthy.importers.registry import IMPORTERS
from shipworthy.store.schema import editor_schema

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = 100
NOTICE = (
    "<!-- Written by scripts/reference from the program itself. Change the program, then run it again. -->"
)
BEGIN = "<!-- generated: begin; written by scripts/reference -->"
END = "<!-- generated: end -->"


def pages() -> dict[str, str]:
    """Return path to text of everything that is generated."""
    return {
        "docs/reference/commands.md": commands(),
        "docs/reference/files.md": between("docs/reference/files.md", fields()),
        "docs/reference/formats.md": between("docs/reference/formats.md", formats()),
        "src/shipworthy/content/shipworthy.schema.json": editor_schema(),
    }


def between(path: str, generated: str) -> str:
    """Return a page with its generated part renewed; the rest of it is written by people."""
    text = (ROOT / path).read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{generated}\n{END}{after}"


# The commands.


def commands() -> str:
    """Return the page of commands: what `--help` prints, and what each command's author says about it."""
    head = (
        f"{NOTICE}\n\n# Commands\n\nWhat `shipworthy --help` and `shipworthy COMMAND --help` print, without frames, "
        f"at {COLUMNS} columns.\nExit codes: [exit-codes.md](exit-codes.md).\n"
    )
    each = [f"## shipworthy {name}\n\n{_told(name)}{_help([name])}\n" for name in COMMANDS]
    return "\n".join([head, f"## shipworthy\n\n{_help([])}\n", *each])


def _help(tokens: list[str]) -> str:
    app = make_app()
    app.help_formatter = "plain"
    printed = io.StringIO()
    app.help_print(tokens, console=Console(file=printed, width=COLUMNS, color_system=None))
    lines = [line.rstrip() for line in printed.getvalue().strip().splitlines()]
    return "```text\n" + "\n".join(lines) + "\n```"


def _told(name: str) -> str:
    """Return the paragraphs and examples of a command's docstring, unless its help shows them already."""
    module = "bring_in" if name == "import" else name
    function = getattr(import_module(f"shipworthy.cli.{module}"), module)
    _summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
    told = re.split(r"^Args:$", rest, flags=re.MULTILINE)[0].strip()
    if not told or " ".join(told.split())[:40] in " ".join(_help([name]).split()):
        return ""
    return _fenced(told) + "\n\n"


def _fenced(text: str) -> str:
    """Return a docstring's body as Markdown: what is indented is an example."""
    blocks: list[str] = []
    for block in re.split(r"\n(?:\s*\n)?(?=    \S)|\n\n", text):
        if block.startswith("    ") and blocks and blocks[-1].startswith("```"):
            blocks[-1] = blocks[-1].removesuffix("```") + textwrap.dedent(block) + "\n```"
        elif block.startswith("    "):
            blocks.append("```sh\n" + textwrap.dedent(block) + "\n```")
        else:
            blocks.append(block)
    return "\n\n".join(blocks)


# The fields of the authored files.

FILES: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("launch.yaml", Launch, "One object."),
    ("criteria.yaml", Criterion, "A list; each entry is one criterion."),
    ("taxonomy.yaml", FailureMode, "A list; each entry is one failure mode."),
)


def fields() -> str:
    """Return a table for each authored file and for each part that has fields of its own."""
    parts = []
    for file, model, what in FILES:
        parts.append(f"## {file}\n\n{what}\n\n{_table(model)}")
        parts += [f"### {_anchor(inner)}\n\n{_summary(inner)}\n\n{_table(inner)}" for inner in _inner(model)]
    return "\n\n".join(parts) + "\n"


def _table(model: type[BaseModel]) -> str:
    head = "| field | type | default | meaning |\n|---|---|---|---|"
    rows = [
        f"| `{field.alias or name}` | {_type(field)} | {_default(field)} | {_cell(field.description or '')} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join([head, *rows])


def _summary(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _inner(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the parts of a file that have fields of their own, in the order in which they are met."""
    for field in model.model_fields.values():
        for found in _models(field.annotation):
            yield found
            yield from _inner(found)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)


def _anchor(model: type[BaseModel]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()


def _type(field: FieldInfo) -> str:
    limits = "; ".join(said for limit in field.metadata if (said := _limit(limit)))
    named = _named(field.annotation)
    return f"{named} ({limits})" if limits else named


def _named(annotation: object) -> str:  # noqa: PLR0911 - one answer for each kind of type
    """Say a type as a person who writes YAML would."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        limits = "; ".join(said for limit in _flat(parts[1:]) if (said := _limit(limit)))
        return _named(parts[0]) + (f" ({limits})" if limits else "")
    if origin is typing.Literal:
        return " \\| ".join(f"`{value}`" for value in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_named(part) for part in parts if part is not type(None))
    if origin is list:
        return f"list of {_named(parts[0])}"
    if origin is dict:
        return f"map of {_named(parts[0])} to {_named(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = _anchor(annotation)
        return f"[{name}](#{name.replace(' ', '-')})"
    words = {str: "text", float: "number", int: "whole number", bool: "true or false", "date": "date"}
    return words.get(annotation) or words[getattr(annotation, "__name__", "")]  # type: ignore[call-overload]


def _flat(metadata: tuple[object, ...]) -> Iterator[object]:
    for each in metadata:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def _limit(limit: object) -> str:
    words = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}
    for name, said in words.items():
        if (value := getattr(limit, name, None)) is not None:
            return said.format(f"{value:,}")
    if pattern := getattr(limit, "pattern", None):
        return f"`{_cell(str(pattern))}`"
    if (longest := getattr(limit, "max_length", None)) is not None:
        return f"at most {longest} characters"
    return ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value is None or isinstance(value, BaseModel) or value in ("", [], {}):
        return "none"
    return f"`{json.dumps(value)}`" if not isinstance(value, str) else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# The formats that are imported.


def formats() -> str:
    """Return the table of importers, and the names of columns that are understood without a map."""
    rows = [f"| `{each.name}` | {each.description} |" for each in IMPORTERS]
    roles = [
        f"| `{role}` | {', '.join(f'`{name}`' for name in names)} |" for role, names in WELL_KNOWN.items()
    ]
    prefixes = ", ".join(f"`{prefix}NAME`" for prefix in PREFIXES)
    return "\n".join(
        [
            "## Formats\n\nIn the order in which they are asked whether a file is theirs.\n",
            "| `--format` | what it reads |\n|---|---|",
            *rows,
            "\n## Columns that are known by name\n",
            "Upper and lower case, blanks, `-` and `_` make no difference. The first name that is there is taken.\n",
            "| what | names, best first |\n|---|---|",
            *roles,
            f"| `score.NAME` | {', '.join(f'`{name}`' for name in SCORES)}; the column's name is the score's |",
            f"\nColumns called {prefixes} are scores and tags of that name.",
            "",
        ]
    )


def main() -> int:
    """Write what is stale, or with `--check` name it; exit code 1 when a check finds something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 naming the stale files")
    check = parser.parse_args().check
    stale = []
    for name, text in pages().items():
        path = ROOT / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    for name in stale:
        sys.stdout.write(f"stale: {name}\n" if check else f"wrote {name}\n")
    if check and stale:
        sys.stdout.write("to mend it: run scripts/reference\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
