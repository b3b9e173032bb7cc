"""Real texts that people were asked, and a seeded editor that changes them a little."""

from __future__ import annotations

import csv
import gzip
import json
import random

import pytest


@pytest.fixture(scope="session")
def asked(shared):
    """GSM8K problems, XSTest prompts, PandaLM and LLMBar instructions, sensitive questions, a survey; each once."""
    data = shared / "data"
    with gzip.open(data / "gsm8k-solutions/example_model_solutions.jsonl.gz", "rt") as file:
        found = {"gsm8k": [json.loads(line)["question"] for line in file]}
    with gzip.open(data / "xstest/xstest_gpt4.csv.gz", "rt") as file:
        found["xstest"] = [row["prompt"] for row in csv.DictReader(file)]
    with gzip.open(data / "pandalm/testset-v1.json.gz", "rt") as file:
        found["pandalm"] = [f"{row['instruction']}\n{row['input']}".strip() for row in json.load(file)]
    with gzip.open(data / "llmbar-judges/items.jsonl.gz", "rt") as file:
        items = [json.loads(line) for line in file]
    found["llmbar"] = [item["input"] for item in items]
    with gzip.open(data / "llm-drift/sensitive_questions.csv.gz", "rt") as file:
        found["sensitive"] = [row["query"] for row in csv.DictReader(file)]
    with gzip.open(data / "llm-drift/opinionqa.csv.gz", "rt") as file:
        found["survey"] = [row["query"] for row in csv.DictReader(file)]
    found["answers"] = [item[key] for item in items for key in ("output_1", "output_2")]
    return {name: list(dict.fromkeys(texts)) for name, texts in found.items()}


FILLERS = ("really", "the", "my", "some", "new")


def edited(text: str, rng: random.Random) -> str:
    """Return a text with one word in twelve removed, replaced, preceded by another, or misspelt; at least one.

    In a text of fewer than twelve words only a short word is removed or replaced: with another noun or verb it would
    be another question.
    """
    found = text.split()
    brief = len(found) < 12
    for _ in range(max(1, round(len(found) / 12))):
        at, how = rng.randrange(len(found)), rng.randrange(4)
        if brief and how < 2 and len(found[at]) > 3:
            how += 2
        if how == 0 and len(found) > 4:
            del found[at]
        elif how == 1:
            found[at] = rng.choice(FILLERS)
        elif how == 2:
            found.insert(at, rng.choice(("please", "just", "now")))
        else:
            letter = rng.randrange(len(found[at]))
            found[at] = found[at][:letter] + rng.choice("aeiost") + found[at][letter + 1 :]
    return " ".join(found)


@pytest.fixture(scope="session")
def edit():
    """Return the editor."""
    return edited
