"""`shipworthy taxonomy`: the commands about failure modes, each loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Name the ways it fails, count them, and see first to what is worst.

Read outputs and note what went wrong (`shipworthy look label`); then give the notes names. A failure mode has a
definition that two people apply alike, a severity, and what stands against it. Every change is written into
taxonomy.yaml, with your comments kept, and can be taken back. Examples:

    shipworthy taxonomy suggest my-launch
    shipworthy taxonomy add my-launch "Too long" --severity annoying
    shipworthy taxonomy group my-launch too-long doc-3/1 doc-7/1 --as ada
    shipworthy taxonomy show my-launch
"""

READ, CHANGE = "taxonomy_read", "taxonomy_change"
COMMANDS = {
    "show": "Show failure modes with their counts, rates and bounds, the most pressing first.",
    "suggest": "Suggest groups of notes that may be one failure mode each.",
    "add": "Add a failure mode.",
    "group": "Give outputs a failure mode, by their notes.",
    "rename": "Give a failure mode another name.",
    "describe": "Say when an output has it, how bad it is, and what stands against it.",
    "merge": "Let the labels of one failure mode count for another.",
    "split": "Split a failure mode, and queue the outputs that have it to be read again.",
    "link": "Name a failure mode in the criterion that answers for it.",
    "priority": "Say why each failure mode is as pressing as it is.",
    "matrix": "Show where outputs of several steps go wrong first.",
    "history": "List what was changed, by whom.",
    "undo": "Take a change back.",
}
"""In the order of the work."""

_READING = ("show", "suggest", "priority", "matrix", "history")


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="taxonomy", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        module = READ if name in _READING else CHANGE
        app.command(f"shipworthy.cli.{module}:taxonomy_{name}", name=name, sort_key=order, **words)
    return app


taxonomy = make()
