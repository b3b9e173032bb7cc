"""`shipworthy learn`: the library, and the course with its practice launch; each command loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Learn the practice: short articles, and a course of lessons on a practice launch.

Without a name it lists the articles; with one it prints it. The course is marked from what you did in the practice
folder and its ledger. Examples:

    shipworthy learn
    shipworthy learn read-a-hundred
    shipworthy learn --search holdout
    shipworthy learn start practice
    shipworthy learn check 1 practice
"""

COMMANDS = {
    "start": "Make the practice launch of the course.",
    "lesson": "Print a lesson, or the list of them.",
    "check": "Mark a lesson from the practice folder and its ledger.",
    "progress": "Say which lessons and drills are done.",
    "drill": "Find the flaw in a tiny launch, by the rule that asks about it.",
    "certificate": "Write the page that states what was done.",
}
"""In the order of the work."""


def make(called: str = "") -> App:
    """Return the group of commands; its own word reads the library.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="learn", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        app.command(f"shipworthy.cli.learn_course:learn_{name}", name=name, sort_key=order, **words)
    if called not in COMMANDS:
        from shipworthy.cli.learn_read import learn_read  # noqa: PLC0415 - only where the library is read

        app.default(learn_read)
    return app


learn = make("start")
