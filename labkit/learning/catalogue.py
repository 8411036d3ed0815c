"""The exercises of every notebook, found by name.

In: an exercise's name such as ``"03-b"``, or a notebook's number.  Out: the exercise.  Those of
notebook 03 stand in ``lessons/nb03/exercises.py`` as a tuple ``EXERCISES``; that file is read when
one of them is first asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
import re

from labkit.base.words import _
from labkit.learning.exercises import Choose, Exercise, notebook_of

LESSONS = "lessons"
"""The package in which the notebooks' exercises stand, each in ``nbNN.exercises``."""


def of_notebook(number: str) -> tuple[Exercise, ...]:
    """The exercises of notebook ``"03"``; an empty tuple when it has none.

    Raises
    ------
    ValueError
        When two have the same name, or one belongs to another notebook.
    """
    module = f"{LESSONS}.nb{number}.exercises"
    try:
        exercises = tuple(importlib.import_module(module).EXERCISES)
    except ModuleNotFoundError as error:
        if error.name not in (LESSONS, module, module.rpartition(".")[0]):
            raise
        return ()
    names = [e.id for e in exercises]
    for name in names:
        if names.count(name) > 1 or notebook_of(name) != number:
            raise ValueError(f"{name} stands twice in {module} or does not belong there")
    return exercises


def find(name: str) -> Exercise:
    """One exercise.

    Raises
    ------
    KeyError
        With one sentence, when there is none of that name.
    """
    try:
        number = notebook_of(name)
    except ValueError:
        known: tuple[Exercise, ...] = ()
    else:
        known = of_notebook(number)
    for exercise in known:
        if exercise.id == name:
            return exercise
    others = ", ".join(e.id for e in known) or _("none")
    sentence = _("there is no exercise {name!r} (in that notebook: {others})")
    raise KeyError(sentence.format(name=name, others=others))


def answered(name: str) -> dict[str, str]:
    """What each option of a choice is answered with, in the reader's language.

    Raises
    ------
    KeyError, TypeError
        When there is no exercise of that name, or it is no choice.

    Examples
    --------
    >>> answered("03-c")["default for all"][:38]
    'The default in the library was chosen '
    """
    exercise = find(name)
    if not isinstance(exercise, Choose):
        raise TypeError(_("{name} has no options to choose from").format(name=name))
    return {option: _(told) for option, told in exercise.options.items()}


def everything() -> dict[str, Exercise]:
    """All exercises of all notebooks, by name.

    Raises
    ------
    ModuleNotFoundError
        When the lessons are not installed.
    """
    found = (m.name for m in pkgutil.iter_modules(importlib.import_module(LESSONS).__path__))
    numbers = sorted(name[2:] for name in found if re.fullmatch(r"nb\d\d", name))
    return {e.id: e for number in numbers for e in of_notebook(number)}
