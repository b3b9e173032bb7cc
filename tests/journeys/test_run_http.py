"""Variants behind HTTP and chat endpoints, through the command line, against a real server that keeps its own bill."""

from __future__ import annotations

import json
import time
from collections import Counter

import pytest
from tests.journeys.remote import account, chat, http, launch, outputs, reasons, rows
from tests.server import Back, Call, completion, said

MOCK = {"mock": {"call": 0.001}}


def echo(call: Call) -> Back:
    """Answer with the case's input."""
    return Back(said(call.body["q"]))


def test_every_case_is_asked_once_and_its_answer_found_in_the_reply(serve, ship, tmp_path):
    """Ten cases, a body with the case in it, `$.answer.text`: ten answers, ten right scores, ten calls on both bills."""
    server = serve(echo)
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, prices=MOCK)

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert "api: 10 answered, 0 no answer" in ran.out
    assert "api: 10 calls so far, 0.0100 USD" in ran.out
    assert "api: 10 scores written" in ran.out
    assert outputs(made) == {f"c{i}": (f'"c{i}"', None) for i in range(10)}
    assert set(server.asked().values()) == {1}
    assert account(made) == (0, pytest.approx(server.charged), pytest.approx(server.charged))
    assert ship("verify", made).code == 0


def test_a_chat_endpoint_is_asked_with_prompt_and_key_and_charged_by_tokens(
    serve, ship, tmp_path, monkeypatch
):
    """Model, system prompt, key and max_tokens arrive; 10 tokens in and 5 out at 1 and 2 USD a million are 20 millionths."""
    monkeypatch.setenv("API_KEY", "key-of-many-letters")
    server = serve(lambda call: Back(completion(call.case)))
    made = launch(
        tmp_path / "l", {"m": chat(server.url, key="API_KEY", system="Be brief.", temperature=0.5)},
        prices={"m": {"input": 1, "output": 2}},
    )  # fmt: skip

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert outputs(made)["c3"] == ('"c3"', None)
    first = server.calls[0]
    assert first.path == "/v1/chat/completions"
    assert first.headers["Authorization"] == "Bearer key-of-many-letters"
    assert first.body == {
        "model": "m", "max_tokens": 100, "temperature": 0.5,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": first.case}],
    }  # fmt: skip
    assert account(made) == (0, pytest.approx(200e-6), pytest.approx(200e-6))


@pytest.mark.parametrize("tokens", [(-1_000_000, 5), (10**30, 5), ("many", None), (7.5, True)])
def test_a_number_of_tokens_that_cannot_be_is_none_and_the_call_counts_at_its_worst(
    serve, ship, tmp_path, tokens
):
    """A chat endpoint says less than none, more than fits, or no number: answered all the same, and no cent is won back."""
    server = serve(lambda call: Back(completion(call.case, tokens=tokens)))
    made = launch(tmp_path / "l", {"m": chat(server.url)}, cases=4, prices={"m": {"input": 1, "output": 1}})

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert len(outputs(made)) == 4
    assert all(
        low is None or low >= 0
        for low in next(iter(zip(*rows(made, "SELECT tokens_in FROM receipts"), strict=True)))
    )
    worst = rows(made, "SELECT sum(worst) FROM intents")[0][0]
    assert rows(made, "SELECT sum(cost_high) FROM receipts")[0][0] == pytest.approx(worst)


def _sse(*events: object, done: bool = True) -> tuple[bytes, ...]:
    pieces = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    return (*pieces, b"data: [DONE]\n\n") if done else tuple(pieces)


def _delta(text: str, finish: str | None = None) -> dict:
    return {"choices": [{"delta": {"content": text}, "finish_reason": finish}]}


def test_a_streamed_chat_answer_is_put_together_and_its_first_byte_timed(serve, ship, tmp_path):
    """Three pieces, each 50 ms after the one before: one text, first byte of the answer at about 50 ms, all at about 150."""
    usage = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
    server = serve(
        lambda call: Back(
            pieces=_sse(_delta("c"), _delta(call.case[1:]), _delta("", "stop"), usage), each_s=0.05
        )
    )
    made = launch(
        tmp_path / "l", {"m": chat(server.url, stream=True)}, prices={"m": {"input": 1, "output": 1}}
    )

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert outputs(made)["c7"] == ('"c7"', None)
    assert server.calls[0].body["stream_options"] == {"include_usage": True}
    assert rows(made, "SELECT DISTINCT tokens_in, tokens_out FROM receipts") == [(7, 3)]
    for first, whole in rows(made, "SELECT first_byte_s, latency_s FROM receipts"):
        assert 0.045 < first < 0.15
        assert 0.22 < whole < 0.6


def test_a_stream_that_ends_before_its_end_is_no_answer(serve, ship, tmp_path):
    """Half a text, then an error event or nothing at all, and no end mark: what came is not taken for the answer."""

    def answer(call: Call) -> Back:
        events = [_delta("half")] + ([{"error": {"message": "overloaded"}}] if call.case == "c1" else [])
        return Back(pieces=_sse(*events, done=False))

    made = launch(tmp_path / "l", {"m": chat(serve(answer).url, stream=True)}, cases=2)

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 0, ran.err
    assert "m: 0 answered, 2 no answer" in ran.out
    assert all("cut off" in reason for reason in reasons(made))


@pytest.mark.parametrize(("stream", "pieces"), [
    ("sse", _sse(said("a"), said("b"))),
    ("lines", (b'{"answer": {"text": "a"}}\n{"answer"', b': {"text": "b"}}\n')),
])  # fmt: skip
def test_a_streamed_http_answer_is_put_together(serve, ship, tmp_path, stream, pieces):
    """Server-sent events, or JSON lines that are cut anywhere: `a` and `b` make `ab`."""
    made = launch(
        tmp_path / "l", {"api": http(serve(lambda _: Back(pieces=pieces)).url, stream=stream)}, cases=2
    )

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 0, ran.err
    assert outputs(made)["c0"] == ('"ab"', None)


TURNS = [
    {"id": f"t{i}", "input": {"turns": ["hello", "and then?", "bye"]}, "part": "explore"} for i in range(4)
]


def test_turns_go_one_by_one_with_their_history_and_are_kept_as_steps(serve, ship, tmp_path):
    """Three turns to a chat endpoint: the third request carries four messages of history, and the ledger all six steps."""
    server = serve(lambda call: Back(completion(f"re: {call.case}")))
    made = launch(tmp_path / "l", {"m": chat(server.url)}, cases=TURNS)

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 0, ran.err
    assert outputs(made)["t0"] == ('"re: bye"', None)
    assert Counter(len(call.body["messages"]) for call in server.calls) == {1: 4, 3: 4, 5: 4}
    steps = json.loads(rows(made, "SELECT text FROM steps")[0][0])
    assert [s["content"] for s in steps] == [
        "hello",
        "re: hello",
        "and then?",
        "re: and then?",
        "bye",
        "re: bye",
    ]


def test_each_turn_is_a_call_that_is_charged(serve, ship, tmp_path):
    """Four conversations of three turns at 0.001 a call are 0.012 USD, and a cap of 0.007 lets two of them through."""
    server = serve(lambda _: Back(said("yes")))
    api = http(server.url, body={"q": "{{input}}", "before": "{{history}}"})
    whole = launch(tmp_path / "whole", {"api": {**api, "price": "mock"}}, cases=TURNS, prices=MOCK)
    assert ship("run", whole, "--trust").code == 0
    assert account(whole) == (0, pytest.approx(0.012), pytest.approx(0.012))
    assert server.charged == pytest.approx(0.012)
    capped = launch(tmp_path / "capped", {"api": {**api, "price": "mock"}}, cases=TURNS, prices=MOCK)

    ran = ship("run", capped, "--trust", "--max-cost", "0.007")

    assert ran.code == 1
    assert "api: 2 answered" in ran.out
    assert server.charged == pytest.approx(0.018)


def test_repeats_are_asked_and_kept_one_by_one(serve, ship, tmp_path):
    """Three repeats of five cases: fifteen calls, and the answer of each repeat is its own."""
    server = serve(lambda call: Back(said(f"{call.case}/{call.repeat}")))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "repeats": 3}}, cases=5)

    assert ship("run", made, "--trust", "--unpriced").code == 0

    kept = rows(made, "SELECT c.key, t.repeat, t.text FROM texts t JOIN cases c ON c.no = t.case_no")
    assert len(kept) == len(server.calls) == 15
    assert all(json.loads(text) == f"{case}/{repeat}" for case, repeat, text in kept)


def test_going_on_asks_only_what_is_missing(serve, ship, tmp_path):
    """A cap stops it after four of ten; the second go asks the other six, and a third go asks nothing."""
    server = serve(echo)
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, prices=MOCK)

    first = ship("run", made, "--trust", "--max-cost", "0.004")
    second = ship("run", made, "--trust")
    third = ship("run", made, "--trust")

    assert (first.code, second.code, third.code) == (1, 0, 0)
    assert "api: 4 answered" in first.out
    assert "api: 6 outputs still missing; run again to go on" in first.out
    assert "would pass the cap of 0.004 USD" in first.err
    assert "api: 6 answered, 0 no answer, 4 there already" in second.out
    assert "10 there already" in third.out
    assert set(server.asked().values()) == {1}


@pytest.mark.parametrize(
    ("cap", "calls"), [(0.0, 0), (0.0005, 0), (0.003, 3), (0.02, 20), (0.0499999, 49), (0.05, 50)]
)
def test_the_cap_is_reached_and_never_passed(serve, ship, tmp_path, cap, calls):
    """Fifty cases at 0.001, twenty in flight: as many calls as the cap pays for, to the last one."""
    server = serve(lambda call: Back(said(call.body["q"]), after_s=0.01))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, cases=50, prices=MOCK)

    ran = ship("run", made, "--trust", "--max-cost", cap)

    assert len(server.billed) == calls
    assert ran.code == (0 if calls == 50 else 1)


def test_two_variants_share_one_cap(serve, ship, tmp_path):
    """A cap of 0.012 over two variants of ten cases each: twelve calls in all."""
    server = serve(echo)
    api = {**http(server.url), "price": "mock"}
    made = launch(tmp_path / "l", {"a": api, "b": {**api, "repeats": 2}}, prices=MOCK)

    ran = ship("run", made, "--trust", "--max-cost", "0.012")

    assert ran.code == 1
    assert len(server.billed) == 12


def test_another_body_is_another_variant_and_says_so(serve, ship, tmp_path):
    """A changed body, or a changed prompt file wherever it lies, asks everything anew; a changed limit does not."""
    server = serve(lambda call: Back(completion(call.case)))
    one = {"m": chat(server.url, system="file:memo/.prompt.md")}
    made = launch(tmp_path / "l", one, cases=3)
    (made / "memo").mkdir()
    (made / "memo/.prompt.md").write_text("Be brief.")
    run = ("run", made, "--trust", "--unpriced")
    assert ship(*run).code == 0

    launch(tmp_path / "l", {"m": {**one["m"], "limits": {"at_once": 3, "timeout_s": 9}}}, cases=3)
    assert "changed" not in ship(*run).out
    (made / "memo/.prompt.md").write_text("Be kind.")
    assert "m: changed since it last ran, so everything is asked anew" in ship(*run).out
    launch(tmp_path / "l", {"m": chat(server.url, system="file:memo/.prompt.md", temperature=0)}, cases=3)
    assert "m: changed since it last ran" in ship(*run).out

    assert server.asked() == {"c0": 3, "c1": 3, "c2": 3}
    assert Counter(call.body["messages"][0]["content"] for call in server.calls) == {
        "Be brief.": 3,
        "Be kind.": 6,
    }


def test_fresh_asks_everything_again_and_the_first_answers_go_on_to_count(serve, ship, tmp_path):
    """Right the first time, wrong the second: the scores and the texts that count stay those of the first go."""
    server = serve(lambda call: Back(said(call.body["q"] if call.attempt == 1 else "wrong")))
    made = launch(tmp_path / "l", {"api": http(server.url)}, cases=4)
    assert ship("run", made, "--trust", "--unpriced").code == 0

    again = ship("run", made, "--trust", "--unpriced", "--fresh")

    assert again.code == 0, again.err
    assert "api: 4 answered" in again.out
    assert "api: asks for all 4 outputs again, beside the first ones, which go on to count" in again.err
    assert set(server.asked().values()) == {2}
    assert outputs(made)["c2"] == ('"c2"', None)
    assert sorted(rows(made, "SELECT attempt, count(*) FROM outputs GROUP BY 1")) == [(0, 4), (1, 4)]
    assert ship("verify", made).code == 0


def test_time_that_is_over_ends_the_run_at_once(serve, ship, tmp_path):
    """Calls that take 30 s, a limit of one request a minute, a wait of 40 s that the server asks for: over after 1 s."""
    ways = {
        "slow": (Back(said("x"), after_s=30), {}),
        "paced": (Back(said("x")), {"per_minute": 1}),
        "told": (Back(b"", status=429, headers={"Retry-After": "40"}, cost=0), {}),
        "down": (Back(b"", status=503), {}),
    }
    for name, (back, limits) in ways.items():
        server = serve(lambda _, back=back: back)
        made = launch(tmp_path / name, {"api": {**http(server.url), "limits": {"at_once": 3, **limits}}})
        began = time.monotonic()

        ran = ship("run", made, "--trust", "--unpriced", "--max-time", "1")

        assert time.monotonic() - began < 2.5, name
        assert ran.code == 1, name
        assert "api: stopped, the time of 1 s is over" in ran.err, name
        assert len(server.calls) <= 12, name


def test_the_time_is_that_of_the_whole_run_and_not_of_each_variant(serve, ship, tmp_path):
    """Three slow variants and a limit of 1 s: over after about 1 s, and not after 3."""
    api = http(serve(lambda _: Back(said("x"), after_s=30)).url)
    made = launch(tmp_path / "l", {"a": api, "b": {**api, "repeats": 2}, "c": {**api, "repeats": 3}})
    began = time.monotonic()

    ran = ship("run", made, "--trust", "--unpriced", "--max-time", "1")

    assert time.monotonic() - began < 2.5
    assert ran.code == 1
    assert ran.err.count("the time of 1 s is over") == 3


def test_what_was_given_up_may_have_been_charged(serve, ship, tmp_path):
    """Ten calls given up after 1 s, all on the server's bill: the account says from 0 to 0.010 USD."""
    server = serve(lambda _: Back(said("x"), after_s=30))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, prices=MOCK)

    ran = ship("run", made, "--trust", "--max-time", "1")

    assert "0.0000 to 0.0100 USD" in ran.out
    assert server.charged == pytest.approx(0.01)


def test_a_price_that_nobody_knows_stops_and_asks(serve, ship, tmp_path):
    """No price list: nothing is sent without --unpriced, and with a cap never."""
    server = serve(echo)
    made = launch(tmp_path / "l", {"api": http(server.url)})

    plain, capped = (
        ship("run", made, "--trust"),
        ship("run", made, "--trust", "--unpriced", "--max-cost", "1"),
    )

    assert (plain.code, capped.code, len(server.calls)) == (3, 3, 0)
    assert "nobody knows what calls of api cost" in plain.err
    assert "no cap can be kept" in capped.err
    assert ship("run", made, "--trust", "--unpriced").code == 0
    assert len(server.calls) == 10


def test_events_are_json_lines_and_nothing_else(serve, ship, tmp_path):
    """Every line of stderr is an event, also what is said of code, prices and a stop; counts grow to what was planned."""
    server = serve(lambda call: Back(said(call.body["q"]), after_s=0.05))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, cases=60, prices=MOCK)

    stopped = ship("run", made, "--trust", "--events", "--max-cost", "0.05")
    finished = ship("run", made, "--trust", "--events")

    events = [json.loads(line) for line in (stopped.err + finished.err).splitlines()]
    shown = [e for e in events if e["event"] == "progress" and e["name"] == "api"]
    assert [e["done"] for e in shown] == sorted(e["done"] for e in shown)
    assert shown[-1]["done"] == shown[-1]["planned"] == 60
    assert any("would pass the cap" in e.get("text", "") for e in events)
    assert "api: 10 answered, 0 no answer, 50 there already" in finished.out
