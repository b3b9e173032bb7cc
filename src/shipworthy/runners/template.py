"""A JSON body with places for the case's values: `{{input}}`, `{{case}}`, `{{repeat}}`, `{{seed}}`, `{{history}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

PLACES = ("input", "case", "repeat", "seed", "history")
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
Filled = Callable[[Mapping[str, Any]], Any]


def unknown_places(template: Any) -> list[str]:
    """Return the names in `{{…}}` that stand for nothing.

    >>> unknown_places({"q": "{{input}}", "k": ["{{inptu}}"]})
    ['inptu']
    """
    if isinstance(template, dict):
        return [name for value in template.values() for name in unknown_places(value)]
    if isinstance(template, list):
        return [name for value in template for name in unknown_places(value)]
    if isinstance(template, str):
        return [name for name in _PLACE.findall(template) if name not in PLACES]
    return []


def compiled(template: Any) -> Filled:
    """Return a function that fills the template in.

    A text that is nothing but one place becomes the value itself, with its JSON type; a place inside a text becomes
    text there. Values are data: what they contain is not filled in again.

    >>> compiled({"q": "{{input}}", "id": "case {{case}}"})({"input": ["a", 1], "case": "c1"})
    {'q': ['a', 1], 'id': 'case c1'}
    """
    if isinstance(template, dict):
        parts = [(key, compiled(value)) for key, value in template.items()]
        return lambda values: {key: part(values) for key, part in parts}
    if isinstance(template, list):
        items = [compiled(value) for value in template]
        return lambda values: [item(values) for item in items]
    if isinstance(template, str) and (whole := _PLACE.fullmatch(template.strip())):
        name = whole.group(1)
        return lambda values: values.get(name)
    if isinstance(template, str) and _PLACE.search(template):
        return lambda values: _PLACE.sub(lambda found: text_of(values.get(found.group(1))), template)
    return lambda _values: template


def text_of(value: Any) -> str:
    """Return a value as text: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
