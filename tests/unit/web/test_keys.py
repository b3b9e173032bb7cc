"""One table of keys: what is shown is what works."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from shipworthy.web.keys import MODE_KEYS, TABLE, handlers, shown


def test_no_key_does_two_things() -> None:
    """On the page, and in the note, each key does one thing."""
    for place in ("keys", "in_note"):
        keys = [key for entry in TABLE for key in getattr(entry, place)]
        assert len(keys) == len(set(keys))


def test_the_script_handles_what_the_table_promises() -> None:
    """Every action of the table is written in the script, and the script knows no other."""
    script = files("shipworthy.web").joinpath("static/review.js").read_text()
    body = script.partition("const ACTIONS = {")[2].partition("\n  };")[0]
    assert set(re.findall(r"^    (\w+)(?=[(:,])", body, re.MULTILINE)) == {entry.does for entry in TABLE}


def test_the_script_names_no_key_of_its_own() -> None:
    """The script compares no key with a name of its own: all come from the table."""
    script = files("shipworthy.web").joinpath("static/review.js").read_text()
    assert re.findall(r"\.(?:key|code|which|keyCode)\s*[!=]==?", script) == []


def test_the_handlers_are_the_table() -> None:
    """What the page hands to the script says, key by key, what the table says."""
    found = json.loads(handlers())
    assert found["page"]["p"] == found["page"]["1"] == "pass"
    assert found["note"]["enter"] == "commit"
    assert found["modes"] == list(MODE_KEYS)
    assert set(found["page"].values()) == {entry.does for entry in TABLE}


def test_letters_in_the_note_stay_letters() -> None:
    """Inside the note no key without Ctrl is taken, but Enter and Escape."""
    bare = {key for entry in TABLE for key in entry.in_note if not key.startswith("ctrl+")}
    assert bare == {"enter", "escape"}


def test_keys_are_shown_as_a_keyboard_has_them() -> None:
    """No two keys look alike on the page."""
    keys = [key for entry in TABLE for key in (*entry.keys, *entry.in_note)]
    assert len({shown(key) for key in keys}) == len(set(keys))


def test_the_documentation_names_the_same_keys() -> None:
    """The table of keys in the documentation names every key of the table, and no other."""
    page = (Path(__file__).parents[3] / "docs/how-to/read-outputs.md").read_text()
    rows = page.partition("| key | does |")[2].partition("\n\n")[0]
    wanted = {shown(key) for entry in TABLE for key in (*entry.keys, *entry.in_note)}
    assert set(re.findall(r"`([^`]+)`", rows)) == wanted
