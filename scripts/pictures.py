"""Take a picture of every page over the sample launch: 1440 pixels and light beside 360 pixels and dark."""

from __future__ import annotations

import base64
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TO = ROOT / "docs/pictures"
HEIGHT = 900
SMALLER = 0.75
PAGES = {
    "start": "/", "frame": "/frame", "interviews": "/interviews", "sheet": "/interviews/sheet", "quotes": "/interviews/quotes", "themes": "/themes", "review": "/review",
    "output-to-read": "/review/first-reading", "differences": "/review/first-reading/agreement", "failure-modes": "/taxonomy",
    "failure-mode": "/taxonomy/mode/neighbouring-rule", "criteria": "/criteria", "new-criterion": "/criteria/new?mode=neighbouring-rule", "eval-set": "/evalset",
    "plan": "/plan", "runs": "/measure", "cost-and-time": "/spread", "verdict": "/decide", "claim": "/claims/1",
    "changes": "/flips", "trade-off": "/tradeoff", "memo": "/memo/memo", "promises": "/own", "coach": "/challenges", "journal": "/journal", "library": "/library",
    "course": "/course", "lesson": "/course/1", "drill": "/course/drill/1",
}  # fmt: skip
SHAPES = (("light", 1440), ("dark", 360))
GAP = 16
COLOURS, FREQUENT = 112, 64
PIXELS = """async (pictures) => {
  const found = [];
  for (const each of pictures) {
    const image = new Image(); image.src = "data:image/png;base64," + each; await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), drawn = canvas.getContext("2d");
    drawn.drawImage(image, 0, 0);
    const bytes = drawn.getImageData(0, 0, image.width, image.height).data;
    let text = ""; for (let at = 0; at < bytes.length; at += 30000) text += String.fromCharCode(...bytes.subarray(at, at + 30000));
    found.push([image.width, image.height, btoa(text)]);
  }
  return found;
}"""


def ship(*words: str) -> None:
    """Call the command line; what it says is not wanted."""
    subprocess.run([sys.executable, "-m", "shipworthy", *words], check=True, capture_output=True)  # noqa: S603 - our own program


def sample(folder: Path) -> None:
    """Make the sample launch, and let a sample reader read what its checks refused or let pass."""
    ship("demo", str(folder))
    from shipworthy.domain.review import Said  # noqa: PLC0415 - loads the ledger
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.make_queue import QueueWanted, make_queue  # noqa: PLC0415
    from shipworthy.services.outputs import Chosen, outputs_of  # noqa: PLC0415
    from shipworthy.services.read_item import read_item  # noqa: PLC0415
    from shipworthy.services.save_label import Saving, save_label  # noqa: PLC0415

    with desk_at(folder) as desk:
        failed = outputs_of(
            desk.launch, Chosen(criterion="right_policy", variant="rules", states=("failed",), size=2000)
        ).items
        wrong = {each.seen.case for each in failed}
        queue = make_queue(desk, QueueWanted("first-reading", 60, name="first reading", variants=["rules"]))
        for at in range(24):
            item = read_item(desk, queue.key, at, "sample reader")
            said = (
                Said("fail", "another rule than the message asks for", ("neighbouring-rule",))
                if item.case in wrong
                else Said("pass")
            )
            save_label(desk, Saving(queue.key, at, "sample reader", said, item.version, f"sample-{at}"))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a launch; return the address that lets a browser in."""
    command = [sys.executable, "-m", "shipworthy", "serve", folder.name, "--port", "0"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder.parent
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.kill()
    process.communicate()


def take(browser: Browser, enter: str, address: str) -> tuple[bytes, ...]:
    """Return one page in both shapes."""
    taken = []
    for scheme, width in SHAPES:
        window = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": HEIGHT},
            device_scale_factor=SMALLER,
        )
        host = enter.partition("/enter")[0]
        window.add_cookies([{"name": "shipworthy_who", "value": "sample%20reader", "url": host}])
        page = window.new_page()
        page.goto(enter)
        page.goto(host + address)
        taken.append(page.screenshot())
        window.close()
    return tuple(taken)


def joined(page: Page, pictures: tuple[bytes, ...]) -> bytes:
    """Return pictures side by side as one PNG of few colours: text has few, and the file becomes small."""
    found = page.evaluate(PIXELS, [base64.b64encode(each).decode() for each in pictures])
    parts = [
        np.frombuffer(base64.b64decode(text), np.uint8).reshape(high, wide, 4)[..., :3]
        for wide, high, text in found
    ]
    gap = np.full((parts[0].shape[0], GAP, 3), 0x88, np.uint8)
    whole = np.concatenate([parts[0], gap, *parts[1:]], axis=1)
    packed = whole.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    colours, where, counts = np.unique(packed, return_inverse=True, return_counts=True)
    split = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(int)
    kept = chosen(split, counts)
    nearest = ((split[:, None] - kept[None]) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = nearest[where].reshape(packed.shape)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 8, 3, 0, 0, 0)
    chunks = (
        b"IHDR" + head,
        b"PLTE" + kept.astype(np.uint8).tobytes(),
        b"IDAT" + zlib.compress(lines, 9),
        b"IEND",
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks
    )


def chosen(colours: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the colours to keep: the most frequent, then again and again the one farthest from all that are kept.

    So the few pixels of an accent or of a state keep their hue.
    """
    order = np.argsort(-counts)
    kept = colours[order[:FREQUENT]]
    away = ((colours[:, None] - kept[None]) ** 2).sum(axis=2).min(axis=1)
    while len(kept) < COLOURS and away.max() > 0:
        farthest = colours[away.argmax()]
        kept = np.vstack([kept, farthest])
        away = np.minimum(away, ((colours - farthest) ** 2).sum(axis=1))
    return kept


def main(wanted: list[str]) -> None:
    """Take all pictures, or those that are named."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        os.environ["XDG_STATE_HOME"] = home
        folder = Path(os.environ.get("SHIPWORTHY_SAMPLE", f"{home}/inbox-assistant"))
        if not folder.exists():
            sample(folder)
        path = os.environ.get("SHIPWORTHY_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        TO.mkdir(exist_ok=True)
        apart = browser.new_page()
        with serving(folder) as enter:
            for name in wanted or PAGES:
                (TO / f"{name}.png").write_bytes(joined(apart, take(browser, enter, PAGES[name])))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
