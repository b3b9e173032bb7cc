"""What is promised of every file and every public name of the package."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import shipworthy.statistics as package

MODULES = [f"{package.__name__}.{m.name}" for m in pkgutil.iter_modules(package.__path__)]


def public_names():
    """List what each file of the package defines for others."""
    for module in map(importlib.import_module, MODULES):
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", None) == module.__name__
            if own and not name.startswith("_") and (inspect.isclass(thing) or inspect.isfunction(thing)):
                yield pytest.param(thing, id=f"{module.__name__.rsplit('.', 1)[1]}.{name}")


@pytest.mark.parametrize("thing", list(public_names()))
def test_every_public_name_has_a_data_sheet(thing):
    """Each states its assumptions, its source and an example that is run with the doctests."""
    sheet = inspect.getdoc(thing) or ""
    assert [h for h in ("Assumptions:", "Source:", "Example", ">>> ") if h not in sheet] == []


def test_importing_the_package_loads_nothing_slow():
    """Neither scipy.stats nor scipy.optimize, each slow to load, comes with the package."""
    script = "import importlib, sys\n" + "".join(f"importlib.import_module({m!r})\n" for m in MODULES)
    script += "print([m for m in ('scipy.stats', 'scipy.optimize', 'pandas') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_file_of_the_package_has_its_test():
    """A file that calculates has a unit test of the same name."""
    here = {p.stem.removeprefix("test_") for p in Path(__file__).parent.glob("test_*.py")}
    assert {m.rsplit(".", 1)[1] for m in MODULES} - here == {"results"}


@pytest.mark.parametrize("name", MODULES)
def test_nothing_draws_random_numbers(name):
    """Same counts in, same numbers out: no file of the package uses a random generator."""
    tree = ast.parse(inspect.getsource(importlib.import_module(name)))
    used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert not used & {"random", "default_rng", "seed"}
