"""The sample launch: what its files promise."""

import importlib.util
import json
import re
import shutil
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

import shipworthy
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch

SAMPLE = Path(shipworthy.__file__).parent / "content" / "sample"


def load(folder, name):
    """Import a file of a launch folder as a module of its own, as a run does."""
    spec = importlib.util.spec_from_file_location(f"sample_{name}_{abs(hash(folder))}", folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cases():
    """All cases of the sample."""
    problems = []
    read = list(read_cases(Layout(SAMPLE), problems))
    assert problems == []
    return read


@pytest.fixture(scope="module")
def feature():
    """The sample's feature, learnt once."""
    return load(SAMPLE, "feature")


@pytest.fixture(scope="module")
def scorers():
    """The sample's checks."""
    return load(SAMPLE, "scorers")


def test_reads_without_problems():
    """The sample shows a newcomer a folder in which nothing is wrong."""
    assert read_launch(SAMPLE).problems == ()


def test_every_file_says_what_it_is(cases):
    """No file of the sample can be taken for a real shop's, not even when it is read alone."""
    for path in sorted(SAMPLE.iterdir()):
        if path.is_file():
            opening = " ".join(path.read_text("utf-8").lower().split()[:40])
            assert "sample material written for shipworthy" in opening, path.name
    assert {case.source for case in cases} == {"written for the sample"}


def test_enough_customers_in_each_topic_and_part(cases):
    """Each topic has 80 customers or more to decide on, which showing 95 in 100 takes, and 55 to learn from."""
    groups = defaultdict(set)
    for case in cases:
        groups[case.tags["topic"], case.part].add(case.group)
    assert {part for _, part in groups} == {"explore", "holdout"}
    for topic in ("orders", "returns", "billing"):
        assert len(groups[topic, "holdout"]) >= 80
        assert len(groups[topic, "explore"]) >= 55


def test_a_customer_stays_in_one_topic_and_part(cases):
    """No customer is both learnt from and decided on, and none counts in two topics."""
    homes = defaultdict(set)
    for case in cases:
        homes[case.group].add((case.tags["topic"], case.expected["team"], case.part))
    assert {len(home) for home in homes.values()} == {1}
    assert 1 < max(Counter(case.group for case in cases).values()) <= 3


def test_hard_messages_are_in_every_topic(cases):
    """Spanish, long, doubled and hostile messages are spread over all topics of the holdout."""
    seen = {(c.tags["topic"], name, c.tags[name]) for c in cases if c.part == "holdout" for name in c.tags}
    for topic in ("orders", "returns", "billing"):
        for mark in (("language", "es"), ("length", "long"), ("questions", "several"), ("hostile", "yes")):
            assert (topic, *mark) in seen


def test_messages_are_as_long_as_their_tag_says(cases):
    """A short message has 8 to 40 words and a long one 60 to 120."""
    for case in cases:
        low, high = (60, 120) if case.tags["length"] == "long" else (8, 40)
        assert low <= len(case.input.split()) <= high, case.id


def test_no_two_messages_are_near_twins(cases):
    """Any two messages share less than half of their words, so that counting them apart is honest."""
    words = [(case.id, frozenset(re.findall(r"\w+", case.input.lower()))) for case in cases]
    twins = [(a, b) for (a, x), (b, y) in combinations(words, 2) if 2 * len(x & y) >= len(x | y)]
    assert twins == []


def test_every_expected_policy_exists_in_its_team(cases, feature):
    """What a case expects stands in the policy text, under the team it expects."""
    policy = feature._policy()
    assert {(c.expected["policy"], c.expected["team"]) for c in cases} == {
        (entry.id, entry.team) for entry in policy.values() if entry.team != "internal"
    }


def test_the_feature_never_learns_from_the_holdout(tmp_path, cases, feature):
    """With the holdout gone and the explore cases in another order, every answer stays the same."""
    bare = tmp_path / "sample"
    shutil.copytree(SAMPLE, bare)
    for path in (bare / "evalset").glob("*.jsonl"):
        lines = [
            line for line in path.read_text("utf-8").splitlines() if json.loads(line)["part"] == "explore"
        ]
        path.write_text("\n".join(reversed(lines)), "utf-8")
    other = load(bare, "feature")
    for case in cases[::4]:
        assert other.retrieval(case.input) == feature.retrieval(case.input)
        assert other.sampled(case.input, 7) == feature.sampled(case.input, 7)


def test_the_feature_does_learn_from_explore_cases(tmp_path, feature):
    """The example messages matter: told otherwise by them, the feature answers otherwise."""
    told = tmp_path / "sample"
    shutil.copytree(SAMPLE, told)
    message = "zorp zorp zorp zorp"
    expected = {"team": "billing", "policy": "pay-later"}
    case = {"id": "x", "input": message, "expected": expected, "part": "explore"}
    (told / "evalset" / "more.jsonl").write_text((json.dumps(case) + "\n") * 3, "utf-8")
    assert load(told, "feature").retrieval(message)["policy"] == "pay-later"
    assert feature.retrieval(message)["policy"] != "pay-later"


def test_opening_the_feature_reads_nothing(tmp_path):
    """Importing the file reads no other file: it can stand alone until the first message."""
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(SAMPLE / "feature.py", alone / "feature.py")
    assert callable(load(alone, "feature").retrieval)


def test_sampled_repeats_with_its_seed_and_varies_without(feature):
    """One seed gives one answer; thirty seeds give more than one."""
    message = "I have no idea where my parcel is and I want my money back."
    assert feature.sampled(message, 3) == feature.sampled(message, 3)
    assert len({feature.sampled(message, seed)["answer"] for seed in range(30)}) > 1


def test_checks_tell_a_good_draft_from_a_bad_one(feature, scorers):
    """Each check passes a draft that keeps to it and fails one that does not."""
    message, expected = "My vase arrived broken.", {"team": "returns", "policy": "damaged-item"}
    policy = feature._policy()
    good = {"team": "returns", "policy": "damaged-item", "answer": policy["damaged-item"].text}
    other = {"team": "orders", "policy": "gift-wrap", "answer": policy["gift-wrap"].text}
    half = {**good, "answer": policy["damaged-item"].text.split(". ")[0] + "."}
    invented = {**good, "answer": "We pay you double."}
    leak = {**good, "answer": policy["goodwill"].text}
    bad = {
        "right_team": [other],
        "right_policy": [other, half, {**good, "answer": ""}],
        "right_policy_first": [other, {**good, "answer": f"{other['answer']} {good['answer']}"}],
        "invents_nothing": [invented, {**good, "answer": ""}],
        "leaks_nothing": [leak],
    }
    for name, drafts in bad.items():
        check = getattr(scorers, name)
        assert check(message, expected, good)[0] is True, name
        assert [check(message, expected, draft)[0] for draft in drafts] == [False] * len(drafts), name


def test_todays_macros_can_break_the_guardrails(cases, feature, scorers):
    """The guardrails bite on what the sample itself contains: an old macro invents, another one leaks."""
    drafts = [(case, feature.rules(case.input)) for case in cases]
    for name in ("invents_nothing", "leaks_nothing"):
        passed = [getattr(scorers, name)(c.input, c.expected, draft)[0] for c, draft in drafts]
        assert 0 < sum(passed) < len(passed), name


def test_every_check_named_by_a_criterion_exists(scorers):
    """A criterion's check is a function of scorers.py."""
    for criterion in read_launch(SAMPLE).criteria:
        if criterion.scorer is not None:
            assert callable(getattr(scorers, criterion.scorer.check))
