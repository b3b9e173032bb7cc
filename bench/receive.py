"""What receiving spans costs: spans a second, CPU a span, peak memory, and that every span answered for is read back.

    python bench/receive.py 100000
    python bench/receive.py 100000 --batch 64 --encoding json --gzip

The receiver runs in a process of its own; the client (aiohttp) sends what was made before, eight requests at once, as
the batch processors of eight workers would. Each trace is a request of a user and one call of a model, with a question
of 400 and an answer of 800 characters.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from shipworthy.importers.registry import open_file

LAUNCH = "title: Bench\ncandidate: new\nvariants: {new: {recorded: true}}\n"
CRITERIA = "- id: right\n  bar: {at_least: 0.8, why: a bench}\n  scorer: {recorded: user_feedback}\n"
AT_ONCE = 8
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("spans", type=int)
    asked.add_argument("--batch", type=int, default=512, help="spans of one request; SDKs send 512")
    asked.add_argument("--encoding", choices=["protobuf", "json"], default="protobuf")
    asked.add_argument("--gzip", action="store_true")
    asked.add_argument(
        "--rate", type=int, default=0, help="spans a minute that are offered; 0 sends without pause"
    )
    wish = asked.parse_args()
    bodies = list(make(wish))
    print(
        f"{wish.spans:,} spans in {len(bodies):,} requests, {sum(map(len, bodies)) / 1e6:.1f} MB, load {load()}"
    )
    folder = Path(tempfile.mkdtemp(prefix="receive-"))
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    try:
        measure(folder, bodies, wish)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, bodies: list[bytes], wish: argparse.Namespace) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "shipworthy", "receive", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    address = server.stdout.readline().strip().partition("=")[2]
    before = cpu(server.pid)
    began = time.perf_counter()
    answers = asyncio.run(send(address, bodies, wish))
    wall = time.perf_counter() - began
    used = cpu(server.pid) - before
    peak = int(
        next(
            s for s in Path(f"/proc/{server.pid}/status").read_text().splitlines() if s.startswith("VmHWM")
        ).split()[1]
    )
    server.send_signal(signal.SIGTERM)
    server.wait()
    answers.sort()
    print(
        f"wall {wall:.2f} s: {wish.spans / wall:,.0f} spans/s ({wish.spans / wall * 60:,.0f} a minute); "
        f"CPU {used:.2f} s: {used / wish.spans * 1e6:.0f} us a span, {used / wall:.0%} of a core; peak {peak / 1024:.0f} MB"
    )
    print(
        f"answered after: median {answers[len(answers) // 2] * 1e3:.0f} ms, slowest {answers[-1] * 1e3:.0f} ms; load {load()}"
    )
    read_back(folder, wish)


def read_back(folder: Path, wish: argparse.Namespace) -> None:
    began, rows, ids = time.perf_counter(), 0, set()
    size = 0
    for path in sorted((folder / ".shipworthy/received").glob("*.jsonl")):
        size += path.stat().st_size
        for batch in open_file(path).batches():
            rows += len(batch)
            ids.update(row.case for row in batch)
    took = time.perf_counter() - began
    assert rows == len(ids) == wish.spans // 2, (rows, len(ids), wish.spans)
    print(
        f"read back: {rows:,} outputs of {wish.spans:,} spans, none missing, none twice, {took:.2f} s; {size / wish.spans:.0f} B a span on disk"
    )


async def send(address: str, bodies: list[bytes], wish: argparse.Namespace) -> list[float]:
    kind = {"protobuf": "application/x-protobuf", "json": "application/json"}[wish.encoding]
    headers = {"content-type": kind, **({"content-encoding": "gzip"} if wish.gzip else {})}
    waiting, took = iter(enumerate(bodies)), []
    began = time.perf_counter()

    async def worker(session: aiohttp.ClientSession) -> None:
        for number, body in waiting:
            if wish.rate:
                due = began + number * wish.batch * 60 / wish.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            sent = time.perf_counter()
            async with session.post(address, data=body, headers=headers) as reply:
                assert reply.status == 200, (reply.status, await reply.text())
                await reply.read()
            took.append(time.perf_counter() - sent)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(worker(session) for _ in range(AT_ONCE)))
    return took


def make(wish: argparse.Namespace):
    """Yield the bodies of requests; a span and its parent may lie in two of them."""
    random.seed(1)
    pack = (lambda data: gzip.compress(data, 1)) if wish.gzip else (lambda data: data)
    spans = []
    for number in range(wish.spans // 2):
        spans += pair(number)
        while len(spans) >= wish.batch:
            yield pack(body(spans[: wish.batch], wish.encoding))
            del spans[: wish.batch]
    if spans:
        yield pack(body(spans, wish.encoding))


def pair(number: int) -> list[dict]:
    """Return the call of a model and the request above it, as OTLP/JSON writes them."""
    trace, now = f"{random.getrandbits(128) | 1:032x}", 1_795_000_000 * 10**9 + number * 10**6
    asked = f"Question {number}: " + "where is my parcel, and when will it be here? " * 9
    said = f"Answer {number}: " + "your parcel left the hall and arrives tomorrow. " * 17
    message = {"role": "user", "parts": [{"type": "text", "content": asked}]}
    answer = {"role": "assistant", "parts": [{"type": "text", "content": said}], "finish_reason": "stop"}
    call = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "small",
        "gen_ai.request.temperature": 0.7, "gen_ai.response.model": "small-2026-01", "server.address": "api",
        "gen_ai.response.id": f"r{number}", "gen_ai.usage.input_tokens": 90, "gen_ai.usage.output_tokens": 180,
        "gen_ai.input.messages": json.dumps([message]), "gen_ai.output.messages": json.dumps([answer]),
    }  # fmt: skip
    above = {"app.user_feedback": number % 5 > 0, "app.topic": "orders", "http.request.method": "POST"}
    return [
        span(trace, f"{2 * number + 1:016x}", f"{2 * number + 2:016x}", "chat small", now, call),
        span(trace, f"{2 * number + 2:016x}", "", "POST /answer", now - 1000, above),
    ]


def span(trace: str, own: str, parent: str, name: str, at: int, attributes: dict) -> dict:
    kinds = {bool: "boolValue", str: "stringValue", int: "intValue", float: "doubleValue"}
    pairs = [{"key": key, "value": {kinds[type(v)]: v}} for key, v in attributes.items()]
    return {
        "traceId": trace, "spanId": own, "parentSpanId": parent, "name": name, "kind": 3, "startTimeUnixNano": str(at),
        "endTimeUnixNano": str(at + 900_000_000), "attributes": pairs, "status": {},
    }  # fmt: skip


def body(spans: list[dict], encoding: str) -> bytes:
    service = {"key": "service.name", "value": {"stringValue": "help-desk"}}
    whole = {
        "resourceSpans": [
            {"resource": {"attributes": [service]}, "scopeSpans": [{"scope": {}, "spans": spans}]}
        ]
    }
    return json.dumps(whole).encode() if encoding == "json" else protobuf(whole)


def protobuf(whole: dict) -> bytes:
    request = trace_service_pb2.ExportTraceServiceRequest()
    given = whole["resourceSpans"][0]
    resource = request.resource_spans.add()
    held = resource.resource.attributes.add(key="service.name")
    held.value.string_value = "help-desk"
    scope = resource.scope_spans.add()
    fields = {
        "stringValue": "string_value",
        "intValue": "int_value",
        "boolValue": "bool_value",
        "doubleValue": "double_value",
    }
    for each in given["scopeSpans"][0]["spans"]:
        made = scope.spans.add(
            trace_id=bytes.fromhex(each["traceId"]), span_id=bytes.fromhex(each["spanId"]),
            parent_span_id=bytes.fromhex(each["parentSpanId"]), name=each["name"], kind=3,
            start_time_unix_nano=int(each["startTimeUnixNano"]), end_time_unix_nano=int(each["endTimeUnixNano"]),
        )  # fmt: skip
        for pair_ in each["attributes"]:
            ((kind, value),) = pair_["value"].items()
            setattr(made.attributes.add(key=pair_["key"]).value, fields[kind], value)
    return request.SerializeToString()


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def load() -> str:
    return "/".join(f"{each:.1f}" for each in os.getloadavg())


main()
