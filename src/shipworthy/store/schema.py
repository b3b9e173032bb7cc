"""The JSON schema of the authored files, made from the nouns, so that editors complete and check the YAML."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.demo import DemoPrompt
from shipworthy.domain.interview import Coding
from shipworthy.domain.launch import Launch
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.theme import Theme
from shipworthy.store.taxonomy_file import MODES
from shipworthy.store.themes import THEMES


def editor_schema() -> str:
    """Return the schema as text: a launch is an object, criteria, failure modes, demo prompts and excerpts are lists.

    A taxonomy may also be an object, with its failure modes and themes.
    """
    nouns: list[type[BaseModel]] = [Launch, Criterion, FailureMode, DemoPrompt, Theme, Coding]
    names, schema = models_json_schema(
        [(noun, "validation") for noun in nouns], ref_template="#/$defs/{model}"
    )
    reference = {noun.__name__: names[noun, "validation"] for noun in nouns}
    listed = ("Criterion", "FailureMode", "DemoPrompt", "Coding")
    entry = {"anyOf": [reference[name] for name in listed]}
    whole: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Shipworthy launch: launch.yaml, criteria.yaml, taxonomy.yaml, demo.yaml",
        "if": {"type": "array"},
        "then": {"type": "array", "items": entry},
        "else": {
            "if": {"anyOf": [{"required": [MODES]}, {"required": [THEMES]}]},
            "then": {
                "type": "object",
                "properties": {
                    MODES: {"type": ["array", "null"], "items": reference["FailureMode"]},
                    THEMES: {"type": ["array", "null"], "items": reference["Theme"]},
                },
                "additionalProperties": False,
            },
            "else": reference["Launch"],
        },
        "$defs": schema["$defs"],
    }
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"
