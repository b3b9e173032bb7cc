"""Places to write in, as a form shows them: what stands there, what was typed, what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shipworthy.domain.answers import clean, every_blank, lacking, rows_of, written_at
from shipworthy.domain.launch import Launch
from shipworthy.domain.questions import Blank, Question

WAS = "was:"
"""Before the name of a field: what stood in it when the page was shown."""

NARROW = (".unit", ".currency", ".id", ".who")


@dataclass(frozen=True)
class Field:
    """One place to write in.

    Attributes:
        name: of the field, the key in launch.yaml.
        label: what stands beside it.
        form: line, text, lines, number, date, choice.
        text: what stands in it.
        was: what stands in the file.
        theirs: what stands in the file now where it is neither what was shown nor what was typed; otherwise None.
        choices: for a choice.
        hint: an example.
        pointed: whether vague words are pointed at.
        open: whether the question is unanswered without it.
        narrow: whether what is written there is short.
    """

    name: str
    label: str
    form: str
    text: str
    was: str
    theirs: str | None
    choices: tuple[str, ...]
    hint: str
    pointed: bool
    open: bool
    narrow: bool


@dataclass(frozen=True)
class Rows:
    """One row of a question."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Shown:
    """A question with its fields and rows."""

    number: int
    name: str
    asks: str
    why: str
    fields: tuple[Field, ...]
    rows: tuple[Rows, ...]


def shown(
    question: Question, number: int, launch: Launch, typed: Mapping[str, str], were: Mapping[str, str]
) -> Shown:
    """Return a question as its form shows it, with one empty row more where it has rows.

    Args:
        question: which.
        number: its place among the nine; 0 for one that is not of them.
        launch: as it stands in the file.
        typed: what was sent and not saved.
        were: what the page showed when that was typed.
    """
    missing = {blank.key for blank in lacking(question, launch)}
    made = [
        (blank, _field(blank, launch, typed, were, missing))
        for blank in every_blank(question, launch, more=1)
    ]
    fields = tuple(field for blank, field in made[: len(question.blanks)])
    width, rest = len(question.row), [field for _, field in made[len(question.blanks) :]]
    count = rows_of(question, launch)
    rows = tuple(
        Rows(f"{n + 1}" if n < count else "one more", tuple(rest[n * width : (n + 1) * width]))
        for n in range(count + 1 if width else 0)
    )
    return Shown(number, question.name, question.asks, question.why, fields, rows)


def _field(
    blank: Blank, launch: Launch, typed: Mapping[str, str], were: Mapping[str, str], missing: set[str]
) -> Field:
    now = clean(written_at(launch, blank))
    if not now and blank.form == "choice":
        now = _usual(blank)
    text = clean(typed.get(blank.key, now))
    before = clean(were.get(blank.key, now))
    theirs = now if blank.key in typed and now not in (before, text) else None
    return Field(
        blank.key, blank.label, blank.form, text, now, theirs, blank.choices, blank.hint, blank.pointed,
        blank.key in missing, blank.key.endswith(NARROW),
    )  # fmt: skip


def _usual(blank: Blank) -> str:
    """Return what a choice is where nobody chose."""
    usual = {"importance": "2", "detectable": "later", "evidence": "none"}
    return usual.get(blank.key.rpartition(".")[2], blank.choices[0])


def changes(form: Mapping[str, list[str]], keys: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what a person changed in a form, and what those fields showed before.

    A row of which anything was changed is returned whole.

    Args:
        form: the fields as they were sent.
        keys: the keys that the form may have.
    """
    sent = {key: form[key][0] for key in keys if key in form}
    were = {key: form.get(WAS + key, [""])[0] for key in sent}
    touched = {key for key in sent if clean(sent[key]) != clean(were[key])}
    rows = {key.rpartition(".")[0] for key in touched if key.rpartition(".")[0].rpartition(".")[2].isdigit()}
    wanted = [key for key in sent if key in touched or key.rpartition(".")[0] in rows]
    return {key: sent[key] for key in wanted}, {key: were[key] for key in wanted}
