"""Checks that are declared in `criteria.yaml` instead of written as code: one model for each kind."""

from __future__ import annotations

import math
import re
import warnings
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from shipworthy.domain.authored import Authored, Expected

Ignore = Literal["case", "space"]
LONGEST_PATTERN = 2000
SECONDS = 30.0
"""How long a function of scorers.py may take for one output, unless it says otherwise."""
ALIKE = 90.0
"""How alike a near quotation and its source are, of 100, unless a check says otherwise."""
FIELD = re.compile(r"(?:input|expected)(?:\.[A-Za-z_][\w-]*|\[\d{1,6}\])*")
"""A part of the case: `expected`, `expected.answer`, `input.sources[0]`."""


def _field(given: str) -> str:
    if not FIELD.fullmatch(given):
        raise Expected("a part of the case, as `expected`, `expected.answer` or `input.sources`")
    return given


def _texts(given: list[str]) -> list[str]:
    if not given or not all(given):
        raise Expected("at least one, and none of them empty: nothing would be asked of an output")
    return given


def _pattern(given: str) -> str:
    if not given or len(given) > LONGEST_PATTERN:
        raise Expected(f"a regular expression of 1 to {LONGEST_PATTERN:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(given)
    except (re.error, OverflowError, RecursionError) as error:
        raise Expected(f"a regular expression ({error})") from error
    return given


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


def _all(given: Any) -> Any:
    return {"all": _listed(given)} if isinstance(given, str | list) else given


def _compared(given: Any) -> Any:
    if isinstance(given, dict):
        return given
    return {"to" if isinstance(given, str) and FIELD.fullmatch(given) else "value": given}


def _json(given: Any) -> Any:
    if isinstance(given, dict):
        if not all(isinstance(key, str) for key in given):
            raise Expected("keys that are text")
        return {key: _json(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_json(value) for value in given]
    if given is not None and not isinstance(given, str | int | float | bool):
        raise Expected("text, a number, true or false; a date stands in quotes")
    return given


def _number(given: Any) -> Any:
    if given is not None and (isinstance(given, bool) or not isinstance(given, int | float)):
        raise Expected("a number, or `to` with a part of the case, as `expected`")
    if given is not None and not math.isfinite(given):
        raise Expected("a finite number: nothing is near any other")
    return given


CaseField = Annotated[str, AfterValidator(_field)]
Text = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Texts = Annotated[Text, AfterValidator(_texts)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Patterns = Annotated[
    list[Pattern],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    AfterValidator(_texts),
]
Ignored = Annotated[list[Ignore], BeforeValidator(_listed, json_schema_input_type=Ignore | list[Ignore])]
Json = Annotated[Any, AfterValidator(_json)]
Number = Annotated[Any, AfterValidator(_number)]


class _AnyAllNone(Authored):
    @model_validator(mode="after")
    def _something(self) -> _AnyAllNone:
        if all(getattr(self, name) is None for name in ("all", "any", "none")):
            raise Expected("`all`, `any` or `none`, with what is looked for")
        return self


class Contains(_AnyAllNone):
    """Texts that must, or must not, stand in the output."""

    all: Texts | None = Field(None, description="every one of these stands in it")
    any: Texts | None = Field(None, description="at least one of these stands in it")
    none: Texts | None = Field(None, description="not one of these stands in it")
    ignore: Ignored = Field(default_factory=list, description="what makes no difference: case, space")


class Regex(_AnyAllNone):
    """Regular expressions that must, or must not, match somewhere in the output."""

    all: Patterns | None = Field(None, description="every one of these matches")
    any: Patterns | None = Field(None, description="at least one of these matches")
    none: Patterns | None = Field(None, description="not one of these matches")
    ignore: Annotated[
        list[Literal["case"]],
        BeforeValidator(_listed, json_schema_input_type=Literal["case"] | list[Literal["case"]]),
    ] = Field(default_factory=list, description="what makes no difference: case")
    whole: bool = Field(default=False, description="the whole output must match, not a part of it")


class Equals(Authored):
    """A value that the output must be."""

    to: CaseField | None = Field(None, description="a part of the case, as expected.answer")
    value: Json = Field(None, description="the value itself: text, number, true, false, a list, keys")
    ignore: Ignored = Field(default_factory=list, description="what makes no difference: case, space")

    @model_validator(mode="after")
    def _one_side(self) -> Equals:
        if (self.to is None) == (self.value is None):
            raise Expected("either `to`, a part of the case, or `value`, and only one of them")
        return self


EqualTo = Annotated[Equals | None, BeforeValidator(_compared, json_schema_input_type=Any)]


class JsonSchema(Authored):
    """A JSON Schema that the output must fit."""

    schema_: dict[str, Any] | None = Field(None, alias="schema", description="the schema, written here")
    file: str | None = Field(
        None, min_length=1, max_length=500, description="the schema's file in the launch folder"
    )

    @model_validator(mode="after")
    def _one_place(self) -> JsonSchema:
        if (self.schema_ is None) == (self.file is None):
            raise Expected("either `schema`, written here, or `file`, and only one of them")
        return self


class JsonPath(Authored):
    """A part of a JSON output, and what it must be."""

    path: str = Field(min_length=1, max_length=2000, description="a JSON path (RFC 9535), as $.lines[*].sku")
    equals: EqualTo = Field(None, description="what it must be: a value, or a part of the case")
    matches: Pattern | None = Field(None, description="a regular expression that must match somewhere in it")
    need: Literal["every", "some"] = Field("every", description="which of the values found must fit")

    @model_validator(mode="after")
    def _at_most_one(self) -> JsonPath:
        if (self.equals is None) == (self.matches is None):
            raise Expected("either `equals` or `matches`, and only one of them")
        return self


class Numeric(Authored):
    """A number that must be found in the output, near enough to the right one."""

    to: CaseField | None = Field(None, description="a part of the case, as expected.total")
    value: Number = Field(None, description="the number itself")
    within: Annotated[float, Field(ge=0)] = Field(0.0, description="how far off it may be")
    relative: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.0, description="how far off it may be, as a share of the right number: 0.01 is 1 %"
    )
    find: Literal["last", "first", "only"] = Field("last", description="which number of the output is meant")
    after: str | None = Field(
        None, min_length=1, max_length=200, description="look behind the last place where this text stands"
    )

    @model_validator(mode="after")
    def _one_side(self) -> Numeric:
        if (self.to is None) == (self.value is None):
            raise Expected("either `to`, a part of the case, or `value`, and only one of them")
        if self.within and self.relative:
            raise Expected("either `within` or `relative`, and only one of them")
        return self


class Length(Authored):
    """How long the output may be."""

    at_least: int | None = Field(None, ge=0, description="so many, or more")
    at_most: int | None = Field(None, ge=0, description="so many, or fewer")
    unit: Literal["words", "characters"] = Field("words", description="of what")

    @model_validator(mode="after")
    def _some_bound(self) -> Length:
        if self.at_least is None and self.at_most is None:
            raise Expected("`at_least`, `at_most` or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise Expected("an `at_least` that is not above `at_most`")
        return self


class Latency(Authored):
    """How long the answer may take."""

    at_most: Annotated[float, Field(gt=0)] = Field(description="seconds")


class Cost(Authored):
    """What the answer may cost."""

    at_most: Annotated[float, Field(gt=0)] = Field(description="USD")


class Cites(Authored):
    """Citations in the output, which must be there in a part of the case."""

    in_: CaseField = Field(alias="in", description="where the sources are, as input.sources")
    by: Literal["number", "url", "id"] = Field(
        "number", description="number: [1] or [2, 3]; url: a web address; id: what `pattern` matches"
    )
    pattern: Pattern | None = Field(None, description="with `by: id`: a regular expression of an id")
    at_least: int = Field(1, ge=0, description="so many different citations are needed")
    quotes: Literal["exact", "near"] | None = Field(
        None,
        description="exact: what is quoted stands in the source that is cited for it; near: or something much like it",
    )
    alike: Annotated[float, Field(ge=50, lt=100)] | None = Field(
        None, description=f"with `quotes: near`: how alike, of 100; {ALIKE:g} unless said"
    )

    @model_validator(mode="after")
    def _alike_with_near(self) -> Cites:
        if self.alike is not None and self.quotes != "near":
            raise Expected("`alike` with `quotes: near`, and only with it", at="alike")
        return self

    @model_validator(mode="after")
    def _pattern_with_ids(self) -> Cites:
        if (self.by == "id") != (self.pattern is not None):
            raise Expected("`pattern` with `by: id`, and only with it")
        return self


KINDS = (
    "contains", "regex", "equals", "json_schema", "json_path", "numeric", "length", "latency", "cost", "cites",
)  # fmt: skip


class Declared(Authored):
    """A check that needs no code."""

    contains: Annotated[
        Contains | None, BeforeValidator(_all, json_schema_input_type=str | list[str] | Contains)
    ] = Field(None, description="texts that stand in the output: one, a list of all, or any, all, none")
    regex: Annotated[Regex | None, BeforeValidator(_all, json_schema_input_type=str | list[str] | Regex)] = (
        Field(None, description="regular expressions that match: one, a list of all, or any, all, none")
    )
    equals: EqualTo = Field(None, description="what the output is: a value, or `expected` of the case")
    json_schema: JsonSchema | None = Field(None, description="a JSON Schema that the output fits")
    json_path: JsonPath | None = Field(None, description="a part of a JSON output, and what it is")
    numeric: Annotated[
        Numeric | None, BeforeValidator(_compared, json_schema_input_type=str | float | Numeric)
    ] = Field(None, description="a number in the output, near enough to `expected` or another number")
    length: Length | None = Field(None, description="how many words or characters")
    latency: Latency | None = Field(None, description="how many seconds the answer took")
    cost: Cost | None = Field(None, description="what the answer cost")
    cites: Cites | None = Field(None, description="citations that are there among the case's sources")
    at: str | None = Field(
        None, min_length=1, max_length=2000, description="JSON path of the part of the output that is meant"
    )
    take: Pattern | None = Field(
        None,
        description="a regular expression: what it matched last, or its group, is the part of the text that is meant",
    )

    @property
    def kind(self) -> str | None:
        """Which kind of declared check this is; None when the scorer is something else."""
        return next((name for name in KINDS if getattr(self, name) is not None), None)

    @property
    def definition(self) -> Any:
        """The model of the kind that was declared."""
        return getattr(self, self.kind) if self.kind else None
