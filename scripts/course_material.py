"""Write the material of the course: messages, drafts, and the truths planted in them; the same each time.

All of it is sample material. The truths go into a file of the package that no practice launch contains.
Run with `python scripts/course_material.py` from the root of the repository.
"""

from __future__ import annotations

import csv
import json
import random
from itertools import cycle
from pathlib import Path

from rapidfuzz import fuzz, process

HOME = Path(__file__).resolve().parents[1] / "src/shipworthy/content/course"
LAUNCH = HOME / "launch"
NEAR = 78
RNG = random.Random(20261126)  # noqa: S311 - sample material, no secret
POOL = {"hire": 240, "returns": 144, "damage": 96}
RIGHT = {"hire": 0.97, "returns": 0.96, "damage": 0.4}
TWINS = 12

ASKS = {
    "hire": [
        ("what does a city bike cost for {n} days?", "A city bike costs 14 a day, so {n} days come to {n14}."),
        ("how much is a cargo bike for {n} days?", "A cargo bike costs 30 a day, so {n} days come to {n30}."),
        ("what would a child seat cost us for {n} days?", "A child seat costs 3 a day, so {n} days come to {n3}."),
    ],
    "returns": [
        ("when do I get the deposit back?", "The deposit of 50 goes back to your card within 3 working days."),
        ("how late may I bring the bike back on {day}?", "Bring it back until 17:45 on {day}; we close at 18:00."),
        ("what do I pay if I cancel the booking for {day}?", "It is free until 24 hours before, and half the price after that."),
    ],
    "damage": [
        ("I had a puncture on {day}, what now?", "Tell us on the same day; a puncture costs 9 to mend."),
        ("the gear lever broke on {day}, what do I owe you?", "Bring it in on the same day. We mend it and charge the part; there is no insurance."),
        ("somebody bent the wheel in front of {place}, who pays?", "You pay the repair; no insurance is included. Please tell us on the same day."),
    ],
}  # fmt: skip
WRONG_PRICE = {
    "hire": "A city bike costs 11 a day and a cargo bike 25, so plan with that for {n} days.",
    "returns": "The deposit is 80 for each bike and goes back within 3 working days.",
    "damage": "Tell us on the same day; mending a puncture costs 20.",
}
COVERED = [
    "Do not worry about {day}: the bike is fully insured and you will pay nothing.",
    "Our insurance takes care of it, so there is nothing for you to pay for {place}.",
    "You are covered for any damage on {day}; leave the bike and we carry the whole repair.",
]
VAGUE = [
    "Thank you for writing. We have noted your message about {day} and will come back to you soon.",
    "We are sorry for the trouble. A colleague will look at it after {day}.",
    "Your message is important to us. Please bear with us until {day}.",
]
FOREIGN = [
    ("Guten Tag, was kostet ein Stadtrad für {n} Tage ab {place}?", "A city bike costs 14 a day, so {n} days come to {n14}."),
    ("Hallo, bis wann muss ich das Rad am {day} bei {place} abgeben?", "Bring it back until 17:45; we close at 18:00."),
    ("Buenas tardes, ¿cuánto cuesta una bicicleta de carga por {n} días cerca de {place}?", "A cargo bike costs 30 a day, so {n} days come to {n30}."),
    ("Hola, pinché el {day} delante de {place}, ¿qué hago?", "Tell us on the same day; a puncture costs 9 to mend."),
]  # fmt: skip
SECOND = [
    "And do you lend helmets to the {who}?",
    "Also, are you open on Sundays for the {who}?",
    "One more thing: up to which weight does the child seat go, for the {who}?",
]
ANSWERS = ["Helmets are free.", "We are closed on Sundays.", "The child seat goes up to 22 kg."]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "4 May", "9 June", "21 July", "2 August", "13 August", "30 September"]  # fmt: skip
PLACES = ["the museum", "the old bridge", "the station", "our hotel", "the harbour", "the market", "the swimming lake", "the castle", "the campsite", "the town hall", "the ferry", "the brewery"]  # fmt: skip
WHO = ["two of us", "children", "grandparents", "whole team", "four friends", "school class", "newlyweds", "choir", "twins", "bus party"]  # fmt: skip
OPENINGS = [
    "Hi, we are planning a trip to {place} with the {who};", "Hello there, staying near {place} until {day};",
    "Good morning, I booked online under the name of the {who} for {day};", "Hey, quick one from the {who} at {place};",
    "Dear Spoke Yard, my partner and I ride out to {place} on {day};", "I could not find it on your page, and {day} is close:",
    "We are the {who} who called on {day} about {place};", "Sorry to bother you again, it is about {place} on {day}:",
    "Writing from the train to {place};", "First time in town, the {who} arrive on {day};",
    "My boss wants to know for the {who}, before {day}:", "We loved it last summer at {place}, so once more with the {who}:",
]  # fmt: skip
ENDS = ["", "Thanks!", "Best from the {who}.", "Please answer before {day}.", "We leave {place} early.", "Cheers, see you on {day}."]  # fmt: skip

MODES = {
    "wrong-price": (7, "Hold every sum that a draft names against the prices in rules.md, one by one."),
    "promises-cover": (5, "Ask of each draft about damage what it promises, and whether rules.md lets anybody promise it."),
    "wrong-language": (4, "Look at how the customer wrote, and not only at what: read message and draft side by side."),
    "half-answered": (5, "Count what the customer wants to know, then count what the draft answers."),
    "says-nothing": (4, "Ask of each draft what the customer knows after reading it that they did not know before."),
}  # fmt: skip


TALKS = {
    "names": ["Marta", "Oliveira", "Lindqvist", "Tobias", "Petra", "Novak", "0912 555 014"],
    "guesses": [
        "I would probably use a chat",
        "People always write too late",
        "I might pay for an insurance",
    ],
    "withdrawn": "It is the future",
}


AFTER = random.Random(20270802)  # noqa: S311 - its own draw, so that what came before stays as it was
WAITS = random.Random(9)  # noqa: S311 - the same
WEEKS, CHANGED = 4, 3
LIVE = {"hire": 75, "returns": 45}
NOTICE = """(Sample material: this note, like the audits beside it, is invented.)

To everybody at the counter, on Monday of week 3, from the owner.
From today the deposit is 60 for each bike, and because it gets dark early bikes come back until 15:45. The list on the
wall is new. Whoever looks after the replies: please see that they say so too.
"""
BROKEN = "topic=returns"


def filled(text: str, slots: dict[str, object]) -> str:
    """Fill the slots of a text."""
    return text.format(**slots)


def slots() -> dict[str, object]:
    """Draw what a message is about."""
    n = RNG.randint(2, 9)
    drawn = {"day": RNG.choice(DAYS), "place": RNG.choice(PLACES), "who": RNG.choice(WHO)}
    return {"n": n, "n14": 14 * n, "n30": 30 * n, "n3": 3 * n, **drawn}


def message(topic: str) -> tuple[str, str, dict[str, object]]:
    """Return a message, a draft that answers it well, and what it is about."""
    about = slots()
    ask, answer = RNG.choice(ASKS[topic])
    text = f"{RNG.choice(OPENINGS)} {ask} {RNG.choice(ENDS)}".strip()
    return filled(text, about), filled(answer, about), about


def draft(mode: str, topic: str) -> tuple[str, str]:
    """Return a message and a draft that fails in one way, or in none where the mode is empty."""
    text, answer, about = message(topic)
    wrong = {"wrong-price": [WRONG_PRICE[topic]], "promises-cover": COVERED, "says-nothing": VAGUE}
    if mode in wrong:
        return text, filled(RNG.choice(wrong[mode]), about)
    if mode == "wrong-language":
        ask, english = RNG.choice(FOREIGN)
        return filled(ask, about), filled(english, about)
    if mode == "half-answered":
        return f"{text} {filled(RNG.choice(SECOND), about)}", answer
    if RNG.random() < 0.2:
        which = RNG.randrange(len(SECOND))
        return f"{text} {filled(SECOND[which], about)}", f"{answer} {ANSWERS[which]}"
    return text, answer


class Apart:
    """Messages that are no twins of those before."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def takes(self, text: str) -> bool:
        """Take a message, unless it is nearly one that was taken."""
        if process.extractOne(text, self.seen, scorer=fuzz.ratio, score_cutoff=NEAR):
            return False
        self.seen.append(text)
        return True


def made(apart: Apart, mode: str, topic: str) -> tuple[str, str]:
    """Draw until the message is unlike all before."""
    while True:
        text, answer = draft(mode, topic)
        if apart.takes(text):
            return text, answer


def write_open(apart: Apart) -> dict[str, str]:
    """Write sixty open cases with their drafts; return what is wrong with each."""
    planted = [mode for mode, (n, _) in MODES.items() for _ in range(n)]
    planted += [""] * (60 - len(planted))
    RNG.shuffle(planted)
    topics, truth, lines, rows = cycle(["hire", "returns", "hire", "damage", "returns"]), {}, [], []
    for number, mode in enumerate(planted, 1):
        topic = "damage" if mode == "promises-cover" else next(topics)
        text, answer = made(apart, mode, topic)
        name = f"open-{number:02}"
        truth[name] = mode
        lines.append({"id": name, "input": text, "tags": {"topic": topic}, "source": "sample material", "part": "explore"})  # fmt: skip
        rows.append([name, answer])
    put_lines(LAUNCH / "evalset/open.jsonl", lines)
    put_table(HOME / "drafts.csv", ["case", "output"], rows)
    return truth


def write_pool(apart: Apart) -> list[list[str]]:
    """Write cases to be split, with what is recorded of them; return the planted twins."""
    topics = [topic for topic, n in POOL.items() for _ in range(n)]
    RNG.shuffle(topics)
    lines: list[dict[str, object]] = []
    pairs: list[list[str]] = []
    last: dict[str, tuple[str, str]] = {}
    places = set(range(40, 40 + 30 * TWINS, 30))
    for number, topic in enumerate(topics, 1):
        name = f"m-{number:03}"
        if number in places and topic in last:
            first, text = last[topic]
            pairs.append([first, name])
            text = f"{text} Thank you."
        else:
            text, _ = made(apart, "", topic)
            last[topic] = (name, text)
        lines.append({"id": name, "input": text, "tags": {"topic": topic}, "source": "sample material"})
    put_lines(LAUNCH / "material/pool.jsonl", lines)
    write_outcomes([(str(line["id"]), topic) for line, topic in zip(lines, topics, strict=True)])
    return pairs


def write_outcomes(cases: list[tuple[str, str]]) -> None:
    """Write what the judge and a check said of each draft, and what people said of a random half."""
    first, second, labels = [], [], []
    for name, topic in cases:
        right = RNG.random() < RIGHT[topic]
        judged = RNG.random() < (0.97 if right else 0.3)
        keeps = topic != "damage" or RNG.random() < 0.93
        first.append([name, int(judged), int(keeps), f"{RNG.uniform(0.4, 1.9):.2f}"])
        better = right or RNG.random() < 0.25
        second.append([name, int(better), int(keeps), f"{RNG.uniform(0.4, 1.9):.2f}"])
        if RNG.random() < 0.6:
            labels.append([name, int(right)])
    heads = ["case", "judge", "promises_nothing", "latency_s"]
    put_table(LAUNCH / "material/outcomes.csv", heads, first)
    put_table(LAUNCH / "material/second-prompt.csv", heads, second)
    put_table(LAUNCH / "material/labels.csv", ["case", "label"], labels)


def write_weeks() -> dict[str, object]:
    """Write four weeks of audited drafts after launch; from the third on the shop's rules are others than the drafts'."""
    for week in range(1, WEEKS + 1):
        rows: list[list[object]] = []
        for topic in AFTER.sample([t for t, n in LIVE.items() for _ in range(n)], sum(LIVE.values())):
            about = {"day": AFTER.choice(DAYS), "place": AFTER.choice(PLACES), "who": AFTER.choice(WHO)}
            n = AFTER.randint(2, 9)
            about |= {"n": n, "n14": 14 * n, "n30": 30 * n, "n3": 3 * n}
            which = AFTER.randrange(len(ASKS[topic]))
            ask, answer = (filled(text, about) for text in ASKS[topic][which])
            slip = AFTER.random()
            promises, outdated = slip < 0.01, topic == "returns" and week >= CHANGED and which < 2
            if slip < 0.04:
                answer = filled(COVERED[which] if promises else WRONG_PRICE[topic], about)
            right = slip >= 0.04 and not outdated
            waited = f"{WAITS.uniform(0.4, 1.9):.2f}"
            rows.append(
                [f"w{week}-{len(rows) + 1:03}", topic, ask, answer, int(right), int(not promises), waited]
            )
        heads = ["case", "topic", "input", "output", "human", "promises_nothing", "latency_s"]
        put_table(LAUNCH / f"material/weeks/week-{week}.csv", heads, rows)
    (LAUNCH / "material/weeks/notice.txt").write_text(NOTICE, encoding="utf-8")
    audited = {f"topic={topic}": n * WEEKS for topic, n in LIVE.items()}
    return {"audited": audited, "broken": BROKEN}


def put_lines(path: Path, lines: list[dict[str, object]]) -> None:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def put_table(path: Path, heads: list[str], rows: list[list[object]]) -> None:
    """Write a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


def main() -> None:
    """Write everything."""
    apart = Apart()
    modes = {name: hint for name, (_, hint) in MODES.items()}
    truth = {
        "drafts": write_open(apart),
        "hints": modes,
        "twins": write_pool(apart),
        "talks": TALKS,
        "after": write_weeks(),
    }
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    (HOME / "truth.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
