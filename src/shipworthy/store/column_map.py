"""Column maps, saved with the launch as `maps/NAME.yaml`."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from shipworthy.domain.errors import BadInput
from shipworthy.store.layout import Layout
from shipworthy.store.yaml_file import plain, read_yaml

TARGETS = (
    "case", "variant", "repeat", "input", "expected", "group", "output", "status", "error",
    "latency_s", "latency_ms", "cost_usd",
)  # fmt: skip
FAMILIES = ("score.", "tag.")


def read_map(layout: Layout, given: str) -> tuple[str, dict[str, str]]:
    """Return the name and the columns of a map.

    Args:
        layout: the launch folder.
        given: `case=question_id,score.correct=is_correct`; or the name of a saved map; or a path to one.

    Raises:
        BadInput: there is no such map, or it names something that rows do not have.
    """
    if "=" in given:
        columns = dict(pair.split("=", 1) for pair in given.split(",") if "=" in pair)
        name = given
    else:
        path = Path(given) if given.endswith((".yaml", ".yml")) else layout.maps / f"{given}.yaml"
        name, columns = path.stem, _saved(path)
    columns = {key.strip(): value.strip() for key, value in columns.items()}
    for key in columns:
        if key not in TARGETS and not key.startswith(FAMILIES):
            raise BadInput(
                f"the column map names `{key}`, which rows do not have",
                where=name,
                remedy=f"use one of {', '.join(TARGETS)}, score.NAME, tag.NAME",
            )
    return name, columns


def save_map(layout: Layout, name: str, columns: dict[str, str]) -> Path:
    """Save a map so that the next file of the kind needs only its name."""
    layout.maps.mkdir(exist_ok=True)
    path = layout.maps / f"{name}.yaml"
    with path.open("w", encoding="utf-8") as file:
        file.write("# Which column of the file holds what. Used with: shipworthy import FILE --map NAME\n")
        YAML().dump(columns, file)
    return path


def _saved(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise BadInput(
            "there is no such column map", where=str(path), remedy="give `case=COLUMN,score.NAME=COLUMN`"
        )
    file = read_yaml(path, str(path))
    values = plain(file.data)
    if file.problems or not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise BadInput(
            "the column map is not a list of `what: column`", where=str(path), remedy="mend or remove it"
        )
    return values
