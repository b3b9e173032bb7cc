"""Python files of a launch, read without running them."""

from __future__ import annotations

import ast
from pathlib import Path

from shipworthy.domain.problem import Problem


def functions(path: Path, name: str, problems: list[Problem]) -> set[str] | None:
    """Return the names a Python file defines at its top, None when it cannot be read.

    Args:
        path: the file.
        name: how problems call it.
        problems: where a mistake in the file is put.
    """
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError as error:
        problems.append(
            Problem(
                name,
                error.lineno or 0,
                error.offset or 0,
                error.msg,
                "valid Python",
                "mend the file at this place",
            )
        )
        return None
    except (ValueError, RecursionError, OSError) as error:
        problems.append(Problem(name, 0, 0, str(error), "a readable Python file", "mend the file"))
        return None
    return {found for node in tree.body for found in _defined(node)}


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    return []
