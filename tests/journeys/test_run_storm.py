"""A third of all replies fail in four ways: no case is lost, and it takes little longer than a bare loop would."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from tests.journeys.remote import account, http, launch, outputs, rows
from tests.server import apart, drawn

SHARE, AT_ONCE, TIMEOUT_S, AFTER_S = 0.3, 50, 1.0, 0.05


async def _bare(url: str, n: int, attempts: int) -> int:
    """Ask for n cases by aiohttp alone, with the same limits and waits; return how many were answered."""
    import aiohttp  # noqa: PLC0415 - so that collecting tests stays quick

    cases, answered = iter(range(n)), 0
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=AT_ONCE), timeout=timeout
    ) as session:

        async def work() -> None:
            nonlocal answered
            for case in cases:
                for attempt in range(attempts):
                    if attempt:
                        await asyncio.sleep(min(8.0, 0.1 * 2 ** (attempt - 1)) + 0.05)
                    try:
                        async with session.post(
                            f"{url}/answer", json={"q": f"c{case}", "case": f"c{case}"}
                        ) as reply:
                            body = await reply.read()
                            if reply.status == 200 and body:
                                answered += 1
                                break
                    except (aiohttp.ClientError, TimeoutError):
                        continue

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return answered


def _weather(ship, tmp_path: Path, *, n: int, seed: int, attempts: int = 6) -> float:
    """Run n cases through a storm, by the product and by the bare loop; return how much longer the product took."""
    with apart(tmp_path / "bare.jsonl", seed=seed, share=SHARE, after_s=AFTER_S) as url:
        began = time.monotonic()
        asyncio.run(_bare(url, n, attempts))
        bare_s = time.monotonic() - began
    with apart(tmp_path / "bill.jsonl", seed=seed, share=SHARE, after_s=AFTER_S) as url:
        limits = {"at_once": AT_ONCE, "timeout_s": TIMEOUT_S, "attempts": attempts}
        made = launch(
            tmp_path / "l", {"api": {**http(url), "price": "mock", "limits": limits}}, cases=n,
            prices={"mock": {"call": 0.001}},
        )  # fmt: skip
        began = time.monotonic()
        ran = ship("run", made, "--trust")
        took_s = time.monotonic() - began
    failing = {
        f"c{i}" for i in range(n) if all(drawn(seed, f"c{i}/1", a) < SHARE for a in range(1, attempts + 1))
    }
    found = outputs(made)

    assert ran.code == 0, ran.err
    assert len(found) == n
    assert {case for case, (text, _) in found.items() if text is None} == failing
    assert rows(made, "SELECT count(*) FROM scores") == [(n,)]
    low, high = account(made)[1:]
    charged = 0.001 * len((tmp_path / "bill.jsonl").read_text().splitlines())
    assert low - 1e-9 <= charged <= high + 1e-9
    print(f"{n} cases, seed {seed}: {took_s:.2f} s, bare aiohttp {bare_s:.2f} s, ratio {took_s / bare_s:.3f}, "  # noqa: T201
          f"{len(failing)} without an answer, charged {charged:.3f} of {low:.3f} to {high:.3f} USD")  # fmt: skip
    return took_s / bare_s


def test_a_storm_loses_no_case(ship, tmp_path):
    """Two hundred cases, two attempts each: exactly those that fail twice have no answer, and the denominator stays."""
    _weather(ship, tmp_path, n=200, seed=3, attempts=2)


@pytest.mark.campaign
def test_a_storm_takes_little_longer_than_a_bare_loop(ship, tmp_path):
    """Two thousand cases, six attempts: within 1.5 times the bare loop with the same limits, scoring included."""
    assert _weather(ship, tmp_path, n=2000, seed=4) < 1.5
