"""`shipworthy review`: the call with somebody who did not build it, each command loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Book the call with a reviewer, and bring back what was asked.

Somebody who had no part in building it reads one page and the memo, and asks. Examples:

    shipworthy review invite my-launch --to "Zoë Åberg <zoe@example.org>" --from "Ada <ada@example.org>" --busy ada.ics
    shipworthy review log my-launch --who "Zoë Åberg" --question "What happens at night?" --action "plant 20 bad drafts; Ada; 2026-12-10"
"""

COMMANDS = {
    "invite": "Write the packet and the invitation, and mail them or keep them.",
    "log": "Write down what was asked and agreed; it comes back until it is answered.",
}
"""In the order of the work."""


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="review", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        app.command(f"shipworthy.cli.review_{name}:review_{name}", name=name, sort_key=order, **words)
    return app


reviews = make()
