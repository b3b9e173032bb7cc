"""Failure modes are counted by group, and labels of a merged mode count for the one it went into."""

from __future__ import annotations

import zlib

import pytest
from scipy.special import betaincinv

from shipworthy.decision.mode_counts import ReadOutput, counted
from shipworthy.decision.relabel import affected
from shipworthy.domain.review import Output
from shipworthy.domain.taxonomy import FailureMode

LONG, LINK = FailureMode(id="long"), FailureMode(id="link")


def read(case, *modes, repeat=1, group="", **more):
    """Return an output that fails where it has a failure mode; a case stands for itself unless it has a group."""
    said = {"state": "fail" if modes else "pass"} | more
    number = zlib.crc32((group or case).encode())
    output = Output(1, zlib.crc32(case.encode()), repeat)
    return ReadOutput(f"{case}/{repeat}", output, "v", number, modes=frozenset(modes), **said)


def test_rates_are_those_of_the_outputs_read_with_exact_bounds():
    """18 of 100 independent outputs: 18 of 100, and at most as the binomial says."""
    reads = [read(f"c{n}", *(["link"] if n < 18 else [])) for n in range(100)]
    row = counted([LINK], reads).modes[0]
    assert (row.outputs, row.read, row.groups, row.groups_read) == (18, 100, 18, 100)
    assert row.rate == pytest.approx(0.18)
    assert row.upper == pytest.approx(betaincinv(19, 82, 0.95))
    assert row.lower == pytest.approx(betaincinv(18, 83, 0.05))


def test_ten_outputs_of_one_customer_are_not_ten_pieces_of_evidence():
    """One group whose ten outputs all fail leaves the bound where one output would."""
    many = counted([LONG], [read("c", "long", repeat=n, group="anna") for n in range(10)]).modes[0]
    one = counted([LONG], [read("c", "long")]).modes[0]
    assert (many.outputs, many.groups_read) == (10, 1)
    assert (many.rate, many.lower, many.upper) == (one.rate, one.lower, one.upper)


def test_a_mode_that_nobody_met_still_has_a_bound():
    """0 of 59 leaves about 5 in 100; with nothing read nothing is known."""
    row = counted([LONG], [read(f"c{n}") for n in range(59)]).modes[0]
    assert row.rate == 0.0
    assert row.upper == pytest.approx(1 - 0.05 ** (1 / 59))
    assert counted([LONG], []).modes[0].upper is None


def test_labels_of_a_merged_mode_count_for_the_other():
    """An output with both counts once, and the merged mode has no row."""
    modes = [LONG, FailureMode(id="wordy", merged_into="long")]
    found = counted(modes, [read("a", "wordy"), read("b", "long", "wordy"), read("c")])
    assert [(row.mode, row.outputs) for row in found.modes] == [("long", 2)]


def test_what_was_picked_is_an_example_and_no_rate():
    """Outputs chosen because they fail do not raise the rate of those drawn at random."""
    drawn = [read("a", "long"), read("b"), read("c"), read("d")]
    picked = [read(f"p{n}", "long", drawn=False) for n in range(6)]
    found = counted([LONG], drawn + picked)
    assert (found.modes[0].outputs, found.modes[0].read, found.modes[0].picked) == (1, 4, 6)
    assert (found.drawn, found.picked) == (True, 6)


def test_where_nothing_was_drawn_all_that_was_read_counts_and_it_is_said():
    """Then the rate describes what was read, and `drawn` says so."""
    found = counted([LONG], [read("a", "long", drawn=False), read("b", drawn=False)])
    assert (found.read, found.modes[0].rate, found.drawn) == (2, 0.5, False)


def test_what_the_taxonomy_does_not_have_is_named():
    """Failing outputs without a mode, and ids that nobody declared."""
    found = counted([LONG], [read("a", "lnog"), read("b", state="fail"), read("c")])
    assert (found.unnamed, found.unknown, found.failed) == (1, {"lnog": 1}, 2)


def test_what_is_still_new_is_counted_in_the_order_of_reading():
    """A mode met once in the first of 50 groups: nothing new in 49, and some room for what nobody met."""
    reads = [read("c0", "long"), *(read(f"c{n}") for n in range(1, 50))]
    found = counted([LONG], reads).saturation
    assert found is not None
    assert (found.reviewed, found.since_new) == (50, 49)
    assert 0.02 < found.upper < 0.2


def test_an_output_that_was_put_off_could_show_any_mode():
    """One of ten was deferred: a mode that nobody met could still be in it."""
    reads = [read("c0", state="defer"), *(read(f"c{n}") for n in range(1, 10))]
    upper = counted([LONG], reads).modes[0].upper
    sure = counted([LONG], reads[1:]).modes[0].upper
    assert upper is not None
    assert sure is not None
    assert upper == pytest.approx(0.9 * sure + 0.1)


def test_a_slice_that_was_drawn_thinly_weighs_more():
    """10 of 10 groups of one slice and 10 of 990 of another: a mode in the second alone is nearly everywhere."""
    small = [read(f"s{n}", stratum="small") for n in range(10)]
    large = [read(f"l{n}", "long", stratum="large") for n in range(10)]
    found = counted([LONG, LINK], small + large, groups={"small": 10, "large": 990})
    assert found.modes[0].rate == pytest.approx(0.99)
    assert found.modes[1].upper == pytest.approx(min(1.98 * (1 - 0.05 ** (1 / 20)), 1.0))


def test_a_split_concerns_the_outputs_that_have_the_mode_and_no_others():
    """Those labelled with it or with one merged into it; never one that passes."""
    modes = [LONG, FailureMode(id="wordy", merged_into="long"), LINK]
    reads = [read("a", "wordy"), read("b", "long"), read("c", "link"), read("d", state="fail"), read("e")]
    assert [again.read.name for again in affected(modes, reads, "long")] == ["a/1", "b/1"]


def test_a_wider_definition_concerns_unnamed_failures_and_notes_that_speak_of_it():
    """An output that passes is not read again whatever its note says."""
    reads = [read("c", "link"), read("d", state="fail"), read("e", note="too long"), read("f", "link")]
    found = affected([LONG, LINK], reads, "long", wider=True, alike={"e/1", "f/1"})
    assert [(again.read.name, again.why) for again in found] == [
        ("d/1", "fails, and has no failure mode"),
        ("f/1", "its note speaks of it"),
    ]
