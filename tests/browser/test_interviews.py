"""An interview in a real browser: brought in, names replaced, coded by selecting and by quoting, a theme that becomes something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Served, let_in

from shipworthy.cli.main import run
from shipworthy.services.check import check
from shipworthy.services.listening import listening

TALK = """WEBVTT

00:01.000 --> 00:04.000
<v Ann>Hello Maria, when did you last search?

00:04.500 --> 00:09.000
<v Maria Lopez>Last Tuesday 🙂. I typed the order number and gave up after an hour.

00:12.500 --> 00:14.000
<v Ann>Mail me at ann@corp.example.

00:15.500 --> 00:18.000
<v Maria Lopez>I would definitely use a better one. <img src=x onerror="document.title='hit'">
"""
HOSTILE = '"><script>document.title="hit"</script>'


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    """A fresh launch as `init` makes it."""
    made = tmp_path / "launch"
    assert run(["init", str(made)]) == 0
    return made


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A transcript with two speakers, a mail address and markup."""
    path = tmp_path / "Maria Lopez.vtt"
    path.write_text(TALK, encoding="utf-8")
    return path


def bring_in(page: Page, talk: Path) -> None:
    """Bring a transcript in by the form."""
    page.goto("/interviews")
    page.get_by_label("Transcript", exact=True).set_input_files(talk)
    page.get_by_label("Who asks").fill("Ann")
    page.get_by_label("Segment").fill(HOSTILE)
    page.get_by_label("They agreed").check()
    page.get_by_label("quote inside the team").check()
    page.get_by_role("button", name="Bring it in").click()


def select(page: Page, words: str) -> None:
    """Select words of the transcript as the mouse does, and let go of it."""
    page.wait_for_load_state("load")  # until then nobody listens
    page.evaluate(
        """(words) => {
            const text = document.getElementById("text");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at); range.setEnd(node, at + words.length);
                const chosen = document.getSelection();
                chosen.removeAllRanges(); chosen.addRange(range);
                text.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
                return;
            }
            throw new Error("not there: " + words);
        }""",
        words,
    )


def code(page: Page, code_name: str, kind: str, *, quote: str = "") -> None:
    """Fill in the form at the right and send it."""
    if quote:
        page.get_by_label("Their words").fill(quote)
    known = page.get_by_label("Code", exact=True).locator("option").all_inner_texts()
    if code_name in known:
        page.get_by_label("Code", exact=True).select_option(label=code_name)
    else:
        page.get_by_label("or a new one").fill(code_name)
    page.get_by_label(kind, exact=True).check()
    page.get_by_role("button", name="Code it").click()


def test_an_interview_is_brought_in_and_coded(
    browser: Browser, served: Callable[..., Served], launch: Path, talk: Path
) -> None:
    """From a transcript to a theme that became a criterion; the files on the disk hold what the pages showed."""
    with let_in(browser, served(launch)) as window:
        page = window.new_page()
        outside: list[str] = []
        page.on("request", lambda request: outside.append(request.url))
        bring_in(page, talk)
        assert page.get_by_role("heading", name="Replace names in P1").is_visible()
        assert not (launch / "interviews/P1.md").exists()
        page.get_by_label("Instead of Maria Lopez").fill("P1")
        page.get_by_role("button", name="Replace these and freeze the text").click()
        assert "Maria" not in page.locator("#text").inner_text()
        select(page, "gave up after an hour")
        expect(page.locator("#coding [name=start]")).not_to_have_value("")
        assert page.get_by_label("Their words").input_value() == "gave up after an hour"
        code(page, "Slow search", "did")
        code(page, "Slow search", "opinion", quote="I would definitely use a better one")
        assert page.locator(".excerpts li").count() == 2
        assert "counts as weak" in page.locator(".excerpts li").nth(1).inner_text()
        select(page, " I typed the order number and ")
        code(page, "Order number", "habit")
        page.get_by_role("button", name="Take excerpt 1 out").click()
        page.goto("/themes")
        assert "1 of 1 people" in page.locator("#slow-search").inner_text()
        page.locator("#slow-search").get_by_text("Change it, or say what it becomes").click()
        page.locator("#slow-search").get_by_label("It becomes").select_option(label="a criterion")
        page.locator("#slow-search").get_by_label("Which criterion").select_option(label="right_answer")
        page.locator("#slow-search").get_by_role("button", name="Save this theme").click()
        assert "criterion: right_answer" in page.locator("#slow-search").inner_text()
        assert page.title() != "hit"
        assert all(url.startswith(("http://127.0.0.1:", "data:")) for url in outside)
    assert check(launch).problems == ()
    there = listening(launch).named("P1")
    assert [(c.text, c.kind, c.codes) for c in there.codings] == [
        ("gave up after an hour", "did", ["slow-search"]),
        ("I would definitely use a better one", "opinion", ["slow-search"]),
    ]
    assert all(there.text[c.start : c.end] == c.text for c in there.codings)


def test_the_same_without_scripts(
    browser: Browser, served: Callable[..., Served], launch: Path, talk: Path
) -> None:
    """A pasted quote is located; one that is not there is refused with the nearest passage; taking it is a tick away."""
    with let_in(browser, served(launch), java_script_enabled=False) as window:
        page = window.new_page()
        bring_in(page, talk)
        page.get_by_label("Further names").fill("order")
        page.get_by_role("button", name="Look again").click()
        page.get_by_role("button", name="Replace these and freeze the text").click()
        code(page, "Slow search", "did", quote="gave up after one hour")
        assert "not in the text as they are quoted" in page.locator("main").inner_text()
        page.go_back()
        page.get_by_label("Their words").fill("gave up after one hour")
        page.get_by_label("or a new one").fill("Slow search")
        page.get_by_label("did", exact=True).check()
        page.get_by_label("Take the nearest passage").check()
        page.get_by_role("button", name="Code it").click()
        assert page.locator(".excerpts blockquote").inner_text() == "gave up after an hour"
        page.get_by_label("Delete everything this person said").check()
        page.get_by_role("button", name="Delete it for good").click()
        assert "P1 is withdrawn" in page.locator("main").inner_text()
    assert "Tuesday" not in (launch / "interviews/P1.md").read_text(encoding="utf-8")
    assert not (launch / "interviews/P1.excerpts.yaml").exists()


@pytest.fixture(scope="module")
def coded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A launch with an interview in every state: waiting, without consent, coded, withdrawn."""
    place = tmp_path_factory.mktemp("coded")
    made, talk = place / "launch", place / "talk.vtt"
    talk.write_text(TALK, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        run(["init", str(made)])
        words = ["--interviewer", "Ann", "--consent", "given", "--scope", "quote"]
        for name in ("P1", "P2", "P4"):
            run(["interview", "import", str(made), str(talk), "--name", name, *words])
        run(["interview", "import", str(made), str(talk), "--name", "P3"])
        run(["interview", "pseudonymise", str(made), "P1", "--yes"])
        run(["interview", "withdraw", str(made), "P4", "--yes"])
        code_it = ["interview", "code", str(made), "P1"]
        run([*code_it, "gave up after an hour", "--code", "slow", "--kind", "did", "--new"])
        run([*code_it, "I would definitely use", "--code", "would-use", "--kind", "did", "--new"])
        run(["interview", "theme", str(made), "would-use", "--parent", "slow", "--title", HOSTILE])
        yield made, place / "state"


ADDRESSES = (
    "/interviews",
    "/interviews/sheet",
    "/interviews/quotes",
    "/interviews/P1",
    "/interviews/P2",
    "/interviews/P3",
    "/interviews/P4",
    "/themes",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_are_open_to_everyone(
    browser: Browser,
    served: Callable[..., Served],
    coded: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    width: int,
) -> None:
    """Axe finds nothing on any page in any state, light and dark, narrow and wide, and nothing runs over the edge."""
    monkeypatch.setenv("XDG_STATE_HOME", str(coded[1]))
    size = {"width": width, "height": 900}
    with let_in(browser, served(coded[0]), color_scheme=scheme, viewport=size) as window:
        page = window.new_page()
        for address in ADDRESSES:
            assert page.goto(address).status == 200, address  # type: ignore[union-attr]
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{address}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.title() != "hit"
