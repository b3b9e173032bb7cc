"""`shipworthy export`: documents for others, each command loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Write documents for others, from what the launch has on record.

Each is printed as Markdown, or as JSON with --format json. None takes a look: what is sealed is not in it. Examples:

    shipworthy export model-card my-launch > model-card.md
    shipworthy export claims my-launch --format json > argument.json
    shipworthy export crosswalk my-launch
"""

COMMANDS = {
    "model-card": "What it is for and not for, on which data, how it did, its limits, whom to ask.",
    "claims": "The argument as a tree: claims, evidence, assumptions, what speaks against them, gaps.",
    "crosswalk": "Which record speaks to which heading of three public frameworks; no badge.",
}
"""In the order in which they are asked for."""


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="export", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        attribute = f"export_{name.replace('-', '_')}"
        app.command(f"shipworthy.cli.{attribute}:{attribute}", name=name, sort_key=order, **words)
    return app


exports = make()
