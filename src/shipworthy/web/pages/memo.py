"""Memo: the memo as it was written, shown apart from our pages: it may run nothing, fetch nothing and send nothing."""

from __future__ import annotations

from shipworthy.domain.errors import BadInput
from shipworthy.exporters.stylesheet import fingerprint
from shipworthy.services.memo_file import memo_content, memo_files
from shipworthy.web.page import Answer, Data, Page, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit

POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def show(visit: Visit) -> Answer:
    """Show which memos there are, and how one is written."""
    files = memo_files(visit.kept.layout)
    return Page("memo.html", {"step_name": "Defend", "files": files})


def sheet(visit: Visit) -> Answer:
    """Show a memo itself, to read and to print."""
    content = memo_content(visit.kept.layout, str(visit.path["name"]))
    if content is None:
        raise BadInput(
            "there is no such memo", where=visit.at, remedy="write it with `shipworthy memo`, then open it from the page Memo"
        )  # fmt: skip
    return Data(content, content_type="text/html; charset=utf-8", policy=POLICY.format(style=fingerprint()))


ROUTES = (route("/memo", show), route("/memo/{name}", sheet))
PLACES = (Place("Defend", "Memo", "/memo"),)
