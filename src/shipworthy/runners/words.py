"""What a feature or a check said, as text that can be kept: their code may say it in any way it likes."""

from __future__ import annotations

from collections.abc import Callable

READ_MOST = 65_536
Hide = Callable[[str], str]
"""Takes keys out of a text. It comes before any cut to what is kept: half a key would not be known again."""


def words_of(said: object, *, most: int, hide: Hide = str) -> str:
    """Return the text of anything, at most so many characters; what is no text at all is named by its type."""
    try:
        text = str(said)
    except Exception:  # noqa: BLE001 - the object is not ours
        text = f"a {type(said).__name__} that cannot be put into words"
    return hide(text.encode("utf-8", "backslashreplace").decode()[: max(most, READ_MOST)])[:most]


def words_of_error(error: BaseException, *, most: int = 2000, hide: Hide = str) -> str:
    """Return the name of an exception and what it says."""
    return words_of(f"{type(error).__name__}: {words_of(error, most=most, hide=hide)}", most=most)
