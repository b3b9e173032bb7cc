"""`shipworthy look`: the commands about reading outputs, each loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Read outputs, say of each whether it passes and what went wrong first, and see when nothing new comes up.

A *queue* is a set of outputs chosen on purpose: at random first, later where variants, judges or people differ. People
read it blind, here or in the web app; several may share one. Examples:

    shipworthy look queue my-launch first --n 100
    shipworthy look label my-launch first --as ada
    shipworthy look status my-launch first
    shipworthy look settle my-launch --criterion right_answer --name human
"""

COMMANDS = {
    "queue": "Choose outputs to read: at random, slice by slice, or where something is off.",
    "label": "Read a queue, one output at a time, and say of each whether it passes.",
    "status": "Say where queues stand: counts, what is still new, failure modes, agreement.",
    "settle": "Write the labels that stand as the labels that criteria read.",
    "export": "Write the labels of open outputs to a file.",
    "import": "Bring labels in from such a file.",
}
"""In the order of the work."""


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="look", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        app.command(f"shipworthy.cli.look_{name}:look_{name}", name=name, sort_key=order, **words)
    return app


look = make()
