"""Keys from the environment, and the promise that none of them is ever written down."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping
from typing import Any, overload
from urllib.parse import quote, quote_plus

import msgspec

from shipworthy.domain.errors import BadInput

REDACTED = "[redacted]"
SHORTEST = 6
"""A value of fewer characters is no secret that could be told from ordinary text."""
_SOUNDS_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", re.IGNORECASE)
_PERCENT = re.compile("%[0-9A-F]{2}")
_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Secrets:
    """The values that were taken from the environment for one target; told apart by value, wherever they turn up."""

    def __init__(self) -> None:
        self.forms: tuple[str, ...] = ()

    def fill(self, text: str, *, where: str) -> str:
        """Return a text with each `${NAME}` replaced by the environment's value, remembered as a secret.

        Raises:
            BadInput: the environment has no such variable.
        """

        def value(found: re.Match[str]) -> str:
            return self.take(found.group(1), where=where)

        return _NAMED.sub(value, text)

    def take(self, name: str, *, where: str) -> str:
        """Return the value of an environment variable, remembered as a secret.

        Raises:
            BadInput: the environment has no such variable, or its value cannot stand in a header.
        """
        value = os.environ.get(name)
        if not value:
            raise BadInput(
                f"the environment has no `{name}`", where=where, remedy=f"export {name}=… and run again"
            )
        if not value.isprintable():
            raise BadInput(
                f"the value of `{name}` has a line break or another control character",
                where=where,
                remedy="export it without",
            )
        self.remember(value)
        return value

    def remember(self, value: str) -> None:
        """Never let this value pass."""
        if len(value) < SHORTEST:
            return
        plain = value.encode()
        encoded = [base64.b64encode(plain[shift:]).decode().rstrip("=")[1:-1] for shift in range(3)]
        encoded += [text.replace("+", "-").replace("/", "_") for text in encoded]
        quoted = [quote(value, safe=""), quote(value), quote_plus(value)]
        once = [json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
        escaped = [*once, *(json.dumps(text, ensure_ascii=False)[1:-1] for text in once)]
        escaped += [text.replace("/", "\\/") for text in escaped]
        forms = {value, *quoted, *escaped, *(e for e in encoded if len(e) > 7)}
        forms |= {_PERCENT.sub(lambda found: found.group().lower(), text) for text in quoted}
        self.forms = tuple(sorted({*self.forms, *forms}, key=len, reverse=True))

    def remember_keys(self) -> None:
        """Never let pass what a program, or a function, finds in the environment under a name that sounds like a key.

        A number under a name with `TOKEN` is a limit, as in `MAX_TOKENS`.
        """
        for name, value in os.environ.items():
            if _SOUNDS_SECRET.search(name) and not (value.isdecimal() and "TOKEN" in name.upper()):
                self.remember(value)

    @overload
    def hide(self, text: str) -> str: ...
    @overload
    def hide(self, text: None) -> None: ...
    def hide(self, text: str | None) -> str | None:
        """Return a text in which no secret is left, in any form that is looked for."""
        if text is None:
            return None
        for form in self.forms:
            if form in text:
                text = text.replace(form, REDACTED)
        return text

    def hide_json(self, text: str | None) -> str | None:
        """Return JSON in which no secret is left, and which is JSON still: a key may be a number, or lie across values."""
        hidden = self.hide(text)
        if text is None or hidden == text:
            return text
        try:
            kept = msgspec.json.encode(self._without(msgspec.json.decode(text))).decode()
        except RecursionError:
            kept = text
        return kept if self.hide(kept) == kept else msgspec.json.encode(hidden).decode()

    def _without(self, value: Any) -> Any:
        """Return a JSON value whose texts hold no secret; another value that would show one becomes a text."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list):
            return [self._without(each) for each in value]
        if isinstance(value, dict):
            return {self.hide(key): self._without(each) for key, each in value.items()}
        plain = msgspec.json.encode(value).decode()
        return value if self.hide(plain) == plain else REDACTED


def used_names(headers: Mapping[str, str]) -> list[str]:
    """Return the environment variables that headers name."""
    return [name for value in headers.values() for name in _NAMED.findall(value)]
