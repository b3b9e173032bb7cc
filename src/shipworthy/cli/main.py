"""The command line: parse, call one service, render, exit with a code that scripts can rely on."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from importlib import import_module
from pathlib import Path

SELDOM = (200_000, 20, 50)
"""When Python looks for cyclic garbage: loading modules makes much that is none."""
OFTEN = gc.get_threshold()
gc.set_threshold(*SELDOM)  # before the first of them is loaded

from cyclopts import App, CycloptsError  # noqa: E402 - after the line above, on purpose

from shipworthy import __version__  # noqa: E402 - after the line above, on purpose
from shipworthy.cli.terminal import flush, say  # noqa: E402 - after the line above, on purpose
from shipworthy.domain.errors import ShipworthyError, Unavailable  # noqa: E402 - after the line above, on purpose
from shipworthy.domain.verdict import ExitCode  # noqa: E402 - after the line above, on purpose

gc.set_threshold(*OFTEN)  # whoever only imports this module goes on as before

HELP = """Decide whether an AI feature is worth shipping, to whom, and be able to say how you know.

A *launch* is a folder: what you decide, by which criteria, on which cases. Outcomes come in, a verdict comes out:
**ship**, **ship narrower**, **not yet** (with its price) or **do not ship**.

Start with `shipworthy demo`, or `shipworthy init my-launch`.

Exit codes: 0 ship or done · 10 ship narrower · 11 not yet, or held back · 12 do not ship · 1 the program failed · 2 usage ·
3 problems in the folder or the input.
"""

COMMANDS = {
    "init": "Make a launch folder that loads without problems.",
    "frame": "Write the brief: nine questions before anything is measured.",
    "next": "Say the one next step: what, why, how long, the command.",
    "check": "Say everything that is wrong with a launch folder, at once.",
    "interview": "Hear users: transcripts, names replaced, excerpts, themes.",
    "set": "Split, examine and grow the eval set.",
    "import": "Bring in outcomes that another tool recorded.",
    "run": "Let variants answer the cases, and score the answers.",
    "score": "Score answers with the launch's checks, apart from running.",
    "calls": "Say what was sent, what it cost, and what is in doubt.",
    "look": "Read outputs, label them, see when nothing new comes up.",
    "taxonomy": "Name the ways it fails, count them, see first to what is worst.",
    "show": "Read outputs of open cases: counts, first failures, one whole.",
    "criteria": "Write criteria from failure modes, with bars and reasons.",
    "plan": "Say what the sealed cases can show, and what it costs.",
    "demo-check": "Ask what was shown in a demo again, beside the representative set.",
    "gate": "Stop a change that broke something, on the open cases.",
    "compare": "Hold the variants against each other on the open cases.",
    "abstain": "Say from which confidence on it may answer, on the open cases.",
    "lock": "Fix the plan and seal the holdout, before looking.",
    "label": "Draw outputs for people to label, and bring their labels in.",
    "judge": "Let a model judge outputs, and show what its verdicts are worth.",
    "decide": "Compute the verdict, with its reasons and its price.",
    "pressure-test": "Ask what a sceptic would ask, before the meeting does.",
    "accept": "Take an open challenge upon yourself, by name.",
    "memo": "Write the page that defends the verdict.",
    "serve": "Open the launch as pages in the browser.",
    "review": "Book the call with a reviewer, and bring back what was asked.",
    "sign": "Sign the decision, with reasons, over plan, evidence and memo.",
    "promise": "Make promises of what was shown and signed.",
    "receive": "Receive spans of production traffic from OpenTelemetry exporters.",
    "watch": "Say whether promises are kept, on audited outputs of the live traffic.",
    "incident": "Write down what went wrong after launch, and make a case of it.",
    "outcome": "Set what was predicted beside what came, on the day of review.",
    "export": "Write the model card, the argument, or a table of which record speaks to which framework.",
    "portfolio": "Write one redacted page of what you did and how it turned out.",
    "verify": "Check the ledger, its digests, and every signed decision.",
    "doctor": "Say whether the machine, the folder and the ledger are fit for work.",
    "export-evidence": "Write out what a verdict rests on, for others to check.",
    "verifier": "Hand out the program that checks such an export by itself.",
    "learn": "Learn the practice: articles, and a course on a practice launch.",
    "demo": "Run the sample launch from start to memo.",
    "prove": "Show how often a ship is wrong, on launches whose truth is known.",
}
"""In the order of the work; loaded only when called, so that --help is quick."""

MODULES = {
    "import": "bring_in",
    "set": "sets",
    "review": "reviews",
    "demo-check": "demo_check",
    "pressure-test": "pressure_test",
    "export": "exports",
    "export-evidence": "export_evidence",
}
"""Where a command's module has another name: these are words of the language, or have a hyphen."""


GROUPS = frozenset({"set", "judge", "look", "review", "taxonomy", "interview", "criteria", "export", "learn"})
"""Commands that are groups of commands: their module has `make(called)`, and `COMMANDS` of its own."""


def inner_commands(name: str) -> tuple[str, ...]:
    """Return the commands of a group, in their order; none for a command that is no group."""
    return (
        tuple(import_module(f"shipworthy.cli.{MODULES.get(name, name)}").COMMANDS) if name in GROUPS else ()
    )


def make_app(called: str = "", inner: str = "") -> App:
    """Return the application.

    Args:
        called: the command about to run; only its module is loaded, and its own words are its help.
        inner: the command of a group about to run.
    """
    app = App(
        name="shipworthy",
        help=HELP,
        help_format="markdown",
        version=__version__,
        suppress_keyboard_interrupt=False,
    )
    for order, (name, help_line) in enumerate(COMMANDS.items()):
        module = MODULES.get(name, name)
        if name == called and name in GROUPS:
            app.command(import_module(f"shipworthy.cli.{module}").make(inner))
            continue
        words = {} if name == called else {"help": help_line}
        app.command(f"shipworthy.cli.{module}:{module}", name=name, sort_key=order, **words)
    return app


USERS_CODE = "shipworthy.runners.function"
"""What loads functions of a launch into this process."""


def main(tokens: list[str] | None = None) -> None:
    """Run the command line and exit."""
    gc.set_threshold(*SELDOM)
    ended: list[int] = []
    if tokens is None:  # first to be registered, so last to be called
        atexit.register(_leave, ended)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed before the program began
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the program ends
    code = run(sys.argv[1:] if tokens is None else tokens)
    gc.freeze()  # what is left goes with the process: to look through it all once more takes a fifth of a second
    if USERS_CODE not in sys.modules:  # it may rely on its files being closed at the very end
        ended.append(code)
    sys.exit(code)


def _leave(ended: list[int]) -> None:
    """End the process without taking apart what it loaded, which takes a twentieth of a second and helps nobody."""
    if not ended:
        return
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(ended[0])


def run(tokens: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = make_app(*tokens[:2])(
            tokens, exit_on_error=False, print_error=True, result_action="return_value"
        )
        flush()
    except CycloptsError:
        return ExitCode.USAGE
    except ShipworthyError as error:
        say(error.diagnosis())
        return error.exit_code
    except KeyboardInterrupt:
        say("stopped: what was acknowledged is kept, and the same command goes on from there")
        return 130
    except BrokenPipeError:
        _stop_writing()
        return ExitCode.FAILED
    except OSError as error:
        _stop_writing()
        what = f"the system refused: {error.strerror or error}"
        say(Unavailable(what, where=str(error.filename or "stdout")).diagnosis())
        return ExitCode.FAILED
    return int(code or 0)


def _stop_writing() -> None:
    """Let stdout lead nowhere: whoever read it is gone, and leaving would complain once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
