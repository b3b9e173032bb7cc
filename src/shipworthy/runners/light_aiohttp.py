"""Load aiohttp without the certificates of the system, which it would read twice at once; most runs need none.

What it made without them trusts nobody, so an exchange over TLS that is not given `certificates()` is refused.
"""

from __future__ import annotations

import ssl
from functools import cache
from threading import get_ident

_PATHS = "set_default_verify_paths"


def _load() -> None:
    mine, reads = get_ident(), ssl.SSLContext.set_default_verify_paths

    def skips(self: ssl.SSLContext) -> None:
        if get_ident() != mine:  # another thread means what it says
            reads(self)

    setattr(ssl.SSLContext, _PATHS, skips)
    try:
        import aiohttp.connector  # noqa: F401, PLC0415 - this is where it happens
    finally:
        delattr(ssl.SSLContext, _PATHS)


_load()
import aiohttp  # noqa: E402 - loaded by now

__all__ = ["aiohttp", "certificates"]


@cache
def certificates() -> ssl.SSLContext:
    """Return what an address over TLS is checked against: the certificates of the system, and its name."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(("http/1.1",))
    return context
