"""What every judge promises: a message becomes what is put to a model, and its reply becomes an opinion or a reason."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec


class Message(msgspec.Struct, frozen=True, gc=False):
    """One output as it is put to a judge.

    Attributes:
        instructions: the prompt, the criterion and the rules; the same for every output of a judge.
        material: the case and the output between marks that nobody could know who wrote them.
        mark: what those lines carry.
    """

    instructions: str
    material: str
    mark: str


class Opinion(msgspec.Struct, frozen=True, gc=False):
    """What a judge said of one output, or why it said nothing that counts.

    Attributes:
        value: 1 passes, 0 fails; None is unscored.
        words: the rationale, or the reason; begins with `unscored:` where there is no value.
    """

    value: float | None
    words: str


class Choice(msgspec.Struct, frozen=True, gc=False):
    """Which of two outputs a judge prefers.

    Attributes:
        place: the place of the better one as it was shown, or a tie; None where nothing could be read.
        words: the rationale, or the reason.
    """

    place: str | None
    words: str


class Judge(Protocol):
    """Puts a message to a model, and reads what comes back."""

    def given(self, message: Message) -> Any:
        """Return what is sent."""
        ...

    def opinion(self, said: str) -> Opinion:
        """Return what the judge said of an output.

        Args:
            said: the reply as JSON.
        """
        ...

    def choice(self, said: str) -> Choice:
        """Return which of two outputs the judge prefers."""
        ...
