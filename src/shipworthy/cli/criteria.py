"""`shipworthy criteria`: the commands about criteria, each loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Write criteria from failure modes, with examples that people labelled, and bars that have a reason.

Read about a hundred outputs first: a criterion that is written before reading misses what really goes wrong. Answers go
into criteria.yaml, whose comments stay; a change made elsewhere in the meantime is never written over. Examples:

    shipworthy criteria list my-launch
    shipworthy criteria examples my-launch invented-policy
    shipworthy criteria new my-launch --mode invented-policy --at-least 0.95 --why "the lawyer accepts one in twenty" --scorer check:invents_nothing
    shipworthy criteria bar my-launch right_answer --at-least 0.85 --why "below it agents rewrite more than they save"
"""

COMMANDS = {
    "list": "Print the criteria: bars, reasons, vague words, and what nothing asks about yet.",
    "examples": "Print labelled outputs that may stand as examples of a failure mode.",
    "new": "Write a criterion from a failure mode.",
    "bar": "Draw a criterion's line elsewhere, with the reason.",
}
"""In the order of the work."""


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="criteria", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        app.command(f"shipworthy.cli.criteria_{name}:criteria_{name}", name=name, sort_key=order, **words)
    return app


criteria = make()
