"""What the memo quotes: words of somebody who did a thing and agreed to be quoted outside, by alias."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.services.desk import desk_at
from shipworthy.services.memo_facts import quotable

TEXT = "Last week I retyped it. I wish it were quicker."


def talk(folder: Path, *, scope: str, kind: str, external: str) -> None:
    """Write one interview with one excerpt."""
    (folder / "interviews").mkdir(exist_ok=True)
    (folder / "interviews/P1.md").write_text(
        f"---\nalias: P1\nconsent: {{state: given, date: 2026-01-05, scope: [{scope}]}}\n"
        f"pseudonymised: {{done: true}}\n---\n{TEXT}"
    )
    (folder / "interviews/P1.excerpts.yaml").write_text(
        f"- {{start: 0, end: 23, text: {TEXT[:23]}, codes: [retyping], kind: {kind}, external_ok: {external}}}\n"
    )


@pytest.mark.parametrize(
    ("scope", "kind", "external", "quoted"),
    [
        ("quote_external", "did", "true", "P1: Last week I retyped it."),
        ("quote_external", "did", "false", ""),
        ("quote_external", "wish", "true", ""),
        ("quote", "did", "false", ""),
    ],
)
def test_only_what_was_done_and_may_be_quoted_outside_is_quoted(folder, scope, kind, external, quoted):
    """A wish, an excerpt that is not for outside, and a consent for the team alone are left out."""
    made = folder(launch_yaml="title: x\n", taxonomy_yaml="themes:\n  - {id: retyping}\n")
    talk(made, scope=scope, kind=kind, external=external)

    with desk_at(made) as desk:
        found = quotable(desk)

    assert (f"{found.alias}: {found.coding.text}" if found else "") == quoted
