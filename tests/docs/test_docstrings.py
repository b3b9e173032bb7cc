"""Every example in a docstring of the arithmetic packages is run."""

import doctest
import importlib
import pkgutil

import pytest

import shipworthy.decision
import shipworthy.statistics

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (shipworthy.statistics, shipworthy.decision)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name):
    """Examples print what the docstring says they print."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
