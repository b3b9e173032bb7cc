"""`shipworthy set`: the commands about the eval set, each loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Split, examine and grow the eval set: the cases that everything else rests on.

A holdout that was seen, copies that count twice and slices that are too thin make a verdict lie or end in *not yet*.
These commands find and mend that before the lock. Examples:

    shipworthy set doctor my-launch
    shipworthy set split my-launch --holdout 0.5 --dry-run
    shipworthy set grow my-launch
    shipworthy set from-failures my-launch --variant new
"""

COMMANDS = {
    "doctor": "Find twins, leaks, conflicts and thin slices, before they make a verdict lie.",
    "split": "Give cases their parts: by whole groups, in every slice alike.",
    "grow": "Say which slice needs how many more groups, and at what price.",
    "from-failures": "Make fresh cases to write from what failed on the open parts.",
}
"""In the order of the work."""


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="set", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        attribute = f"set_{name.replace('-', '_')}"
        app.command(f"shipworthy.cli.{attribute}:{attribute}", name=name, sort_key=order, **words)
    return app


sets = make()
