"""One request, as a handler sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shipworthy.services.kept import Kept
from shipworthy.services.opened import Opened
from shipworthy.web.places import Place
from shipworthy.web.serving import Serving


@dataclass(frozen=True)
class Upload:
    """A file that came with a form: its name is hostile text, and is used as nothing but text."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Visit:
    """One request, as a handler sees it.

    Attributes:
        serving: how the server was started.
        path: what stood in the address, by name.
        query: what stood behind the question mark.
        form: the fields of a form, each with its values, or of a JSON object sent by a script.
        files: the files of a form.
        who: the reviewer's name.
        wants_data: the request was sent by a script that wants JSON.
        at: the address itself, for forms that come back to it.
        places: what the navigation shows.
    """

    serving: Serving
    path: Mapping[str, Any]
    query: Mapping[str, str]
    form: Mapping[str, list[str]]
    files: Mapping[str, Upload]
    who: str
    wants_data: bool
    at: str
    places: Mapping[str, tuple[Place, ...]]

    @property
    def kept(self) -> Kept:
        """The launch, also when its folder has problems."""
        return self.serving.kept

    @property
    def launch(self) -> Opened:
        """The launch, opened.

        Raises:
            FolderHasProblems: something in the folder is wrong; the page lists it.
        """
        return self.serving.kept.opened()

    @cached_property
    def launch_at_hand(self) -> Opened | None:
        """The launch as it was when the request came, where nothing must be read for it; looked for once a request."""
        return self.serving.kept.at_hand()

    def field(self, name: str, default: str = "") -> str:
        """Return one field of the form; the first where there are several."""
        found = self.form.get(name)
        return found[0] if found else default
