"""Who may ask, from where, how much."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from tests.asgi import ask, get, own, post

from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.serving import MOST_BODY, Serving, hosts_of, read_key

HOSTS = (
    "evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8322", "localhost", "LOCALHOST:8321.evil.example",
    "127.0.0.1:8321@evil.example", "[::1]:8321", "0.0.0.0:8321", "127.1:8321", "2130706433:8321", "127.0.0.1:08321",
    "127.0.0.1:8321 ", "127.0.0.1.:8321", "localhost.:8321", "rebind.evil.example:8321", "", "127.0.0.1:8321,evil.example",
)  # fmt: skip
ORIGINS = (
    "null", "http://evil.example", "https://127.0.0.1:8321", "http://127.0.0.1:8322", "http://localhost:8321",
    "http://127.0.0.1", "http://127.0.0.1:8321.evil.example", "file://", "", "http://127.0.0.1:8321/",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
LEAKS = ("Rules", "Right answers")


def _address(route: Route) -> str:
    """Return an address of a route, with something plain for each parameter."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", r"\1", re.sub(r"\{\w+:int\}", "1", route.path))


def _addresses(app: Starlette) -> list[str]:
    """Return an address of every route."""
    assert all(isinstance(route, Route) for route in app.routes)
    return [_address(route) for route in app.routes if isinstance(route, Route)]


def _without(headers: list[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    """Return headers without some."""
    return [(name, value) for name, value in headers if name not in names]


def test_reading_any_address_writes_nothing(app: Starlette) -> None:
    """A browser that was let in, under a name that nobody knows, asks every address in every way that only reads."""
    serving = app.state.serving
    serving.kept.opened()
    ledger = serving.kept.layout.ledger
    before = ledger.read_bytes()
    headers = own(serving)
    cookie = f"{dict(headers)['cookie']}; shipworthy_who=Somebody%20new"
    headers = [("cookie", cookie), *_without(headers, "cookie")]
    asked = [
        ask(app, method, address, headers).status for address in _addresses(app) for method in ("GET", "HEAD")
    ]
    assert 200 in asked
    assert max(asked) < 500
    assert ledger.read_bytes() == before


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_gets_nothing(app: Starlette, host: str) -> None:
    """A name that was pointed at this machine is told nothing, whatever it asks and however."""
    headers = [("host", host), *_without(own(app.state.serving), "host", "origin")]
    for address in _addresses(app):
        for method in METHODS:
            reply = ask(app, method, address, headers)
            assert reply.status == 421
            assert not any(leak in reply.text for leak in LEAKS)


@pytest.mark.parametrize("origin", ORIGINS)
def test_another_origin_gets_nothing(app: Starlette, origin: str) -> None:
    """A page of another site, or of none, can neither read nor write, also with the cookie."""
    headers = [("origin", origin), *_without(own(app.state.serving), "origin")]
    for address in _addresses(app):
        for method in METHODS:
            reply = ask(app, method, address, headers)
            assert reply.status == 403
            assert not any(leak in reply.text for leak in LEAKS)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "weird"])
def test_a_link_from_another_site_gets_nothing(app: Starlette, site: str) -> None:
    """What a browser says came from elsewhere is refused on reads too."""
    headers = [*_without(own(app.state.serving), "origin", "sec-fetch-site"), ("sec-fetch-site", site)]
    assert all(ask(app, "GET", address, headers).status == 403 for address in _addresses(app))


def test_two_hosts_or_two_origins_get_nothing(app: Starlette) -> None:
    """A request that names itself twice is refused."""
    headers = own(app.state.serving)
    assert ask(app, "GET", "/", [*headers, ("host", headers[0][1])]).status == 421
    assert ask(app, "GET", "/", [*headers, ("origin", headers[1][1])]).status == 403


def test_without_the_cookie_there_is_only_the_door(app: Starlette) -> None:
    """Every address but the door answers 401 to a browser that was not let in, with a wrong cookie too."""
    headers = _without(own(app.state.serving), "cookie")
    for given in ([], [("cookie", f"{app.state.serving.cookie}=wrong")], [("authorization", "Bearer wrong")]):
        for address in _addresses(app):
            expected = 401
            assert ask(app, "GET", address, [*headers, *given]).status == expected, address


def test_the_token_opens_the_door_once_it_is_right(app: Starlette) -> None:
    """The token is exchanged for a cookie that scripts cannot read and other sites do not send."""
    serving: Serving = app.state.serving
    headers = _without(own(serving), "cookie")
    assert ask(app, "GET", "/enter?token=wrong", headers).status == 401
    reply = ask(app, "GET", f"/enter?token={serving.token}", headers)
    cookie = reply.header("set-cookie").lower()
    assert reply.status == 303
    assert reply.header("location") == "/"
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_program_comes_in_with_the_token(app: Starlette) -> None:
    """A program that is no browser sends the token as a bearer."""
    headers = [("host", "127.0.0.1:8321"), ("authorization", f"Bearer {app.state.serving.token}")]
    assert ask(app, "GET", "/", headers).status == 200


def test_a_form_without_its_mark_changes_nothing(app: Starlette) -> None:
    """Every address that takes a form refuses one without the mark, or with another server's."""
    headers = [*own(app.state.serving), ("content-type", "application/x-www-form-urlencoded")]
    for route in app.routes:
        assert isinstance(route, Route)
        if "POST" in (route.methods or ()):
            address = _address(route)
            for body in (b"", b"form-mark=wrong", b"form-mark="):
                assert ask(app, "POST", address, headers, body).status == 409, address


def test_nothing_can_be_sent_to_a_server_that_only_reads(app: Starlette, tmp_path: Path) -> None:
    """With --read-only every address refuses every method that changes something."""
    serving: Serving = app.state.serving
    reading = make_app(Serving(serving.kept, serving.key, serving.hosts, read_only=True))
    for address in _addresses(reading):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert ask(reading, method, address, own(serving)).status == 403
    assert get(reading, "/").status == 200
    assert not list(tmp_path.glob("*.never"))


def test_a_body_that_is_too_large_is_refused(app: Starlette) -> None:
    """A body over the limit is refused by its header, and by its bytes when the header is silent."""
    headers = [*own(app.state.serving), ("content-type", "application/x-www-form-urlencoded")]
    assert ask(app, "POST", "/who", [*headers, ("content-length", str(MOST_BODY + 1))]).status == 413
    assert ask(app, "POST", "/who", [*headers, ("content-length", "many")]).status == 413
    assert ask(app, "POST", "/who", headers, b"who=" + b"a" * MOST_BODY).status == 413


def test_every_answer_says_what_a_browser_may_do(app: Starlette) -> None:
    """Pages, files and refusals carry the policy: no inline script or style, no frame, no other site."""
    for reply in (
        get(app, "/"),
        get(app, "/static/style.css"),
        get(app, "/nowhere"),
        ask(app, "GET", "/", []),
    ):
        policy = reply.header("content-security-policy")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.header("x-content-type-options") == "nosniff"
        assert not reply.header("access-control-allow-origin")


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/app.py", "style.css/..", "nothing.css", "..\\app.py"])
def test_no_address_reaches_a_file_that_is_not_ours(app: Starlette, name: str) -> None:
    """Names are looked up in a table; none is a path."""
    assert get(app, f"/static/{name}").status == 404


def test_the_name_of_a_reviewer_is_text(app: Starlette) -> None:
    """A hostile name is shown as it was typed, and its control characters are dropped."""
    reply = post(app, "/who", {"who": "<script>alert(1)</script>\x00\u202e"})
    assert reply.status == 303
    cookie = reply.header("set-cookie").split(";")[0]
    headers = [(k, f"{v}; {cookie}" if k == "cookie" else v) for k, v in own(app.state.serving)]
    page = ask(app, "GET", "/", headers).text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_a_name_never_leads_elsewhere(app: Starlette, back: str) -> None:
    """Where a form comes back to is an address of this server."""
    assert post(app, "/who", {"who": "Ada", "back": back}).header("location") == "/"


def test_the_key_is_kept_for_the_owner_alone(tmp_path: Path) -> None:
    """The secret outlives the server, so that a restart keeps browsers in; nobody else can read it."""
    path = tmp_path / "private" / "web.key"
    first = read_key(path)
    assert read_key(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_with_problems_lists_them(folder: object, tmp_path: Path) -> None:
    """A launch that does not load still has a start page, with file, line and remedy."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/launch.yaml").write_text("title: [\n")
    kept = Kept(tmp_path / "broken")
    page = get(make_app(Serving(kept, b"k" * 32, hosts_of(8321))), "/")
    kept.close()
    assert page.status == 200
    assert "launch.yaml" in page.text
    assert "To mend it" in page.text
