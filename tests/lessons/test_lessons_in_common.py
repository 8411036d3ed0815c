"""What all lessons keep to: the cells of a notebook show the library's calls."""

from __future__ import annotations

import ast

import pytest

from labkit.app import notebooks
from labkit.base.places import PROJECT

SOURCES = notebooks.sources(PROJECT)
MOST_HELPERS = 6
"""Names of its lesson that a notebook may use: words and exercises, which nobody would reuse."""


def helpers(source):
    """What a notebook uses of ``lessons``: names, or attributes of a module."""
    tree, modules, found = ast.parse(source), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lessons"):
            for name in node.names:
                file = PROJECT.joinpath(*node.module.split("."), f"{name.name}.py")
                (modules if file.is_file() else found).add(name.asname or name.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules:
            found.add(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])
def test_a_notebook_shows_the_library_s_calls(path):
    found = helpers(path.read_text(encoding="utf-8"))
    assert len(found) <= MOST_HELPERS, sorted(found)


def test_helpers_are_counted_by_name():
    source = (
        "from lessons.nb05 import words as said\n"
        "from lessons.nb04.words import luck, draws\n"
        "print(said.primary(1), said.primary(2), said.style(words), luck(3))\n"
    )
    assert helpers(source) == {"said.primary", "said.style", "luck", "draws"}
    assert helpers("from labkit.measure import reading\nreading.held()") == set()
