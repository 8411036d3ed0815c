"""What all lessons keep to: the cells of a notebook show the library's calls."""

from __future__ import annotations

import ast

import pytest

from labkit.app import notebooks
from labkit.base.places import PROJECT
from labkit.learning import catalogue
from labkit.learning.exercises import Check

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


def goes_on(cells, name):
    """Whether the value of an exercise is read in the cells from its own on, or by a mark."""
    place = next(n for n, cell in enumerate(cells) if f'check("{name}"' in cell)
    kept = {
        target.id
        for node in ast.walk(ast.parse(cells[place]))
        if isinstance(node, ast.Assign) and f"check('{name}'" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for cell in cells[place:]:
        tree = ast.parse(cell)
        judged = {n.value for n in ast.walk(tree) if isinstance(n, ast.Attribute)
                  and n.attr == "then"}  # fmt: skip
        names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in kept]
        if any(isinstance(n.ctx, ast.Load) and n not in judged for n in names):
            return True
        if cell != cells[place]:
            kept -= {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return False


CHECKS = [name for name, e in sorted(catalogue.everything().items()) if isinstance(e, Check)]


@pytest.mark.parametrize("name", CHECKS)
def test_the_notebook_goes_on_with_a_value_where_its_exercise_says_so(name):
    """Finding: "goes on with your answer" stood where nothing read the answer again."""
    source = next(path for path in SOURCES if path.stem.startswith(name[:2]))
    cells = [c.source for c in notebooks.read_source(source) if c.cell_type == "code"
             and notebooks.belongs(c.metadata.get("tags", []), "open")]  # fmt: skip
    assert catalogue.find(name).goes_on is goes_on(cells, name)


def test_going_on_is_read_from_the_cells():
    asked = 'answer = ...\nmine = check("99-a", answer)'
    assert not goes_on([asked], "99-a") and not goes_on([asked, "other = 1"], "99-a")
    assert goes_on([asked, "print(mine.value)"], "99-a") and goes_on([asked, "f(mine)"], "99-a")
    assert goes_on(["mine = 3", asked + "\nprint(mine.mark)"], "99-a")
    assert not goes_on([asked, "say(mine.then(told, 3))"], "99-a"), "only a right answer is read"
    assert not goes_on(["print(mine)", asked, "mine = 4", "print(mine)"], "99-a")
    assert not goes_on(['words.judged(check("99-a", answer), answer)'], "99-a")


def test_helpers_are_counted_by_name():
    source = (
        "from lessons.nb05 import words as said\n"
        "from lessons.nb04.words import luck, draws\n"
        "print(said.primary(1), said.primary(2), said.style(words), luck(3))\n"
    )
    assert helpers(source) == {"said.primary", "said.style", "luck", "draws"}
    assert helpers("from labkit.measure import reading\nreading.held()") == set()
