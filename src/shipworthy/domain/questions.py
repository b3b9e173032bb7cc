"""The nine questions of the brief: what each asks, and where its answer stands in `launch.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["line", "text", "lines", "number", "date", "choice"]


@dataclass(frozen=True)
class Blank:
    """One place to write in.

    Attributes:
        key: where its value stands in launch.yaml, with dots; `#` stands for the number of a row.
        label: what stands beside it.
        form: what is written there.
        choices: for a choice: what there is.
        hint: an example, or what it is good for.
        needed: whether the question is unanswered without it.
        pointed: whether vague words in it are pointed at.
    """

    key: str
    label: str
    form: Form = "line"
    choices: tuple[str, ...] = ()
    hint: str = ""
    needed: bool = False
    pointed: bool = False

    def at(self, row: int) -> Blank:
        """Return the blank of one row."""
        return replace(self, key=self.key.replace("#", str(row)))


@dataclass(frozen=True)
class Question:
    """One of the nine.

    Attributes:
        name: its name in addresses and commands.
        asks: the question.
        why: what goes wrong where nobody asks it.
        blanks: places to write in.
        rows: the list that its rows stand in, empty where it has none.
        row: the blanks of one row.
    """

    name: str
    asks: str
    why: str
    blanks: tuple[Blank, ...] = ()
    rows: str = ""
    row: tuple[Blank, ...] = ()


QUESTIONS: tuple[Question, ...] = (
    Question(
        "decision", "What is decided, by whom, by when, and can it be taken back?",
        "Without a question, a name and a date nobody can say later whether it worked.",
        (
            Blank("goal", "What is better for whom when this works?", "text", hint="one sentence in the users' words; not: use AI", needed=True, pointed=True),
            Blank("decision.question", "The decision, as a question", hint="Switch drafted answers on for every message?", needed=True, pointed=True),
            Blank("decision.who", "Who decides", hint="one person", needed=True),
            Blank("decision.by", "By which day", "date", hint="2027-03-01", needed=True),
            Blank("decision.door", "Can it be taken back?", "choice", ("two-way", "one-way"), "one-way: it cannot be taken back"),
        ),
    ),
    Question(
        "nothing", "What happens if we do nothing?", "Doing nothing is the cheapest option, and has to be beaten too.",
        (Blank("if_nothing", "If nothing is built", "text", hint="who goes on doing what, at what price", needed=True, pointed=True),),
    ),
    Question(
        "users", "Who are the users, and what are they trying to get done?",
        "A feature for everybody is judged by nobody.",
        (
            Blank("users", "Who meets it, one a line", "lines", hint="the six people of support, who read every draft", needed=True),
            Blank("job.when", "When …", hint="a customer asks where the parcel is", pointed=True),
            Blank("job.want", "they want to …", hint="answer without looking it up", needed=True, pointed=True),
            Blank("job.so_that", "so that …", hint="the customer does not write again", pointed=True),
        ),
    ),
    Question(
        "today", "How is it done today, and what would do it without a model?",
        "A form, a rule, a search or a person is the line that it has to beat.",
        (
            Blank("today", "How it is done today", "text", hint="macros that support picks by hand", needed=True, pointed=True),
            Blank("alternative", "What would do it without a model", "text", hint="a search box over the policy; a rule for the ten most common questions", needed=True, pointed=True),
        ),
    ),
    Question(
        "value", "What is one good answer worth, as a range?",
        "One number hides what nobody knows; the range is carried through to the trade-off.",
        (
            Blank("value.unit", "What is counted", hint="message"),
            Blank("value.low", "At least", "number", hint="0.40"),
            Blank("value.likely", "Most likely", "number", hint="0.70"),
            Blank("value.high", "At most", "number", hint="1.10", needed=True),
            Blank("value.per_week", "How many in a week", "number", hint="1800"),
            Blank("value.basis", "Where the numbers come from", hint="a time study of 40 messages", needed=True),
        ),
    ),
    Question(
        "wrong", "What does a wrong answer cost, who pays, and who notices?",
        "A bar without the cost of falling below it has no reason.",
        (Blank("worst_case", "The worst that one wrong answer does", "text", hint="one sentence", needed=True, pointed=True),),
        "harm",
        (
            Blank("harm.#.event", "What goes wrong", hint="a refund is promised that we do not give"),
            Blank("harm.#.who", "Who pays", hint="the customer", needed=True),
            Blank("harm.#.low", "Costs at least", "number"),
            Blank("harm.#.high", "At most", "number"),
            Blank("harm.#.detectable", "Noticed", "choice", ("at once", "later", "never")),
        ),
    ),
    Question(
        "enough", "When is it good enough?", "What somebody would see, not what one would like to feel.",
        (Blank("good_enough", "It is good enough when", "text", hint="agents send 8 of 10 drafts without a change", needed=True, pointed=True),),
    ),
    Question(
        "exit", "What would make us drop it? Write the exit first.",
        "An exit that is written after the results is never taken.",
        (Blank("not_worth_it_if", "It is not worth it if", "text", hint="fewer than 8 of 10 answers are right for order questions", needed=True, pointed=True),),
    ),
    Question(
        "budget", "What may it cost, and how long may it take?",
        "Quality that nobody can pay or wait for is not quality.",
        (
            Blank("budget.per_output", "One output costs at most", "number", hint="0.02"),
            Blank("budget.per_user_month", "One user costs at most, in a month", "number"),
            Blank("budget.currency", "In", hint="USD"),
            Blank("budget.seconds", "95 of 100 outputs are there within, in seconds", "number", hint="3", needed=True),
        ),
    ),
)  # fmt: skip
"""In their order."""

ASSUMPTIONS = Question(
    "assumptions", "What has to be true for this to be worth anything?",
    "The one that everything rests on is tested first, in the cheapest way.",
    (), "assumptions",
    (
        Blank("assumptions.#.id", "Short name", hint="they-read-drafts"),
        Blank("assumptions.#.statement", "What has to be true", pointed=True, hint="support reads drafts before sending"),
        Blank("assumptions.#.kind", "What falls with it", "choice", ("value", "usability", "feasibility", "viability", "ethics")),
        Blank("assumptions.#.importance", "How much rests on it", "choice", ("1", "2", "3"), "3: everything"),
        Blank("assumptions.#.evidence", "Evidence so far", "choice", ("none", "weak", "strong")),
        Blank("assumptions.#.test", "Cheapest way to find out"),
        Blank("assumptions.#.test_by", "By which day", "date"),
    ),
)  # fmt: skip
PREMORTEM = Question(
    "premortem", "Six months on, it failed. Why?", "Causes that are told aloud first are those of whoever speaks first.",
    (Blank("premortem.together", "Put together on", "date"),), "premortem.causes",
    (
        Blank("premortem.causes.#.participant", "Who thought of it"),
        Blank("premortem.causes.#.cause", "Why it failed", pointed=True),
        Blank("premortem.causes.#.early_sign", "What one would have seen first"),
        Blank("premortem.causes.#.failure_mode", "Failure mode"),
        Blank("premortem.causes.#.tripwire", "What is done when it is seen, and by whom"),
    ),
)  # fmt: skip
REGULATED = Question(
    "regulated", "Do rules of a trade apply, and who looked?", "A measured error rate is no answer to a rule that allows none.",
    (
        Blank("regulated.domains", "Which, one a line", "lines", hint="health; finance; employment; children"),
        Blank("regulated.checked_by", "Who knows the rules and looked"),
        Blank("regulated.checked_on", "On which day", "date"),
        Blank("regulated.note", "What that person said", "text"),
    ),
)  # fmt: skip
TITLE = Question("title", "What is it called?", "", (Blank("title", "Name of the launch"),))
EVERY = (TITLE, *QUESTIONS, ASSUMPTIONS, PREMORTEM, REGULATED)
