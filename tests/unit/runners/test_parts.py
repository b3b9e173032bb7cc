"""The small parts of a request: templates, paths, turns, keys, replies, and which target a variant has."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import subprocess
import sys
from urllib.parse import quote, quote_plus

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.domain.launch import Variant
from shipworthy.domain.target import Chat, Http, Limits
from shipworthy.runners.exchange import Got
from shipworthy.runners.function import FunctionTarget
from shipworthy.runners.http import HttpTarget
from shipworthy.runners.interface import Reply
from shipworthy.runners.json_path import MISSING, compiled_path
from shipworthy.runners.registry import at_once_of, prompt_text, target_of
from shipworthy.runners.replies import ASK_AGAIN, answered, decoded, failed
from shipworthy.runners.secrets import REDACTED, Secrets
from shipworthy.runners.template import compiled, unknown_places
from shipworthy.runners.turns import conversation, turns_of

VALUES = {"input": {"a": [1, "{{case}}"]}, "case": "c1", "repeat": 2, "seed": 7, "history": []}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{{input}}", {"a": [1, "{{case}}"]}),
        (" {{ input }} ", {"a": [1, "{{case}}"]}),
        ("{{repeat}}", 2),
        ("case {{case}}, go {{repeat}}", "case c1, go 2"),
        ("x {{input}}", 'x {"a":[1,"{{case}}"]}'),
        ({"q": ["{{case}}", 1, None, True]}, {"q": ["c1", 1, None, True]}),
        ({"{{case}}": 1}, {"{{case}}": 1}),
        ("{{}} {case} {{ca se}}", "{{}} {case} {{ca se}}"),
        ("{{history}}", []),
        (5, 5),
        (None, None),
    ],
)
def test_a_template_is_filled_in_once(template, filled):
    """A place alone keeps the value's type, inside a text it becomes text; what a value contains is data."""
    assert compiled(template)(VALUES) == filled


def test_places_that_stand_for_nothing_are_found_anywhere():
    """In nested lists and objects, and inside texts."""
    assert unknown_places({"a": ["{{x}}", {"b": "and {{ y }} {{input}}"}]}) == ["x", "y"]


REPLY = {"a": [{"t": "x"}, {"t": "y"}], "b c": {"d": None}, "n": 0, "deep": {"k-v": [[1]]}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", REPLY), ("$.a[0].t", "x"), ("$.a[1]['t']", "y"), ("$['b c'].d", None), ("$.n", 0), ("$.deep.k-v[0][0]", 1),
        ("$.a[2]", MISSING), ("$.a.t", MISSING), ("$.x", MISSING), ("$.n.x", MISSING), ("$.a[*].t", ["x", "y"]),
        ("$..d", None), ("$.a[-1].t", "y"), ("$.a[?@.t == 'y'].t", "y"), ("$.a[?@.t == 'z'].t", MISSING),
    ],
)  # fmt: skip
def test_a_path_finds_what_it_says_or_nothing(path, found):
    """Plain steps, wildcards, filters; null is a value, and what is not there is not null."""
    result = compiled_path(path)(REPLY)
    assert result is found if found is MISSING else result == found


@pytest.mark.parametrize("path", ["", "a.b", "$.", "$.[", "$[", "$.a[", "$.a..", "$['a"])
def test_what_is_no_path_is_refused(path):
    """Each is refused when the launch is read, not at the first reply."""
    with pytest.raises(ValueError, match=r"."):
        compiled_path(path)


def test_a_path_into_a_reply_of_absurd_depth_finds_nothing_and_breaks_nothing():
    """A thousand lists inside each other and a path that walks all: a reason, and no crash."""
    deep: list = []
    for _ in range(900):
        deep = [deep]
    try:
        compiled_path("$..x")(deep)
    except ValueError as error:
        assert "does not fit the reply" in str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    ("given", "turns"),
    [
        ({"turns": ["a"]}, ["a"]), ({"turns": []}, None), ({"turns": "a"}, None), ({"turns": ["a"], "x": 1}, None),
        (["a"], None), ("turns", None), (None, None),
    ],
)  # fmt: skip
def test_turns_are_a_list_under_that_name_alone(given, turns):
    """`{"turns": [...]}` and nothing else is a conversation."""
    assert turns_of(given) == turns


def _talk(*replies: Reply) -> Reply:
    left = iter(replies)

    async def ask(_turn: object, _history: list) -> Reply:
        return next(left)

    return asyncio.run(conversation(["a", "b", "c"], ask))


YES = Reply('"yes"', None, 1.0, tokens_in=10, tokens_out=5)


def test_a_turn_that_fails_ends_the_conversation_without_an_answer():
    """Turn 2 is cut: no answer, not asked again, its turn named, what was said is kept, and its tokens are not known."""
    reply = _talk(YES, Reply(None, "cut off", 2.0, fault=True))

    assert (reply.text, reply.reason, reply.fault) == (None, "turn 2 of 3: cut off", False)
    assert (reply.latency_s, reply.requests, reply.tokens_in, reply.billed) == (3.0, 2, None, True)
    assert len(json.loads(reply.steps)) == 2


def test_a_turn_that_was_never_charged_leaves_the_tokens_known():
    """Turn 2 is refused with 429: one request, ten tokens in, charged."""
    reply = _talk(YES, Reply(None, "429", 0.0, fault=True, billed=False))

    assert (reply.requests, reply.tokens_in, reply.tokens_out, reply.billed) == (1, 10, 5, True)


def test_a_fault_at_the_first_turn_can_be_asked_again():
    """Nothing was said yet."""
    assert _talk(Reply(None, "500", 0.0, fault=True)).fault


def test_a_turn_that_nobody_counted_leaves_the_whole_uncounted():
    """Ten tokens, an unknown number, ten: unknown, and never twenty."""
    reply = _talk(YES, Reply('"x"', None, 1.0), YES)

    assert (reply.text, reply.tokens_in, reply.requests) == ('"yes"', None, 3)


KEY = 'sk/Live+0123 456789"äbc\\def=='


@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_a_key_is_found_in_base64_at_every_shift(before):
    """Behind nothing, one or two bytes: no run of eight letters of its code is left, in either alphabet."""
    secrets = Secrets()
    secrets.remember(KEY)
    coded = base64.b64encode(f"{before}{KEY}: and more".encode()).decode()
    core = base64.b64encode(f"{before}{KEY}".encode()).decode()[4:-4]

    for text, inside in (
        (coded, core),
        (coded.replace("+", "-").replace("/", "_"), core.replace("+", "-").replace("/", "_")),
    ):
        hidden = secrets.hide(text)
        assert REDACTED in hidden
        assert not any(inside[i : i + 8] in hidden for i in range(len(inside) - 7))


@pytest.mark.parametrize(
    "write",
    [
        str, quote, quote_plus, lambda k: quote(k, safe=""), json.dumps, lambda k: json.dumps(k, ensure_ascii=False),
        lambda k: json.dumps(json.dumps(k)), lambda k: json.dumps(json.dumps(k, ensure_ascii=False), ensure_ascii=False),
        lambda k: json.dumps(k).replace("/", "\\/"), lambda k: re.sub("%..", lambda code: code.group().lower(), quote(k)),
    ],
)  # fmt: skip
def test_a_key_is_found_however_it_is_written(write):
    """Plain, in addresses, as JSON and as JSON inside JSON: no ten letters of it are left."""
    secrets = Secrets()
    secrets.remember(KEY)

    hidden = secrets.hide(f"before {write(KEY)} after")

    assert hidden.startswith("before ")
    assert "0123" not in hidden
    assert "6789" not in hidden


def test_keys_are_taken_from_the_environment_by_name(monkeypatch):
    """`${NAME}` anywhere in a header; what is missing, or could break the header, is refused by name and not by value."""
    monkeypatch.setenv("GOOD_KEY", "abcdef123")
    monkeypatch.setenv("BAD_KEY", "abc\r\nX: y")
    secrets = Secrets()

    assert secrets.fill("Bearer ${GOOD_KEY}$ {x}", where="w") == "Bearer abcdef123$ {x}"
    assert secrets.hide("abcdef123") == REDACTED
    for text, name in (("${NO_KEY}", "NO_KEY"), ("${BAD_KEY}", "BAD_KEY")):
        with pytest.raises(BadInput, match=name) as raised:
            secrets.fill(text, where="w")
        assert "abc" not in str(raised.value)


def test_a_key_at_the_cut_of_a_reason_is_not_left_in_half():
    """A page whose key crosses the length at which a reason is cut: no six letters of it remain, wherever it begins."""
    secrets = Secrets()
    secrets.remember("abcdefghijklmnopqrstuvwxyz")
    for at in range(260, 310):
        got = Got(status=500, body=b"-" * at + b"abcdefghijklmnopqrstuvwxyz" * 3, wrote=1, first=2, last=3)
        reply = failed(got, secrets.hide)
        assert "abcdef" not in reply.reason
        with pytest.raises(ValueError, match="not JSON") as raised:
            decoded(got, secrets.hide)
        assert "abcdef" not in str(raised.value)


@pytest.mark.parametrize(
    "status", [300, 304, 400, 401, 403, 404, 405, 422, 429, 451, 500, 501, 503, 524, 529, 599]
)
def test_a_status_is_a_fault_or_an_outcome(status):
    """Asked again: too many requests, server errors that pass; everything else is the target's own word."""
    reply = failed(Got(status=status, body=b"why", wrote=1.0, first=2.0, last=3.0))

    assert reply.reason == f"error: HTTP {status}: why"
    assert reply.fault is (status in ASK_AGAIN)
    assert reply.billed is (status not in (401, 403, 404, 405, 429))
    assert reply.latency_s == 2.0


def test_an_answer_is_json_with_its_times():
    """Latency from the request's write to the last byte."""
    reply = answered({"a": "ä"}, Got(status=200, wrote=1.0, first=1.5, last=3.0))

    assert (reply.text, reply.latency_s, reply.first_byte_s) == ('{"a":"ä"}', 2.0, 0.5)
    assert failed(Got(status=204, wrote=1.0, last=2.0)) is None


def test_a_variant_has_the_target_it_is_written_as(tmp_path):
    """A function, an endpoint, a chat; one function at a time and twenty requests unless said."""
    (tmp_path / "feature.py").write_text("def f(x):\n    return x\n")
    (tmp_path / "prompt.md").write_text("Be brief.")
    python = Variant(python="feature:f")
    http = Variant(http=Http(url="http://127.0.0.1:1/"), limits=Limits(at_once=3, timeout_s=2))
    chat = Variant(chat=Chat(url="http://127.0.0.1:1/v1", model="m", system="file: prompt.md"))

    assert isinstance(target_of(tmp_path, python, Secrets()), FunctionTarget)
    found = target_of(tmp_path, http, Secrets())
    assert isinstance(found, HttpTarget)
    assert (found.exchange.at_once, found.exchange.timeout_s) == (3, 2)
    assert target_of(tmp_path, chat, Secrets()).before == [{"role": "system", "content": "Be brief."}]
    assert [at_once_of(v) for v in (python, http, chat)] == [1, 3, 20]


@pytest.mark.parametrize("name", ["no.md", "../outside.md", "/etc/hostname", ".", "link.md"])
def test_a_prompt_comes_from_inside_the_launch(tmp_path, name):
    """Missing, outside, absolute, a folder, a link that leads out: refused."""
    inside = tmp_path / "l"
    inside.mkdir()
    (tmp_path / "outside.md").write_text("secret")
    (inside / "link.md").symlink_to(tmp_path / "outside.md")

    with pytest.raises(BadInput, match="there is no file"):
        prompt_text(inside, f"file:{name}")


def test_reading_a_variant_loads_no_network_code():
    """`check` needs no aiohttp: it is loaded when a target is made."""
    code = (
        "import shipworthy.domain.launch, shipworthy.runners.registry, sys; print('aiohttp' in sys.modules)"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
