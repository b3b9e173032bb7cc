"""Addresses of pages, whatever stands in the names of cases and variants."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

_TIDY = re.compile(r"\w[\w.@ -]*", re.ASCII)


def link(path: str, **query: object) -> str:
    """Return an address with what stands behind its question mark; what is None or empty is left out.

    >>> link("/outputs", variant="new & old", slice=None, state=("failed", "unscored"))
    '/outputs?variant=new+%26+old&state=failed&state=unscored'
    """
    kept = {name: value for name, value in query.items() if value not in (None, "", (), False)}
    said = urlencode(kept, doseq=True, errors="replace")
    return f"{path}?{said}" if said else path


def output_link(variant: str, case: str, repeat: int) -> str:
    """Return the address of one output; a name that a browser could take for a path goes behind the question mark.

    >>> output_link("new", "c-17", 1), output_link("new", "a/../b", 1)
    ('/outputs/new/c-17/1', '/output?variant=new&case=a%2F..%2Fb&repeat=1')
    """
    if _TIDY.fullmatch(variant) and _TIDY.fullmatch(case):
        return f"/outputs/{quote(variant)}/{quote(case)}/{repeat}"
    return link("/output", variant=variant, case=case, repeat=repeat)


def whole(given: str, default: int = 1) -> int:
    """Return a number of a page that stood in an address; the default for anything else.

    >>> whole("3"), whole("-1"), whole("\u00b2"), whole("9" * 40)
    (3, 1, 1, 1)
    """
    return int(given) if re.fullmatch(r"[0-9]{1,9}", given) and int(given) > 0 else default
