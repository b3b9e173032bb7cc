"""JSON paths, compiled once: the usual `$.a.b[0]` is walked directly, anything else is the library's work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MISSING = object()
"""What a path finds when it finds nothing."""
_PLAIN = re.compile(r"\$(?:\.[A-Za-z_][\w-]*|\[\d{1,6}\]|\['[^'\\]*'\])*")
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^'\\]*)'\]")


def compiled_path(path: str) -> Callable[[Any], Any]:
    """Return a function from a JSON value to what the path finds in it, `MISSING` when it finds nothing.

    A path that finds several values gives a list of them.

    Raises:
        ValueError: it is not a JSON path.

    >>> compiled_path("$.choices[0].text")({"choices": [{"text": "hi"}]})
    'hi'
    """
    if _PLAIN.fullmatch(path):
        steps = [int(i) if i else (a or b) for a, i, b in _STEP.findall(path)]
        return lambda value: _walk(value, steps)
    import jsonpath_rfc9535  # noqa: PLC0415 - only for paths with wildcards and filters

    try:
        query = jsonpath_rfc9535.compile(path)
    except jsonpath_rfc9535.JSONPathError as error:
        raise ValueError(str(error)) from error

    def find(value: Any) -> Any:
        try:
            found = [node.value for node in query.find(value)]
        except (jsonpath_rfc9535.JSONPathError, RecursionError) as error:
            raise ValueError(f"the JSON path does not fit the reply: {error}") from error
        return MISSING if not found else found[0] if len(found) == 1 else found

    return find


def nodes_of(path: str) -> Callable[[Any], list[Any]]:
    """Return a function from a JSON value to the list of all that the path finds in it.

    Raises:
        ValueError: it is not a JSON path.

    >>> nodes_of("$.lines[*].sku")({"lines": [{"sku": "a"}, {"sku": "b"}]})
    ['a', 'b']
    """
    if _PLAIN.fullmatch(path):
        find = compiled_path(path)

        def found(value: Any) -> list[Any]:
            one = find(value)
            return [] if one is MISSING else [one]

        return found
    import jsonpath_rfc9535  # noqa: PLC0415 - only for paths with wildcards and filters

    try:
        query = jsonpath_rfc9535.compile(path)
    except jsonpath_rfc9535.JSONPathError as error:
        raise ValueError(str(error)) from error
    return lambda value: [node.value for node in query.find(value)]


def _walk(value: Any, steps: list[Any]) -> Any:
    for step in steps:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return MISSING
            value = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return MISSING
    return value
