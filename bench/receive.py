"""What receiving spans costs: spans a second, CPU a span, peak memory, and that every span answered for is read back.

    python bench/receive.py 100000
    python bench/receive.py 100000 --batch 64 --encoding json --gzip
    python bench/receive.py 100000 --kills 12

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

from shipworthy.importers.interface import ColumnMap
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
    asked.add_argument("--kills", type=int, default=0, help="kill -9 so often on the way, and start again")
    asked.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    wish = asked.parse_args()
    if wish.read:
        read(wish.read)
        return
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


class Server:
    """The receiver in a process of its own, started again when it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.used, self.peak = folder, 0, 0.0, 0
        self.start()

    def start(self) -> None:
        """Start it, and wait until it says where it listens."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shipworthy", "receive", str(self.folder), "--port", str(self.port)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = self.process.stdout.readline().strip().partition("=")[2]
        self.port = int(self.address.split(":")[2].partition("/")[0])
        self.before = cpu(self.process.pid)

    def stop(self, how: signal.Signals) -> None:
        """Count what it used, and end it."""
        self.used += cpu(self.process.pid) - self.before
        self.peak = max(self.peak, peak_of(self.process.pid))
        self.process.send_signal(how)
        self.process.wait()


def measure(folder: Path, bodies: list[bytes], wish: argparse.Namespace) -> None:
    server = Server(folder)
    began = time.perf_counter()
    answers, again = asyncio.run(send(server, bodies, wish))
    wall = time.perf_counter() - began
    server.stop(signal.SIGTERM)
    answers.sort()
    print(
        f"wall {wall:.2f} s: {wish.spans / wall:,.0f} spans/s ({wish.spans / wall * 60:,.0f} a minute); "
        f"CPU {server.used:.2f} s: {server.used / wish.spans * 1e6:.0f} us a span, {server.used / wall:.0%} of a core; "
        f"peak {server.peak / 1024:.0f} MB"
    )
    print(
        f"answered after: median {answers[len(answers) // 2] * 1e3:.0f} ms, slowest {answers[-1] * 1e3:.0f} ms; load {load()}"
    )
    if wish.kills:
        print(f"killed {wish.kills} times; {again:,} requests were not answered and sent again")
    read_back(folder, wish)


def read_back(folder: Path, wish: argparse.Namespace) -> None:
    size = sum(path.stat().st_size for path in (folder / ".shipworthy/received").glob("*.jsonl"))
    read = subprocess.run(
        [sys.executable, __file__, "0", "--read", str(folder)], capture_output=True, text=True, check=True
    )
    rows, different, took, peak = read.stdout.split()
    assert int(different) == wish.spans // 2, (rows, different, wish.spans)
    assert (
        wish.kills or rows == different
    )  # a request whose answer was lost lies in two files; watch counts it once
    print(
        f"read back: {int(different):,} outputs of {wish.spans:,} spans, none missing, {int(rows) - int(different):,} in two files, "
        f"{float(took):.2f} s, peak {int(peak) / 1024:.0f} MB; {size / wish.spans:.0f} B a span on disk"
    )


def read(folder: Path) -> None:
    """Print rows, different rows, CPU seconds and peak memory of reading what was received."""
    began, rows, ids = time.process_time(), 0, set()
    for path in sorted((folder / ".shipworthy/received").glob("*.jsonl")):
        for batch in open_file(path, columns=ColumnMap({}, stream=True)).batches():
            rows += len(batch)
            ids.update(hash(row.case) for row in batch)
    print(rows, len(ids), time.process_time() - began, peak_of("self"))


def peak_of(process: int | str) -> int:
    """Return the peak memory of a process in kB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


async def send(server: Server, bodies: list[bytes], wish: argparse.Namespace) -> tuple[list[float], int]:
    """Send every request until it is answered; return how long answers took, and how many had to be sent again."""
    kind = {"protobuf": "application/x-protobuf", "json": "application/json"}[wish.encoding]
    headers = {"content-type": kind, **({"content-encoding": "gzip"} if wish.gzip else {})}
    waiting, took, again = iter(enumerate(bodies)), [], 0
    began = time.perf_counter()

    async def worker(session: aiohttp.ClientSession) -> None:
        nonlocal again
        for number, body in waiting:
            if wish.rate:
                due = began + number * wish.batch * 60 / wish.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            sent = time.perf_counter()
            while not await answered(session, body):
                again += 1
                await asyncio.sleep(0.05)
            took.append(time.perf_counter() - sent)

    async def answered(session: aiohttp.ClientSession, body: bytes) -> bool:
        try:
            async with session.post(server.address, data=body, headers=headers) as reply:
                assert reply.status in (200, 503), (reply.status, await reply.text())
                await reply.read()
                return reply.status == 200
        except aiohttp.ClientError:
            return False

    async def killer() -> None:
        for number in range(wish.kills):
            moment = len(bodies) * (number + random.random()) / (wish.kills + 1)
            while len(took) < moment:  # noqa: ASYNC110 - a moment of the load, not an event
                await asyncio.sleep(0.002)
            server.stop(signal.SIGKILL)
            server.start()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(killer(), *(worker(session) for _ in range(AT_ONCE)))
    return took, again


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
