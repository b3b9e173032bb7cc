"""The pages of interviews: hostile words stay words, nothing changes without leave, and two people do not overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.asgi import get, own, post

from shipworthy.services.kept import Kept
from shipworthy.services.listening import listening
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

PAYLOADS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "javascript:alert(1)",
    "</textarea><script>alert(1)</script>", "'\"><b>x</b>", "{{ 7 * 7 }}", "{% raw %}", "&lt;b&gt;", "<!--", "]]>",
    "\x1b[31mred", "\u2028line", "=1+1", "' OR 1=1 --", "%00%0d%0aSet-Cookie: a=b", "x" * 3000,
)  # fmt: skip
LAUNCH = "title: T\nvariants: {new: {recorded: true}, old: {recorded: true}}\nbaseline: old\ncandidate: new\n"
CRITERIA = "- id: right\n  bar: {at_least: 0.8}\n  scorer: {recorded: passed}\n"
HEAD = "---\nalias: {alias}\nsegment: {segment}\nconsent: {{state: given, date: 2027-03-01, scope: [quote]}}\npseudonymised: {{done: true}}\n---\n\n{text}\n"


@pytest.fixture
def launch(folder: Callable[..., Path]) -> Path:
    """A launch with one interview whose names are replaced."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, taxonomy_yaml="themes:\n- id: slow\n")
    (made / "interviews").mkdir()
    (made / "interviews/P1.md").write_text(
        HEAD.format(alias="P1", segment="a", text="Last Tuesday I gave up. I gave up."), encoding="utf-8"
    )
    return made


@pytest.fixture
def app(launch: Path) -> Iterator[Starlette]:
    """The pages over it."""
    kept = Kept(launch)
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    kept.close()


def test_quotes_are_looked_for_in_the_transcript_and_nothing_is_written(app: Starlette, launch: Path) -> None:
    """Three quotes: one verbatim, one in other words with the passage beside it, one that nobody said, hostile and still words."""
    before = {path: path.read_bytes() for path in launch.rglob("*.*") if path.suffix in (".md", ".yaml")}
    assert "Nothing is quoted yet" in get(app, "/interviews/quotes").text
    typed = "I gave up.\nLast Tuesday I gave it up\n<script>alert(1)</script>"
    page = post(app, "/interviews/quotes", {"interview": "P1", "quotes": typed}).text
    for said in ("1 of 3: word for word", "1 of 3: near", "1 of 3: not found", "stands there 2 times"):
        assert said in page
    assert '<q dir="auto">Last Tuesday I gave up' in page
    assert "<script>alert(1)" not in page
    assert {
        path: path.read_bytes() for path in launch.rglob("*.*") if path.suffix in (".md", ".yaml")
    } == before
    assert post(app, "/interviews/quotes", {"interview": "P9", "quotes": "x"}).status == 422
    assert post(app, "/interviews/quotes", {"interview": "P1", "quotes": " \n"}).status == 422


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_words_are_shown_as_words(app: Starlette, launch: Path, payload: str) -> None:
    """In the text, the alias, an excerpt, its note, a theme's name and definition: no page holds them unescaped, none breaks."""
    from shipworthy.domain.transcript import cleaned  # noqa: PLC0415 - as every import does

    text = cleaned(f"{payload} I gave up.").text
    (launch / "interviews/P2.md").write_text(
        HEAD.format(alias="P2", segment="b", text=text), encoding="utf-8"
    )
    code = {
        "quote": text[:400],
        "kind": "did",
        "code": ["slow"],
        "note": payload,
        "new": payload[:50],
        "near": "1",
    }
    assert post(app, "/interviews/P2/code", code).status in (303, 409, 422)
    theme = {
        "name": payload[:150],
        "definition": payload[:1500],
        "becomes": "not_now",
        "words": payload[:300],
    }
    assert post(app, "/themes", theme).status in (303, 422)
    post(
        app, "/interviews/P2/code", {"quote": "I gave up.", "kind": "did", "code": ["slow"], "note": payload}
    )
    for address in ("/interviews", "/interviews/P2", "/interviews/P1?quote=" + "%3Cscript%3E", "/themes"):
        page = get(app, address)
        assert page.status == 200, (address, page.text[-400:])
        for sign in ("<script>alert", "<img src=x", "<svg/onload", "<b>x</b>", "<script>\n", "\x1b"):
            assert sign not in page.text, address


def test_a_text_is_shown_character_by_character(app: Starlette) -> None:
    """What the script counts in is the text itself, with numbers of excerpts marked as not part of it."""
    post(
        app, "/interviews/P1/code", {"start": "5", "end": "12", "quote": "", "kind": "did", "code": ["slow"]}
    )
    page = get(app, "/interviews/P1").text
    shown = page.split('id="text"')[1].split(">", 1)[1].split("</div>")[0]
    assert 'Last <span class="coded"' in shown
    assert ">Tuesday</span>" in shown
    assert shown.count("data-aside") == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"quote": "I gave up", "kind": "did", "code": ["slow"]}, 409),
        ({"quote": "I gave up", "kind": "did", "code": ["slow"], "nth": "2"}, 303),
        ({"quote": "nothing of the kind was said", "kind": "did", "code": ["slow"]}, 409),
        ({"quote": "Tuesday", "kind": "did", "code": ["nope"]}, 422),
        ({"quote": "Tuesday", "kind": "lie", "code": ["slow"]}, 422),
        ({"quote": "Tuesday", "kind": "did"}, 422),
        ({"quote": "Tuesday", "kind": "did", "code": ["slow"], "external_ok": "1"}, 409),
        ({"start": "3", "end": "1", "quote": "", "kind": "did", "code": ["slow"]}, 422),
        ({"start": "5", "end": "99999999", "quote": "", "kind": "did", "code": ["slow"]}, 422),
        ({"start": "-1", "end": "x", "quote": "Tuesday", "kind": "did", "code": ["slow"]}, 303),
    ],
)
def test_what_cannot_be_coded_is_refused_in_words(
    app: Starlette, launch: Path, fields: dict[str, object], status: int
) -> None:
    """Twice in the text, not in it, an unknown code or kind, no code, no leave to quote, places outside the text."""
    reply = post(app, "/interviews/P1/code", fields)
    assert reply.status == status, reply.text[-300:]
    assert len(listening(launch).named("P1").codings) == (status == 303)
    assert status == 303 or "To mend it" in reply.text


def test_a_theme_somebody_changed_meanwhile_is_not_overwritten(app: Starlette, launch: Path) -> None:
    """The second save is refused politely; the first stays."""
    seen = get(app, "/themes").text.split('name="seen" value="')[1].split('"')[0]
    assert post(app, "/themes", {"id": "slow", "name": "First", "seen": seen}).status == 303
    late = post(app, "/themes", {"id": "slow", "name": "Second", "seen": seen})
    assert late.status == 409
    assert "changed by somebody else" in late.text
    assert "First" in (launch / "taxonomy.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["P9", "..", "%2e%2e%2fP1", "P1.excerpts", "P1%00"])
def test_a_name_from_outside_reaches_no_disk(app: Starlette, name: str) -> None:
    """An interview that is not there, and names that are paths, are not found."""
    assert get(app, f"/interviews/{name}").status in (404, 422)
    for action in ("consent", "names", "code", "uncode", "withdraw"):
        assert post(app, f"/interviews/{name}/{action}", {"sure": "1", "kind": "did"}).status in (
            404,
            409,
            422,
        )


def test_a_withdrawal_needs_its_tick(app: Starlette, launch: Path) -> None:
    """Without it nothing is deleted."""
    assert post(app, "/interviews/P1/withdraw", {}).status == 409
    assert "Tuesday" in (launch / "interviews/P1.md").read_text(encoding="utf-8")
    assert post(app, "/interviews/P1/withdraw", {"sure": "1"}).status == 200
    assert "Tuesday" not in get(app, "/interviews/P1").text


def multipart(app: Starlette, name: str, content: bytes, **fields: str) -> int:
    """Send a transcript with the form, and return the status."""
    from tests.asgi import ask  # noqa: PLC0415 - used here alone

    serving: Serving = app.state.serving
    parts = [
        f'--b\r\ncontent-disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in ({"form-mark": serving.mark} | fields).items()
    ]
    parts.append(
        f'--b\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n--b--\r\n"
    )
    headers = [*own(serving), ("content-type", "multipart/form-data; boundary=b")]
    return ask(app, "POST", "/interviews", headers, b"".join(parts)).status


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("talk.txt", b"Ann: hello", 303),
        ("../../../etc/passwd.txt", b"Ann: hello", 303),
        ("talk.exe", b"MZ", 422),
        ("talk", b"hello", 422),
        ("talk.docx", b"PK", 422),
        ("talk.txt", b"a\0b", 422),
        ("talk.txt", b"", 422),
    ],
)
def test_an_upload_is_used_by_its_ending_alone(
    app: Starlette, launch: Path, name: str, content: bytes, status: int
) -> None:
    """Its name goes nowhere; what cannot be read is refused, and nothing is left behind."""
    assert multipart(app, name, content, consent="given") == status
    assert [each.name for each in listening(launch).waiting] == (["P2"] if status == 303 else [])
    assert not [path for path in launch.rglob("*") if "passwd" in path.name]


@pytest.mark.parametrize("state", ["refused", "withdrawn", "given; DROP"])
def test_the_form_cannot_say_what_it_does_not_offer(app: Starlette, launch: Path, state: str) -> None:
    """Another state of consent than the two on the page is taken for none."""
    multipart(app, "a.txt", b"Ann: hello", consent=state)
    assert [each.head.consent.state for each in listening(launch).waiting] == ["missing"]
