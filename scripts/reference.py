"""Make the generated pages from the program itself, or say which of them are stale."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import types
import typing
from pathlib import Path

import pydantic
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Made by scripts/reference; a change here is lost. -->"


def commands() -> str:
    """Return every `--help` text, 100 columns wide."""
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    from shipworthy.cli.main import COMMANDS, inner_commands, run  # noqa: PLC0415 - after the width is fixed

    parts = [NOTE, "# Commands\n\nEvery command, as its `--help` prints it."]
    names = [""]
    for group in COMMANDS:
        names += [group, *(f"{group} {inner}" for inner in inner_commands(group))]
    for name in names:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            run([*name.split(), "--help"])
        text = "\n".join(line.rstrip() for line in said.getvalue().strip().splitlines())
        parts.append(f"## `shipworthy{' ' + name if name else ''}`\n\n```text\n{text}\n```")
    return "\n\n".join(parts) + "\n"


def files() -> str:
    """Return a table of fields for each authored file, from the models that read them."""
    from shipworthy.domain.criteria import Criterion  # noqa: PLC0415 - together with the others
    from shipworthy.domain.demo import DemoPrompt  # noqa: PLC0415
    from shipworthy.domain.interview import Coding, InterviewHead  # noqa: PLC0415
    from shipworthy.domain.judge import JudgeHead  # noqa: PLC0415
    from shipworthy.domain.launch import Launch  # noqa: PLC0415
    from shipworthy.domain.promise import Incident, KeptPromise  # noqa: PLC0415
    from shipworthy.domain.review_call import ReviewCall  # noqa: PLC0415
    from shipworthy.domain.taxonomy import FailureMode  # noqa: PLC0415
    from shipworthy.domain.theme import Theme  # noqa: PLC0415

    shown = [("launch.yaml", "one object", Launch), ("criteria.yaml", "a list", Criterion)]
    shown.append(("taxonomy.yaml", "a list, or `failure_modes:` and `themes:` with a list each", FailureMode))
    shown.append(("taxonomy.yaml, under themes", "a list", Theme))
    shown.append(("interviews/NAME.md", "front matter, and what was said below it", InterviewHead))
    shown.append(("interviews/NAME.excerpts.yaml", "a list", Coding))
    shown.append(("promises.yaml", "a list", KeptPromise))
    shown.append(("incidents/NAME.yaml", "one object", Incident))
    shown.append(("reviews/NAME.yaml", "one object", ReviewCall))
    shown.append(("demo.yaml", "a list", DemoPrompt))
    shown.append(("judges/NAME.md", "front matter, and a prompt below it", JudgeHead))
    parts = [
        NOTE,
        "# Files of a launch",
        "Unknown keys are problems; `shipworthy.schema.json` beside the files lets an editor complete the known ones.",
    ]
    known: list[type[pydantic.BaseModel]] = []
    for name, form, model in shown:
        parts.append(f"## {name}\n\n{form.capitalize()}.\n\n{_table(model)}")
        fresh = [inner for inner in _inner(model) if inner not in known]
        parts += [f"### {inner.__name__}\n\n{_first(inner)}\n\n{_table(inner)}" for inner in fresh]
        known += fresh
    parts.append((ROOT / "docs/reference/evalset.part.md").read_text(encoding="utf-8").strip())
    return "\n\n".join(parts) + "\n"


def formats() -> str:
    """Return one line for each importer."""
    from shipworthy.importers.registry import IMPORTERS  # noqa: PLC0415 - together with the others

    rows = "\n".join(f"| `{importer.name}` | {importer.description} |" for importer in IMPORTERS)
    return (
        f"{NOTE}\n\n# Formats that import\n\nThe format is recognised by what stands in the file; `--format` names it.\n"
        f"Each may be gzipped.\n\n| format | what it reads |\n|---|---|\n{rows}\n"
    )


def schema() -> str:
    """Return the editor schema."""
    from shipworthy.store.schema import editor_schema  # noqa: PLC0415 - together with the others

    return editor_schema()


def _table(model: type[pydantic.BaseModel]) -> str:
    rows = [
        f"| `{info.alias or name}` | {_type(info)} | {_default(info)} | {_meaning(info)} |"
        for name, info in model.model_fields.items()
    ]
    return "\n".join(["| key | value | unless said | meaning |", "|---|---|---|---|", *rows])


def _inner(model: type[pydantic.BaseModel]) -> list[type[pydantic.BaseModel]]:
    """Return the models inside a model, and those inside them, each once, in reading order."""
    found: list[type[pydantic.BaseModel]] = []
    for info in model.model_fields.values():
        for part in _parts(info.annotation):
            if isinstance(part, type) and issubclass(part, pydantic.BaseModel):
                found += [each for each in (part, *_inner(part)) if each not in found]
    return list(dict.fromkeys(found))


def _parts(annotation: object) -> list[object]:
    inner = typing.get_args(annotation)
    return [annotation] if not inner else [leaf for part in inner for leaf in _parts(part)]


def _type(info: FieldInfo) -> str:
    return _words(info.annotation).replace("|", "\\|")


def _words(annotation: object) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _words(inner[0])
    if origin is typing.Literal:
        return " | ".join(f"`{value}`" for value in inner)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(_words(part) for part in inner if part is not type(None))
    if origin is list:
        return f"list of {_words(inner[0])}"
    if origin is dict:
        return f"{_words(inner[1])} by {_words(inner[0])}"
    names = {
        "str": "text",
        "float": "number",
        "int": "whole number",
        "bool": "true or false",
        "date": "date",
        "Any": "any JSON",
    }
    name = getattr(annotation, "__name__", str(annotation))
    return names.get(name, f"[{name}](#{name.lower()})")


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    value = info.get_default(call_default_factory=True)
    empty = value is None or value in ("", [], {}) or isinstance(value, pydantic.BaseModel)
    return "" if empty else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _meaning(info: FieldInfo) -> str:
    return (info.description or "").replace("|", "\\|")


def _first(model: type[pydantic.BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def challenges() -> str:
    """Return the catalogue of challenges, under the words of its part."""
    from shipworthy.exporters.catalogue_markdown import catalogue_markdown  # noqa: PLC0415 - as the others

    words = (ROOT / "docs/challenges.part.md").read_text(encoding="utf-8").strip()
    return f"{NOTE}\n{words}\n\n{catalogue_markdown()}"


PAGES = {
    "docs/challenges.md": challenges,
    "docs/reference/commands.md": commands,
    "docs/reference/files.md": files,
    "docs/reference/formats.md": formats,
    "src/shipworthy/content/shipworthy.schema.json": schema,
}


def main() -> int:
    """Write the pages, or compare them."""
    checking = "--check" in sys.argv[1:]
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not checking:
                path.write_text(text, encoding="utf-8")
    verb = "stale" if checking else "made again"
    for name in stale:
        sys.stderr.write(f"{verb}: {name}\n")
    if checking and stale:
        sys.stderr.write("to mend it: run scripts/reference and commit what it makes\n")
    return 1 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main())
