"""The pages about failure modes: whole without scripts, guarded by what was read, and harmless whatever notes hold."""

from __future__ import annotations

import html
import re
import uuid
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.asgi import get, post
from tests.payloads import HOSTILE
from tests.review_launch import queue_for, recorded_launch

from shipworthy.domain.review import Said
from shipworthy.services.desk import desk_at
from shipworthy.services.kept import Kept
from shipworthy.services.save_label import Saving, save_label
from shipworthy.web.app import make_app
from shipworthy.web.desks import close_desk
from shipworthy.web.serving import Serving, hosts_of
from shipworthy.web.taxonomy_view import MODE_KEYS, TABLE

NOTES = ["too long", "far too long", "Too long!", "names another team", "the team is wrong", ""]


def noted(folder: Path, notes: list[str], *, key: str = "first-reading") -> None:
    """Fail one output for each note, in the order of a queue."""
    with desk_at(folder) as desk:
        for position, note in enumerate(notes):
            save_label(desk, Saving(key, position, "you", Said("fail", note), 0, uuid.uuid4().hex))


@pytest.fixture
def launch(tmp_path):
    """Return eight outputs, six of them failing with a note on each but one."""
    made = recorded_launch(tmp_path / "launch", [f"answer {n}" for n in range(8)])
    queue_for(made)
    noted(made, NOTES)
    return made


@pytest.fixture
def pages(launch):
    """Serve the launch in the process."""
    kept = Kept(launch)
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    close_desk(kept)
    kept.close()


def chosen(app: Starlette, *words: str, shows: str = "") -> list[str]:
    """Return the outputs whose note has one of these words, as the page offers them."""
    page = get(app, f"/taxonomy?show={shows}").text
    found = re.findall(r'name="output" value="([^"]+)".*?class="words">(.*?)</span>', page, re.DOTALL)
    return [html.unescape(name) for name, note in found if any(word in note.lower() for word in words)]


def seen(app: Starlette, url: str = "/taxonomy") -> str:
    """Return the hash of taxonomy.yaml that a page hands out."""
    return re.search(r'name="seen" value="([0-9a-f]{64})"', get(app, url).text)[1]  # type: ignore[index]


def test_notes_become_a_failure_mode_without_a_script(pages, launch):
    """Chosen by checkbox, sent by a button: the file has the new mode, and its bar says 3 of 6."""
    names = chosen(pages, "long")
    assert len(names) == 3
    reply = post(
        pages, "/taxonomy/group", {"output": names, "into": "+", "name": "Too long", "seen": seen(pages)}
    )
    assert reply.status == 303
    page = get(pages, reply.header("location")).text
    assert "gave too-long to 3 outputs" in page
    assert 'aria-label="3 of 6 outputs; could be as many as' in page
    assert "- id: too-long" in (launch / "taxonomy.yaml").read_text()
    assert chosen(pages, "long") == []
    assert chosen(pages, "long", shows="too-long") == names


def test_suggestions_are_called_suggestions_and_chosen_as_one(pages):
    """A link chooses a whole group without a script; every group says that it is a suggestion."""
    page = get(pages, "/taxonomy?choose=1").text
    sets = page.split("<fieldset")[1:]
    assert [("Suggestion" in each) for each in sets] == [True] * (len(sets) - 1) + [False]
    assert "Without a note" in sets[-1]
    assert sets[0].count(" checked") == 3
    assert all(" checked" not in each for each in sets[1:])


def test_a_change_can_be_taken_back_where_it_was_said(pages, launch):
    """The page says what was done, with a button that takes it back."""
    before = (launch / "taxonomy.yaml").read_bytes()
    reply = post(pages, "/taxonomy", {"name": "Promises a date", "seen": seen(pages)})
    page = get(pages, reply.header("location")).text
    number = re.search(r'name="number" value="(\d+)"', page)[1]
    reply = post(pages, "/taxonomy/history", {"number": number})
    assert "took back: added promises-a-date" in get(pages, reply.header("location")).text
    assert (launch / "taxonomy.yaml").read_bytes() == before


def test_a_stale_save_is_refused_and_what_was_typed_stays(pages, launch):
    """Somebody else saved in between: their text stays in the file, and mine stays in the form."""
    url = "/taxonomy/mode/wrong-team"
    mark = seen(pages, url)
    text = (launch / "taxonomy.yaml").read_text().replace("wrong team", "a wrong team")
    (launch / "taxonomy.yaml").write_text(text)
    reply = post(pages, url, {"seen": mark, "definition": "It answers for somebody else"})
    assert reply.status == 409
    assert "changed by somebody else" in reply.text
    assert 'value="It answers for somebody else"' in reply.text
    assert (launch / "taxonomy.yaml").read_text() == text
    reply = post(pages, f"{url}/split", {"seen": mark, "part": ["One", "Two"]})
    assert (reply.status, 'value="One"' in reply.text) == (409, True)


def test_everything_that_can_be_said_is_written_and_shown_again(pages, launch):
    """Definition, severity, who is hurt, controls: in the file as a person would write them, and in the form again."""
    url = "/taxonomy/mode/wrong-team"
    said = {
        "seen": seen(pages, url), "name": "The wrong team", "definition": "It answers for another team",
        "includes": "sent on later\r\n\r\ntwo teams", "severity": "harmful", "detectable": "later",
        "controls": "prevent: ask back\nPeople read it", "who": "the customer", "status": "open", "owner": "",
    }  # fmt: skip
    assert post(pages, url, said).status == 303
    text = (launch / "taxonomy.yaml").read_text()
    assert "includes: [sent on later, two teams]" in text
    assert "{kind: prevent, what: ask back}" in text
    assert "owner" not in text
    page = get(pages, url).text
    assert "prevent: ask back\nPeople read it</textarea>" in page
    assert "<strong>high</strong>: harmful" in page
    again = post(pages, url, said | {"seen": seen(pages, url)})
    assert again.header("location") == url


def test_a_split_leads_to_the_outputs_that_are_read_again(pages):
    """Two outputs have the mode: two are queued, and the page leads there."""
    names = chosen(pages, "team")
    post(pages, "/taxonomy/group", {"output": names, "into": "wrong-team"})
    url = "/taxonomy/mode/wrong-team"
    reply = post(pages, f"{url}/split", {"part": ["Another team", "No team"], "seen": seen(pages, url)})
    page = get(pages, reply.header("location")).text
    link = re.search(r'class="button now" href="(/review/again-\d+-wrong-team)">Read 2 outputs again', page)[
        1
    ]
    assert get(pages, link).status == 303
    assert "split wrong-team into another-team and no-team" in page


def test_merging_linking_and_the_matrix_have_their_pages(pages, launch):
    """A merge leads to the one that is left; a link is in criteria.yaml; the matrix teaches while it is empty."""
    url = "/taxonomy/mode/wrong-team"
    assert post(pages, f"{url}/link", {"criterion": "right"}).status == 303
    assert "failure_modes: [wrong-team]" in (launch / "criteria.yaml").read_text()
    assert post(pages, f"{url}/link", {"criterion": "right", "remove": "1"}).status == 303
    reply = post(pages, f"{url}/merge", {"into": "invented-policy", "seen": seen(pages)})
    assert reply.header("location").startswith("/taxonomy/mode/invented-policy?done=")
    assert "It was merged into" in get(pages, url).text
    assert "Nobody has marked a first wrong step yet" in get(pages, "/taxonomy/matrix").text
    assert get(pages, "/taxonomy/mode/nobody").status == 404


def test_what_is_missing_is_said(pages):
    """No note chosen, no mode chosen, no number of a change."""
    assert "no note is chosen" in post(pages, "/taxonomy/group", {"into": "wrong-team"}).text
    assert (
        "no failure mode is chosen" in post(pages, "/taxonomy/group", {"output": "c-0/1", "into": "+"}).text
    )
    assert post(pages, "/taxonomy/history", {"number": "x"}).status == 422
    assert get(pages, "/taxonomy?show=%3Cscript%3E&done=zz&choose=-1").status == 200


def test_every_key_that_is_shown_does_something(pages):
    """The page hands the script the very table that its hints are made from, and the script knows every action."""
    script = (Path(__file__).parents[3] / "src/shipworthy/web/static/taxonomy.js").read_text()
    body = script[script.index("const does") : script.index("document.addEventListener")]
    handled = set(re.findall(r"^    (\w+): ", body, re.MULTILINE))
    assert {entry.does for entry in TABLE} == handled
    page = get(pages, "/taxonomy").text
    assert all(f"<kbd>{key}</kbd>" in page for key in ("J", "K", "X", "G", "N", "?", "1…9"))
    assert MODE_KEYS[0] in page


def test_hostile_notes_and_names_stay_text(tmp_path):
    """More than a hundred notes that would do something in a page that trusts them: every page shows them as text."""
    payloads = [text for text in dict.fromkeys(HOSTILE) if len(text) < 5000]
    assert len(payloads) >= 100
    made = recorded_launch(tmp_path / "hostile", [f"answer {n}" for n in range(len(payloads))])
    queue_for(made, n=len(payloads))
    noted(made, payloads)
    kept = Kept(made)
    app = make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    try:
        for number, text in enumerate(payloads[:12]):
            name = f"x{number} {text}"[:150].replace("\0", "").encode("utf-8", "replace").decode()
            assert post(app, "/taxonomy", {"name": name}).status == 303
        for url in ("/taxonomy", "/taxonomy?show=all", "/taxonomy/history", "/taxonomy/mode/wrong-team"):
            page = get(app, url)
            assert page.status == 200
            ours = re.sub(r'<script src="/static/[a-z.]+\?v=[0-9a-f]+" defer></script>', "", page.text)
            assert not re.search(r"<(script|iframe|object|embed|style|base|meta http)", ours, re.IGNORECASE)
            tags = re.findall(r"<[a-z][^>]*>", ours)
            assert not [tag for tag in tags if re.search(r"\son\w+\s*=|javascript:|\sstyle\s*=", tag, re.IGNORECASE)
                        and "value=" not in tag and "aria-label" not in tag]  # fmt: skip
    finally:
        close_desk(kept)
        kept.close()


def test_how_much_is_still_new_is_drawn_on_the_page(pages):
    """Six failures were read: the curve has a name and a description, the words stand beside, and the table repeats it."""
    page = get(pages, "/taxonomy").text
    drawn = page[page.index("How much is still new") :]
    assert "<title>Saturation</title><desc>6 groups read" in drawn
    assert "One more group shows one not seen yet with a chance that could be as much as" in drawn
    assert "As a table" in drawn
    assert drawn.count("<svg") == 1


def test_a_mode_that_was_merged_is_not_offered_to_readers(launch):
    """`wrong-team` went into `invented-policy`: a reader is offered the one, and what was said of the other is set there."""
    with desk_at(launch) as desk:
        save_label(
            desk, Saving("first-reading", 6, "you", Said("fail", "", ("wrong-team",)), 0, "before-it-went")
        )
    path = launch / "taxonomy.yaml"
    path.write_text(
        path.read_text().replace("name: wrong team}", "name: wrong team, merged_into: invented-policy}")
    )
    kept = Kept(launch)
    part = get(make_app(Serving(kept, b"k" * 32, hosts_of(8321))), "/review/first-reading/7?part=1").text
    close_desk(kept)
    kept.close()
    assert 'value="invented-policy" checked' in part
    assert 'value="wrong-team"' not in part
