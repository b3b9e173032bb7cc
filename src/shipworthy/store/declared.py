"""Declared checks as they stand in the folder: their mistakes, their schema files, their version."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from shipworthy.domain.scorer import Declared, JsonSchema
from shipworthy.store.layout import Layout

RULES = {"numeric": 2, "cites": 2}
"""Part of the version of a kind of check, 1 unless said: raised when it says something else about the same output."""
MOST_SCHEMA_BYTES = 1 << 20
_PLAIN_PATH = re.compile(r"\$(?:\.[A-Za-z_][\w-]*|\[\d{1,6}\]|\['[^'\\]*'\])*")
_NOT_SCHEMAS = {"const", "enum", "default", "examples"}


class Mistake(NamedTuple):
    """What is wrong with a declared check, and at which key of `scorer`."""

    at: tuple[str, ...]
    found: str
    expected: str
    remedy: str


def mistakes(scorer: Declared, layout: Layout) -> list[Mistake]:
    """Return what the models cannot see: JSON paths, JSON Schemas and their files."""
    found = []
    if scorer.at is not None:
        found += _path_mistakes(("at",), scorer.at)
    if scorer.json_path is not None:
        found += _path_mistakes(("json_path", "path"), scorer.json_path.path)
    if scorer.json_schema is not None:
        found += _schema_mistakes(scorer.json_schema, layout)
    return found


def declared_version(scorer: Declared, layout: Layout) -> str:
    """Name the state of a declared check: what it says, and the content of the file it names."""
    said = scorer.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    digest = hashlib.sha256(
        f"{RULES.get(scorer.kind or '', 1)}\0{json.dumps(said, sort_keys=True)}".encode(
            "utf-8", "surrogatepass"
        )
    )
    if scorer.json_schema is not None and scorer.json_schema.file is not None:
        path = _inside(layout, scorer.json_schema.file)
        digest.update(b"\0" + (path.read_bytes() if path else b""))
    return digest.hexdigest()[:16]


def schema_of(definition: JsonSchema, layout: Layout) -> Any:
    """Return the schema, read from its file where it is not written in place.

    Raises:
        ValueError: the file is missing, too long, or not JSON.
    """
    if definition.file is None:
        return definition.schema_
    path = _inside(layout, definition.file)
    if path is None:
        raise ValueError("no such file in the launch folder")
    if path.stat().st_size > MOST_SCHEMA_BYTES:
        raise ValueError(f"more than {MOST_SCHEMA_BYTES:,} bytes")
    try:
        return msgspec.json.decode(path.read_bytes())
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"not JSON ({error})") from error


def _inside(layout: Layout, name: str) -> Path | None:
    """Return a file of the launch folder; None for what lies elsewhere, links that lead away among it."""
    try:
        path = (layout.folder / name).resolve()
        return path if path.is_relative_to(layout.folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None


def _path_mistakes(at: tuple[str, ...], path: str) -> list[Mistake]:
    if _PLAIN_PATH.fullmatch(path):
        return []
    import jsonpath_rfc9535  # noqa: PLC0415 - only for paths with wildcards and filters

    try:
        jsonpath_rfc9535.compile(path)
    except (jsonpath_rfc9535.JSONPathError, RecursionError, re.error) as error:
        said = str(error).splitlines()[0]
        return [
            Mistake(at, f"`{path}` ({said})", "a JSON path, as $.answer or $.lines[*].sku", "mend the path")
        ]
    return []


def _schema_mistakes(definition: JsonSchema, layout: Layout) -> list[Mistake]:
    at = ("json_schema", "schema" if definition.file is None else "file")
    try:
        schema = schema_of(definition, layout)
    except ValueError as error:
        where = f"`file: {definition.file}`, {error}"
        return [
            Mistake(at, where, "a JSON Schema in a file of the launch folder", "correct or mend the file")
        ]
    return [
        Mistake(at, found, "a JSON Schema that stands on its own", remedy)
        for found, remedy in _wrong_in(schema)
    ]


def _wrong_in(schema: Any) -> list[tuple[str, str]]:
    if not isinstance(schema, dict):
        return [("a schema that is no object", "write an object such as {type: object}")]
    from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped] # noqa: PLC0415 - only here
    from jsonschema.validators import Draft202012Validator, validator_for  # type: ignore[import-untyped] # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind = validator_for(schema, default=None) if "$schema" in schema else Draft202012Validator
    if kind is None:
        return [(f"`$schema: {schema['$schema']}`, which is not known", "leave `$schema` out")]
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        place = error.json_path.removeprefix("$").lstrip(".") or "the schema"
        return [(f"`{place}`: {error.message[:300]}", "mend the schema at this key")]
    except RecursionError:
        return [("a schema nested too deeply", "make it flatter")]
    return list(_wrong_parts(schema, schema))


def _wrong_parts(schema: Any, part: Any) -> Iterator[tuple[str, str]]:
    """Yield references that lead out of the schema or nowhere."""
    if isinstance(part, list):
        for each in part:
            yield from _wrong_parts(schema, each)
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key in ("$ref", "$dynamicRef", "$recursiveRef") and isinstance(value, str):
            yield from _wrong_reference(schema, value)
        elif key not in _NOT_SCHEMAS:
            yield from _wrong_parts(schema, value)


def _wrong_reference(schema: dict[str, Any], reference: str) -> Iterator[tuple[str, str]]:
    if not reference.startswith("#"):
        yield (
            f"`$ref: {reference}`, which leads out of the schema",
            "write what it refers to under `$defs`: nothing is fetched",
        )
        return
    from referencing import Registry  # noqa: PLC0415 - only where a schema is declared
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    try:
        Registry().resolver_with_root(DRAFT202012.create_resource(schema)).lookup(reference)
    except Unresolvable:
        yield f"`$ref: {reference}`, which is not there", "write what it refers to under `$defs`"
