"""Write what passed the gate into the ledger: intents, receipts and outputs of many cases, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, ProgrammingError

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.store.call_log import Entry, decode, foreign, left_in, note_taken, state_of
from shipworthy.store.calls import write_calls
from shipworthy.store.writing import Answered, Writing


def write_down(connection: Connection, writing: Writing, entry: Entry) -> None:
    """Write an entry, in a writing transaction.

    Args:
        connection: the transaction.
        writing: the run that outputs go into.
        entry: what passed the gate.
    """
    run, about = writing.begin(connection), (entry.purpose, writing.variant_no)
    begun = [
        (call, *about, case, repeat, attempt, run.no, at_ms, worst)
        for call, case, repeat, attempt, at_ms, worst in entry.begun
    ]
    write_calls(connection, begun, entry.ended)
    writing.write(connection, [(row[0], Answered(*row[1:])) for row in entry.outputs])


def joined(entries: Sequence[Entry]) -> list[Entry]:
    """Join entries that follow each other and go into the same run: their rows are written with fewer statements."""
    found: list[Entry] = []
    for entry in entries:
        if found and found[-1][:2] == entry[:2]:
            last = found[-1]
            last.begun.extend(entry.begun)
            last.ended.extend(entry.ended)
            last.outputs.extend(entry.outputs)
        else:
            found.append(Entry(*entry[:2], [*entry.begun], [*entry.ended], [*entry.outputs]))
    return found


def take_over(connection: Connection, path: Path) -> None:
    """Take what a crash left in a log into the ledger, in a writing transaction; what was taken before is passed over.

    Args:
        connection: the transaction; whoever has it holds the launch.
        path: the log.

    Raises:
        BadInput: the log goes on from another state of a ledger, or is none that a run has left.
    """
    state, left = left_in(path)
    if not left:
        return
    now, taken = state_of(connection)
    if state != now:
        raise foreign(path, "does not go on from this ledger")
    new = [each for each in left if each[0] > taken]
    if [place for place, _ in new] != list(range(taken + 1, taken + 1 + len(new))):
        raise foreign(path, "goes on from a later state of this ledger")
    try:
        for entry in joined([decode(body) for _, body in new]):
            writing = Writing(*entry.writing)
            writing.adopt(connection)
            write_down(connection, writing, entry)
    except (Refused, BadInput) as error:
        raise foreign(path, f"cannot be taken in: {error.what}") from error
    except (ValueError, TypeError, IntegrityError, ProgrammingError) as error:
        raise foreign(path, "holds what no run has written") from error
    note_taken(connection, taken + len(new))
