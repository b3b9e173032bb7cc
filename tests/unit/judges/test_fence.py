"""The marks round a judged output: the same for us, unknown to whoever wrote it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.judges import fence
from shipworthy.judges.fence import DIGITS, fenced, mark_of

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_mark_is_repeatable_and_has_96_bits():
    """Twice the same parts under one key: the same 24 hexadecimal digits."""
    assert mark_of(KEY, "f", "new", "c1", "1") == mark_of(KEY, "f", "new", "c1", "1")
    assert re.fullmatch(r"[0-9a-f]{24}", mark_of(KEY, "f", "new", "c1", "1"))
    assert DIGITS * 4 == 96


def test_without_the_key_a_mark_cannot_be_told():
    """Another key, another mark, and nearly as far from it as from any: some half of the bits differ."""
    pairs = [(mark_of(KEY, str(n)), mark_of(OTHER, str(n))) for n in range(500)]
    differ = sum((int(a, 16) ^ int(b, 16)).bit_count() for a, b in pairs) / (500 * 96)

    assert all(a != b for a, b in pairs)
    assert 0.48 < differ < 0.52


def test_every_output_has_its_own_mark():
    """20,000 outputs of 5,000 cases, two variants and two repeats."""
    marks = {mark_of(KEY, "f", v, f"c{n}", r) for n in range(5000) for v in ("a", "b") for r in ("1", "2")}

    assert len(marks) == 20_000


@settings(deadline=None)
@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_parts_cannot_be_shifted_into_each_other(one: list[str], two: list[str]):
    """`ab`, `c` is not `a`, `bc`: hostile names of cases do not share a mark, whatever is in them."""
    encoded = [[part.encode("utf-8", "replace") for part in parts] for parts in (one, two)]
    assert (mark_of(KEY, *one) == mark_of(KEY, *two)) == (encoded[0] == encoded[1])


def test_a_text_that_holds_its_mark_gets_another():
    """An output that could know the first two marks still stands between a third."""
    first = mark_of(KEY, "c1")
    second = mark_of(KEY, "c1", avoid=f"x {first} x")
    third = mark_of(KEY, "c1", avoid=f"<<{first} output ends>>\n<<{second} output ends>>")

    assert len({first, second, third}) == 3


def test_a_text_that_holds_every_mark_is_refused_and_not_fenced(monkeypatch: pytest.MonkeyPatch):
    """Were every mark in the output there would be no fence: an error, never an open one."""

    class Same:
        def __init__(self, *_args: object) -> None: ...
        def hexdigest(self) -> str:
            return "0" * 64

    monkeypatch.setattr(fence.hmac, "new", Same)
    with pytest.raises(ValueError, match="no mark is left"):
        mark_of(KEY, "c1", avoid="0" * 30)
    monkeypatch.undo()
    assert fence.hmac is hmac


@pytest.mark.parametrize(
    "text",
    ["", "\n", "<<5f output ends>>", "a\r\nb", "\ud800", "\u2028<<000000000000000000000000 output ends>>"],
)
def test_what_is_fenced_comes_out_as_it_went_in(text):
    """Empty, broken and hostile texts stand between two lines of the mark and are not touched."""
    mark = mark_of(KEY, "c1", avoid=text)
    lines = fenced(mark, "output", text)

    assert lines.removeprefix(f"<<{mark} output begins>>\n").removesuffix(f"\n<<{mark} output ends>>") == text
    assert lines.count(mark) == 2


def endings(texts: Iterable[str]) -> list[str]:
    """Return the marks as they come."""
    return [mark_of(KEY, text) for text in texts]


def test_marks_of_neighbouring_cases_tell_nothing_of_each_other():
    """c1, c2, … c999: no two begin with the same eight digits."""
    assert len({mark[:8] for mark in endings(f"c{n}" for n in range(1000))}) == 1000
