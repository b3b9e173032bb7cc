"""Fingerprints change with every file that can change what a launch runs."""

from __future__ import annotations

import pytest

from shipworthy.domain.launch import Variant
from shipworthy.store.check_version import CheckVersions
from shipworthy.store.fingerprint import feature_files, variant_fingerprint
from shipworthy.store.layout import Layout
from shipworthy.store.trust import code_sha

CHECK = "from lib.norm import norm\n\n\ndef right(given, expected, output):\n    return norm(output) == expected\n"


@pytest.fixture
def linked(folder, tmp_path):
    """A launch whose check and feature import a package that lies behind a link to a folder."""
    package = tmp_path / "shared/lib"
    package.mkdir(parents=True)
    (package / "norm.py").write_text("def norm(text):\n    return text\n")
    made = folder(scorers_py=CHECK, feature_py="from lib.norm import norm\n")
    (made / "lib").symlink_to(package)
    return made, package / "norm.py"


@pytest.mark.parametrize(
    "name",
    [
        lambda layout: CheckVersions(layout).of("right"),
        lambda layout: variant_fingerprint(layout, Variant(python="feature:answer")),
        code_sha,
    ],
)
def test_code_behind_a_link_to_a_folder_counts(linked, name):
    """Python imports through the link, so a change there is another check, another variant, and code to agree to."""
    made, module = linked
    before = name(Layout(made))
    module.write_text("def norm(text):\n    return 'no'\n")

    assert name(Layout(made)) != before


def test_links_that_lead_in_circles_are_walked_once(folder):
    """A link to the folder that it lies in, and two folders with links to each other."""
    made = folder(feature_py="", a__one_py="", b__two_py="")
    (made / "a/up").symlink_to(made)
    (made / "a/b").symlink_to(made / "b")
    (made / "b/a").symlink_to(made / "a")

    found = [str(path.relative_to(made)) for path in feature_files(Layout(made))]

    assert found == ["a/b/two.py", "a/one.py", "b/a/one.py", "b/two.py", "feature.py"]
