"""Somebody at the review screen who has only a keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect


class Reader:
    """Presses keys, and knows how many each passed output took.

    Args:
        page: the review screen.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses: list[int] = []
        self._pressed = 0

    @property
    def number(self) -> int:
        """Where the reader is."""
        return int(self.page.locator("#item").get_attribute("data-position") or 0)

    def press(self, key: str) -> None:
        """Press one key, and count it."""
        self.page.keyboard.press(key)
        self._pressed += 1

    def passes(self) -> int:
        """Pass what is there with one key, and wait for the next; return which output it was."""
        here, self._pressed = self.number, 0
        self.press("p")
        self.moved(here)
        self.presses.append(self._pressed)
        return here

    def fails(self, note: str) -> int:
        """Fail what is there with a note, in place of one that an undo offers again; wait for the next; return which it was."""
        here = self.number
        self.press("f")
        self.press("Control+A")
        self.page.keyboard.type(note)
        self.press("Enter")
        self.moved(here)
        return here

    def undoes(self) -> int:
        """Undo with one key, and wait; return where it led."""
        self.page.locator("#status").evaluate("line => { line.textContent = '' }")
        self.press("u")
        expect(self.page.locator("#status")).to_contain_text("Undone")
        return self.number

    def saved(self) -> None:
        """Wait until the server has everything."""
        self.page.wait_for_function(
            "() => Object.keys(sessionStorage).every(key => !JSON.parse(sessionStorage[key]).outbox.length)",
            timeout=40_000,
        )

    def moved(self, here: int) -> None:
        """Wait until another output is there, or none any more."""
        self.page.wait_for_function(
            "here => document.getElementById('item')?.dataset.position !== String(here)"
            " || !location.pathname.endsWith('/' + here)", arg=here,
        )  # fmt: skip
