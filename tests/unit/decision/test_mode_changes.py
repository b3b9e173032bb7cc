"""Any change of a taxonomy is a value that can be taken back; what was changed since is not overwritten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.decision.mode_changes import (
    Patch,
    added,
    changed,
    merged,
    mode_id,
    split,
    taken_back,
)
from shipworthy.domain.errors import BadInput, Refused

ENTRIES = {
    "a": {"id": "a", "name": "A", "severity": "harmful", "who": "customers", "controls": ["x"]},
    "b": {"id": "b"},
    "c": {"id": "c", "merged_into": "b"},
}


def after(entries, patches):
    """Apply patches to entries, as the file's writer does."""
    found = {name: dict(entry) for name, entry in entries.items()}
    for patch in patches:
        if patch.after is None:
            del found[patch.id]
        elif patch.before is None:
            found[patch.id] = dict(patch.after)
        else:
            found[patch.id] = {
                key: value for key, value in {**found[patch.id], **patch.after}.items() if value is not None
            }
    return found


def test_the_parts_of_a_split_take_over_how_bad_it_is_and_nothing_else():
    """Severity and who is hurt are taken over; name and controls are each part's own."""
    patches = split(ENTRIES, "a", {"a1": "One", "a2": "Two"})
    found = after(ENTRIES, patches)
    assert found["a1"] == {
        "id": "a1", "name": "One", "severity": "harmful", "who": "customers", "split_from": "a",
    }  # fmt: skip
    assert [patch.behind for patch in patches] == ["a", "a1"]
    assert found["a"] == ENTRIES["a"]


def test_a_mode_may_stay_as_a_part_of_itself():
    """Drawn narrower under a new name, it is no entry of its own."""
    found = after(ENTRIES, split(ENTRIES, "a", {"a": "Narrow", "rest": "Rest"}))
    assert (found["a"]["name"], found["rest"]["split_from"], len(found)) == ("Narrow", "a", 4)


names = st.sampled_from(["a", "b", "d", "e"])
values = st.dictionaries(
    st.sampled_from(["name", "severity", "who", "owner"]),
    st.none() | st.sampled_from(["x", "y", "harmful"]),
    max_size=3,
)
moves = st.one_of(
    st.tuples(st.just(added), names, values),
    st.tuples(st.just(changed), names, values),
    st.tuples(st.just(lambda entries, mode, _: merged(entries, [mode], "b")), names, values),
    st.tuples(
        st.just(lambda entries, mode, _: split(entries, mode, {mode: "", f"{mode}1": "One"})), names, values
    ),
)


@given(st.lists(moves, max_size=6))
def test_whatever_was_done_is_undone_in_turn(done):
    """A run of changes taken back one by one, the last first, leaves what was there before the first."""
    entries = {name: dict(entry) for name, entry in ENTRIES.items()}
    states, history = [entries], []
    for make, mode, said in done:
        try:
            patches = make(entries, mode, said)
        except (BadInput, Refused):
            continue
        entries = after(entries, patches)
        history.append([Patch.from_json(patch.as_json()) for patch in patches])
        states.append(entries)
    for patches, before in zip(reversed(history), reversed(states[:-1]), strict=True):
        entries = after(entries, taken_back(entries, patches, {}))
        assert entries == before


def test_what_was_changed_since_is_not_taken_back_over():
    """Renamed twice: the first renaming cannot be undone without the second."""
    first = changed(ENTRIES, "a", {"name": "B"})
    now = after(after(ENTRIES, first), changed(after(ENTRIES, first), "a", {"name": "C"}))
    with pytest.raises(Refused, match="was changed since"):
        taken_back(now, first, {})
    other = after(after(ENTRIES, first), changed(after(ENTRIES, first), "a", {"owner": "Ada"}))
    assert after(other, taken_back(other, first, {}))["a"] == {**ENTRIES["a"], "owner": "Ada"}


def test_a_part_that_is_in_use_goes_back_into_what_it_was_split_from():
    """Its labels count for the mode that was split; an added mode in use is refused."""
    patches = split(ENTRIES, "b", {"b": "", "b1": "One", "b2": "Two"})
    now = after(ENTRIES, patches)
    found = after(now, taken_back(now, patches, {"b1": "2 labels"}))
    assert found["b1"]["merged_into"] == "b"
    assert "b2" not in found
    new = added(ENTRIES, "d", {"name": "D"})
    with pytest.raises(Refused, match="in use: the criterion right"):
        taken_back(after(ENTRIES, new), new, {"d": "the criterion right"})


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: added(ENTRIES, "a", {}), BadInput),
        (lambda: changed(ENTRIES, "nobody", {}), BadInput),
        (lambda: merged(ENTRIES, ["a"], "c"), Refused),
        (lambda: merged(ENTRIES, ["c"], "a"), Refused),
        (lambda: merged(ENTRIES, ["a"], "a"), Refused),
        (lambda: merged(ENTRIES, [], "a"), BadInput),
        (lambda: split(ENTRIES, "a", {"a1": "One"}), BadInput),
        (lambda: split(ENTRIES, "a", {"b": "B", "d": "D"}), BadInput),
        (lambda: split(ENTRIES, "c", {"d": "D", "e": "E"}), Refused),
        (lambda: mode_id("123 !!"), BadInput),
    ],
)
def test_what_cannot_be_is_refused(make, error):
    """An id twice, one that is not there, a circle, a mode that was merged, a name without a letter."""
    with pytest.raises(error):
        make()


@given(st.text(max_size=200))
def test_an_id_made_of_a_name_is_one_that_the_file_takes(name):
    """Whatever people type, the id fits the file's rule, or they are told to give one."""
    try:
        found = mode_id(name)
    except BadInput:
        return
    assert found == mode_id(found)
    assert found[0].isalpha()
    assert len(found) <= 60
