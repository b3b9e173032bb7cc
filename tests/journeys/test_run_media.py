"""Cases with images: their tokens are not bounded by their bytes, so no cap on money can be kept with them."""

from __future__ import annotations

from tests.journeys.remote import chat, launch
from tests.server import Back, completion

PRICES = {"m": {"input": 2, "output": 0}}
IMAGE = [
    {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}},
        ],
    }
]


def _launch(serve, tmp_path):
    """Return a server that charges 2,000 tokens a call, and a launch of two cases in words and one with an image."""
    server = serve(lambda call: Back(completion(call.case or "c", tokens=(2000, 1))))
    cases = [{"id": f"c{i}", "input": f"c{i}", "part": "explore"} for i in range(2)]
    cases.append({"id": "seen", "input": IMAGE, "part": "explore"})
    return server, launch(
        tmp_path / "l", {"m": {**chat(server.url), "limits": {"at_once": 1}}}, cases=cases, prices=PRICES
    )


def test_with_a_cap_a_case_that_holds_an_image_is_not_asked(serve, ship, tmp_path):
    """An address of 27 characters stands for an image of thousands of tokens: the run stops before it, and says why."""
    server, made = _launch(serve, tmp_path)

    ran = ship("run", made, "--trust", "--max-cost", "1")

    assert ran.code == 1
    assert "nobody knows what the case `seen` may cost" in " ".join((ran.out + ran.err).split())
    assert len(server.billed) == 2


def test_without_a_cap_it_is_asked_and_no_most_is_promised(serve, ship, tmp_path):
    """All three are asked; asked again, no sum is called the most that it may cost."""
    server, made = _launch(serve, tmp_path)
    assert ship("run", made, "--trust").code == 0
    assert len(server.billed) == 3

    again = ship("run", made, "--trust", "--fresh")

    said = " ".join((again.out + again.err).split())
    assert "nobody knows what at most, as some cases hold more than text" in said
    assert "at most 0" not in said
