"""The brief on one page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from tests.asgi import Reply, ask, get, own, post

from shipworthy.services.frame import frame
from shipworthy.services.kept import Kept
from shipworthy.services.read_brief import read_brief
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = """
title: Inbox       # ours
goal: Right answers.
harm:
- {event: a wrong refund, who: shop}   # seen in May
"""


@pytest.fixture
def app(folder: Callable[..., Path]) -> Iterator[Starlette]:
    """The pages over a launch with one harm and one failure mode."""
    kept = Kept(folder(launch_yaml=LAUNCH, criteria_yaml="[]\n", taxonomy_yaml="- id: slow\n"))
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321), who="Ada"))
    kept.close()


def _folder(app: Starlette) -> Path:
    """Return the folder of the launch."""
    found: Path = app.state.serving.kept.layout.folder
    return found


def _form(page: str) -> dict[str, str]:
    """Return what the form of the brief would send if nobody typed anything."""
    form = page.split('action="/frame">')[1].split("</form>", maxsplit=1)[0]
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', form)
    }
    fields |= {
        name: html.unescape(text)
        for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form)
    }
    for name, choices in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        fields[name] = re.findall(r"<option selected>([^<]+)", choices)[0]
    return fields


def test_the_page_asks_nine_questions_and_says_what_is_blank(app: Starlette) -> None:
    """Each is numbered; the goal is written, the person is not."""
    page = get(app, "/frame").text
    assert [f"{n}. " in page for n in range(1, 10)] == [True] * 9
    assert "0 of 9 questions are answered" in page
    assert re.search(r'for="decision.who">Who decides <span class="blank">', page)
    assert not re.search(r'for="goal">[^<]*<span class="blank">', page)


def test_a_form_that_nobody_touched_changes_no_byte(app: Starlette) -> None:
    """The empty row and the usual choices are not written."""
    before = (_folder(app) / "launch.yaml").read_bytes()
    reply = post(app, "/frame", _form(get(app, "/frame").text))
    assert (reply.status, reply.header("location")) == (303, "/frame?saved=1")
    assert (_folder(app) / "launch.yaml").read_bytes() == before


def test_what_is_typed_stands_in_the_file_beside_its_comments(app: Starlette) -> None:
    """A person, a second harm, and an assumption."""
    form = _form(get(app, "/frame").text) | {
        "decision.who": "head of support", "harm.1.event": "a leak", "harm.1.who": "customer",
        "assumptions.0.statement": "Support reads drafts.", "assumptions.0.importance": "3",
    }  # fmt: skip
    assert post(app, "/frame", form).status == 303
    launch = read_brief(_folder(app)).launch
    assert (launch.decision.who, [h.event for h in launch.harm]) == (
        "head of support",
        ["a wrong refund", "a leak"],
    )
    assert launch.assumptions[0].importance == 3
    assert "# seen in May" in (_folder(app) / "launch.yaml").read_text()


def test_a_row_that_is_emptied_goes(app: Starlette) -> None:
    """The one harm is taken away."""
    post(app, "/frame", _form(get(app, "/frame").text) | {"harm.0.event": "", "harm.0.who": ""})
    assert read_brief(_folder(app)).launch.harm == []


def test_vague_words_are_marked_with_what_they_leave_open(app: Starlette) -> None:
    """The word is marked in the sentence, and its question stands below."""
    post(app, "/frame", _form(get(app, "/frame").text) | {"good_enough": "Drafts are helpful."})
    page = get(app, "/frame").text
    assert "Drafts are <mark>helpful</mark>." in page
    assert "helpful how? who would notice?" in page


def _stale(app: Starlette) -> Reply:
    """Save a goal and a person over a file in which somebody else wrote a goal meanwhile."""
    form = _form(get(app, "/frame").text)
    frame(_folder(app), {"goal": "Their goal.", "worst_case": "a lawsuit"})
    return post(app, "/frame", form | {"goal": "My goal.", "decision.who": "Ben"})


def test_a_stale_save_is_refused_politely_and_keeps_what_was_typed(app: Starlette) -> None:
    """Mine stands in the form, theirs beside it; what I did not touch is as it stands in the file."""
    reply = _stale(app)
    form = _form(reply.text)
    assert reply.status == 409
    assert "Nothing was saved. What you typed is still here." in reply.text
    assert (form["goal"], form["decision.who"], form["worst_case"]) == ("My goal.", "Ben", "a lawsuit")
    assert "In the file now: Their goal." in reply.text
    assert read_brief(_folder(app)).launch.goal == "Their goal."


def test_after_a_refusal_the_same_form_saves_what_was_typed_and_keeps_theirs(app: Starlette) -> None:
    """The second save replaces the goal knowingly, and loses nothing else that somebody wrote."""
    assert post(app, "/frame", _form(_stale(app).text)).status == 303
    launch = read_brief(_folder(app)).launch
    assert (launch.goal, launch.decision.who, launch.worst_case) == ("My goal.", "Ben", "a lawsuit")


@pytest.mark.parametrize(
    ("key", "typed"), [("decision.by", "soon"), ("value.low", "5"), ("budget.seconds", "0")]
)
def test_what_cannot_stand_there_is_kept_in_the_form(app: Starlette, key: str, typed: str) -> None:
    """The page says what is wrong, and the person corrects it instead of typing all of it again."""
    reply = post(app, "/frame", _form(get(app, "/frame").text) | {key: typed, "goal": "Kept."})
    assert reply.status in (409, 422)
    assert (_form(reply.text)[key], _form(reply.text)["goal"]) == (typed, "Kept.")


def test_keys_that_are_no_blanks_are_passed_over(app: Starlette) -> None:
    """A form cannot write variants, nor the pre-mortem of others."""
    before = (_folder(app) / "launch.yaml").read_bytes()
    form = _form(get(app, "/frame").text) | {
        "variants.new.python": "os:system",
        "premortem.causes.0.cause": "x",
        "error": "0.2",
    }
    assert post(app, "/frame", form).status == 303
    assert (_folder(app) / "launch.yaml").read_bytes() == before


def _as(app: Starlette, who: str, method: str, url: str, fields: dict[str, str] | None = None) -> Reply:
    """Ask as another reviewer."""
    serving: Serving = app.state.serving
    headers = [(k, f"{v}; shipworthy_who={who}" if k == "cookie" else v) for k, v in own(serving)]
    body = urlencode({"form-mark": serving.mark} | (fields or {})).encode()
    return ask(app, method, url, [*headers, ("content-type", "application/x-www-form-urlencoded")], body)


def test_causes_are_written_apart_and_then_shown_together(app: Starlette) -> None:
    """Ben does not see Ada's cause before the two are put together, and both see both afterwards."""
    post(app, "/frame/cause", {"cause": "nobody read the drafts", "tripwire": "pause"})
    _as(app, "Ben", "POST", "/frame/cause", {"cause": "refunds went wrong"})
    mine, theirs = get(app, "/frame").text, _as(app, "Ben", "GET", "/frame").text
    assert ("nobody read the drafts" in mine, "refunds went wrong" in mine) == (True, False)
    assert ("nobody read the drafts" in theirs, "refunds went wrong" in theirs) == (False, True)
    assert post(app, "/frame/together", {}).status == 303
    assert all(cause in get(app, "/frame").text for cause in ("nobody read the drafts", "refunds went wrong"))


def test_a_cause_without_words_is_asked_for_again(app: Starlette) -> None:
    """What else was typed stays."""
    reply = post(app, "/frame/cause", {"cause": " ", "tripwire": "pause"})
    assert reply.status == 422
    assert 'value="pause"' in reply.text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '" onfocus="alert(1)',
        "</textarea><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }}",
        "a\u202eb",
    ],
)
def test_hostile_text_stays_text(app: Starlette, hostile: str) -> None:
    """In every place of the brief, saved or refused."""
    form = _form(get(app, "/frame").text)
    keys = ("goal", "decision.who", "worst_case", "harm.1.event", "harm.1.who", "assumptions.0.statement")
    post(app, "/frame", form | dict.fromkeys(keys, hostile))
    post(app, "/frame/cause", {"cause": hostile})
    refused = post(app, "/frame", form | dict.fromkeys(keys, hostile) | {"decision.by": hostile}).text
    for page in (get(app, "/frame").text, refused):
        assert not any(
            bad in page for bad in ("<script>alert", "<img src=x", ' onfocus="alert', "\u202e", ">49<")
        )


def test_a_folder_that_does_not_load_can_still_be_framed(folder: Callable[..., Path]) -> None:
    """An unknown key keeps nobody from answering; a file that is no YAML is refused with its line."""
    kept = Kept(folder(launch_yaml="title: x\ncolour: blue\n", criteria_yaml="[]\n"))
    app = make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    assert post(app, "/frame", _form(get(app, "/frame").text) | {"goal": "g"}).status == 303
    (kept.layout.folder / "launch.yaml").write_text("title: [\n")
    form = _form(get(app, "/frame").text)
    assert post(app, "/frame", form | {"goal": "h"}).status == 409
    kept.close()


def test_a_server_that_only_reads_shows_no_button_to_press(app: Starlette) -> None:
    """The form is there to be read, and its buttons are off."""
    serving: Serving = app.state.serving
    page = get(make_app(replace(serving, read_only=True)), "/frame").text
    assert page.count("<button") == page.count(" disabled>")
