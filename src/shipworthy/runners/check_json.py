"""Declared checks of JSON outputs: a schema that the output fits, a part of it and what that is."""

from __future__ import annotations

import warnings
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.domain.scorer import JsonPath, JsonSchema
from shipworthy.runners.check_text import eased, matcher, same
from shipworthy.runners.json_path import nodes_of
from shipworthy.runners.scoring import PASSED, About, Said, failed, field_of, json_of, shown, text_of
from shipworthy.runners.words import words_of
from shipworthy.store.declared import schema_of
from shipworthy.store.layout import Layout


class JsonSchemaCheck:
    """A JSON Schema that the output must fit; nothing is ever fetched for it."""

    name = "json_schema"
    timed = True

    def __init__(self, asked: JsonSchema, layout: Layout) -> None:
        from jsonschema.validators import Draft202012Validator, validator_for  # type: ignore[import-untyped] # noqa: PLC0415
        from referencing import Registry  # noqa: PLC0415

        try:
            schema = schema_of(asked, layout)
        except ValueError as error:
            raise BadInput(f"the schema cannot be read: {error}", where=str(asked.file)) from error
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kind = validator_for(schema, default=Draft202012Validator)
        self.validator = kind(schema, registry=Registry())

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Say the first place where the output does not fit."""
        del given, expected, about
        try:
            value = json_of(output)
        except ValueError as error:
            return failed(f"is not JSON ({error})")
        wrong = next(self.validator.iter_errors(value), None)
        if wrong is None:
            return PASSED
        place = "" if wrong.json_path == "$" else f" at {words_of(wrong.json_path, most=200)}"
        return failed(f"does not fit the schema{place}: {words_of(wrong.message, most=300)}")


class JsonPathCheck:
    """A part of a JSON output, and what it must be."""

    name = "json_path"
    timed = True

    def __init__(self, asked: JsonPath) -> None:
        self.path, self.find, self.need = asked.path, nodes_of(asked.path), asked.need
        self.match = matcher(asked.matches) if asked.matches else None
        self.matches = asked.matches
        self.field = field_of(asked.equals.to) if asked.equals and asked.equals.to else None
        self.value = asked.equals.value if asked.equals else None
        self.ease = eased(asked.equals.ignore if asked.equals else ())

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Find the part and hold it against what it must be."""
        del about
        wanted = self.field(given, expected) if self.field else self.value
        try:
            found = self.find(json_of(output))
        except ValueError as error:
            return failed(f"is not JSON ({error})")
        if not found:
            return failed(f"has nothing at {self.path}")
        wrong = [value for value in found if not self._fits(value, wanted)]
        if not wrong or (self.need == "some" and len(wrong) < len(found)):
            return PASSED
        must = f"does not match `{self.matches}`" if self.matches else f"is not {shown(wanted)}"
        return failed(f"{self.path} is {shown(wrong[0])}, which {must}")

    def _fits(self, value: Any, wanted: Any) -> bool:
        if self.match is not None:
            return self.match(text_of(value)) is not None
        return same(value, wanted, self.ease)
