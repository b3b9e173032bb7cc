"""What stands between backticks is code, and nothing else becomes markup."""

import pytest

from shipworthy.web.render.quoted import quoted


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("100% come from `written for the sample`.", "100% come from <code>written for the sample</code>."),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("a ` alone, then `b`", "a <code> alone, then </code>b`"),
        ("`<script>` <b>", "<code>&lt;script&gt;</code> &lt;b&gt;"),
        ("", ""),
        ("`", "`"),
    ],
)
def test_a_sentence_shows_its_quotations_as_code(text: str, html: str) -> None:
    """Pairs are taken from the left; what has no partner stays a backtick."""
    assert str(quoted(text)) == html
