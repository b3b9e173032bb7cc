"""A judge that is asked like any variant: over a chat endpoint, an HTTP endpoint, or by a program."""

from __future__ import annotations

from typing import Any

from shipworthy.judges import reading
from shipworthy.judges.interface import Choice, Message, Opinion


class ChatJudge:
    """Instructions and material go as two messages: what is judged never stands where rules do."""

    def given(self, message: Message) -> Any:
        """Return a system message and a user message."""
        return [
            {"role": "system", "content": message.instructions},
            {"role": "user", "content": message.material},
        ]

    def opinion(self, said: str) -> Opinion:
        """Return what the judge said of an output."""
        return reading.opinion(said)

    def choice(self, said: str) -> Choice:
        """Return which of two outputs the judge prefers."""
        return reading.choice(said)


class TextJudge(ChatJudge):
    """The whole message goes as one text, to whatever program or endpoint takes it."""

    def given(self, message: Message) -> Any:
        """Return instructions and material as one text."""
        return f"{message.instructions}\n\n{message.material}"
