"""A demo of an endpoint that answers well nine times in ten: asked over loopback, within a budget, stopped and gone on."""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

LAUNCH = """
candidate: bot
variants:
  bot: {{http: {{url: "{url}", body: {{q: "{{{{input}}}}", n: "{{{{repeat}}}}"}}, output: $.answer}}, price: bot, limits: {{at_once: 4}}}}
price_list: {{as_of: 2026-11-01, models: {{bot: {{call: 0.01}}}}}}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.5, why: a test}
  scorer: {check: right}
"""
SCORERS = """
def right(given, expected, output):
    return output == "yes"
"""
DEMO = """
- id: refund
  input: What is your refund policy?
  rewordings: [money back??]
- id: hours
  input: When are you open?
"""


class Endpoint(BaseHTTPRequestHandler):
    """Answers a demo prompt wrongly the tenth time, a rewording every second time, a case two times in five."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_POST(self):
        """Answer one request."""
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked[said["q"]] += 1
        if said["q"].startswith("case"):
            good = int(said["q"].split()[1]) % 5 > 1
        else:
            good = said["n"] % (2 if said["q"] == "money back??" else 10) != 0
        body = json.dumps({"answer": "yes" if good else "no"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def endpoint():
    """A server on loopback; its address."""
    Endpoint.asked = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ask"
    server.shutdown()
    server.server_close()
    thread.join()


def test_nine_in_ten_in_the_demo_and_six_in_ten_in_the_set(ship, folder, endpoint):
    """100 cases at a cent each, then a demo of 90 calls: 16 cents stop it early, the rest finishes it, nothing is asked twice."""
    launch = folder(
        launch_yaml=LAUNCH.format(url=endpoint), criteria_yaml=CRITERIA, scorers_py=SCORERS, demo_yaml=DEMO
    )
    (launch / "evalset").mkdir()
    cases = ({"id": f"c{n}", "input": f"case {n}", "part": "explore"} for n in range(100))
    (launch / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    assert ship("run", launch, "--trust").code == 0

    stopped = ship("demo-check", launch, "--trust", "--times", 30, "--max-cost", 0.16)
    assert stopped.code == 1
    assert "74 answers still missing, so there are no figures yet" in " ".join(stopped.out.split())
    assert f"Next: go on where it stopped: shipworthy demo-check {launch} --times 30" in " ".join(
        stopped.out.split()
    )
    done = ship("demo-check", launch, "--times", 30, "--max-cost", 2)
    shown = " ".join(done.out.split())

    assert done.code == 0
    assert (
        "right: as shown 54 of 60, reworded 15 of 30, representative 60 of 100 (could be 50 to 70 of 100)"
        in shown
    )
    assert "The demo passes more often than the set does, by more than chance." in shown
    assert "90 calls for demos so far, at most 0.9000 USD" in shown
    assert {name: n for name, n in Endpoint.asked.items() if not name.startswith("case")} == {
        "What is your refund policy?": 30, "money back??": 30, "When are you open?": 30,
    }  # fmt: skip
    assert ship("verify", launch).code == 0


def test_a_price_that_nobody_knows_is_asked_about_before_anything_is_sent(ship, folder, endpoint):
    """Without a price and without consent nothing reaches the endpoint; with a cap it cannot be kept, so it is refused."""
    without = LAUNCH.format(url=endpoint).split("price_list")[0].replace("price: bot, ", "")
    launch = folder(launch_yaml=without, criteria_yaml=CRITERIA, scorers_py=SCORERS, demo_yaml=DEMO)

    assert ship("demo-check", launch, "--trust").code == 3
    assert ship("demo-check", launch, "--trust", "--max-cost", 1).code == 3
    assert not Endpoint.asked
    assert ship("demo-check", launch, "--trust", "--unpriced", "--times", 2).code == 0
    assert sum(Endpoint.asked.values()) == 6
