"""The pages of the review, asked without a browser: what they answer, refuse, keep and hide."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from tests.asgi import Reply, get, post
from tests.review_launch import labels_in, queue_for, recorded_launch

from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.desks import close_desk
from shipworthy.web.serving import Serving, hosts_of

SCREEN = "/review/first-reading"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten recorded outputs and no queue, to be copied."""
    return recorded_launch(tmp_path_factory.mktemp("pages") / "launch", [f"Answer {i}" for i in range(10)])


@pytest.fixture
def made(pattern: Path, tmp_path: Path) -> Path:
    """Ten recorded outputs and no queue."""
    return shutil.copytree(pattern, tmp_path / "launch")


class Visitor:
    """Somebody with a name before the pages of a launch."""

    def __init__(self, app: Starlette, queue: str) -> None:
        self.app = app
        self.at = f"/review/{queue}"

    def see(self, number: int | str) -> str:
        """Return an output's page."""
        reply = get(self.app, f"{self.at}/{number}")
        assert reply.status == 200, reply.text
        return reply.text

    def say(self, number: int, state: str, *, json: bool = True, **more: Any) -> Reply:
        """Save a verdict."""
        fields = {"client_id": f"{number}-{state}-{more}", "state": state, "note": "", "version": 0} | more
        return post(self.app, f"{self.at}/{number}", fields, json=json)


@pytest.fixture
def opened(made: Path) -> Iterator[Any]:
    """Open the pages of the launch as somebody; each name has a server of its own over the same ledger."""
    kept: list[Kept] = []

    def visit(who: str, queue: str, *, read_only: bool = False) -> Visitor:
        kept.append(Kept(made))
        return Visitor(make_app(Serving(kept[-1], b"k" * 32, hosts_of(8321), read_only, who)), queue)

    yield visit
    for each in kept:
        close_desk(each)
        each.close()


def test_a_first_queue_is_one_press(made: Path) -> None:
    """Where nothing was read yet, one press makes a queue of the outputs there are and leads to the first."""
    kept = Kept(made)
    app = make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    assert "Read 100 outputs, drawn at random" in get(app, "/review").text
    assert post(app, "/review", {}).header("location") == SCREEN
    assert get(app, SCREEN).header("location") == f"{SCREEN}/1"
    assert "0 of 10" in get(app, "/review").text
    close_desk(kept)
    kept.close()


def test_a_queue_is_made_on_purpose(opened: Any, made: Path) -> None:
    """The form makes a queue as it says, under a name of its own."""
    ada = opened("Ada", "")
    fields = {
        "name": "Judge: returns!",
        "kind": "stratified",
        "by": "topic",
        "n": "4",
        "criterion": "right",
        "overlap": "50",
    }
    assert post(ada.app, "/review", fields).header("location") == "/review/judge-returns"
    assert post(ada.app, "/review", fields).header("location") == "/review/judge-returns-2"
    assert "Is the answer right?" in get(ada.app, "/review/judge-returns/1").text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("kind", "by magic", "no such way to choose"), ("n", "many", "no whole number"), ("n", "0", "a queue of 0 outputs"),
        ("criterion", "nicest", "no criterion `nicest`"), ("variants", "unicorn", "no variant `unicorn`"),
        ("kind", "list", "no such way to choose"), ("by", "moon", "moon"),
    ],
)  # fmt: skip
def test_a_queue_that_cannot_be(opened: Any, field: str, value: str, says: str) -> None:
    """A form that asks for what there is not is answered with what, where and how to mend it; no queue is made."""
    ada = opened("Ada", "")
    before = get(ada.app, "/review").text.count('<th scope="row">')
    fields = {"name": "odd", "kind": "stratified", "by": "topic", field: value}
    reply = post(ada.app, "/review", fields)
    assert (reply.status, says in reply.text) == (422, True), reply.text
    assert get(ada.app, "/review").text.count('<th scope="row">') == before


def test_a_verdict_is_saved_and_leads_on(opened: Any, made: Path) -> None:
    """One press saves and goes to the next; the script is told the version, the counts and what comes next."""
    ada = opened("Ada", queue_for(made, "leads-on"))
    assert ada.say(1, "pass", json=False).header("location") == "/review/leads-on/2"
    said = json.loads(ada.say(2, "fail", note="no date", ms=1200).body)
    assert (said["position"], said["version"], said["ahead"][:2]) == (2, 1, [3, 4])
    assert "1 fail" in said["edge"]
    assert {n: (row.state, row.note, row.ms_spent) for n, row in labels_in(made, "leads-on").items()} == {
        1: ("pass", "", None), 2: ("fail", "no date", 1200),
    }  # fmt: skip


def test_a_save_that_comes_twice_is_one(opened: Any, made: Path) -> None:
    """The same save sent again, as after a lost reply, is answered alike and written once."""
    ada = opened("Ada", queue_for(made, "twice"))
    first, again = ada.say(1, "pass"), ada.say(1, "pass")
    assert json.loads(first.body)["version"] == json.loads(again.body)["version"] == 1


def test_a_stale_save_keeps_both(opened: Any, made: Path) -> None:
    """A save on an older version is refused with both values; the form without script keeps the text."""
    ada = opened("Ada", queue_for(made, "stale"))
    ada.say(1, "fail", note="no date")
    data = ada.say(1, "pass", note="my second thought")
    assert data.status == 409
    told = json.loads(data.body)
    assert (told["theirs"]["state"], told["theirs"]["note"], told["mine"]["state"], told["version"]) == (
        "fails",
        "no date",
        "passes",
        1,
    )
    page = ada.say(1, "defer", note="my third thought", json=False)
    assert page.status == 409
    assert ">my third thought</textarea>" in page.text
    assert "no date" in page.text
    assert 'name="version" value="1"' in page.text
    assert labels_in(made, "stale")[1].note == "no date"


def test_undo_goes_back_across_outputs(opened: Any, made: Path) -> None:
    """Undo takes back the last thing, then the one before, and leads there each time; then there is nothing left."""
    ada = opened("Ada", queue_for(made, "back"))
    ada.say(1, "pass")
    ada.say(2, "fail")
    led = [post(ada.app, f"{ada.at}/undo", {"client_id": f"u{i}"}).header("location") for i in range(2)]
    assert led == ["/review/back/2", "/review/back/1"]
    assert post(ada.app, f"{ada.at}/undo", {"client_id": "u3"}, json=True).status == 409
    assert labels_in(made, "back") == {}


def test_what_could_sway_is_not_in_the_page(opened: Any, made: Path) -> None:
    """Before her own label a reviewer finds no variant, no score and nothing that others said, in no answer of the server."""
    key = queue_for(made, "blind", overlap=1.0)
    bo = opened("Bo", key)
    bo.say(1, "fail", note="BO-SAID-THIS")
    ada = opened("Ada", key)
    seen = [
        ada.see(1),
        ada.see("1?part=1"),
        ada.see("1?as=diff"),
        ada.see("1/text"),
        get(ada.app, f"{ada.at}/ahead?n=5").text,
    ]
    seen += [
        get(ada.app, f"{ada.at}/edge").text,
        get(ada.app, f"{ada.at}?find=answer").text,
        ada.say(2, "pass").text,
    ]
    for answer in seen:
        assert not re.search(r"zebra|yak|BO-SAID-THIS|\bBo\b|passed", answer)
    assert post(ada.app, f"{ada.at}/1/others", {}).status == 409
    ada.say(1, "pass")
    shown = post(ada.app, f"{ada.at}/1/others", {}).text
    assert all(
        word in shown for word in ("zebra", "BO-SAID-THIS", "passed", "Against yak", "no word differs")
    )
    ada.say(1, "fail", version=1, note="after looking")
    row = next(row for row in _rows(made, "blind") if row.note == "after looking")
    assert json.loads(row.blind) == {"judge": False, "others": False, "variant": False}


def _rows(made: Path, queue: str) -> list[Any]:
    from shipworthy.services.opened import opened as open_launch  # noqa: PLC0415 - the fixture has the name
    from shipworthy.store.review import current_labels  # noqa: PLC0415

    with open_launch(made) as launch, launch.ledger.read() as connection:
        return current_labels(connection)


def test_people_who_differ(opened: Any, made: Path) -> None:
    """Where two differ both sides stand beside the output, a third settles it, and their agreement is told with its range."""
    key = queue_for(made, "differ", overlap=1.0)
    ada, bo, cy = opened("Ada", key), opened("Bo", key), opened("Cy", key)
    for number in range(1, 6):
        ada.say(number, "pass", note="fine to me")
        bo.say(number, "fail" if number == 3 else "pass", note="no date at all")
    assert get(cy.app, f"{cy.at}/differences").header("location") == f"{cy.at}/differences/3"
    page = get(cy.app, f"{cy.at}/differences/3").text
    assert all(
        words in page for words in ("Ada: passes", "Bo: fails", "fine to me", "no date at all", "Answer")
    )
    fields = {"client_id": "s1", "state": "fail", "note": "the policy asks for one", "version": "0"}
    assert post(cy.app, f"{cy.at}/differences/3", fields).header("location") == f"{cy.at}/differences"
    assert "Nothing to settle" in get(cy.app, f"{cy.at}/differences").text
    agreement = get(cy.app, f"{cy.at}/agreement").text
    assert "Ada, Bo read 5 outputs in common (5 groups) and differ on 1" in agreement
    assert re.search(r"Same label</dt><dd>80 of 100 \(could be \d+ to \d+\)", agreement)


def test_nothing_is_written_read_only(opened: Any, made: Path) -> None:
    """With --read-only every page can be read, also by a name that was never written down, and no save is taken."""
    reader = opened("Nobody yet", queue_for(made, "quiet"), read_only=True)
    assert get(reader.app, reader.at).status == 303
    page = reader.see(1)
    assert page.count("disabled") >= 4
    assert reader.say(1, "pass").status == 403
    assert post(reader.app, "/review", {"name": "x"}).status == 403


def test_reading_writes_nothing_down(opened: Any, made: Path) -> None:
    """A new name goes through every page of the review that only reads: the ledger is the same file, byte for byte."""
    reader = opened("Somebody new", queue_for(made, "looked-at"))
    first = get(reader.app, reader.at).header("location")
    before = (made / ".shipworthy/ledger.db").read_bytes()
    pages = (
        "",
        "/1",
        "/1?part=1",
        "/1/text",
        "/ahead?n=5",
        "/edge",
        "?find=Answer",
        "?go=c-1",
        "/agreement",
        "/differences",
    )
    assert all(get(reader.app, f"{reader.at}{page}").status in (200, 303) for page in ("", *pages))
    assert (made / ".shipworthy/ledger.db").read_bytes() == before
    assert get(reader.app, reader.at).header("location") == first


def test_what_stands_in_memory_is_what_the_files_say(opened: Any, made: Path) -> None:
    """The part of an output is shown from memory; a case that changed on disk since is shown as it is now."""
    reader = opened("Ada", queue_for(made, "kept-in-mind"))
    assert reader.say(1, "pass").status == 200
    number = get(reader.app, reader.at).header("location").rpartition("/")[2]
    assert "where is my parcel?" in reader.see(f"{number}?part=1")
    cases = made / "evalset/cases.jsonl"
    cases.write_text(cases.read_text().replace("where is my parcel?", "where did it go?"))
    assert "where did it go?" in reader.see(f"{number}?part=1")
    (made / "taxonomy.yaml").write_text(
        (made / "taxonomy.yaml").read_text() + "- {id: shouts, name: shouts at people}\n"
    )
    assert reader.say(int(number), "fail", modes=["shouts"]).status == 200
    assert "shouts at people" in reader.see(f"{number}?part=1")


@pytest.mark.parametrize("path", ["0", "99", "99999999999999999999", "x", "1/x", "-1", "1/others", "undo"])
def test_what_there_is_not(opened: Any, made: Path, path: str) -> None:
    """A number, a queue or a part that there is not is answered politely, never with a fault of the server."""
    known = queue_for(made, "missing")
    ada = opened("Ada", known)
    for queue in (known, "no-such-queue", "%00", "..%2f.."):
        reply = get(ada.app, f"/review/{queue}/{path}")
        assert reply.status in (404, 405, 422), reply.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": ""}, 422), ({"state": "maybe"}, 422), ({"state": "withdrawn"}, 422), ({"client_id": ""}, 422),
        ({"client_id": "x" * 1000}, 422), ({"modes": ["no-such-mode"], "state": "fail"}, 422), ({"note": "x" * 20_001}, 422),
        ({"version": "many"}, 200), ({"step": "-1"}, 200), ({"ms": "9" * 40}, 200), ({"note": "\ud800\0"}, 200),
    ],
)  # fmt: skip
def test_what_a_form_may_say(opened: Any, made: Path, fields: dict[str, Any], status: int) -> None:
    """What a form cannot mean is refused with a remedy; numbers that are none count as not said."""
    ada = opened("Ada", queue_for(made, "form"))
    body = {"client_id": "c1", "state": "pass", "version": 0, "note": ""} | fields
    sent = {
        name: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        for name, value in body.items()
    }
    reply = post(ada.app, f"{ada.at}/1", sent, json=True)
    assert reply.status == status, reply.text
    if status == 422:
        assert json.loads(reply.body)["error"]["remedy"]


def test_find_and_go_to(opened: Any, made: Path) -> None:
    """One hit is gone to, several are listed, none is said; a number or a case's id leads to its output."""
    ada = opened("Ada", queue_for(made, "find"))
    assert get(ada.app, f"{ada.at}?go=7").header("location") == "/review/find/7"
    where = get(ada.app, f"{ada.at}?go=c-4").header("location")
    assert get(ada.app, f"{ada.at}?find=answer+4").header("location") == where
    assert "10 outputs found" in get(ada.app, f"{ada.at}?find=answer").text
    assert "0 outputs found" in get(ada.app, f"{ada.at}?find=%3Cscript%3E").text
    assert get(ada.app, f"{ada.at}?go=nowhere").status == 409


def test_five_cards_and_no_more(opened: Any, made: Path) -> None:
    """Over the first five outputs of a newcomer stands one card each; a sixth stands alone."""
    newcomer = opened("Newcomer", queue_for(made, "cards"))
    cards = []
    for number in range(1, 7):
        found = re.search(r'id="card-title">(\d) of 5', newcomer.see(number))
        cards.append(found.group(1) if found else "")
        newcomer.say(number, "pass")
    assert cards == ["1", "2", "3", "4", "5", ""]


def test_the_text_can_be_kept(opened: Any, made: Path) -> None:
    """An output comes as a file of plain text under a name of ours."""
    ada = opened("Ada", queue_for(made, "kept"))
    reply = get(ada.app, f"{ada.at}/1/text")
    assert reply.header("content-type") == "text/plain; charset=utf-8"
    assert reply.header("content-disposition") == 'attachment; filename="output-1.txt"'
    assert reply.text.startswith("Answer ") or reply.text.startswith('"Answer ')


def test_sealed_outputs_are_labelled_and_not_counted(tmp_path: Path) -> None:
    """Sealed outputs are labelled like others; no page counts how they turn out, compares people, or shows scores."""
    folder = recorded_launch(tmp_path / "launch", [f"Answer {i}" for i in range(4)], part="holdout")
    key = queue_for(folder, "sealed", part="holdout", overlap=1.0)
    kept = Kept(folder)
    ada = Visitor(make_app(Serving(kept, b"k" * 32, hosts_of(8321), who="Ada")), key)
    said = json.loads(ada.say(1, "fail", note="no date").body)
    for seen in (said["edge"], ada.see(2), get(ada.app, "/review").text, get(ada.app, f"{ada.at}/edge").text):
        assert not re.search(r"\d+ fail\b|new failure|[Uu]nseen", seen)
    assert "sealed" in get(ada.app, "/review").text
    assert get(ada.app, f"{ada.at}/agreement").status == 409
    assert post(ada.app, f"{ada.at}/1/others", {}).status == 409
    assert "Show what others said" not in ada.see(1)
    close_desk(kept)
    kept.close()
