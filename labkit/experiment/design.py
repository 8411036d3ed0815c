"""An experiment of one's own about one factor of the invented photographs.

In: a factor, its levels, how many people and photographs, a matcher.  Out: a :class:`Result`: error
rates at every level with intervals by people, their differences from the first level, the sentence
that may be said, and the pictures::

    from labkit import experiment

    result = experiment.run("exposure", ["natural", "light-metered"], people=60, captures=3)
    result.table        # every rate at every level
    result.differences  # against the first level
    print(result.read())

The design is **paired**: the same people, the same stylings and the same captures are drawn at
every level, and only the factor differs (:func:`labkit.experiment.factors.check_one_thing` looks at
every drawn parameter and refuses anything else).  So who the people are cannot tell levels apart,
and what makes a person easy or hard cancels in a difference.  Within a level everybody is compared
with everybody: mated pairs are two photographs of one person, impostor pairs are of two people.

The threshold is ONE, chosen on ``anytown/dev`` as notebook 05 does.  The people are nobody of a set
and nobody that a network was trained on (:data:`labkit.experiment.factors.START`): whoever designs
experiments uses up no set that something is judged on.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit import data, matchers
from labkit.base.codec import CROP, Picture, decode, encode
from labkit.base.words import _
from labkit.experiment.factors import (
    GROUP,
    START,
    Change,
    Draw,
    at_level,
    changes,
    check_held,
    check_one_thing,
    draws,
    unlike,
    with_,
)
from labkit.measure import reading
from labkit.measure.counts import GroupCounts
from labkit.measure.disparity import GroupTable, group_table
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.intervals import Interval, fmr_ratio, paired_difference
from labkit.measure.rate import rate as rate_of
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import Threshold, choose_threshold

if TYPE_CHECKING:
    import pandas as pd

RATE = 1e-2
"""The mean FMR that the threshold is chosen for, as in notebook 05."""

MOST_PICTURES = 3_000
"""Pictures of the largest experiment: about ten minutes."""

GROUPS = 100_000
"""How many groups of people there are."""

SECONDS = 0.2
"""To draw and describe a picture, about, on one core of an ordinary laptop."""

PATIENCE = 2  # seconds before a progress bar is shown
CAMERA = {"exposure": "equal", "ev": 0.0, "noise": 0.0, "blur": 0.0, "jpeg": 100}
"""What the camera does with the light that reaches it; any values serve.  The seed of its noise is
not among them: it also decides how the skin is flushed that day."""

Terms = tuple[NDArray[np.float64], NDArray[np.float64]]

SIZE = 160  # pixels of a picture, as in the bundled sets

PLACEBO: Mapping[str, Change] = MappingProxyType(
    {
        "as drawn": lambda person, styling, capture: (person, styling, capture),
        "drawn again": lambda person, styling, capture: (
            person,
            styling,
            capture.with_(seed=capture.seed + 1),
        ),
    }
)
"""Levels of ``capture.seed`` that differ in nothing that could make one harder than the other: the
sensor's noise is as strong and falls elsewhere, the skin is as flushed in other places.
``run("capture.seed", PLACEBO)`` shows how large differences by luck are, and has to find none."""


class Studio:
    """The renderer and the matcher, as an experiment uses them; tests give a stand-in.

    Examples
    --------
    >>> Studio()
    Studio()
    """

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def photographs(self, drawn: Sequence[Draw]) -> list[Picture]:
        """Pictures of one person; what several of them have in common is built once."""
        out: dict[int, Picture] = {}
        # One dressed person at a time, who takes some 60 MB.
        for (person, styling), places in _alike(drawn, lambda d: (d.person, d.styling)):
            out |= _sitting(person, styling, {place: drawn[place] for place in places})
        return [out[place] for place in range(len(drawn))]

    def describe(self, pictures: Sequence[Picture], matcher: str) -> NDArray[np.float32]:
        """Templates of pictures by a matcher of the registry, NaN where no face was found."""
        entry = matchers.get(matcher)
        given: Any = list(pictures) if entry.reads == "pictures" else _crops(pictures)
        return entry.trained().transform(given)


def _sitting(person: Any, styling: Any, drawn: Mapping[int, Draw]) -> dict[int, Picture]:
    """Pictures of one dressed person; what reaches the lens does not hang on the camera."""
    from labkit.people.photo.camera import develop
    from labkit.people.photo.render import Sitter, render_radiance

    sitter, out = Sitter.of(person, styling), {}
    for capture, places in _alike(drawn, lambda d: d.capture.with_(**CAMERA)):
        radiance = render_radiance(sitter, None, capture, SIZE)
        for place in places:
            out[place] = develop(radiance, drawn[place].capture)
    return out


def _alike(drawn: Any, key: Any) -> list[tuple[Any, list[int]]]:
    """What photographs have in common, and the places of those that do."""
    found: dict[Any, list[int]] = {}
    for place in drawn if isinstance(drawn, Mapping) else range(len(drawn)):
        found.setdefault(key(drawn[place]), []).append(place)
    return list(found.items())


@functools.cache
def _dlib() -> Any:
    from labkit.matchers.align import DlibPipeline

    return DlibPipeline()


def _crops(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """Aligned grey crops, shape (n, 64, 64); all 0 where no face was found."""
    from labkit.matchers.align import grey_crop

    out = np.zeros((len(pictures), CROP, CROP), np.uint8)
    for k, picture in enumerate(pictures):
        mark = _dlib().find(picture)
        if mark is not None:
            out[k] = grey_crop(_dlib().chip(picture, mark))
    return out


@functools.cache
def threshold(matcher: str) -> Threshold:
    """The threshold of a matcher, chosen on ``anytown/dev`` by the one rule of the lab.

    Parameters
    ----------
    matcher
        A name of the registry.

    Examples
    --------
    >>> threshold("dlib").asked
    0.01
    """
    dev = data.load("anytown/dev")
    pairs = compare_faces(dev, matcher)
    return choose_threshold(pairs, RATE, cells=threshold_cells(dev))


# ---- the design ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Design:
    """An experiment before anything is drawn: checked as soon as it is made.

    Parameters
    ----------
    factor
        What is changed: a drawn parameter (:data:`labkit.experiment.factors.PLACES`), or one of
        the things that are made of several (:data:`labkit.experiment.factors.THINGS`).
    levels
        Two or more.  A list of values (``[0, 30]``); or by name, each a value, parameters by name
        (``{"fill": 0.1}``), or a function that takes person, styling and capture and returns the
        three, changed.  The first is what the others are set against.
    people
        How many, 2 or more; a rate of people needs 30 of them for an interval, an FMR 60.
    captures
        Photographs of each at each level, 2 or more.
    matcher
        A name of :data:`labkit.matchers.registry.MATCHERS`.
    held
        Parameters by name that are alike in all photographs at all levels, ``{"yaw": 0}``.  What
        the factor moves cannot be held: age and presentation take parts of the shape along.
    group
        Another number, below :data:`GROUPS`: other people, to repeat an experiment with.

    Raises
    ------
    ValueError
        With one sentence: for an unknown factor (with the nearest name), a value out of range,
        levels that differ in more than the factor or not at all, or more pictures than
        :data:`MOST_PICTURES`.

    Examples
    --------
    >>> Design("yaw", [0, 30], people=60, captures=3)
    Design('yaw': '0', '30'; 60 people, 3 photographs each at each level; dlib)
    >>> Design("noise", {"good": {"noise": 0.3}, "poor": {"noise": 2, "blur": 1}})
    Traceback (most recent call last):
    ValueError: the levels 'good' and 'poor' of noise differ in blur too, in 120 of 120 photographs
    (of person 3000000, photograph 1: 0.0 and 1): ...
    """

    factor: str
    levels: Any = field(repr=False)
    people: int = 60
    captures: int = 2
    matcher: str = "dlib"
    held: Mapping[str, Any] = field(default_factory=dict)
    group: int = 0
    drawn: Mapping[str, tuple[Draw, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, low in (("people", 2), ("captures", 2), ("group", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
                words = _("{name}={value!r}: give a whole number from {low}{why}")
                why = {
                    "people": _(" (one person has nobody to be compared with)"),
                    "captures": _(" (a mated pair is two photographs of one person)"),
                }
                raise ValueError(
                    words.format(name=name, value=value, low=low, why=why.get(name, ""))
                )
        object.__setattr__(self, "matcher", matchers.get(self.matcher).name)
        if self.group >= GROUPS:
            words = _("group={group}: give a whole number from 0 to {last:,}")
            raise ValueError(words.format(group=self.group, last=GROUPS - 1))
        if not isinstance(self.held, Mapping):
            words = _("held={held!r}: give parameters by name, such as {{'yaw': 0}}")
            raise ValueError(words.format(held=self.held))
        levels = changes(self.factor, self.levels)
        object.__setattr__(self, "levels", MappingProxyType(levels))
        if self.pictures > MOST_PICTURES:
            people = MOST_PICTURES // (len(levels) * int(self.captures))
            captures = MOST_PICTURES // (len(levels) * 2)
            words = _(
                "{asked_people} people, {asked} photographs each at {levels} levels are too many"
                " pictures: an experiment has at most {most:,}, which is "
            ) + (
                _("{people:,} people here")
                if people >= 2
                else _("2 people with {captures:,} photographs each here")
                if captures >= 2
                else _("{at_most:,} levels with 2 people and 2 photographs each")
            )
            raise ValueError(
                words.format(
                    asked_people=self.people,
                    asked=self.captures,
                    levels=len(levels),
                    most=MOST_PICTURES,
                    people=people,
                    captures=captures,
                    at_most=MOST_PICTURES // 4,
                )
            )
        object.__setattr__(self, "drawn", MappingProxyType(self._draw()))

    def _draw(self) -> dict[str, tuple[Draw, ...]]:
        """Every photograph at every level, once it is sure that only the factor differs."""
        base = [
            with_(draw, self.held, photo)
            for seed in self.seeds
            for photo, draw in enumerate(draws(seed, self.captures))
        ]
        drawn = {name: self._at(name, base) for name in self.levels}
        check_one_thing(self.factor, drawn, base)
        check_held(self.factor, drawn, base, self.held)
        return drawn

    def _at(self, name: str, base: Sequence[Draw]) -> tuple[Draw, ...]:
        """Every photograph at one level; a function of the learner's may fail in any way."""
        level = self.levels[name]
        try:
            return tuple(
                at_level(self.factor, level, draw, k % self.captures) for k, draw in enumerate(base)
            )
        except ValueError:
            raise
        except Exception as error:
            words = _(
                "the level {level!r} failed ({kind}: {error}): a level that is a function takes"
                " person, styling and capture and returns the three, changed with their with_"
            )
            kind = type(error).__name__
            raise ValueError(words.format(level=name, kind=kind, error=error)) from error

    def __repr__(self) -> str:
        levels = ", ".join(map(repr, self.levels))
        return (
            f"Design({self.factor!r}: {levels}; {self.people} people, {self.captures} photographs"
            f" each at each level; {self.matcher})"
        )

    @property
    def seeds(self) -> range:
        """The seeds of the people."""
        first = START + int(self.group) * GROUP
        return range(first, first + int(self.people))

    @property
    def names(self) -> list[str]:
        """The levels, in order."""
        return list(self.levels)

    @property
    def pictures(self) -> int:
        """How many pictures are drawn."""
        return int(self.people) * int(self.captures) * len(self.levels)

    def read(self) -> str:
        """What will be done, and about how long it takes.

        Examples
        --------
        >>> print(Design("yaw", [0, 30], people=60, captures=3).read())
        yaw at 2 levels (0, 30): 60 invented people, the same at every level, 3 photographs of each
        at each: 360 pictures, about 72 seconds.
        """
        words = _(
            "{factor} at {n} levels ({levels}): {people} invented people, the same at every level,"
            " {captures} photographs of each at each: {pictures:,} pictures, about {seconds:,.0f}"
            " seconds."
        )
        told = words.format(
            factor=self.factor,
            n=len(self.levels),
            levels=", ".join(self.levels),
            people=self.people,
            captures=self.captures,
            pictures=self.pictures,
            seconds=self.pictures * SECONDS,
        )
        return f"{told} {unlike(self.factor, self.drawn)}".rstrip()

    def run(self, studio: Studio | None = None) -> Result:
        """Draw every photograph, describe it and count.

        Everything happens in this process, one person after the other; a bar is shown from about
        two seconds on.

        Parameters
        ----------
        studio
            Another renderer and matcher.
        """
        studio = Studio() if studio is None else studio
        chosen = threshold(self.matcher)
        n, total = self.captures, len(self.seeds)
        stored: list[list[bytes]] = []
        # First all are drawn, then all described: renderer and matcher together take 60 MB more.
        with _bar(total, _("people drawn")) as bar:
            for start in range(0, total * n, n):
                asked = [d for drawn in self.drawn.values() for d in drawn[start : start + n]]
                # As pictures of the bundled sets: compressed, and opened again.
                stored.append([encode(picture) for picture in studio.photographs(asked)])
                bar.update()
        templates = []
        with _bar(total, _("people described")) as bar:
            for files in stored:
                templates.append(studio.describe([decode(f) for f in files], self.matcher))
                bar.update()
        measure = matchers.get(self.matcher).measure
        people = np.repeat(np.array(self.seeds), n)
        rows: list[GroupCounts] = []
        for level, name in enumerate(self.names):
            own = np.concatenate([t[level * n : level * n + n] for t in templates])
            pairs = all_pairs(own, people, measure)
            rows += group_table(pairs, [name] * len(own), chosen.value, names=[name]).rows
        groups = GroupTable(tuple(rows), chosen.value)
        return Result(self, chosen, groups, tuple(itertools.chain(*stored)))


def _bar(total: int, what: str) -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=total, desc=what, delay=PATIENCE, leave=False)


def run(
    factor: str,
    levels: Any,
    *,
    people: int = 60,
    captures: int = 2,
    matcher: str = "dlib",
    held: Mapping[str, Any] | None = None,
    group: int = 0,
    studio: Studio | None = None,
) -> Result:
    """An experiment about one factor: the same people and captures at every level.

    Parameters
    ----------
    factor, levels, people, captures, matcher, held, group
        As for :class:`Design`, which is checked before anything is drawn.
    studio
        Another renderer and matcher, for tests.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        With one sentence, as :class:`Design` says.

    Examples
    --------
    Here a stand-in draws one flat picture for each photograph, as a second has no room for more:

    >>> class Flat(Studio):
    ...     def photographs(self, drawn):
    ...         made = [(250 * p.tone, 3 * p.age, 99 + 5 * c.yaw + c.noise) for p, s, c in drawn]
    ...         return [np.full((8, 8, 3), colour, np.uint8) for colour in made]
    ...
    ...     def describe(self, pictures, matcher):
    ...         return np.array([picture[0, 0] / 50 for picture in pictures], np.float32)
    >>> result = run("noise", [0, 3], people=40, studio=Flat())
    >>> result.table["photographs"].tolist(), result.table["pictures changed"].tolist()
    ([80, 80], [0, 80])
    >>> result.difference("false rejection").people
    40
    """
    design = Design(factor, levels, people, captures, matcher, held or {}, group)
    return design.run(studio)


# ---- the result ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Result:
    """What came out of an experiment, from :func:`run`.

    Parameters
    ----------
    design
        What was done.
    threshold
        The one threshold, chosen on other people.
    groups
        Error rates by level; :func:`labkit.measure.looks` takes it, to adjust for all that a page
        looks at.
    stored
        The pictures, compressed: by person, level and photograph.
    """

    design: Design
    threshold: Threshold = field(repr=False)
    groups: GroupTable = field(repr=False)
    stored: tuple[bytes, ...] = field(repr=False)

    def __repr__(self) -> str:
        return f"Result of {self.design!r}"

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """One row for each level: every rate with its interval by people, or words.

        ``pictures changed`` counts the photographs that differ from those of the first level: a
        factor that changes no picture has no effect to look for.
        """
        table = self.groups.show(digits=3, columns=["people", "images", *_SHORT.values()])
        table = table.rename(columns={"images": "photographs"}).rename_axis(self.design.factor)
        table.insert(2, "pictures changed", self.changed)
        return table

    @property
    def changed(self) -> list[int]:
        """How many photographs at each level are unlike those of the first level."""
        by_level = self._by_level
        return [sum(one != other for one, other in zip(files, by_level[0])) for files in by_level]

    @property
    def _by_level(self) -> list[list[bytes]]:
        """The stored pictures of each level, in the order of people and photographs."""
        n, levels = self.design.captures, len(self.design.names)
        found: list[list[bytes]] = [[] for _level in range(levels)]
        for place, content in enumerate(self.stored):
            found[place // n % levels].append(content)
        return found

    def difference(self, rate: str = "false_rejection", level: str | None = None) -> Interval:
        """How far a rate at a level is from that at the first level, the same people at both.

        Parameters
        ----------
        rate
            One of :data:`labkit.measure.RATES`.  Of an FMR the *ratio* is given, of other rates the
            difference.
        level
            Another level than the first; the last where none is named.

        Returns
        -------
        interval
            By people; words where they are too few.  Its ``detectable`` is the true difference (or
            ratio) that would be found four times in five.

        Raises
        ------
        ValueError
            When there is no such rate or level.
        """
        asked = rate_of(str(rate).replace(" ", "_"))
        first, second = self.terms(asked.name, level)
        return fmr_ratio(second, first) if asked.of_pairs else paired_difference(second, first)

    def terms(self, rate: str, level: str | None = None) -> tuple[Terms, Terms]:
        """Errors and trials at the first level and at another, the same people in both.

        Parameters
        ----------
        rate, level
            As for :meth:`difference`.

        Returns
        -------
        first, other
            Errors and trials each, by person, shape (k,), or by pair of people, shape (k, k).
        """
        names = self.design.names[0], self._other(level)
        first, other = (self.groups.row(name).terms(rate) for name in names)
        return first, other

    def _other(self, level: str | None) -> str:
        """The name of a level that is set against the first."""
        others = self.design.names[1:]
        name = others[-1] if level is None else str(level)
        if name not in others:
            words = _("{level!r} is not set against {first!r}: use one of {others}")
            raise ValueError(
                words.format(
                    level=level, first=self.design.names[0], others=", ".join(map(repr, others))
                )
            )
        return name

    @functools.cached_property
    def differences(self) -> pd.DataFrame:
        """Each other level against the first, the same people: differences, and a ratio of FMR."""
        import pandas as pd

        rows = [
            {
                heading: self.difference(rate, name).text(2 if rate == "fmr" else 3)
                for rate, heading in _headings().items()
            }
            for name in self.design.names[1:]
        ]
        index = pd.Index(self.design.names[1:], name=self.design.factor)
        return pd.DataFrame(rows, index=index)

    def read(self) -> str:
        """What may be said: for each level a sentence on false rejection and one on FMR.

        An effect is said with its interval by people; where none is shown, the size that could have
        been missed is said; where people are too few, that.  A difference counts as shown when it
        is told apart even as one of all that are looked at here (Bonferroni).
        """
        design, first = self.design, self.design.names[0]
        looks = 2 * (len(design.names) - 1)
        told = [
            _(
                "{factor}: {people} invented people, the same at every level, {captures}"
                " photographs of each at each; {matcher}, one threshold, chosen on other people for"
                " an FMR of {rate:g}."
            ).format(
                factor=design.factor,
                people=design.people,
                captures=design.captures,
                matcher=design.matcher,
                rate=self.threshold.asked,
            ),
            unlike(design.factor, design.drawn),
        ]
        for name, changed in zip(design.names[1:], self.changed[1:]):
            if not changed:
                told.append(
                    _(
                        "{level}: not one picture differs from that at {first}, so this changes"
                        " nothing that is drawn."
                    ).format(level=name, first=first)
                )
                continue
            told += [self._failures(name), self._rejection(name, looks), self._matches(name, looks)]
        return "\n".join(filter(None, told))

    def _failures(self, level: str) -> str:
        """Where faces were not found, if anywhere."""
        first = self.design.names[0]
        lost = [int(self.groups.row(name).failed.sum()) for name in (first, level)]
        if not any(lost):
            return ""
        words = _(
            "No face was found in {b} of {n} photographs at {level} and in {a} at {first}; below"
            " they count as rejections."
        )
        n = self.design.people * self.design.captures
        return words.format(a=lost[0], b=lost[1], n=n, level=level, first=first)

    def _rejection(self, level: str, looks: int) -> str:
        first, found = self.design.names[0], self.difference("false_rejection", level)
        rates = [self.groups[name, "false_rejection"].value for name in (first, level)]
        parts: dict[str, Any] = {
            "level": level,
            "first": first,
            "a": rates[0],
            "b": rates[1],
            "value": found.text(3),
            "words": found.words,
        }
        if found.words:
            words = _(
                "False rejection is {b:.3f} at {level} and {a:.3f} at {first}; of the difference"
                " nothing more can be said: {words}."
            )
        elif reading.told_apart(found, looks):
            words = (
                _("False rejection is higher at {level} ({b:.3f}) than at {first} ({a:.3f}):")
                if found.value > 0
                else _("False rejection is lower at {level} ({b:.3f}) than at {first} ({a:.3f}):")
            ) + _(" a difference of {value}, by people.")
        else:
            parts |= {"missed": found.detectable, "often": reading.often(looks)}
            words = _(
                "No difference in false rejection was shown between {level} ({b:.3f}) and {first}"
                " ({a:.3f}): {value}, by people. That is not 'equal': only a true difference of"
                " about {missed:.3f} or more would be found {often}."
            )
        return words.format(**parts)

    def _matches(self, level: str, looks: int) -> str:
        first, found = self.design.names[0], self.difference("fmr", level)
        row = {
            "ratio": found.value,
            "low": found.low,
            "high": found.high,
            "detectable": found.detectable,
            "words": found.words,
        }
        return reading.contrast(row, level, first, looks=looks)

    def pictures(self, person: int = 0) -> dict[str, list[Picture]]:
        """One person at every level: the counterfactual pictures.

        Parameters
        ----------
        person
            Which, from 0.

        Returns
        -------
        pictures
            Level -> that person's photographs, uint8 RGB.

        Raises
        ------
        ValueError
            When there is no such person.
        """
        if not isinstance(person, int | np.integer) or not 0 <= person < self.design.people:
            words = _("there is no person {person!r}: give a whole number from 0 to {last}")
            raise ValueError(words.format(person=person, last=self.design.people - 1))
        n = self.design.captures
        return {
            name: [decode(content) for content in files[person * n : person * n + n]]
            for name, files in zip(self.design.names, self._by_level)
        }


_SHORT = {"fta": "FTA", "fnmr": "FNMR", "false_rejection": "false rejection", "fmr": "FMR"}


def _headings() -> dict[str, str]:
    """The columns of the differences."""
    return {
        "fta": _("FTA: difference"),
        "fnmr": _("FNMR: difference"),
        "false_rejection": _("false rejection: difference"),
        "fmr": _("FMR: ratio"),
    }
