"""What `shipworthy run` costs beside a bare aiohttp loop that writes one JSON line a case.

    python bench/run.py 2000 10000 [--delay 50] [--at-once 200] [--repeat 3] [--known]

Both ask the same endpoint on loopback (bench/server.py) in the same minutes; ratios are what counts. Shipworthy also
checks the eval set, writes an intent before each call and a receipt after it, keeps outputs durably, and scores them.
Modules are compiled once before anything is measured, as an installer does it. Where several runs are made the least of
each figure stands: other work on the machine only adds to it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
KEY = "bench-key-that-is-no-secret"
ENVIRONMENT = {**os.environ, "BENCH_KEY": KEY}
BARE = """
import asyncio, json, sys
import aiohttp
data, out, url, at_once = sys.argv[1:5]
file = open(out, "w", buffering=1)
async def main():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=int(at_once))) as session:
        rows = map(json.loads, open(data))
        async def work():
            for row in rows:
                body = {"model": "mock", "messages": [{"role": "user", "content": row["input"]}]}
                async with session.post(url + "/chat/completions", json=body, headers={"Authorization": "Bearer x"}) as reply:
                    said = json.loads(await reply.read())["choices"][0]["message"]["content"]
                file.write(json.dumps({"id": row["id"], "output": said, "score": row["expected"] in said}) + "\\n")
        await asyncio.gather(*(work() for _ in range(int(at_once))))
asyncio.run(main())
"""


def prepare(folder: Path, n: int, url: str, at_once: int) -> None:
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(
        f'candidate: mock\nvariants:\n  mock:\n    chat: {{url: "{url}", model: mock, key: BENCH_KEY, max_tokens: 100}}\n'
        f"    limits: {{at_once: {at_once}}}\n"
        "price_list: {as_of: 2026-11-25, models: {mock: {input: 1, output: 2}}}\n"
    )
    (folder / "criteria.yaml").write_text(
        "- id: exact\n  question: Is it the code?\n  bar: {at_least: 0.5, why: bench}\n  scorer: {check: exact}\n"
    )
    (folder / "scorers.py").write_text("def exact(given, expected, output):\n    return expected in output\n")
    with (folder / "evalset/cases.jsonl").open("w") as file:
        for i in range(n):
            text = f"CASE-{i} A customer asks about order {i * 7919 % 100003}: marked delivered, but nothing arrived."
            file.write(json.dumps({"id": f"c{i}", "input": text, "expected": f"ANS-{i}"}) + "\n")


def ask(url: str, method: str) -> dict[str, float]:
    with urllib.request.urlopen(
        urllib.request.Request(url, method=method, data=b"" if method == "POST" else None)
    ) as reply:
        return json.load(reply)


def measured(command: list[str], base: str) -> dict[str, float]:
    ask(f"{base}/reset", "POST")
    began, clock = time.time(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    found = ask(f"{base}/stats", "GET")
    return {
        "wall": time.perf_counter() - clock,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        "first": found["first"] - began,
        "served": found["served"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds the endpoint takes")
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--known", action="store_true", help="another command has read the eval set before")
    given = parser.parse_args()
    base = f"http://127.0.0.1:{given.port}"
    server = subprocess.Popen([sys.executable, HERE / "server.py", str(given.port), str(given.delay)])
    try:
        time.sleep(1)
        print(
            f"{'cases':>8} {'what':>10} {'wall s':>8} {'CPU s':>8} {'CPU ms/case':>12} {'x CPU':>7} {'x wall':>7} {'first s':>8} {'MB':>6} {'B/case':>7}"
        )
        with tempfile.TemporaryDirectory() as compiled:
            ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
            ENVIRONMENT["PYTHONPYCACHEPREFIX"] = compiled
            once(20, given, base)
            for n in given.sizes:
                show(n, [once(n, given, base) for _ in range(given.repeat)])
    finally:
        server.terminate()
        server.wait()


def once(n: int, given: argparse.Namespace, base: str) -> dict[str, dict[str, float]]:
    """Run both on one fresh eval set."""
    with tempfile.TemporaryDirectory() as lab:
        folder = Path(lab) / "launch"
        prepare(folder, n, f"{base}/v1", given.at_once)
        data, bare = folder / "evalset/cases.jsonl", Path(lab) / "bare.jsonl"
        loop = measured(
            [sys.executable, "-c", BARE, str(data), str(bare), f"{base}/v1", str(given.at_once)], base
        )
        program = "from shipworthy.cli.main import main; main()"
        if given.known:
            before = [sys.executable, "-c", program, "plan", str(folder)]
            subprocess.run(before, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        ours = measured([sys.executable, "-c", program, "run", str(folder), "--trust"], base)
        assert loop["served"] == ours["served"] == n
        size = sum(p.stat().st_size for p in (folder / ".shipworthy").iterdir())
        return {"bare": {**loop, "kept": bare.stat().st_size}, "shipworthy": {**ours, "kept": size}}


def show(n: int, runs: list[dict[str, dict[str, float]]]) -> None:
    """Print the least of each figure, and how often the least of the bare loop it is."""
    for name in ("bare", "shipworthy"):
        got = {key: min(run[name][key] for run in runs) for key in runs[0][name]}
        least = {key: got[key] / min(run["bare"][key] for run in runs) for key in ("cpu", "wall")}
        print(
            f"{n:>8,} {name:>10} {got['wall']:8.2f} {got['cpu']:8.2f} {got['cpu'] / n * 1000:12.3f} "
            f"{least['cpu']:7.2f} {least['wall']:7.2f} {got['first']:8.2f} {got['memory']:6.0f} {got['kept'] / n:7.0f}",
            flush=True,
        )


main()
