"""The keys of the review screen: one table, from which the hints, the help and the script's handlers are made.

A key that is shown and does nothing, or does something and is not shown, cannot be written here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

NAMED = {
    "arrowleft": "←", "arrowright": "→", "arrowup": "↑", "arrowdown": "↓", " ": "Space", "escape": "Esc", "enter": "Enter",
}  # fmt: skip
MODE_KEYS = ("3", "4", "5", "6", "7", "8", "9")
"""Keys of failure modes, in the order in which the modes stand on the page."""


@dataclass(frozen=True)
class Key:
    """What one or more keys do.

    Attributes:
        does: the action, as the script calls it.
        keys: names of keys as a browser reports them, small; `ctrl+` before those pressed with Ctrl.
        hint: the word beside the key at the bottom of the page; empty where it stands in the help only.
        help: a sentence.
        in_note: the keys that do the same while the note is being written.
    """

    does: str
    keys: tuple[str, ...]
    hint: str
    help: str
    in_note: tuple[str, ...] = ()


TABLE = (
    Key("pass", ("1", "p"), "pass", "It passes: save and go to the next.", ("ctrl+1", "ctrl+p")),
    Key("fail", ("2", "f"), "fail", "It fails: write the first thing that went wrong.", ("ctrl+2", "ctrl+f")),
    Key("commit", ("enter",), "save, next", "Save what is set here, and go to the next.", ("enter", "ctrl+enter")),
    Key("defer", ("d",), "defer", "Not now: it comes again at the end.", ("ctrl+d",)),
    Key("undo", ("u", "ctrl+z"), "undo", "Take back the last thing you did, as often as you like.", ("ctrl+u",)),
    Key("next", ("j", "arrowright", "arrowdown"), "next", "Go to the next, saving nothing.", ("ctrl+j",)),
    Key("previous", ("k", "arrowleft", "arrowup"), "previous", "Go to the one before.", ("ctrl+k",)),
    Key("mode", MODE_KEYS, "failure mode", "Set or unset a failure mode; they stand beside the note after the first reading.",
        tuple(f"ctrl+{key}" for key in MODE_KEYS)),
    Key("expand", (" ",), "unfold", "Unfold or fold tool calls and what else is folded."),
    Key("find", ("/",), "find", "Find outputs of this queue by their words."),
    Key("go", ("g",), "go to", "Go to an output by its number.", ("ctrl+g",)),
    Key("keys", ("?",), "keys", "Show or hide this list."),
    Key("leave", ("escape",), "", "Leave the note or a field; what you wrote stays.", ("escape",)),
)  # fmt: skip


def shown(key: str) -> str:
    """Return a key as a keyboard has it.

    >>> shown("ctrl+z"), shown(" "), shown("arrowleft")
    ('Ctrl+Z', 'Space', '←')
    """
    ctrl, _, rest = key.rpartition("ctrl+")
    name = NAMED.get(rest, rest.upper())
    return f"Ctrl+{name}" if "ctrl+" in key and not ctrl else name


def handlers() -> str:
    """Return what the script listens for, as JSON: keys on the page, and keys inside the note."""
    return json.dumps(
        {
            "page": {key: entry.does for entry in TABLE for key in entry.keys},
            "note": {key: entry.does for entry in TABLE for key in entry.in_note},
            "modes": list(MODE_KEYS),
        },
        sort_keys=True,
    )
