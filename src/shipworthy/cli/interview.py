"""`shipworthy interview`: the commands about interviews, each loaded only when called."""

from __future__ import annotations

from cyclopts import App

HELP = """Hear users: bring in what they said they did, code it, and say what becomes of it.

Nothing is coded or quoted without consent. Names are replaced before anything else; the key stays on this machine,
outside the folder. People are counted, never rows; compliments and guesses count as weak. Examples:

    shipworthy interview new my-launch
    shipworthy interview import my-launch talk.vtt --consent given --method recorded --scope quote
    shipworthy interview pseudonymise my-launch P1
    shipworthy interview code my-launch P1 "I gave up after an hour" --code slow-search --kind did --new
    shipworthy interview summary my-launch
"""

COMMANDS = {
    "new": "Begin an interview: a sheet of questions about the last time.",
    "import": "Bring in a transcript: txt, md, docx, vtt or srt.",
    "consent": "Write down what a person agreed to.",
    "pseudonymise": "Replace names before coding; the key stays outside the folder.",
    "code": "Code an excerpt by quoting it.",
    "code-table": "Code many excerpts from a table of quotes and codes.",
    "show": "Show who was heard, or one interview with its excerpts.",
    "theme": "Add or change a theme, and say what it becomes.",
    "themes": "Show what was heard, by theme and by people.",
    "trace": "Say which quotes stand in their transcripts, and show the near ones.",
    "summary": "Say what so few interviews can and cannot tell.",
    "export": "Write the codebook or the whole project for other tools.",
    "import-codebook": "Add the codes of another tool's codebook.",
    "import-project": "Take in another tool's project, with texts and excerpts.",
    "withdraw": "Delete what a person said who takes their consent back.",
}
"""In the order of the work."""

MODULES = {
    "new": "bring",
    "import": "bring",
    "consent": "bring",
    "pseudonymise": "names",
    "code": "code",
    "code-table": "code",
    "show": "show",
    "theme": "themes",
    "themes": "themes",
    "summary": "themes",
    "trace": "show",
    "export": "exchange",
    "import-codebook": "exchange",
    "import-project": "exchange",
    "withdraw": "names",
}
"""Which module holds a command: `interview_…`."""


def make(called: str = "") -> App:
    """Return the group of commands.

    Args:
        called: the command about to run; its own words are its help.
    """
    app = App(name="interview", help=HELP, help_format="markdown")
    for order, (name, line) in enumerate(COMMANDS.items()):
        words = {} if name == called else {"help": line}
        attribute = f"interview_{name.replace('-', '_')}"
        place = f"shipworthy.cli.interview_{MODULES[name]}:{attribute}"
        app.command(place, name=name, sort_key=order, **words)
    return app


interview = make()
