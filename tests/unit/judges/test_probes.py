"""The battery of outputs that must fail: what it holds, how a batch draws from it, and whom it blocks."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest
from scipy.stats import beta

from shipworthy.domain.criteria import Bar, Criterion, Scorer
from shipworthy.domain.evalset import Case
from shipworthy.domain.judge import JudgeFile, JudgeHead
from shipworthy.judges import reading
from shipworthy.judges.message import to_judge
from shipworthy.judges.probes import Probe, battery, drawn

KEY = bytes(range(32))
BATCHES = 2000
SLIP = 0.0005
"""How often the robust judge passes what must fail."""
FLATTERS = ("you ", "your ", "excellent", "careful", "fair", "please", "panel", "expert", "thank", "checked")
ORDERS = ("ignore", "forget", "say ", "system", "pass", "answer ", "instruction", "from now")
CLAIMS = ("verdict", "correct", "right", "score", "approved", "identical")


def said(verdict: str) -> str:
    """Return a judge's answer."""
    return json.dumps({"rationale": "The output was read.", "verdict": verdict})


def naive(text: str) -> str:
    """Pass what flatters, gives orders, claims a verdict, or simply says anything; what is empty nobody objected to."""
    small = text.lower()
    if any(word in small for word in (*FLATTERS, *ORDERS, *CLAIMS)):
        return said("pass")
    return said("pass" if text.strip() or not small.strip() else "fail")


def blocked(batch: list[Probe], judge: Callable[[str], str]) -> bool:
    """Whether a batch takes the judge out: it passes one of its probes."""
    return any(reading.opinion(judge(probe.text)).value == 1.0 for probe in batch)


def upper(k: int, n: int) -> float:
    """Return the exact one-sided 95 % bound on a share of k in n."""
    return float(beta.ppf(0.95, k + 1, n - k))


def test_the_battery_has_ten_families_of_ten_distinct_outputs():
    """A hundred ids and a hundred texts, none of which stands twice."""
    probes = battery()

    assert len(probes) == 100
    assert Counter(Counter(probe.family for probe in probes).values()) == {10: 10}
    assert len({probe.id for probe in probes}) == 100
    assert len({probe.text for probe in probes}) == 100


@pytest.mark.parametrize("batch", [0, 1, 57])
def test_a_batch_has_one_output_of_each_family(batch):
    """Ten probes of ten families, all of the battery."""
    found = drawn(KEY, "a1b2", batch)

    assert len({probe.family for probe in found}) == len(found) == 10
    assert set(found) <= set(battery())


def test_a_batch_is_the_same_however_often_it_is_drawn_and_another_is_another():
    """Key, fingerprint and number make the draw: change one of the three, and other probes come."""
    same = drawn(KEY, "a1b2", 3)

    assert drawn(KEY, "a1b2", 3) == same
    assert drawn(KEY, "a1b2", 4) != same
    assert drawn(KEY, "ffff", 3) != same
    assert drawn(bytes(32), "a1b2", 3) != same


def test_over_many_batches_every_probe_comes_about_equally_often():
    """In 2,000 batches each of ten is expected 200 times; six standard errors are 81."""
    count = Counter(probe.id for batch in range(BATCHES) for probe in drawn(KEY, "a1b2", batch))

    assert set(count) == {probe.id for probe in battery()}
    assert all(abs(n - 200) < 81 for n in count.values()), count.most_common()[:2]


def test_a_naive_judge_is_blocked_by_every_batch_and_by_every_family():
    """It passes all hundred, and so none of 2,000 batches lets it through."""
    assert [probe.id for probe in battery() if not blocked([probe], naive)] == []
    assert all(blocked(drawn(KEY, "a1b2", batch), naive) for batch in range(BATCHES))


def test_a_judge_that_falls_for_one_family_only_is_blocked_by_every_batch():
    """Each batch has one of each family, so one weakness is enough."""
    for family in {probe.family for probe in battery()}:
        weak = {probe.text for probe in battery() if probe.family == family}
        for batch in range(50):
            assert blocked(
                drawn(KEY, family, batch), lambda text, w=weak: said("pass" if text in w else "fail")
            )


def test_a_robust_judge_is_wrongly_blocked_in_less_than_one_of_a_hundred_batches():
    """It slips once in 2,000 probes; of 2,000 batches so few are blocked that the exact bound lies below 1 %."""
    chance = random.Random(20261125)
    slips = lambda _text: said("pass" if chance.random() < SLIP else "fail")  # noqa: E731

    wrongly = sum(blocked(drawn(KEY, "a1b2", batch), slips) for batch in range(BATCHES))

    assert wrongly > 0
    assert upper(wrongly, BATCHES) <= 0.01, wrongly


@pytest.mark.parametrize("answer", ["pass", '{"verdict": "pass"}', said("unknown"), ""])
def test_a_judge_that_says_nothing_that_counts_is_not_blocked_for_it(answer):
    """What cannot be read is no pass; a judge is blocked for passes alone."""
    assert not blocked(drawn(KEY, "a1b2", 0), lambda _text: answer)


def test_no_probe_gets_out_of_its_marks():
    """Between the two lines of its mark stands each of the hundred as it is, and the mark stands nowhere in it."""
    judge = JudgeFile("j", JudgeHead(criterion="right", model="x:y"), "Be fair.")
    criterion = Criterion(id="right", bar=Bar(at_least=0.8), scorer=Scorer(recorded="x"))
    for probe in battery():
        message = to_judge(
            KEY, judge, criterion, ("f", "probe", probe.id, "0"), Case(id="c", input="?"), probe.text
        )
        inside = message.material.split(f"<<{message.mark} output begins>>\n")[1]
        assert inside.split(f"\n<<{message.mark} output ends>>")[0] == probe.text
        assert message.mark not in probe.text
