"""Examples: labelled outputs of open parts that show what passes, what fails in one way, and what is hard to judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import msgspec

from shipworthy.domain.answers import clean
from shipworthy.domain.errors import BadInput
from shipworthy.domain.taxonomy import FailureMode, counts_for
from shipworthy.services.opened import Opened
from shipworthy.services.read_item import plain_output
from shipworthy.store.label_examples import Example, contested_outputs, labelled_outputs, outputs_named

FEW = 4
"""How many of a kind are offered."""
LONGEST = 500
"""Characters of an output that stand in criteria.yaml."""


@dataclass(frozen=True)
class Offered:
    """One output, as it would stand in a criterion.

    Attributes:
        name: `case` or `case/repeat`.
        text: the output, shortened.
        note: what the person who labelled it said.
    """

    name: str
    text: str
    note: str


@dataclass(frozen=True)
class Examples:
    """What there is to pick from.

    Attributes:
        passes: outputs that people passed.
        fails: outputs that have the failure mode.
        borderline: outputs that people put off, or differed on.
        near: what the failure mode says almost has it.
    """

    passes: tuple[Offered, ...]
    fails: tuple[Offered, ...]
    borderline: tuple[Offered, ...]
    near: tuple[str, ...]

    def find(self, name: str) -> Offered | None:
        """Return one by its name."""
        return next(
            (each for each in (*self.passes, *self.fails, *self.borderline) if each.name == name), None
        )


def mode_named(launch: Opened, name: str) -> FailureMode:
    """Return a failure mode.

    Raises:
        BadInput: there is none of that name.
    """
    for mode in launch.reading.taxonomy:
        if mode.id == name:
            return mode
    known = ", ".join(mode.id for mode in launch.reading.taxonomy) or "none yet"
    raise BadInput(
        f"there is no failure mode `{clean(name)[:80]}`",
        where="taxonomy.yaml",
        remedy=f"failure modes: {known}",
    )


def examples(launch: Opened, mode: FailureMode, *, most: int = FEW) -> Examples:
    """Return labelled outputs that may stand as examples of a failure mode; nothing sealed is read.

    Args:
        launch: the launch.
        mode: the failure mode.
        most: how many of a kind.
    """
    number = launch.cases.no
    kin = {name for name, target in counts_for(launch.reading.taxonomy).items() if target == mode.id} | {
        mode.id
    }
    with launch.ledger.read() as connection:
        failed = labelled_outputs(connection, number, "fail")
        having = (example for example, modes in failed if modes & kin)
        fails = _offered((*outputs_named(connection, number, mode.examples), *islice(having, most)), most)
        passes = _offered((example for example, _ in labelled_outputs(connection, number, "pass")), most)
        put_off = (example for example, _ in labelled_outputs(connection, number, "defer"))
        contested = tuple(islice(contested_outputs(connection, number), most))
        borderline = _offered((*contested, *islice(put_off, most)), most)
    return Examples(passes, fails, borderline, (*mode.near_miss, *mode.excludes))


def _offered(found: Iterable[Example], most: int) -> tuple[Offered, ...]:
    made: dict[str, Offered] = {}
    for each in found:
        if each.name not in made:
            made[each.name] = Offered(each.name, short(each.text), clean(each.note))
        if len(made) == most:
            break
    return tuple(made.values())


def short(text: str) -> str:
    """Return an output as it stands in a criterion: as text, and not too long."""
    said = plain_output(text)
    plain = clean(said if isinstance(said, str) else msgspec.json.encode(said).decode("utf-8", "replace"))
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rsplit(' ', 1)[0]} …"


def named_example(launch: Opened, name: str) -> str:
    """Return the text of an output that a person names as an example.

    Raises:
        BadInput: no open case has such an output.
    """
    with launch.ledger.read() as connection:
        found = outputs_named(connection, launch.cases.no, [name])
    if not found:
        raise BadInput(
            f"no open case has an output `{clean(name)[:80]}`",
            where="the ledger",
            remedy="name it as CASE or CASE/REPEAT; outputs of sealed cases are no examples",
        )
    return short(found[0].text)
