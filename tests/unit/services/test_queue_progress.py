"""What is still new follows the order of first reading, whatever was labelled again since."""

from __future__ import annotations

from pathlib import Path

from tests.reviewing import reviewed

from shipworthy.domain.review import Said
from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.queue_progress import queue_saturation, read_outputs
from shipworthy.services.save_label import Saving, save_label


def test_a_label_that_was_changed_is_not_read_later(tmp_path: Path) -> None:
    """Late is seen first, then four that pass; the first is labelled again: still nothing new in the last four."""
    with desk_at(reviewed(tmp_path / "l", 5)) as desk:
        make_queue(desk, QueueWanted("all", 5))
        late = Said("fail", "", ("late",))
        save_label(desk, Saving("all", 0, "ada", late, 0, "first"))
        for at in range(1, 5):
            save_label(desk, Saving("all", at, "ada", Said("pass"), 0, f"{at}"))
        save_label(desk, Saving("all", 0, "ada", Said("fail", "a day late", ("late",)), 1, "again"))
        assert [each.state for each in read_outputs(desk, "all")] == ["fail", "pass", "pass", "pass", "pass"]
        found = queue_saturation(desk, "all")
    assert found is not None
    assert (found.since_new, found.curve) == (4, (1, 1, 1, 1, 1))
