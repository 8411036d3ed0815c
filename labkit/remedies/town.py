"""A matcher with the people that a remedy is fitted on and the people it is judged on.

In: templates, who is in each, the group and the cell of each image.  Out: a :class:`Town`, which
knows its one threshold and what it does to each group: the state before any remedy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data, matchers
from labkit.measure.disparity import GroupTable, group_table
from labkit.measure.faces import threshold_cells
from labkit.measure.scores import AllPairs, all_pairs
from labkit.measure.thresholds import Threshold, choose_threshold

ASKED = 1e-2
"""Mean FMR within the cells of dev for which thresholds are chosen."""


@dataclass(frozen=True, eq=False)
class Side:
    """People on one side: those a remedy is fitted on, or those it is judged on.

    Parameters
    ----------
    templates
        Shape (n, d); a row with a NaN is an image without a usable face.
    people
        Number of the person in each image, shape (n,).
    groups
        Group of each image, as its record says; missing where nobody said.
    measure
        How templates are compared.
    cells
        Cells by which a threshold is chosen; the groups, when ``None``.
    kept
        Which images keep their person's styling.
    crops
        Gives the aligned grey crops of the images, (n, 64, 64), uint8, where there are any.

    Examples
    --------
    >>> rng, who = np.random.default_rng(0), np.repeat(np.arange(60), 2)
    >>> Side(rng.normal(size=(120, 4)), who, np.where(who % 2, "a", "b"), "euclidean").pairs
    AllPairs(120 images of 60 people, euclidean, mated pairs: all)
    """

    templates: NDArray[np.floating]
    people: NDArray[np.int64]
    groups: Any
    measure: str
    cells: Any = None
    kept: NDArray[np.bool_] | None = None
    crops: Callable[[], NDArray[np.uint8]] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, faces: data.FaceSet, matcher: str = "dlib", by: str = "tone_band") -> Side:
        """A bundled set, described by a matcher of the registry.

        Raises
        ------
        ValueError
            For a matcher that is not there, or people on whom it was fitted.
        LookupError
            For a set without what the matcher reads.
        """
        entry = matchers.get(matcher)
        return cls(
            entry.templates(faces),
            faces.of("person"),
            faces.groups(by),
            entry.measure,
            threshold_cells(faces),
            faces.of("styling_kept") == 1,
            lambda: replace(faces).crops,  # read by a copy of the set, which lets them go
        )

    @functools.cached_property
    def pairs(self) -> AllPairs:
        """Every image compared with every other; 4 n^2 bytes."""
        return self.compared(self.templates, self.measure)

    def compared(self, templates: NDArray[np.floating], measure: str) -> AllPairs:
        """The same images with other templates, compared as ``measure`` says."""
        return all_pairs(templates, self.people, measure, kept=self.kept)

    @property
    def rule(self) -> Any:
        """The cells by which a threshold is chosen."""
        return self.groups if self.cells is None else self.cells

    def choose(self, pairs: AllPairs, asked: float) -> Threshold:
        """The threshold of these people by the one rule: the mean FMR within the cells."""
        return choose_threshold(pairs, asked, cells=self.rule)

    def part(self, where: NDArray[np.bool_]) -> Side:
        """Some of the images; their scores stay as they are."""
        groups, cells = (np.asarray(x, object)[where] for x in (self.groups, self.rule))
        kept = None if self.kept is None else self.kept[where]
        out = Side(self.templates[where], self.people[where], groups, self.measure, cells, kept)
        out.__dict__["pairs"] = self.pairs.select(where)
        return out


@dataclass(frozen=True, eq=False)
class Town:
    """A matcher, people to fit on, other people to judge on, and one threshold for everybody.

    Parameters
    ----------
    matcher
        Its name.
    dev, test
        People to fit on and to judge on; nobody is in both.
    asked
        Mean FMR within the cells of ``dev`` for which thresholds are chosen.

    Raises
    ------
    ValueError
        When somebody is on both sides.

    Examples
    --------
    >>> town = Town.of("dlib")
    >>> town.before.names
    ['lighter', 'medium', 'darker']
    """

    matcher: str
    dev: Side
    test: Side
    asked: float = ASKED

    def __post_init__(self) -> None:
        both = np.intersect1d(self.dev.people, self.test.people)
        if both.size:
            raise ValueError(
                f"person {both[0]} is fitted on and judged on: give other people to judge on"
            )

    @classmethod
    def of(cls, matcher: str = "dlib", *, test: str = "anytown/eval", asked: float = ASKED) -> Town:
        """Thresholds from ``anytown/dev``, judged on ``anytown/eval``.

        Parameters
        ----------
        matcher
            Name of an entry of the registry.
        test
            The set to judge on.  ``anytown/holdout`` is for the final table alone.
        asked
            Mean FMR within the cells of dev.
        """
        dev, judged_on = (Side.of(data.load(name), matcher) for name in ("anytown/dev", test))
        return cls(matchers.get(matcher).name, dev, judged_on, asked)

    @functools.cached_property
    def chosen(self) -> Threshold:
        """The one threshold."""
        return self.dev.choose(self.dev.pairs, self.asked)

    @functools.cached_property
    def before(self) -> GroupTable:
        """Every group's errors at the one threshold, before any remedy."""
        return group_table(self.test.pairs, self.test.groups, self.chosen.value)
