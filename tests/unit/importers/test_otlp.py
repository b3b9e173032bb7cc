"""Spans as rows: what an output is, what each dialect says, what is odd and said so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.spans import AT, chat, export, protobuf, span

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap, Row
from shipworthy.importers.otlp import Spans
from shipworthy.importers.registry import open_file

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "import-fixtures" / "otel-replay"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded spans lie beside the project, not in it")


def read(tmp_path: Path, *spans: dict[str, Any], columns: ColumnMap | None = None) -> tuple[list[Row], Spans]:
    """Write spans as an export, and return its rows and its reading."""
    (tmp_path / "spans.json").write_bytes(export(*spans))
    reading = open_file(tmp_path / "spans.json", columns=columns)
    assert isinstance(reading, Spans)
    return [row for batch in reading.batches() for row in batch], reading


def comparable(row: Row) -> tuple[Any, ...]:
    """Return what every encoding of one span has in common, to the letter."""
    return row.case, row.status, row.reason, row.tags, row.output, row.input


def times(row: Row) -> Any:
    """Return its latency, which a console rounds to microseconds."""
    return pytest.approx(row.latency_s, rel=0, abs=3e-6)


@real
@pytest.mark.parametrize("name", ["default", "genai_latest"])
def test_the_encodings_of_one_run_give_the_same_rows(name: str) -> None:
    """OTLP in JSON and protobuf, base64 ids written by mistake, and lines of a console: 40 outputs, the same ones."""
    files = [f"otlp_{name}.jsonl", f"otlp_{name}_0.pb", f"spans_console_{name}.jsonl"]
    files += ["otlp_default_protobufjson.jsonl"] if name == "default" else []
    first, *others = ([r for batch in open_file(SHARED / file).batches() for r in batch] for file in files)
    assert len(first) == 40
    for rows in others:
        assert [comparable(row) for row in rows] == [comparable(row) for row in first]
        assert [row.latency_s for row in rows] == [times(row) for row in first]
        assert [(row.time or "")[:23] for row in rows] == [(row.time or "")[:23] for row in first]


@real
def test_both_generations_of_names_tell_the_same_of_the_same_calls() -> None:
    """40 calls in their order, the eighth failed, the same model and questions; the old names hold no words at all."""
    old, new = (
        [r for batch in open_file(SHARED / f"otlp_{name}.jsonl").batches() for r in batch]
        for name in ("default", "genai_latest")
    )
    assert [r.status for r in old] == [r.status for r in new]
    assert [i for i, r in enumerate(new) if r.status == "no answer"] == [7]
    assert {(r.tags or {})["model"] for r in (*old, *new)} == {"gpt3-175b-verification"}
    assert [r.case for r in old] == [f"gsm-{i:04}" for i in range(40)]
    assert {r.output for r in old} == {None}
    assert all(r.output and r.input for r in new if r.status == "answered")


@real
def test_feedback_on_the_span_above_is_the_score_that_a_criterion_reads() -> None:
    """`app.user_feedback` stands on the parent of the call; a criterion that reads `user_feedback` gets it."""
    columns = ColumnMap({}, scores=("user_feedback",))
    rows = [r for b in open_file(SHARED / "otlp_default.jsonl", columns=columns).batches() for r in b]
    truth = [
        json.loads(line)["attributes"].get("app.user_feedback")
        for line in (SHARED / "spans_console_default.jsonl").read_text().splitlines()
        if json.loads(line)["name"] == "answer_question"
    ]
    given = [(r.scores or {}).get("user_feedback") for r in rows if r.status == "answered"]
    assert given == [float(v) for i, v in enumerate(truth) if i != 7]
    assert 0 < sum(v or 0 for v in given) < len(given)


OLD_EVENTS = [
    {"name": "gen_ai.user.message", "attributes": [{"key": "content", "value": {"stringValue": "when?"}}]},
    {"name": "gen_ai.choice", "attributes": [
        {"key": "message", "value": {"stringValue": '{"role": "assistant", "content": "today"}'}},
        {"key": "finish_reason", "value": {"stringValue": "stop"}}]},
]  # fmt: skip
ASKED = '[{"role": "user", "parts": [{"type": "text", "content": "when?"}]}]'
SAID = '[{"role": "assistant", "parts": [{"type": "text", "content": "today"}], "finish_reason": "stop"}]'
DIALECTS: dict[str, dict[str, Any]] = {
    "today, messages": {"gen_ai__operation__name": "chat", "gen_ai__input__messages": ASKED,
                        "gen_ai__output__messages": SAID, "gen_ai__request__model": "m"},
    "before, one text": {"gen_ai__system": "openai", "gen_ai__request__model": "m", "gen_ai__prompt": "when?",
                         "gen_ai__completion": "today"},
    "before, numbered": {"gen_ai__request__model": "m", "gen_ai__prompt__0__role": "user",
                         "gen_ai__prompt__0__content": "when?", "gen_ai__completion__0__role": "assistant",
                         "gen_ai__completion__0__content": "today", "llm__request__type": "chat"},
    "before, events": {"gen_ai__operation__name": "chat", "gen_ai__request__model": "m", "events": OLD_EVENTS},
    "OpenInference": {"openinference__span__kind": "LLM", "llm__model_name": "m",
                      "llm__input_messages__0__message__role": "user",
                      "llm__input_messages__0__message__content": "when?",
                      "llm__output_messages__0__message__role": "assistant",
                      "llm__output_messages__0__message__content": "today"},
    "OpenInference, values": {"openinference__span__kind": "LLM", "llm__model_name": "m", "input__value": "when?",
                              "output__value": "today"},
}  # fmt: skip


@pytest.mark.parametrize("name", list(DIALECTS))
def test_every_dialect_says_the_same(name: str, tmp_path: Path) -> None:
    """One question, one answer, one model, in six ways of saying it."""
    rows, _ = read(tmp_path, span(1, 1, **DIALECTS[name]))
    assert [(r.input, r.output, (r.tags or {})["model"], r.status) for r in rows] == [
        ("when?", "today", "m", "answered")
    ]


def test_two_dialects_of_one_span_that_disagree(tmp_path: Path) -> None:
    """The newer counts, and that they disagree is said."""
    rows, reading = read(
        tmp_path, chat(1, 1, says="new words", gen_ai__completion="old words", gen_ai__request__model="m")
    )
    assert rows[0].output == "new words"
    assert any("disagree about output" in note for note in reading.header.notes)


def test_an_output_is_a_trace_whatever_it_took(tmp_path: Path) -> None:
    """An agent asks a model twice with a tool between: one output, its last words, the time of the whole, three steps."""
    rows, _ = read(
        tmp_path,
        chat(1, 2, 1, says="", at=AT, gen_ai__response__finish_reasons="tool_call"),
        span(1, 3, 1, at=AT + 2 * 10**9, gen_ai__operation__name="execute_tool", gen_ai__tool__name="search"),
        chat(1, 4, 1, says="found it", at=AT + 4 * 10**9),
        span(1, 1, at=AT, takes_s=6, name="answer"),
    )
    assert [(r.output, r.latency_s) for r in rows] == [("found it", 6.0)]
    assert [step["role"] for step in json.loads(rows[0].steps or "")] == ["assistant", "tool", "assistant"]


def test_spans_that_name_cases_split_a_trace(tmp_path: Path) -> None:
    """A nightly job of three items is three outputs, each with its own case, tags and time."""
    spans = [span(1, 1, takes_s=100, name="nightly")]
    for n in (2, 3, 4):
        spans += [
            chat(1, 10 + n, n, says=f"said {n}"),
            span(1, n, 1, takes_s=n, app__case_id=f"c{n}", app__topic="a"),
        ]
    rows, _ = read(tmp_path, *spans, columns=ColumnMap({}, tags=("topic",)))
    assert [(r.case, r.output, r.latency_s, (r.tags or {})["topic"]) for r in rows] == [
        ("c2", "said 2", 2.0, "a"), ("c3", "said 3", 3.0, "a"), ("c4", "said 4", 4.0, "a"),
    ]  # fmt: skip


def test_a_broken_way_up_is_mended_by_the_times(tmp_path: Path) -> None:
    """The span between a call and its item was not sent: the shortest item that was open all the while has the call."""
    rows, _ = read(
        tmp_path,
        span(1, 1, takes_s=100, at=AT),
        span(1, 2, 1, at=AT, takes_s=4, app__case_id="early"),
        span(1, 3, 1, at=AT + 5 * 10**9, takes_s=4, app__case_id="late"),
        span(1, 4, 1, at=AT, takes_s=50, app__case_id="all day"),
        chat(1, 9, 77, at=AT + 6 * 10**9, says="mine"),
    )
    assert [(r.case, r.output) for r in rows] == [("late", "mine")]


def test_a_map_names_attributes_or_takes_every_call_for_an_output(tmp_path: Path) -> None:
    """`case=span_id` makes two outputs of one trace; `score.right=app.thumb` reads a score of any name."""
    spans = [chat(1, 2, 1, app__thumb=True), chat(1, 3, 1, app__thumb=False), span(1, 1)]
    rows, _ = read(tmp_path, *spans, columns=ColumnMap({"case": "span_id", "score.right": "app.thumb"}))
    assert [(r.case, r.scores) for r in rows] == [
        (f"{1:032x}:{2:016x}", {"right": 1.0}),
        (f"{1:032x}:{3:016x}", {"right": 0.0}),
    ]


def test_a_stream_names_every_output(tmp_path: Path) -> None:
    """Two requests about one case are one case with two repeats for an import, and two outputs of the live traffic."""
    spans = [chat(1, 1, app__case_id="c"), chat(2, 2, app__case_id="c")]
    assert [r.case for r in read(tmp_path, *spans)[0]] == ["c", "c"]
    rows, _ = read(tmp_path, *spans, columns=ColumnMap({}, stream=True))
    assert [(r.case, r.time) for r in rows] == [
        (f"{n:032x}:{n:016x}", "2026-11-23T03:16:35.000000+00:00") for n in (1, 2)
    ]


def test_a_map_of_what_spans_settle_themselves_is_refused(tmp_path: Path) -> None:
    """The output is no attribute that one names."""
    with pytest.raises(BadInput, match="spans settle themselves"):
        read(tmp_path, chat(1, 1), columns=ColumnMap({"output": "app.said"}))


FAILED = {"code": 2, "message": "upstream said no"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"status": FAILED}, "error: upstream said no"),
        ({"status": FAILED, "error__type": "ReadTimeout"}, "timeout"),
        ({"status": FAILED, "error__type": "RateLimitError"}, "error: RateLimitError"),
        ({"gen_ai__response__finish_reasons": "content_filter"}, "blocked by the provider"),
        ({"gen_ai__response__finish_reasons": "length"}, "cut off: the model's token limit"),
        ({"status": {"code": 1}}, None),
    ],
)
def test_why_there_is_no_answer(given: dict[str, Any], reason: str | None, tmp_path: Path) -> None:
    """What failed is no answer with its reason, never a failed output; a score it carries does not count."""
    rows, _ = read(tmp_path, chat(1, 1, shipworthy__score__right=1, **given))
    assert (rows[0].reason, rows[0].status) == (reason, "no answer" if reason else "answered")
    assert rows[0].scores == (None if reason else {"right": 1.0})


def test_a_call_that_was_tried_again_is_an_answer(tmp_path: Path) -> None:
    """The first call failed, the second answered, and the span above is fine."""
    rows, _ = read(
        tmp_path,
        chat(1, 2, 1, says="", status=FAILED),
        chat(1, 3, 1, says="now", at=AT + 10**9),
        span(1, 1, takes_s=3),
    )
    assert [(r.output, r.reason) for r in rows] == [("now", None)]


def test_two_scores_of_one_name_that_differ_are_none(tmp_path: Path) -> None:
    """An evaluation on the call says 1, an attribute above says 0: unscored, and said."""
    event = {"name": "gen_ai.evaluation.result", "attributes": [
        {"key": "gen_ai.evaluation.name", "value": {"stringValue": "right"}},
        {"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": 1.0}}]}  # fmt: skip
    rows, reading = read(tmp_path, chat(1, 2, 1, events=[event]), span(1, 1, shipworthy__score__right=0))
    assert rows[0].scores == {"right": None}
    assert "unscored" in (rows[0].explanations or {})["right"]
    assert any("two scores of one name" in note for note in reading.header.notes)


def test_what_is_not_about_a_model_is_counted(tmp_path: Path) -> None:
    """A trace of a web server and its database has two spans, and no output."""
    rows, reading = read(
        tmp_path, chat(1, 1), span(2, 5, 4, db__system="postgresql"), span(2, 4, http__request__method="GET")
    )
    assert len(rows) == 1
    assert dict(reading.dropped) == {"a span of a trace in which no model was asked": 2}


def test_a_span_that_comes_twice_counts_once(tmp_path: Path) -> None:
    """The exporter was not answered and sent the batch again."""
    rows, reading = read(tmp_path, chat(1, 1), chat(2, 2), chat(1, 1))
    assert len(rows) == 2
    assert dict(reading.dropped) == {"a span that was sent again: counted once": 1}


@pytest.mark.parametrize("at", [0, 86_400 * 10**9])
def test_a_clock_that_was_never_set(at: int, tmp_path: Path) -> None:
    """1970: the output stays, its time is unknown, and that is said."""
    rows, reading = read(tmp_path, chat(1, 1, at=at))
    assert [(r.output, r.time) for r in rows] == [("yes", None)]
    assert any("clock" in note for note in reading.header.notes)


def test_a_span_that_ends_before_it_begins_has_no_latency(tmp_path: Path) -> None:
    """A clock that was set back in between: unknown, not negative."""
    rows, _ = read(tmp_path, chat(1, 1, takes_s=-5))
    assert rows[0].latency_s is None


def test_five_megabytes_of_one_text(tmp_path: Path) -> None:
    """The text is left out, the output still counts, and that is said."""
    rows, reading = read(tmp_path, chat(1, 1, says="x" * 5_000_000))
    assert [(r.status, r.output) for r in rows] == [("answered", None)]
    assert any("longer than" in note for note in reading.header.notes)
    assert any("too long to be kept" in note for note in reading.header.notes)


def test_nul_and_lone_surrogates_are_text_like_any_other(tmp_path: Path) -> None:
    """NUL stays, half a character becomes the mark for one, nothing is lost."""
    body = export(chat(1, 1, says="HERE", app__note="x")).replace(b"HERE", rb"a\\u0000b\\ud800c")
    (tmp_path / "spans.json").write_bytes(body.replace(b'"x"', rb'"\ud800"'))
    rows = [row for batch in open_file(tmp_path / "spans.json").batches() for row in batch]
    assert [r.status for r in rows] == ["answered"]
    assert (rows[0].output or "").startswith("a\0b")
    (rows[0].output or "").encode()


ODD: dict[str, tuple[dict[str, Any], str]] = {
    "a trace id of zeros": ({"traceId": "0" * 32}, "trace id"),
    "a trace id that is a number": ({"traceId": 7}, "trace id"),
    "a short span id": ({"spanId": "abc"}, "span id"),
    "a time in words": ({"startTimeUnixNano": "soon"}, "no whole number"),
    "a time out of range": ({"startTimeUnixNano": 2**64 - 1}, "out of range"),
    "attributes that are a word": ({"attributes": "none"}, "no list"),
    "an attribute without a key": ({"attributes": [{"value": {"intValue": 1}}]}, "no key"),
    "a truth value in words": ({"attributes": [{"key": "a", "value": {"boolValue": "yes"}}]}, "neither true nor false"),
    "a number in words": ({"attributes": [{"key": "a", "value": {"intValue": "1.5"}}]}, "no whole number"),
    "two types at once": ({"attributes": [{"key": "a", "value": {"intValue": 1, "boolValue": True}}]}, "no type"),
    "events that are a number": ({"events": 5}, "no list"),
    "a name that is a list": ({"name": []}, "no text"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(ODD))
def test_a_span_of_wrong_types_is_left_out_and_its_neighbour_stays(name: str, tmp_path: Path) -> None:
    """One span cannot be used; it is counted with its reason, and the other one is read."""
    change, says = ODD[name]
    rows, reading = read(tmp_path, {**chat(1, 1), **change}, chat(2, 2))
    assert [r.case for r in rows] == [f"{2:032x}"]
    assert [says in reason for reason in reading.dropped] == [True]


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_protobuf_that_is_cut_short_is_refused(cut: int, tmp_path: Path) -> None:
    """Its last bytes are missing: nothing is read, and the message says what it is not."""
    path = tmp_path / "spans.pb"
    path.write_bytes(protobuf(chat(1, 1), chat(2, 2))[:-cut])
    with pytest.raises(BadInput, match="cut short"):
        list(open_file(path).batches())


def test_secrets_in_attributes_are_not_kept(tmp_path: Path) -> None:
    """A header with a key stands on the span; it reaches no row, and that it was left out is said."""
    rows, reading = read(
        tmp_path,
        chat(1, 1, http__request__header__authorization="Bearer sk-1", app__tag="sk-2"),
        columns=ColumnMap({"tag.key": "http.request.header.authorization"}),
    )
    assert "sk-1" not in repr(rows)
    assert any("secrets" in note for note in reading.header.notes)
