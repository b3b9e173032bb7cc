"""Hostile text in every field that the review shows stays text."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from tests.asgi import get, post
from tests.payloads import HOSTILE
from tests.review_launch import CRITERIA, LAUNCH, queue_for
from tests.unit.web.render.harmless import unruly_in

from shipworthy.cli.main import run
from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.desks import close_desk
from shipworthy.web.serving import Serving, hosts_of

STORABLE = [text for text in HOSTILE if text.isprintable() and len(text) < 150 and "\n" not in text]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A launch whose tags, failure modes, questions, inputs, expectations, outputs and reasons are hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "launch"
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH.replace("Inbox assistant", json.dumps(HOSTILE[0])))
    (folder / "criteria.yaml").write_text(CRITERIA.replace("Is the answer right?", json.dumps(HOSTILE[8])))
    modes = [{"id": f"m{i}", "name": text, "definition": text} for i, text in enumerate(STORABLE[:20])]
    (folder / "taxonomy.yaml").write_text(json.dumps(modes))
    cases = [
        {
            "id": f"c-{i}",
            "input": text,
            "expected": text,
            "part": "explore",
            "tags": {"topic": "orders", "mark": text},
        }
        for i, text in enumerate(STORABLE)
    ]
    (folder / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    rows = [
        {"case": f"c-{i}", "output": text, "passed": True} if i % 4 else {"case": f"c-{i}", "error": text}
        for i, text in enumerate(STORABLE)
    ]
    file = folder.parent / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run(["import", str(file), "--launch", str(folder), "--variant", "zebra"]) == 0
    queue_for(folder, n=500, overlap=1.0)
    queue_for(folder, "asked", n=500, criterion="right", name=STORABLE[3])
    return folder


def _pages(made: Path, who: str) -> Starlette:
    return make_app(Serving(Kept(made), b"k" * 32, hosts_of(8321), who=who))


@pytest.mark.parametrize("stride", [6, pytest.param(1, marks=pytest.mark.campaign)])
def test_every_field_stays_text(made: Path, stride: int) -> None:
    """As input, tag, expectation, output, note, name, failure mode and query, no payload becomes more than text on any page."""
    who = STORABLE[0][:60], STORABLE[9][:60]
    apps = [_pages(made, name) for name in who]
    ada, bo = apps
    for number in range(1, len(STORABLE) * 3 // 4, stride):
        text = STORABLE[number - 1]
        at = f"/review/first-reading/{number}"
        fields = {
            "client_id": f"a{number}-{stride}",
            "state": "fail",
            "note": text,
            "modes": [f"m{number % 20}"],
            "version": 0,
        }
        post(ada, at, fields)
        post(bo, at, fields | {"client_id": f"b{number}-{stride}", "state": "pass"})
        shown = [get(ada, f"{at}?as={kind}").text for kind in ("markdown", "diff")]
        shown += [post(ada, f"{at}/others", {}).text, get(ada, f"/review/asked/{number}").text]
        shown += [get(ada, f"/review/first-reading/differences/{number}").text]
        shown += [post(ada, at, fields | {"client_id": f"again{number}-{stride}"}).text]
        assert [unruly_in(page) for page in shown] == [[]] * len(shown), text
    for url in ("/review", "/review/first-reading/agreement", "/review/asked"):
        assert unruly_in(get(ada, url).text) == []
    for app in apps:
        close_desk(app.state.serving.kept)
        app.state.serving.kept.close()


@pytest.mark.parametrize("at", ["?find=", "?go=", "/1?as=", "/1?whole="])
def test_addresses_stay_text(made: Path, at: str) -> None:
    """What an address says is never more than text in the answer."""
    app = _pages(made, "Ada")
    for text in HOSTILE[::3]:
        reply = get(app, f"/review/first-reading{at}{quote(text[:300], errors='replace')}")
        assert reply.status < 500
        assert unruly_in(reply.text) == []
    close_desk(app.state.serving.kept)
    app.state.serving.kept.close()
