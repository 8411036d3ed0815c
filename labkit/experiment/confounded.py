"""Three comparisons of two districts, each confounded by one other thing: find it.

In: the bundled people.  Out: for each comparison a table of errors by district, a table of what
else differs between the districts, the honest comparison within strata, and a check of an answer.

The districts are made up for the exercise: people are dealt out to "district A" and "district B",
evenly by tone and presentation, and one thing is dealt out unevenly on purpose.  Living in a
district does nothing to a face, so the difference between the two tables is caused by that thing.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit import data, matchers
from labkit.base.words import N_, _
from labkit.experiment.camera import GOOD, POOR, TONES, threshold_of
from labkit.measure.counts import GroupCounts
from labkit.measure.disparity import GroupTable, group_table, within_strata
from labkit.measure.scores import all_pairs

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet

Mask = NDArray[np.bool_]

A, B = "district A", "district B"

UNEVEN = 0.8
"""This share of what is dealt out unevenly goes to one district."""

THINGS: Mapping[str, str] = MappingProxyType(
    {
        "camera": N_("the camera"),
        "age": N_("the age of the people"),
        "images": N_("the number of photographs of each person"),
    }
)
"""What a comparison may be confounded by; the answers that :meth:`Confounded.check` takes."""


@dataclass(frozen=True, eq=False)
class Confounded:
    """A comparison of two districts, from :func:`comparison`.

    Parameters
    ----------
    number
        1, 2 or 3.
    matcher
        Whose errors are counted.
    outcome
        What is counted, in words.
    rate
        The rate of the tables, a name of :data:`labkit.measure.rate.RATES`.
    crude
        Errors by district.
    strata
        The same within each stratum of the thing that is dealt out unevenly.
    parameters
        What else is known of the districts: a row for each thing, :data:`A` and :data:`B`, and
        ``apart``, their difference in standard deviations between people.
    thing
        The one that confounds, a name of :data:`THINGS`.
    """

    number: int
    matcher: str
    outcome: str
    rate: str
    crude: GroupTable = field(repr=False)
    strata: Mapping[Hashable, GroupTable] = field(repr=False)
    parameters: pd.DataFrame = field(repr=False)
    thing: str = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """The comparison as it might be printed: errors and trials by district, with the rate."""
        import pandas as pd

        lines = {}
        for name in self.crude.names:
            found = self.crude[name, self.rate]
            lines[name] = {
                "people": len(self.crude.row(name).people),
                "errors": found.errors,
                "of": found.trials,
                "rate": found.short(3),
            }
        return pd.DataFrame.from_dict(lines, orient="index")

    @property
    def known(self) -> pd.DataFrame:
        """What else is known of the two districts, for reading."""
        return self.parameters[[A, B]]

    @property
    def ratios(self) -> pd.DataFrame:
        """District B over district A: as it was printed, and within strata of the thing."""
        import pandas as pd

        crude = self.crude.contrasts(A, self.rate)
        honest = within_strata(self.strata, A, self.rate)
        rows = {"as printed": crude.loc[B], "like with like": honest.loc[B]}
        return pd.DataFrame(rows).T[["ratio", "low", "high", "detectable", "words"]]

    def check(self, answer: str) -> bool:
        """Whether this is the thing that differs.

        Raises
        ------
        ValueError
            For something that is no answer, with those that are.

        Examples
        --------
        >>> comparison(3).check("age")
        False
        """
        word = answer.strip().lower() if isinstance(answer, str) else answer
        if word not in THINGS:
            raise ValueError(f"{answer!r} is no answer: use one of {', '.join(THINGS)}")
        return word == self.thing

    def told(self) -> str:
        """The solution: what confounds, and what is left when like is compared with like."""
        ratios = self.ratios
        crude, honest = (ratios.loc[name] for name in ("as printed", "like with like"))
        lines = [
            _("Comparison {n}, {outcome}: in {b} {ratio} times as often as in {a}.").format(
                n=self.number, outcome=_(self.outcome), a=_(A), b=_(B), ratio=_ratio(crude)
            ),
            _("What was dealt out unevenly is {thing}.").format(thing=_(THINGS[self.thing])),
            self._told_left(crude, honest),
        ]
        return "\n".join(lines)

    def _told_left(self, crude: Any, honest: Any) -> str:
        if not _known(honest):
            return _("Within its strata there is too little to compare ({why}).").format(
                why=honest["words"]
            )
        said = {"ratio": _ratio(honest)}
        if _differs(honest):
            words = _("Like with like the ratio is {ratio}: this thing alone does not explain it.")
            return words.format(**said)
        if not _differs(crude):
            words = _("Neither as printed nor like with like ({ratio}) is a difference shown.")
            return words.format(**said)
        if honest["detectable"] < max(crude["ratio"], 1 / crude["ratio"]):
            words = _(
                "Like with like the ratio is {ratio}: no difference is shown any more, and one of"
                " {found:.2f} times would be found four times in five, so one as large as printed,"
                " too."
            )
        else:
            words = _(
                "Like with like the ratio is {ratio}: too few people to tell. Only a ratio of"
                " {found:.2f} or more would be found four times in five, and the printed one is not"
                " larger. That nothing else is behind it the lab knows because it dealt it out, not"
                " from this comparison."
            )
        return words.format(**said, found=honest["detectable"])


def _known(row: Any) -> bool:
    return math.isfinite(row["low"]) and math.isfinite(row["high"])


def _differs(row: Any) -> bool:
    return _known(row) and not row["low"] <= 1 <= row["high"]


def _ratio(row: Any) -> str:
    if not _known(row):
        return _("{ratio:.2f} (no interval)").format(ratio=row["ratio"])
    return _("{ratio:.2f} [{low:.2f} to {high:.2f}]").format(
        **{name: row[name] for name in ("ratio", "low", "high")}
    )


# ---- the three ----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=3)
def comparison(number: int) -> Confounded:
    """One of the three comparisons, 1 to 3.

    Raises
    ------
    ValueError
        For another number.

    Examples
    --------
    >>> comparison(1).table.index.tolist()
    ['district A', 'district B']
    """
    made: dict[int, Callable[[], Confounded]] = {1: _first, 2: _second, 3: _third}
    if number not in made:
        raise ValueError(f"there is no comparison {number!r}: use {', '.join(map(str, made))}")
    return made[number]()


def _first(seed: int = 0) -> Confounded:
    """Age: one district's people are mostly of the older half."""
    faces = data.load("anytown/eval")
    people, rng = faces.people, _rng(1, seed)
    older: Mask = np.zeros(len(people), bool)
    in_b = np.zeros(len(people), bool)
    for own in _cells(people):
        order = own[np.argsort(people["age"].to_numpy()[own], kind="stable")]
        half = len(order) // 2
        older[order[half:]] = True
        for part, share in ((order[:half], 1 - UNEVEN), (order[half:], UNEVEN)):
            in_b[_some(rng, part, share)] = True
    district = dict(zip(people.index, np.where(in_b, B, A)))
    age = dict(zip(people.index, np.where(older, "older half", "younger half")))
    return _of_images(1, "SFace", faces, district, age, "fmr", "age")


def _second(seed: int = 0) -> Confounded:
    """Number of photographs: most people of one district have two, of the other six."""
    faces = data.load("anytown/eval")
    people, rng = faces.people, _rng(2, seed)
    in_b, many = np.zeros(len(people), bool), np.zeros(len(people), bool)
    for own in _cells(people):
        order = rng.permutation(own)
        half = len(order) // 2
        in_b[order[half:]] = True
        many[_some(rng, order[:half], 1 - UNEVEN)] = True
        many[_some(rng, order[half:], UNEVEN)] = True
    who = _place(faces)
    turn = _turns(rng, who)
    use = many[who] | (turn < 2)
    district = dict(zip(people.index, np.where(in_b, B, A)))
    count = dict(zip(people.index, np.where(many, "six photographs", "two photographs")))
    return _of_people(2, "dlib", _part(faces, use), district, count, "images")


def _third(seed: int = 0) -> Confounded:
    """Camera: most photographs of one district are of the poor one."""
    faces = data.load("counterfactual/paired")
    people, rng = faces.people, _rng(3, seed)
    in_b, poor = np.zeros(len(people), bool), np.zeros(len(people), bool)
    for own in _cells(people):
        order = rng.permutation(own)
        half = len(order) // 2
        in_b[order[half:]] = True
        poor[_some(rng, order[:half], 1 - UNEVEN)] = True
        poor[_some(rng, order[half:], UNEVEN)] = True
    who = _place(faces)
    camera = np.where(poor, POOR, GOOD)
    use = (faces.of("camera") == camera[who]) & np.isclose(
        faces.of("tone").astype(float), TONES["darker"]
    )
    district = dict(zip(people.index, np.where(in_b, B, A)))
    cameras = dict(zip(people.index, camera))
    part = _part(faces, use)
    return _of_images(3, "SFace", part, district, cameras, "false_rejection", "camera")


OUTCOMES = {
    "fmr": N_("two people of a district are falsely matched"),
    "false_rejection": N_("a person is not recognised in their own photograph"),
    "people": N_("a person is at least once not recognised in their own photographs"),
}


def _rng(*numbers: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([71, *numbers]))


def _place(faces: FaceSet) -> NDArray[np.int64]:
    """Place of each photograph's person in the table of people."""
    place = {person: k for k, person in enumerate(faces.people.index)}
    return np.array([place[person] for person in faces.of("person")])


def _turns(rng: np.random.Generator, who: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each person's photographs in an order by lot: 0, 1, ...; the first two are any two."""
    order = np.lexsort((rng.random(len(who)), who))
    starts = np.searchsorted(who[order], who[order])
    out = np.empty(len(who), np.int64)
    out[order] = np.arange(len(who)) - starts
    return out


def _cells(people: pd.DataFrame) -> list[NDArray[np.int64]]:
    """Places of the people of each tone band and half of presentation."""
    parts = people.groupby(["tone_band", "presentation_half"], sort=True).indices
    return [np.asarray(own, np.int64) for own in parts.values()]


def _some(rng: np.random.Generator, people: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    return rng.permutation(people)[: round(share * len(people))]


@dataclass(frozen=True, eq=False)
class _Part:
    """Some photographs of a set, with what a matcher makes of them."""

    faces: FaceSet
    use: Mask

    def of(self, column: str) -> NDArray[Any]:
        return self.faces.of(column)[self.use]

    def templates(self, matcher: str) -> NDArray[np.float32]:
        return matchers.get(matcher).templates(self.faces)[self.use]


def _part(faces: FaceSet, use: Mask) -> _Part:
    return _Part(faces, np.asarray(use, bool))


def _of_images(
    number: int,
    matcher: str,
    faces: FaceSet | _Part,
    district: Mapping[int, str],
    stratum: Mapping[int, str],
    rate: str,
    thing: str,
) -> Confounded:
    """Errors counted by comparisons."""
    part = faces if isinstance(faces, _Part) else _part(faces, np.ones(len(faces), bool))
    who = part.of("person")
    where, layer = (np.array([of[p] for p in who]) for of in (district, stratum))
    pairs = all_pairs(part.templates(matcher), who, matchers.get(matcher).measure)
    threshold = threshold_of(matcher)
    crude = group_table(pairs, where, threshold, names=[A, B])
    strata: dict[Hashable, GroupTable] = {
        name: group_table(pairs.select(layer == name), where[layer == name], threshold)
        for name in np.unique(layer).tolist()
    }
    known = parameters(part, district)
    return Confounded(number, matcher, OUTCOMES[rate], rate, crude, strata, known, thing)


def _of_people(
    number: int,
    matcher: str,
    part: _Part,
    district: Mapping[int, str],
    stratum: Mapping[int, str],
    thing: str,
) -> Confounded:
    """A person is an error when any of their comparisons is one: the more of them, the likelier."""
    who = part.of("person")
    pairs = all_pairs(part.templates(matcher), who, matchers.get(matcher).measure)
    counts = pairs.mated_counts(threshold_of(matcher))
    rejected = (counts.missed + counts.planned - counts.made) > 0
    where, layer = (np.array([of[p] for p in counts.people.tolist()]) for of in (district, stratum))

    def tables(use: Mask) -> GroupTable:
        rows = [
            _one_trial_each(name, counts.people[here], rejected[here])
            for name in (A, B)
            if (here := use & (where == name)).any()
        ]
        return GroupTable(tuple(rows), threshold_of(matcher))

    strata: dict[Hashable, GroupTable] = {
        name: tables(layer == name) for name in np.unique(layer).tolist()
    }
    crude = tables(np.ones(len(where), bool))
    known = parameters(part, district)
    return Confounded(
        number, matcher, OUTCOMES["people"], "false_rejection", crude, strata, known, thing
    )


def _one_trial_each(name: str, people: NDArray[np.int64], errors: Mask) -> GroupCounts:
    """Counts in which each person is one trial of false rejection."""
    none, one = np.zeros(len(people)), np.ones(len(people))
    square = np.zeros((len(people), len(people)))
    return GroupCounts(
        name, people, square, square, none, none, errors.astype(np.float64), one, one
    )


# ---- what else differs --------------------------------------------------------------------------

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "images": N_("photographs of each person"),
        "age": N_("age in years"),
        "tone": N_("tone, 0 light to 1 dark"),
        "presentation": N_("presentation, -1 to 1"),
        "glasses": N_("share of photographs with glasses"),
        "covering": N_("share of photographs with a head covering"),
        "beard": N_("share of photographs with a beard"),
        "camera": N_("noise of the camera, 0 none to 3 very much"),
        "turned": N_("head turned, in degrees"),
        "smile": N_("smile, 0 none to 1"),
    }
)
"""What is known of each photograph, or of each person."""


SAME = 1e-6
"""People who differ by less are alike: only the last digits of a mean differ."""


def parameters(part: _Part, district: Mapping[int, str]) -> pd.DataFrame:
    """What is known of two districts, each person counting once.

    Parameters
    ----------
    part
        The photographs that were compared.
    district
        Person -> district.

    Returns
    -------
    table
        Index: :data:`PARAMETERS`.  Columns: ``means``, in words; :data:`A` and :data:`B`, means
        over people; ``apart``, B minus A in standard deviations between people.
    """
    import pandas as pd

    values = pd.DataFrame(
        {
            "person": part.of("person"),
            "images": 1.0,
            "age": part.of("age").astype(float),
            "tone": part.of("tone").astype(float),
            "presentation": part.of("presentation").astype(float),
            "glasses": (part.of("glasses") != "").astype(float),
            "covering": (part.of("covering") != "").astype(float),
            "beard": (part.of("facial_hair") != "none").astype(float),
            "camera": part.of("noise").astype(float),
            "turned": np.abs(part.of("yaw").astype(float)),
            "smile": part.of("smile").astype(float),
        }
    )
    grouped = values.groupby("person")
    people = grouped.mean()
    people["images"] = grouped["images"].sum()
    where = np.array([district[p] for p in people.index])
    rows = {}
    for name in PARAMETERS:
        of = [people[name].to_numpy()[where == d] for d in (A, B)]
        first, second = (float(np.nanmean(v)) if len(v) else math.nan for v in of)
        spread = float(np.nanstd(people[name]))
        apart = (second - first) / spread if spread > SAME else 0.0
        rows[name] = {"means": _(PARAMETERS[name]), A: first, B: second, "apart": apart}
    return pd.DataFrame.from_dict(rows, orient="index")
