"""Files that people write are changed where the change is, and nowhere else."""

from __future__ import annotations

import difflib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused, Unavailable
from shipworthy.domain.problem import Problem
from shipworthy.store.guarded import NO_FILE, file_hash, save
from shipworthy.store.yaml_edit import edit_yaml, entry, insert, listed, put, read_source, save_text, written
from shipworthy.store.yaml_file import YamlFile, parse_yaml, plain

PEOPLE_WRITE = """\
# Ways to fail.

- id: "first"            # quoted, and a comment
  name:   'Two  blanks'
  includes: ["a, b",
             'c']
  definition: >-
    folded text
    that runs on

- id: second
  controls:
    - kind: prevent
      what: ask back   # who?
    - {kind: detect, what: "a person"}
# the end
"""


def changed(before, after):
    """Return the lines that went and the lines that came, in order."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[:1] in "+-"]


@pytest.fixture
def file(tmp_path):
    """Return the file of somebody who writes YAML in their own way."""
    path = tmp_path / "taxonomy.yaml"
    path.write_text(PEOPLE_WRITE, encoding="utf-8")
    return path


def set_name(data):
    """Give the second entry a name."""
    data[1]["name"] = "Second"
    return data


def test_a_change_touches_its_own_lines_alone(file):
    """Odd blanks, a list over two lines, folded text and comments stay as they were written."""
    edited = edit_yaml(file, set_name)
    assert changed(PEOPLE_WRITE, file.read_text(encoding="utf-8")) == ["+   name: Second"]
    assert (edited.old, edited.after) == (PEOPLE_WRITE, file_hash(file))


def test_a_changed_value_keeps_its_neighbours(file):
    """A value in the middle is replaced in its line, in the quotes that stood there."""

    def rename(data):
        data[0]["name"] = "New"
        return data

    edit_yaml(file, rename)
    after = file.read_text(encoding="utf-8")
    assert changed(PEOPLE_WRITE, after) == ["-   name:   'Two  blanks'", "+   name: 'New'"]


def test_an_entry_that_goes_takes_only_its_lines(file):
    """Removing the second of two entries leaves the first one's lines byte for byte."""

    def drop(data):
        del data[1]
        return data

    edit_yaml(file, drop)
    after = file.read_text(encoding="utf-8")
    assert after.startswith(PEOPLE_WRITE[: PEOPLE_WRITE.index("- id: second")].rstrip("\n"))
    assert "second" not in after


def test_a_new_entry_is_set_apart_as_the_others_are(file):
    """Entries that are parted by an empty line stay so; lists in an entry follow the person's indentation."""

    def add(data):
        data.append(
            entry({"id": "third", "includes": ["x", "y"], "controls": [{"kind": "detect"}], "name": ""})
        )
        return data

    edit_yaml(file, add)
    came = "\n- id: third\n  includes: [x, y]\n  controls:\n    - {kind: detect}\n"
    assert came in file.read_text(encoding="utf-8")
    assert "# the end\n" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "empty", ["[]\n", "", "# only a comment\n", "# above\n[]   # nothing yet\n# - id: example\n", "null\n"]
)
def test_the_first_entry_of_an_empty_file_keeps_its_comments(tmp_path, empty):
    """A blank file with an example in a comment becomes a list, and the example stays."""
    path = tmp_path / "taxonomy.yaml"
    path.write_text(empty, encoding="utf-8")

    def add(data):
        rows = listed(data)
        rows.append(entry({"id": "a", "includes": ["x"]}))
        return rows

    edit_yaml(path, add)
    text = path.read_text(encoding="utf-8")
    assert plain(parse_yaml(text, YamlFile("")).data) == [{"id": "a", "includes": ["x"]}]
    assert "includes: [x]" in text
    assert [line for line in empty.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]


def test_windows_line_ends_and_a_byte_order_mark_stay(tmp_path):
    """Every line of the new text ends as the old ones did."""
    path = tmp_path / "t.yaml"
    path.write_bytes(b"\xef\xbb\xbf- id: a\r\n- id: b\r\n")

    def add(data):
        data[0]["name"] = "A"
        return data

    edit_yaml(path, add)
    assert path.read_bytes() == b"\xef\xbb\xbf- id: a\r\n  name: A\r\n- id: b\r\n"


def test_a_file_that_moved_on_is_not_overwritten(file):
    """Somebody saved after the page was shown: their text stays, and the refusal says what to do."""
    shown = read_source(file).hash
    file.write_text("- id: theirs\n", encoding="utf-8")
    with pytest.raises(Refused, match="changed by somebody else"):
        edit_yaml(file, set_name, seen=shown)
    assert file.read_text(encoding="utf-8") == "- id: theirs\n"


def test_a_save_between_reading_and_writing_is_seen(file):
    """Even a save in the moment of the change itself is not lost."""

    def slow(data):
        file.write_text("- id: theirs\n", encoding="utf-8")
        return set_name(data)

    with pytest.raises(Refused):
        edit_yaml(file, slow)
    assert file.read_text(encoding="utf-8") == "- id: theirs\n"


def test_of_many_savers_at_once_each_is_kept_or_refused(tmp_path):
    """Twenty writers who all add a line: what is acknowledged is in the file, what is not was refused."""
    path = tmp_path / "t.yaml"
    path.write_text("[]\n", encoding="utf-8")

    def one(number):
        def add(data):
            rows = listed(data)
            rows.append(number)
            return rows

        try:
            edit_yaml(path, add)
        except Refused:
            return None
        return number

    with ThreadPoolExecutor(8) as pool:
        kept = [number for number in pool.map(one, range(20)) if number is not None]
    assert sorted(read_source(path).data) == sorted(kept)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_with_problems_is_not_saved(file):
    """What would be wrong with the new file is said, and the old one stays."""
    found = Problem("taxonomy.yaml", 1, 1, "x", "y", "z")
    with pytest.raises(FolderHasProblems):
        edit_yaml(file, set_name, problems=lambda _: [found])
    assert file.read_text(encoding="utf-8") == PEOPLE_WRITE


def test_a_broken_file_is_named_and_not_touched(tmp_path):
    """A tab in the indentation is said with its line."""
    path = tmp_path / "t.yaml"
    path.write_text("- id: a\n\tname: b\n", encoding="utf-8")
    with pytest.raises(FolderHasProblems) as caught:
        edit_yaml(path, set_name)
    assert caught.value.problems[0].line == 2


def test_no_change_writes_nothing(file):
    """A change that changes nothing leaves the file's time alone."""
    before = file.stat().st_mtime_ns
    edited = edit_yaml(file, lambda data: data)
    assert (file.stat().st_mtime_ns, edited.before) == (before, edited.after)


def test_true_is_not_one(tmp_path):
    """`1` that becomes `true` is a change, though Python calls them equal."""
    path = tmp_path / "t.yaml"
    path.write_text("a: 1\n", encoding="utf-8")

    def turn(data):
        data["a"] = True
        return data

    edit_yaml(path, turn)
    assert path.read_text(encoding="utf-8") == "a: true\n"


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    """A team's shared file is replaced where it is, with the rights it had."""
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("- id: a\n", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    save(link, b"- id: b\n", seen=file_hash(link))
    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"- id: b\n", 0o640)


def test_a_new_file_must_be_new(tmp_path):
    """`NO_FILE` says that there was none; where one came to be, it stays."""
    path = tmp_path / "t.yaml"
    save(path, b"a\n", seen=NO_FILE)
    with pytest.raises(Refused):
        save(path, b"b\n", seen=NO_FILE)
    assert path.read_bytes() == b"a\n"


def test_a_folder_that_is_not_there_is_said(tmp_path):
    """The system's words reach the person as an error of ours."""
    with pytest.raises(Unavailable):
        save(tmp_path / "no/t.yaml", b"a\n", seen=NO_FILE)


def test_a_text_can_be_put_back(file):
    """What an edit replaced can be put back as it was, guarded like any save."""
    edited = edit_yaml(file, set_name)
    save_text(read_source(file, seen=edited.after), edited.old)
    assert file.read_text(encoding="utf-8") == PEOPLE_WRITE


def test_half_a_character_is_refused(file):
    """A lone surrogate cannot be saved as UTF-8; the file stays."""

    def spoil(data):
        data[0]["name"] = "\ud800"
        return data

    with pytest.raises((BadInput, FolderHasProblems)):
        edit_yaml(file, spoil)
    assert file.read_text(encoding="utf-8") == PEOPLE_WRITE


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "yes",
        "1",
        "- a",
        "a: b",
        "# no",
        "x\n\ny",
        "'",
        '"',
        "{",
        "\u2028",
        "\x85",
        "\x1b[31m",
        " lead",
        "trail ",
        "~",
    ]
)


@settings(deadline=None)  # every example is made durable, and a busy disk takes its time
@given(texts, st.lists(texts, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_typed_is_what_is_read_again(tmp_path_factory, text, rows, eol):
    """Any text in a field comes back as itself, and the neighbours' lines stay."""
    path: Path = tmp_path_factory.mktemp("y") / "t.yaml"
    path.write_bytes(PEOPLE_WRITE.replace("\n", eol).encode())

    def put(data):
        data[1]["name"] = text
        data[1]["includes"] = written(rows)
        return data

    try:
        edit_yaml(path, put)
    except (BadInput, FolderHasProblems):
        assert path.read_bytes() == PEOPLE_WRITE.replace("\n", eol).encode()
        return
    again = plain(read_source(path).data)
    assert (again[1]["name"], again[1]["includes"]) == (text, rows)
    head = PEOPLE_WRITE[: PEOPLE_WRITE.index("- id: second")].replace("\n", eol).encode()
    assert path.read_bytes().startswith(head)


@pytest.mark.parametrize(
    "text",
    [
        "- id: a\n  c: [x, y]\n\n# about b\n- id: b\n",
        "- id: a\n  k:\n  - x\n  - y  # eol\n\n# about b\n# more\n- id: b\n",
        "- id: a\n  m:\n    z: 1\n# about b\n- id: b\n",
        "- id: a   # why\n# about b\n- id: b\n",
        "- id: a\n  t: |\n   written\n   out\n# about b\n- id: b\n",
        "# top\n\n- id: a\n\n# about b\n- id: b\n",
    ],
)
def test_entries_put_between_others_can_be_taken_out_again(tmp_path, text):
    """A comment above an entry stays above it, and what is put in and taken out leaves every byte as it was."""
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")

    def add(data):
        insert(data, 1, entry({"id": "new", "name": "New"}))
        insert(data, 2, entry({"id": "newer", "name": "Newer"}))
        return data

    def take_out(data):
        del data[1:3]
        return data

    between = edit_yaml(path, add).text
    assert between.index("# about b") > between.index("newer")
    assert edit_yaml(path, take_out).text == text


def test_a_new_key_does_not_come_between_an_entry_and_the_comment_below_it(tmp_path):
    """What stands under an entry is about the next one, and stays under it."""
    path = tmp_path / "t.yaml"
    text = "- id: a   # first\n\n# about b\n- id: b\n  name: B\n# end\n"
    path.write_text(text, encoding="utf-8")

    def add(data):
        put(data[0], "owner", "Ada")
        put(data[1], "owner", "Ada")
        return data

    def take_out(data):
        data[0].pop("owner")
        data[1].pop("owner")
        return data

    between = edit_yaml(path, add).text
    assert (
        between == "- id: a   # first\n  owner: Ada\n\n# about b\n- id: b\n  owner: Ada\n  name: B\n# end\n"
    )
    assert edit_yaml(path, take_out).text == text
