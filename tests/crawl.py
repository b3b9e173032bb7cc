"""Every page that can be reached: from the router, and from links on pages."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import lxml.html  # type: ignore[import-untyped]
from starlette.applications import Starlette
from starlette.routing import Match, Route
from tests.asgi import Reply, get

OWN_ALONE = ("/enter", "/static/{name}", "/favicon.ico")
ASKED_BY_SCRIPTS = (
    "/review/first-reading/ahead?n=3", "/review/first-reading/edge?at=1", "/review/first-reading/1?part=1", "/review/first-reading/1/text",
    "/output?variant=drafts&case=explore-1&repeat=1",
)  # fmt: skip
"""Addresses that no link of the plain launch has: a script asks them, or a link takes them for odd names alone."""
OF_A_KIND = 2
"""Addresses of one route with the same names behind the question mark."""


@dataclass(frozen=True)
class Reached:
    """One address that answered, and the route that it belongs to."""

    address: str
    route: str
    reply: Reply


def route_of(app: Starlette, address: str) -> str:
    """Return the route of an address as the router chooses it; empty when there is none."""
    path = address.partition("?")[0].partition("#")[0]
    for route in app.routes:
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        if isinstance(route, Route) and route.matches(scope)[0] is Match.FULL:
            return route.path
    return ""


def reach(app: Starlette, *, each: int = OF_A_KIND) -> list[Reached]:
    """Open the start, then what it links to, and so on; of addresses that differ in a name or number alone only a few."""
    found: list[Reached] = []
    seen: set[str] = set()
    counted: dict[tuple[str, tuple[str, ...]], int] = {}
    waiting = deque(["/", *ASKED_BY_SCRIPTS])
    while waiting:
        address = waiting.popleft()
        route = route_of(app, address)
        kind = route, tuple(sorted(part.partition("=")[0] for part in address.partition("?")[2].split("&")))
        if address in seen or route in OWN_ALONE or counted.get(kind, 0) >= each:
            continue
        seen.add(address)
        reply = get(app, address)
        if reply.status == 303:
            waiting.append(reply.header("location"))
            found.append(Reached(address, route, reply))
            continue
        counted[kind] = counted.get(kind, 0) + 1
        found.append(Reached(address, route, reply))
        waiting += links_of(reply, address)
    return found


def links_of(reply: Reply, address: str) -> list[str]:
    """Return the addresses of this server that a page links to."""
    if not reply.header("content-type").startswith("text/html") or not reply.body.strip():
        return []
    page = lxml.html.fromstring(reply.body)
    links = [urljoin(address, unescape(each)).partition("#")[0] for each in page.xpath("//a/@href")]
    return [each for each in links if each.startswith("/")]


def missed(app: Starlette, reached: list[Reached]) -> set[str]:
    """Return the routes that show something and were not reached."""
    shows = {
        route.path for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())
    }
    return shows - {each.route for each in reached} - set(OWN_ALONE)
