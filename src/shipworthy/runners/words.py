"""What a feature or a check said, as text that can be kept: their code may say it in any way it likes."""

from __future__ import annotations


def words_of(said: object, *, most: int) -> str:
    """Return the text of anything, at most so many characters; what is no text at all is named by its type."""
    try:
        text = str(said)
    except Exception:  # noqa: BLE001 - the object is not ours
        text = f"a {type(said).__name__} that cannot be put into words"
    return text.encode("utf-8", "backslashreplace").decode()[:most]


def words_of_error(error: BaseException, *, most: int = 2000) -> str:
    """Return the name of an exception and what it says."""
    return words_of(f"{type(error).__name__}: {words_of(error, most=most)}", most=most)
