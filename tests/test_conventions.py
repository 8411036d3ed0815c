"""What holds for every part of the library: values do not change, draws repeat by themselves."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil

import pytest

import labkit

ROOMS = (
    "base",
    "data",
    "matchers",
    "measure",
    "experiment",
    "gallery",
    "published",
    "views",
    "learning",
    "audit",
)


# What a notebook or a page shows was drawn from these.
OTHER_SEEDS = {
    "share_of_busiest": 5,
    "coverage": 44,
    "redraw": 41,
    "drawn_people": 41,
    "wall": 7,
    "strip": 7,
    "all_strips": 7,
}
"""Function -> its seed where none is given, if that is not 0."""


def modules():
    for room in ROOMS:
        module = importlib.import_module(f"labkit.{room}")
        yield module
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}."):
            yield importlib.import_module(found.name)


def defined(kind):
    """Everything of a kind that a module itself defines, methods of its classes included."""
    for module in modules():
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if kind(value):
                yield pytest.param(value, id=f"{module.__name__}.{name}")
            if inspect.isclass(value):
                for inner, method in vars(value).items():
                    function = getattr(method, "__func__", method)
                    if kind(function):
                        yield pytest.param(function, id=f"{module.__name__}.{name}.{inner}")


def is_record(value):
    return inspect.isclass(value) and dataclasses.is_dataclass(value)


def with_seed(value):
    return inspect.isfunction(value) and "seed" in inspect.signature(value).parameters


@pytest.mark.parametrize("kind", list(defined(is_record)))
def test_a_value_does_not_change(kind):
    """A dataclass is frozen: what was counted or said is not altered by whoever reads it."""
    assert kind.__dataclass_params__.frozen


@pytest.mark.parametrize("function", list(defined(with_seed)))
def test_draws_repeat_without_being_asked_to(function):
    """A seed is given or the same for all, so that one cell shows everybody the same numbers."""
    default = inspect.signature(function).parameters["seed"].default
    wanted = OTHER_SEEDS.get(function.__name__, 0)
    assert default in (inspect.Parameter.empty, wanted)


def is_shown(value):
    """A class whose objects a learner may show as the last line of a cell."""
    if not inspect.isclass(value) or value.__name__.startswith("_"):
        return False
    protocol = getattr(value, "_is_protocol", False) or issubclass(value, BaseException)
    return not (protocol or inspect.isabstract(value))


@pytest.mark.parametrize("kind", list(defined(is_shown)))
def test_no_object_shows_its_address(kind):
    """Finding: the output of a cell was ``<...object at 0x7fd8...>``, another in every run.

    It tells a learner nothing, and a notebook that is compared with its saved outputs fails on it.
    """
    assert kind.__repr__ is not object.__repr__
    if dataclasses.is_dataclass(kind):
        shown = [f.name for f in dataclasses.fields(kind) if f.repr and "Callable" in str(f.type)]
        assert not shown, f"{shown} are functions, which show an address: field(repr=False)"


def test_there_is_something_to_look_at():
    assert len(list(defined(with_seed))) > 10 and labkit.__version__
