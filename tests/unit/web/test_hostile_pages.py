"""Hostile text in every field that data can reach, on every page of the router: it stays text, and no page breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import lxml.html  # type: ignore[import-untyped]
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from tests.asgi import Reply, ask, get, own, post
from tests.crawl import missed, reach, route_of
from tests.everything import Attacks, everything, names_of
from tests.payloads import HOSTILE, LINE_OF_5_MB
from tests.unit.web.render.harmless import outward_in

from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.desks import close_desk
from shipworthy.web.serving import Serving, hosts_of

ON_ONE_LINE = [text for text in HOSTILE if text.isprintable() and len(text) < 150]
"""What a file of a launch may hold; the others are refused there, and come by forms, addresses and outcomes."""
FIELDS = 500
ELSEWHERE = ("/memo/{name}", "/enter", "/static/{name}", "/favicon.ico")
"""The memo stands under a policy of its own, and has tests of its own."""


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A launch in which every field that takes a text holds an attack."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        attacks = Attacks(ON_ONE_LINE)
        yield everything(tmp_path_factory.mktemp("hostile") / "launch", attacks)
        assert len(set(ON_ONE_LINE)) >= 100
        assert attacks.told >= FIELDS


@pytest.fixture(scope="module")
def pages(launch: Path) -> Iterator[Starlette]:
    """The app over it; who reads has a hostile name."""
    kept = Kept(launch)
    app = make_app(Serving(kept, b"k" * 32, hosts_of(8321), who=names_of(Attacks(ON_ONE_LINE))[0]))
    yield app
    close_desk(kept)
    kept.close()


def fault_of(reply: Reply) -> list[str]:
    """Return what is wrong with an answer: it failed, or more than text of ours would happen in a browser."""
    if reply.status >= 500:
        return [f"status {reply.status}"]
    if "html" not in reply.header("content-type"):
        return []
    return outward_in(reply.text)


def test_attacks_in_every_field_stay_text_on_every_page(pages: Starlette) -> None:
    """Title, brief, criteria, cases, outputs, steps, reasons, labels, names, interviews, incident, signature: every page is harmless."""
    reached = reach(pages)
    assert missed(pages, reached) == set()
    faults = {each.address: fault_of(each.reply) for each in reached if each.route not in ELSEWHERE}
    assert {address: found for address, found in faults.items() if found} == {}
    assert all(each.reply.status in (200, 303) for each in reached), [
        (each.address, each.reply.status) for each in reached if each.reply.status not in (200, 303)
    ]


def _filled(app: Starlette) -> Iterator[tuple[str, list[str]]]:
    """Return every form that a page has: its address, and the names of its fields."""
    seen = set()
    for each in reach(app, each=1):
        if "html" not in each.reply.header("content-type") or not each.reply.body:
            continue
        for form in lxml.html.fromstring(each.reply.body).xpath("//form[@method='post' or @method='POST']"):
            action = str(form.get("action") or each.address)
            fields = sorted({str(field.get("name")) for field in form.xpath(".//*[@name]")} - {"form-mark"})
            if (route_of_post(app, action), *fields) not in seen:
                seen.add((route_of_post(app, action), *fields))
                yield action, fields


def route_of_post(app: Starlette, address: str) -> str:
    """Return the route that takes a form."""
    path = address.partition("?")[0]
    return next(
        (r.path for r in app.routes if isinstance(r, Route) and "POST" in (r.methods or ()) and r.path_regex.match(path)), ""
    )  # fmt: skip


@pytest.mark.parametrize("start", [pytest.param(n, marks=pytest.mark.campaign) for n in range(8)])
def test_attacks_in_every_form_stay_text(pages: Starlette, start: int) -> None:
    """Every field of every form, filled with attacks, control characters among them: the answer is harmless, and never fails."""
    forms = list(_filled(pages))
    assert len(forms) >= 20
    texts = iter((HOSTILE[start * 23 :] + HOSTILE[: start * 23]) * 20)
    for action, fields in forms:
        if action.endswith(("/withdraw", "/lock")):
            continue
        typed = {name: next(texts).encode("utf-8", "replace") for name in fields}
        assert fault_of(post(pages, action, typed)) == [], (action, typed)
        with_choices = {
            name: value
            for name, value in typed.items()
            if name not in ("seen", "state", "kind", "into", "code", "modes")
        }
        assert fault_of(post(pages, action, with_choices)) == [], (action, with_choices)  # fmt: skip
    assert all(fault_of(each.reply) == [] for each in reach(pages, each=1) if each.route not in ELSEWHERE)


def _addresses(app: Starlette, text: str) -> list[str]:
    """Return every address of the router with a text in each of its places, and behind every question mark."""
    put = quote(text[:300], safe="", errors="replace")
    known = ("find", "go", "as", "whole", "show", "choose", "done", "mode", "variant", "case", "repeat", "criterion", "slice",
             "state", "sealed", "page", "before", "after", "way", "search", "category", "step", "quote", "saved", "from", "taken",
             "sheets", "nothing", "locked", "voice", "all", "n", "at", "keep", "token", "v", "part")  # fmt: skip
    query = urlencode(dict.fromkeys(known, text[:300]), errors="replace")
    paths = [route.path_format for route in app.routes if isinstance(route, Route)]
    found = [f"{path}?{query}" for path in paths]
    for path in paths:
        names = [part for part in path.split("/") if part.startswith("{")]
        if names:
            whole = path
            for name in names:
                whole = whole.replace(name, put)
            found.append(whole)
            found.append(
                path.replace("{queue}", "first-reading").replace("{mode}", "rude").replace(names[-1], put)
            )
    return found


@pytest.mark.parametrize("start", [pytest.param(n, marks=pytest.mark.campaign) for n in range(12)])
def test_attacks_in_every_address_stay_text(pages: Starlette, start: int) -> None:
    """In every part of a path, and behind the question mark of every page, an attack is never more than text."""
    for text in HOSTILE[start::40] if start else HOSTILE[::40]:
        for address in _addresses(pages, text):
            if route_of(pages, address) not in ELSEWHERE:
                assert fault_of(get(pages, address)) == [], (address[:200], text[:80])


def _upload(app: Starlette, name: str, content: bytes, **fields: str) -> Reply:
    serving: Serving = app.state.serving
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in {"form-mark": serving.mark, **fields}.items()
    ]
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    body = (
        "".join(parts).encode("utf-8", "replace")
        + head.encode("utf-8", "replace")
        + content
        + b"\r\n--b--\r\n"
    )
    return ask(app, "POST", "/interviews", [*own(serving), ("content-type", "multipart/form-data; boundary=b")], body)  # fmt: skip


def test_names_of_uploads_stay_text(pages: Starlette, launch: Path) -> None:
    """A transcript whose name is an attack is brought in or refused; nothing is written outside, and the list stays harmless."""
    before = {path for path in launch.parent.rglob("*") if launch not in path.parents}
    for name in [text.replace('"', "%22").replace("\n", " ") for text in HOSTILE[::9]] + [
        "../../x.txt",
        "/etc/passwd.txt",
        "a\\..\\b.txt",
        "\0.txt",
    ]:
        for suffix in ("", ".txt"):
            reply = _upload(
                pages,
                f"{name[:200]}{suffix}",
                f"{name}: {name}".encode("utf-8", "replace"),
                alias=name[:40],
                consent="given",
            )
            assert fault_of(reply) == [], name[:80]
    assert fault_of(get(pages, "/interviews")) == []
    assert {path for path in launch.parent.rglob("*") if launch not in path.parents} == before  # fmt: skip


@pytest.mark.campaign
def test_a_line_of_five_megabytes_is_a_page(launch: Path, pages: Starlette, tmp_path: Path) -> None:
    """As a note, a query and a transcript: each is refused or shown, nothing breaks, and nothing is executed."""
    fields: dict[str, Any] = {
        "client_id": "long",
        "state": "fail",
        "note": LINE_OF_5_MB[:1_000_000],
        "version": 0,
    }
    assert fault_of(post(pages, "/review/first-reading/14", fields)) == []
    assert fault_of(post(pages, "/review/first-reading/14", fields | {"note": LINE_OF_5_MB})) == []
    assert fault_of(get(pages, f"/library?search={quote(LINE_OF_5_MB[:100_000])}")) == []
    assert fault_of(_upload(pages, "long.txt", LINE_OF_5_MB.encode())) == []
    for address in ("/interviews", "/review/first-reading/14", "/taxonomy"):
        assert fault_of(get(pages, address)) == []
