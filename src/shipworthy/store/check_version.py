"""The version of a check that is code: a hash of what it can depend on, found without running anything.

Rather too much than too little. All of scorers.py counts but for functions that this check cannot reach: plain ones
at the top of the file whose name is not mentioned by the check, by what it mentions in turn, or by anything that runs
when the file is loaded. Where names can be reached in other ways (`getattr`, `eval`, `import *`, …), or where a
function changes what stands at the top of the file, the whole file counts. All code beside scorers.py counts, and so
does a data file that scorers.py or that code calls by name.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
from functools import cached_property
from pathlib import Path

from shipworthy.domain.scorer import SECONDS
from shipworthy.store.fingerprint import CODE, check_files, feature_files, file_sha, own_data
from shipworthy.store.layout import Layout

_DYNAMIC = {
    "globals", "locals", "vars", "getattr", "setattr", "delattr", "exec", "eval", "compile", "dir", "scorers",
    "importlib", "import_module", "inspect", "builtins", "modules", "attrgetter", "methodcaller", "gc", "runpy", "pickle",
    "_getframe", "currentframe", "f_globals", "f_locals", "f_back", "tb_frame", "gi_frame", "cr_frame",
}  # fmt: skip
_HARMLESS = {"__name__", "__file__", "__doc__", "__init__", "__post_init__", "__future__"}
_CHANGES = {
    "append", "add", "update", "pop", "popitem", "clear", "extend", "insert", "setdefault", "remove", "discard", "sort",
    "reverse", "appendleft", "popleft", "extendleft", "write", "send",
}  # fmt: skip
_REACHES_IN = re.compile(
    rb"\bscorers\b|_getframe|currentframe|__globals__|f_globals|\bmodules\b|__main__|get_objects|"
    rb"__import__|import_module|\bexec\b|\beval\b"
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class CheckVersions:
    """The versions of the checks of one launch folder.

    Args:
        layout: the launch folder.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.source = layout.scorers.read_bytes() if layout.scorers.is_file() else b""

    def of(self, name: str, seconds: float | None = None) -> str:
        """Return the version of one check, 16 hex digits; empty when there is no scorers.py.

        Args:
            name: the function.
            seconds: the time it may take for one output, where another than the usual one is stated: what ran out of time
                is scored again with more.
        """
        if not self.layout.scorers.is_file():
            return ""
        digest = hashlib.sha256()
        for part in (*self._reached(name), *self._beside, *self._data):
            digest.update(hashlib.sha256(part).digest())
        if seconds is not None and seconds != SECONDS:
            digest.update(f"seconds {seconds:g}".encode())
        return digest.hexdigest()[:16]

    def _reached(self, name: str) -> list[bytes]:
        """Return the parts of scorers.py that count for a check."""
        tree = self._tree
        if tree is None:
            return [self.source]
        functions: dict[str, list[_Function]] = {}
        always: list[ast.stmt] = []
        for node in tree.body:
            if isinstance(node, _Function) and _is_plain(node):
                functions.setdefault(node.name, []).append(node)
            else:
                always.append(node)
        todo = {name, *(word for node in always for word in _words(node))}
        kept: set[str] = set()
        while todo:
            word = todo.pop()
            if word in functions and word not in kept:
                kept.add(word)
                todo |= {more for node in functions[word] for more in _words(node)}
        left = [
            node
            for node in tree.body
            if node in always or (isinstance(node, _Function) and node.name in kept)
        ]
        lines = _LINE_END.split(self.source)
        encoding = [line for line in lines[:2] if b"coding" in line]
        return [*encoding, *(_text(lines, node) for node in left)]

    @cached_property
    def _tree(self) -> ast.Module | None:
        """The file, parsed; None when it counts as a whole."""
        try:
            tree = ast.parse(self.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        if any(_REACHES_IN.search(path.read_bytes()) for path in self._code):
            return None
        tops = _assigned(tree)
        dynamic = any(_is_dynamic(node) or _changes(node, tops) for node in ast.walk(tree))
        return None if dynamic else tree

    @cached_property
    def _code(self) -> list[Path]:
        return [path for path in feature_files(self.layout) if path.suffix in CODE]

    @cached_property
    def _beside(self) -> list[bytes]:
        return [self._named(path) for path in self._code]

    @cached_property
    def _data(self) -> list[bytes]:
        """Files that are not code, where the code calls them or a folder they lie in by name."""
        said = b"\n".join([self.source, *(path.read_bytes() for path in self._code if path.suffix == ".py")])
        others = [path for path in feature_files(self.layout) if path.suffix not in CODE]
        found = [*others, *check_files(self.layout)]
        called = [path for path in found if self._is_called(path, said)]
        called += [path for path in own_data(self.layout) if os.fsencode(path.name) in said]
        return [self._named(path) for path in called]

    def _is_called(self, path: Path, said: bytes) -> bool:
        relative = path.relative_to(self.layout.folder)
        folders = (f"{quote}{part}" for part in relative.parts[:-1] for quote in "\"'/")
        return any(word.encode() in said for word in (relative.name, *folders))

    def _named(self, path: Path) -> bytes:
        return f"{path.relative_to(self.layout.folder)}\0{file_sha(path)}".encode(errors="surrogateescape")


def _is_plain(node: _Function) -> bool:
    """Whether a definition does nothing but define: no decorators, no calls in defaults and annotations."""
    if node.decorator_list:
        return False
    given = node.args
    parts = [*given.defaults, *(d for d in given.kw_defaults if d), *([node.returns] if node.returns else [])]
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    parts += [a.annotation for a in every if a is not None and a.annotation is not None]
    acts = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
    return not any(isinstance(inner, acts) for part in parts for inner in ast.walk(part))


def _words(node: ast.AST) -> set[str]:
    """Return everything in a piece of code that could name a function: names, attributes, imports, texts."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
        elif isinstance(inner, ast.alias):
            found |= {inner.name, inner.asname or ""}
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found.add(inner.value)
    return found


def _assigned(tree: ast.Module) -> set[str]:
    """Return the names of the file's top."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                found.add(inner.id)
            elif isinstance(inner, ast.ClassDef):
                found.add(inner.name)
            elif isinstance(inner, ast.alias):
                found.add((inner.asname or inner.name).split(".")[0])
    return found


def _is_dynamic(node: ast.AST) -> bool:
    """Whether names can be reached here in a way that the code does not show."""
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.alias):
        return node.name == "*" or bool({*node.name.split("."), node.asname} & _DYNAMIC)
    if isinstance(node, ast.ImportFrom):
        return bool(set((node.module or "").split(".")) & _DYNAMIC)
    word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if isinstance(node, ast.Attribute) and word == "compile":
        return False  # re.compile; the built-in is a plain name
    return word in _DYNAMIC or (word.startswith("__") and word.endswith("__") and word not in _HARMLESS)


def _changes(node: ast.AST, tops: set[str]) -> bool:
    """Whether something of the file's top is changed in place, so that one check could act on another."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return _root(node) in tops
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
        return _root(node.func) in tops
    return False


def _root(node: ast.AST) -> str:
    """Return the name that a chain of attributes and subscripts begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _text(lines: list[bytes], node: ast.stmt) -> bytes:
    """Return a statement as it is written, with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)])
    return b"\n".join(lines[first - 1 : node.end_lineno])
