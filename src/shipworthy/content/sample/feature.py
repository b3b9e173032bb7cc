"""Sample material written for Shipworthy: the inbox assistant of Lantern Row, an invented shop.

Three variants of one feature. Each takes one customer message and returns the team it belongs to, the
policy entry it is about, and an answer put together from the shop's policy text:

- `rules`: the keyword macros the shop uses today; some were written before the policy changed.
- `retrieval`: the candidate; finds the team, then the entries that fit best, and quotes up to three.
- `sampled`: like `retrieval`, but draws one entry at random, the more likely the better it fits.

Nothing is read or learnt before the first message. Only cases of the part `explore` are learnt from.
"""

from __future__ import annotations

import json
import math
import random
import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
QUOTED = 3
"""How many entries an answer quotes at most: one too many is deleted faster than a missing one is found."""
CLOSE = 0.1
"""An entry is quoted beside the best one when it fits at least this share as well."""
TEAMS = {"orders": 0.55, "returns": 0.30, "billing": 0.15}
"""The teams, with their share of the traffic: where a message leaves it open, the busier team gets it."""
LEAN = 0.4
"""How strongly the shares count: 0 not at all, 1 as if the set had come straight from the inbox."""


class Draft(TypedDict):
    """What the assistant proposes for one message."""

    team: str
    policy: str
    answer: str


class Entry(NamedTuple):
    """One entry of the policy text."""

    id: str
    team: str
    text: str


def rules(message: str) -> Draft:
    """Propose an answer by keywords, as the shop does today."""
    said = message.lower()
    for pattern, policy, macro in MACROS:
        if re.search(pattern, said):
            entry = _policy()[policy]
            return Draft(team=entry.team, policy=policy, answer=macro or entry.text)
    return Draft(team="orders", policy="track-parcel", answer=_policy()["track-parcel"].text)


def retrieval(message: str) -> Draft:
    """Propose an answer from the entries that fit the message best."""
    index = _index()
    team, fit = index.fit(message)
    order = np.argsort(-fit, kind="stable")[:QUOTED]
    best = [index.entries[i] for i in order if fit[i] >= CLOSE * fit[order[0]]]
    return Draft(team=team, policy=best[0].id, answer=" ".join(entry.text for entry in best))


def sampled(message: str, seed: int) -> Draft:
    """Propose an answer from one entry drawn at random; the same seed and message draw the same entry."""
    index = _index()
    _, weights = index.fit(message)
    draw = random.Random(f"{seed} {message}")  # noqa: S311 - a draw to be repeated, not a secret
    entry = draw.choices(index.entries, weights=list(weights))[0]
    return Draft(team=entry.team, policy=entry.id, answer=entry.text)


MACROS: tuple[tuple[str, str, str], ...] = (
    # a pattern, the entry it stands for, and the old macro text where it differs from the policy
    (r"review|complain", "goodwill", "Sorry! I can give you a goodwill credit of up to 20 euros."),
    (r"invoice|receipt|factura", "invoice-copy", ""),
    (r"\bvat\b|\biva\b", "business-vat", ""),
    (r"discount|coupon|descuento|\bcode\b", "discount-code", ""),
    (r"gift card|tarjeta regalo", "gift-card", ""),
    (r"instal?ment|plazos", "pay-later", ""),
    (r"twice|two times|dos veces", "double-charge", "We have paid one of the two amounts back today."),
    (r"declined|refused|rechaza", "payment-declined", ""),
    (r"refund|reembolso|money back", "refund-timing", "You will have your refund within 24 hours."),
    (r"broken|damaged|crack|faulty|roto|rota", "damaged-item", ""),
    (r"wrong (item|colour|one)|equivocad", "wrong-item", ""),
    (r"exchange|swap|cambiar", "exchange", ""),
    (r"label|qr|etiqueta", "return-label", ""),
    (r"return|send.* back|devolver|devoluci", "return-window", "You can return any item within 100 days."),
    (r"cancel|anular", "cancel-order", ""),
    (r"address|direcci", "change-address", ""),
    (r"missing|falta", "missing-item", ""),
    (r"stock|sold out|available|agotad", "back-in-stock", ""),
    (r"gift|wrap|regalo", "gift-wrap", ""),
    (r"customs|abroad|aduana|ship to", "ship-abroad", ""),
    (r"delivered|entregado", "delivered-not-here", ""),
    (r"shipping|postage|gastos", "delivery-cost", "Shipping is free for every order."),
    (r"how long|express|tarda|arrive", "delivery-times", ""),
)


@cache
def _policy() -> dict[str, Entry]:
    """Read policy.md: id to entry."""
    entries: dict[str, Entry] = {}
    team = ""
    for block in re.split(
        r"^(?=## |<!-- team: )", (FOLDER / "policy.md").read_text("utf-8"), flags=re.MULTILINE
    ):
        if block.startswith("<!-- team: "):
            team = block.removeprefix("<!-- team: ").split(" ")[0]
        elif block.startswith("## "):
            name, _, text = block.removeprefix("## ").partition("\n")
            entries[name] = Entry(name, team, " ".join(text.split()))
    return entries


def _cues() -> dict[str, list[str]]:
    """Read cues.txt: id of an entry to the words and phrases that ask for it."""
    cues: dict[str, list[str]] = {}
    for line in (FOLDER / "cues.txt").read_text("utf-8").splitlines():
        if line.startswith("  "):
            cues[next(reversed(cues))] += line.split()
        elif not line.startswith("#"):
            cues[line.strip().removesuffix(":")] = []
    return cues


def _learnt_from() -> list[tuple[str, str]]:
    """Read messages with their entry, of the part explore alone."""
    learnt = []
    for path in sorted((FOLDER / "evalset").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            if case["part"] == "explore":
                learnt.append((case["input"], case["expected"]["policy"]))
    return sorted(learnt)


@cache
def _index() -> Index:
    entries = [entry for entry in _policy().values() if entry.team != "internal"]
    return Index(entries, _cues(), _learnt_from())


Vector = NDArray[np.float64]


class Index:
    """Which team and which entries fit a message: by cue words, corrected by the messages learnt from.

    The cue words alone give each entry, and so each team, a share. A ridge regression then learns from
    the example messages by how much those shares were off for messages that look alike.
    """

    def __init__(
        self, entries: list[Entry], cues: dict[str, list[str]], learnt: list[tuple[str, str]]
    ) -> None:
        self.entries = entries
        self._team_of = np.array([[float(entry.team == team) for team in TEAMS] for entry in entries])
        self._worth = _worth_of_words(entries, cues)
        seen = [_features(message) for message, _ in learnt]
        self._features = _known_features(seen)
        place = {entry.id: i for i, entry in enumerate(entries)}
        wanted = np.eye(len(entries))[[place[policy] for _, policy in learnt]]
        points = np.array([self._points(message) for message, _ in learnt])
        off = wanted - _shares(points)
        team_off = (wanted - _shares(points / 2)) @ self._team_of
        # Half the digits are half the work, and change none of the answers.
        examples = np.zeros((len(learnt), len(self._features)), dtype=np.float32)
        for row, found in zip(examples, seen, strict=True):
            self._fill(row, found)
        alike = examples @ examples.T + np.eye(len(learnt), dtype=np.float32)
        self._correction = examples.T @ np.linalg.solve(alike, np.hstack([off, team_off]).astype(np.float32))

    def fit(self, message: str) -> tuple[str, Vector]:
        """Return the likeliest team, and how well each entry fits, given how well its team does."""
        points = self._points(message)
        learnt = self._vector(message) @ self._correction
        n = len(self.entries)
        fit = np.maximum(_shares(points) + learnt[:n], 0.001)
        team_fit = np.maximum(_shares(points / 2) @ self._team_of + learnt[n:], 0.05)
        team_fit *= np.array(list(TEAMS.values())) ** LEAN
        return list(TEAMS)[int(np.argmax(team_fit))], fit * (self._team_of @ team_fit)

    def _points(self, message: str) -> Vector:
        points = np.zeros(len(self.entries))
        for word, times in _words_and_phrases(message).items():
            for place, worth in self._worth.get(word, ()):
                points[place] += times * worth
        return points

    def _vector(self, message: str) -> Vector:
        vector = np.zeros(len(self._features))
        self._fill(vector, _features(message))
        return vector

    def _fill(self, vector: Vector | NDArray[np.float32], found: dict[str, float]) -> None:
        known = [(*self._features[name], weight) for name, weight in found.items() if name in self._features]
        if known:
            places, rarities, weights = zip(*known, strict=True)
            values = np.log1p(weights) * np.array(rarities)
            vector[list(places)] = values / np.linalg.norm(values)


def _shares(points: Vector) -> Vector:
    """Turn points into shares that add up to 1; e times the share for one point more."""
    raised = np.exp(points - points.max(axis=-1, keepdims=True))
    shares: Vector = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _worth_of_words(entries: list[Entry], cues: dict[str, list[str]]) -> dict[str, list[tuple[int, float]]]:
    """Return for each word and phrase the entries it speaks for, and how much: the rarer, the more."""
    weights: list[Counter[str]] = []
    for entry in entries:
        weight: Counter[str] = Counter()
        for word, times in _words_and_phrases(entry.text).items():
            weight[word] += 0.25 * min(times, 2)  # type: ignore[assignment] # Counter is typed for whole counts
        for cue in cues[entry.id]:
            phrase = "_".join(_stem(word) for word in _words(cue.replace("_", " ")))
            weight[phrase] += 1.5 if "_" in phrase else 1.0  # type: ignore[assignment] # the same
        weights.append(weight)
    spread = Counter(word for weight in weights for word in weight)
    worth: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, weight in enumerate(weights):
        for word, value in weight.items():
            rarity = math.log(1 + (len(entries) - spread[word] + 0.5) / (spread[word] + 0.5))
            worth[word].append((place, value / (value + 1.0) * rarity))
    return worth


def _known_features(messages: list[dict[str, float]]) -> dict[str, tuple[int, float]]:
    """Return place and rarity of each feature that at least two messages share."""
    spread = Counter(name for found in messages for name in found)
    shared = sorted(name for name, n in spread.items() if n > 1)
    return {name: (place, math.log((len(messages) + 1) / spread[name])) for place, name in enumerate(shared)}


def _words_and_phrases(text: str) -> Counter[str]:
    """Count the words that carry meaning and the phrases of two and three words."""
    words = _words(text)
    stems = [_stem(word) for word in words]
    found = Counter(stem for stem, word in zip(stems, words, strict=True) if word not in SMALL_WORDS)
    for n in (2, 3):
        found.update("_".join(stems[i : i + n]) for i in range(len(stems) - n + 1))
    return found


def _features(text: str) -> dict[str, float]:
    """Weigh words, runs of four letters (for typos and endings) and pairs of words."""
    words = _words(text)
    found: dict[str, float] = defaultdict(float)
    for word in words:
        if word in SMALL_WORDS:
            continue
        found["word " + _stem(word)] += 1.0
        framed = f"<{word}>"
        for i in range(len(framed) - 3):
            found["letters " + framed[i : i + 4]] += 0.3
    for first, second in pairwise(words):
        found[f"pair {_stem(first)} {_stem(second)}"] += 0.5
    return found


def _words(text: str) -> list[str]:
    """Split into lower-case words without accents."""
    joined = text.lower().replace("'", "").replace("\u2019", "")
    plain = "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", plain)


@cache
def _stem(word: str) -> str:
    """Cut a common English or Spanish ending off, if four letters remain."""
    for ending in ("ations", "ation", "ings", "ing", "ed", "es", "s", "e", "o", "a", "os", "as"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


SMALL_WORDS = frozenset(
    _words(
        "a an the i you we it is are be to of and or in on for my me your our that this with do does have has can "
        "could would will if so at as by from was were not no what how there they them its im ive been el la los "
        "las de un una que y o en mi me se lo le por con es si os ya ha han he yo hi hello please pls thanks "
        "gracias hola"
    )
)
