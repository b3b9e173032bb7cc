"""The sheet for an interview: what to say before, what to ask about the past, what never to ask, what to write after."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.launch import Launch
from shipworthy.narrative.text import plain

CONSENT = (
    "Say why you ask, who will read it, and that they may stop at any time or take it back later.",
    "Ask: may I take notes? May I record? May we quote you, without your name, inside the team? Outside?",
    "Write down what they agreed to, how, on which day, and until when you may keep it.",
)
QUESTIONS = (
    "When did you last do this? Take me there: what was the first thing you did?",
    "And then? Go on step by step until it was done, or given up.",
    "What did you use? Can you show me the file, the screen, the note?",
    "Where did it get stuck? What did you do then?",
    "How long did it take? Who else had to help?",
    "What have you tried before? What made you stop?",
    "When did an answer last turn out wrong? How did you notice? What did it cost, and whom?",
    "What did you do afterwards, the same day?",
    "Whom else should I ask? What should I have asked you?",
)
NEVER = (
    "“Would you use it?” “Would you pay for it?” Whoever is kind says yes. Ask what they did and paid the last time.",
    "“Do you like it?” Praise is no evidence. Thank them, and go back to the last time.",
    "“What should we build?” Ask what they were trying to do when they wished for it.",
    "Anything that describes your idea before you have heard their story.",
)
AFTER = (
    "On the same day: the story of the last time in three sentences, what surprised you, what contradicts what you assumed.",
    "What did they give, not say: time, a name, money, a file?",
)


def prompt_sheet(launch: Launch, *, name: str) -> str:
    """Return the sheet as Markdown; what the launch says about harm becomes questions about the last time.

    Args:
        launch: its goal and its harms.
        name: of the interview, which says nothing about the person.
    """
    about = plain(launch.goal) or plain(launch.title) or "what this launch is about"
    harms = [f"When did this last happen: {plain(each.event)}? What came of it?" for each in launch.harm]
    parts = [
        f"# Interview {plain(name)}",
        f"The job it is about: {about}",
        "Thirty minutes. Listen for nine of ten. You are here to hear what they did, and nothing else.",
        *_section("Before", CONSENT),
        *_section("Ask about the last time", [*QUESTIONS, *harms]),
        *_section("Never ask", NEVER),
        *_section("After", AFTER),
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, lines: Sequence[str]) -> tuple[str, str]:
    return f"## {title}", "\n".join(f"- {line}" for line in lines)
