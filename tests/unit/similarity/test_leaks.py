"""Cases that stand in prompts are found among real texts, and others are not."""

from __future__ import annotations

import random
import time

import pytest

from shipworthy.similarity.leaks import Material, leaks
from shipworthy.similarity.words import words


def material(text: str, name: str = "prompt.md") -> Material:
    """Return the words of one file."""
    made = Material()
    made.add(name, text)
    return made


def found(case: str, text: str):
    """Return how one case leaks, or None."""
    return next(leaks([words(case)], material(text)), None)


def test_a_case_inside_a_prompt_is_found_with_its_line():
    """Capitals, quotes and a line break in the middle do not hide it."""
    leak = found(
        "How many days do I have to send it back?",
        'Be kind.\nQ: "How many days do\nI have to send it BACK"\n',
    )
    assert (leak.name, leak.line, leak.measure) == ("prompt.md", 2, "verbatim")


@pytest.mark.parametrize(
    ("text", "leaks_there"),
    [("hello\n", True), ("Input: Hello!\n", True), ("Say hello to the customer first.\n", False)],
)
def test_a_short_case_leaks_only_as_a_whole_line(text, leaks_there):
    """`hello` stands in many prompts, and is an example only where it stands alone."""
    assert bool(found("Hello", text)) == leaks_there


def test_a_part_of_a_long_case_is_found_by_its_runs_of_words():
    """Half of a long document stands in the prompt."""
    rng = random.Random(7)
    document = [f"w{rng.randrange(10**6)}" for _ in range(120)]
    leak = found(" ".join(document), "Example. " + " ".join(document[:60]))
    assert leak.measure == "shared runs"
    assert leak.likeness == pytest.approx(53 / 113, abs=1e-4)


def test_a_frame_that_many_cases_share_is_no_leak():
    """The prompt holds the sentence round every question, and no question."""
    frame = "You are taking part in a survey about the town you live in. Pick the best single answer of the list. "
    rng = random.Random(3)
    cases = [words(frame + " ".join(f"w{rng.randrange(10**6)}" for _ in range(12))) for _ in range(60)]
    assert list(leaks(cases, material(frame))) == []


def test_two_files_do_not_make_one_sentence():
    """The first half ends one file, the second begins the next."""
    both = Material()
    both.add("a.md", "how many days do i")
    both.add("b.md", "have to send it back")
    assert list(leaks([words("how many days do i have to send it back")], both)) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_leaks_are_found_and_clean_cases_are_not_accused(asked, edit, seed):
    """All of 200 verbatim, 95 of 100 of 200 edited; of 2,000 that were not planted at most 10 are accused.

    XSTest holds prompts that differ from each other in one word, on purpose: a planted one accuses its counterpart,
    which is counted as a false alarm here.
    """
    rng = random.Random(seed)
    pool = [text for name in ("gsm8k", "xstest", "pandalm", "sensitive") for text in asked[name]]
    rng.shuffle(pool)
    verbatim, lightly, clean = pool[:200], pool[200:400], [*pool[400:], *asked["survey"]][:2000]
    shown = [f"Q: {t}" for t in verbatim] + [f"Example: {edit(t, rng)}" for t in lightly] + asked["answers"]
    rng.shuffle(shown)
    cases = [*verbatim, *lightly, *clean]

    by_case = {leak.case: leak for leak in leaks([words(t) for t in cases], material("\n".join(shown)))}

    assert len(clean) == 2000
    assert sum(i in by_case and by_case[i].measure == "verbatim" for i in range(200)) == 200
    assert sum(i in by_case for i in range(200, 400)) >= 190
    assert sum(i >= 400 for i in by_case) <= 10


def test_ten_thousand_cases_are_searched_in_seconds(asked, edit):
    """Against 80,000 words of prompts; a third of what a person would wait for."""
    rng = random.Random(5)
    base = [*asked["gsm8k"], *asked["xstest"], *asked["pandalm"]]
    cases = [words(edit(base[i % len(base)], rng)) for i in range(10_000)]
    shown = material("\n".join(asked["answers"]))
    began = time.process_time()
    list(leaks(cases, shown))
    assert time.process_time() - began < 10
