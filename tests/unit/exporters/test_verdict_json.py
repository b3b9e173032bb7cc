"""The JSON contract."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.exporters.interface import Envelope
from shipworthy.exporters.verdict_json import as_json, canonical

ENVELOPE = Envelope("77d0", "2027-02-20T10:00:00Z", "0.1.0")
calm = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_contract_has_exactly_these_keys_in_this_order(narrower):
    """Programs may rely on names and order of every key."""
    value = json.loads(as_json(narrower, ENVELOPE))
    assert list(value) == [
        "schema", "verdict", "would_be", "blocked_by", "exploratory", "variant", "scope", "claims",
        "plan", "evidence", "error", "look", "reasons", "notes", "envelope",
    ]  # fmt: skip
    assert list(value["scope"]) == ["included", "excluded", "traffic_share"]
    assert list(value["scope"]["excluded"][0]) == ["slice", "share", "claim", "state", "more_needed"]
    assert list(value["claims"][0]) == [
        "criterion", "variant", "slice", "kind", "estimand", "bar", "planned", "passed", "failed", "unscored",
        "no_answer", "cases", "groups", "repeats", "estimate", "lower", "upper", "level", "method", "state",
        "more_needed", "p_value", "standard_error", "decides", "reason", "flips",
        "judge", "likely",
    ]  # fmt: skip
    assert list(value["claims"][0]["bar"]) == ["op", "value"]
    assert list(value["claims"][9]["more_needed"]) == ["cases", "assuming", "power", "fresh", "kind"]
    assert list(value["envelope"]) == ["journal_head", "made_at", "version", "asides"]
    assert value["schema"] == "shipworthy.verdict/1"


def test_values_arrive_as_they_are(narrower):
    """Counts, bounds and scope come back from JSON unchanged."""
    value = json.loads(as_json(narrower, ENVELOPE))
    assert value["verdict"] == "ship narrower"
    assert value["scope"]["included"] == ["topic=orders", "topic=returns"]
    assert value["claims"][8]["lower"] == narrower.claims[8].lower
    assert value["claims"][12]["flips"] == {"fixed": 42, "broken": 6, "unchanged": 142}


@calm
@given(data=st.data())
def test_equal_verdicts_give_equal_bytes_and_only_finite_numbers(data, hostile_verdicts):
    """The same values print the same bytes, in ASCII, without NaN, and the envelope is no part of the canon."""
    verdict = data.draw(hostile_verdicts)
    assert canonical(verdict) == canonical(deepcopy(verdict))
    assert as_json(verdict, ENVELOPE) == as_json(deepcopy(verdict), ENVELOPE)
    assert "envelope" not in json.loads(canonical(verdict))
    as_json(verdict, ENVELOPE).decode("ascii")
    assert all(byte >= 0x20 or byte == 0x0A for byte in as_json(verdict, ENVELOPE))

    def refuse(word):
        raise AssertionError(word)

    back = json.loads(as_json(verdict, ENVELOPE), parse_constant=refuse)
    assert [c["passed"] for c in back["claims"]] == [c.passed for c in verdict.claims]


def test_whole_numbers_and_negative_zero_print_as_their_equals_do(narrower):
    """1 and 1.0 are equal values, so are 0.0 and -0.0: neither may change the bytes."""
    first = replace(narrower.claims[0], upper=1.0, lower=0.0)
    second = replace(narrower.claims[0], upper=1, lower=-0.0)
    assert canonical(replace(narrower, claims=(first,))) == canonical(replace(narrower, claims=(second,)))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused_by_name(narrower, number):
    """No NaN stands for "don't know": the error names the field."""
    broken = replace(narrower, claims=(replace(narrower.claims[0], lower=number),))
    with pytest.raises(ValueError, match=r"claims\[0\].lower"):
        as_json(broken, ENVELOPE)
