"""Who sat in the calibration sample: the origin from which similarity is measured.

In: coefficients and templates that are stored, and who the sample is made of.  Out: for each sample
the share of the false matches that each tone has, its false rejections, and sentences.

A matcher that compares angles measures them from an origin: mostly the mean of the people it was
fitted or centred on.  Two things are done here.  Fisherfaces is trained on the same 300 people at
mixes from 90:10 to 10:90, where only the tone at which each person is seen changes; and a network
that others trained is left as it is while the mean of one tone's people is taken off its templates.

Shares of false matches are shown, and no ratios: one threshold holds for all, so what leaves one
group turns up in the other, and a ratio would only say that the share has a ceiling.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit import data, matchers
from labkit.base.words import N_, _
from labkit.experiment import changes
from labkit.experiment.estimates import Estimate, rate, share
from labkit.measure.disparity import group_table
from labkit.measure.faces import threshold_cells
from labkit.measure.intervals import Interval
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import choose_threshold

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet

Templates = NDArray[np.float32]
Whole = NDArray[np.int64]

COMPONENTS, SHRINKAGE = 25, 0.01
"""As :class:`labkit.matchers.pixel.Fisherfaces` has them; a test holds the two together."""

TONES = (0.1, 0.9)
"""The tones at which each person of ``counterfactual/train-two-tones`` was drawn."""

MIXES: Mapping[str, float] = MappingProxyType(
    {"90:10": 0.1, "75:25": 0.25, "50:50": 0.5, "25:75": 0.75, "10:90": 0.9}
)
"""People seen at the lighter tone to people seen at the darker one, and the latter's share."""

ENDS = ("90:10", "10:90")

ASKED = 1e-2
"""The mean FMR that each threshold is chosen for, on ``anytown/dev``."""

WAYS: Mapping[str, str] = MappingProxyType(
    {
        "as trained": N_("angles from the mean of the training sample"),
        "recentred": N_("angles from the mean of a balanced sample, nothing trained again"),
        "distance": N_("distances, which have no origin"),
    }
)
"""What is done with the coefficients of one training; nothing is trained anew."""

TESTS = ("eval", "paired")
"""Test samples: people of ``anytown/eval`` at their own tones; 160 others, each at both tones."""


# ---- one training -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Who is seen at which tone, by number of the person.

    Examples
    --------
    >>> Sample(np.array([1, 2, 3]), np.array([4])).words
    '3 people at the lighter tone, 1 at the darker'
    """

    lighter: Whole
    darker: Whole

    @property
    def words(self) -> str:
        """How many of each."""
        words = _("{lighter:,} people at the lighter tone, {darker:,} at the darker")
        return words.format(lighter=len(self.lighter), darker=len(self.darker))


def by_tone(darker_share: float, split: int = 0, *, people: int | None = None) -> Sample:
    """The training people divided by tone at random: the same people, whatever the share.

    Parameters
    ----------
    darker_share
        Share of people seen at the darker tone, 0 to 1.
    split
        Which division; another one sees other people at the rare tone.
    people
        How many of the 300; all when ``None``.

    Raises
    ------
    ValueError
        For something that is no share, or more people than there are.

    Examples
    --------
    >>> by_tone(0.1).words
    '270 people at the lighter tone, 30 at the darker'
    """
    if not 0 <= darker_share <= 1:
        raise ValueError(f"{darker_share!r} is no share: give a number from 0 to 1")
    order = _shuffled(split)
    if people is not None:
        if not 1 <= people <= len(order):
            raise ValueError(f"{people} people of {len(order)}: give 1 to {len(order)}")
        order = order[:people]
    many = round(darker_share * len(order))
    return Sample(np.sort(order[many:]), np.sort(order[:many]))


def by_number(even_share: float, split: int = 0, *, people: int = 150) -> Sample:
    """A division that cannot matter: people with odd and with even numbers, tones balanced in both.

    A person's number decides nothing about a face but its draw.

    Parameters
    ----------
    even_share
        Share of people with an even number, 0 to 1.
    split
        Which people.
    people
        How many, at most those there are of the more frequent kind.

    Raises
    ------
    ValueError
        For something that is no share, or too few people of a kind.

    Examples
    --------
    >>> sample = by_number(0.1)
    >>> everyone = np.concatenate([sample.lighter, sample.darker])
    >>> len(everyone), int((everyone % 2 == 0).sum())
    (150, 15)
    """
    if not 0 <= even_share <= 1:
        raise ValueError(f"{even_share!r} is no share: give a number from 0 to 1")
    order, many = _shuffled(split), round(even_share * people)
    halves: list[list[Whole]] = [[], []]
    for parity, wanted in ((0, many), (1, people - many)):
        own = order[order % 2 == parity]
        if wanted > len(own):
            raise ValueError(f"{wanted} people of {len(own)}: give fewer people")
        for k in (0, 1):
            halves[k].append(own[:wanted][k::2])
    return Sample(*(np.sort(np.concatenate(half)) for half in halves))


def _shuffled(split: int) -> Whole:
    everyone = np.unique(_two_tones().of("person")).astype(np.int64)
    return np.random.default_rng(np.random.SeedSequence([61, split])).permutation(everyone)


@functools.lru_cache(maxsize=1)
def _two_tones() -> FaceSet:
    return data.load("counterfactual/train-two-tones")


@functools.lru_cache(maxsize=1)
def _two_tone_coefficients() -> Templates:
    return _two_tones().coefficients


@dataclass(frozen=True, eq=False)
class Trained:
    """Fisherfaces trained on one sample.

    Parameters
    ----------
    sample
        Who was seen at which tone.
    mean
        Mean coefficients of the sample, shape (k,): the origin.
    balanced
        Mean of the same people, each seen at both tones: the origin when recentred.
    directions
        Shape (k, d).
    """

    sample: Sample
    mean: Templates = field(repr=False)
    balanced: Templates = field(repr=False)
    directions: Templates = field(repr=False)

    def templates(self, coefficients: Templates, way: str = "as trained") -> Templates:
        """Templates of coefficients, shape (n, d); NaN stays NaN.

        Parameters
        ----------
        coefficients
            Shape (n, k), from :func:`coefficients_of`.
        way
            One of :data:`WAYS`.

        Raises
        ------
        ValueError
            For another way.
        """
        if way not in WAYS:
            raise ValueError(f"there is no way {way!r}: use one of {', '.join(WAYS)}")
        origin = self.balanced if way == "recentred" else self.mean
        return ((coefficients - origin) @ self.directions).astype(np.float32)


def train(sample: Sample) -> Trained:
    """Train Fisherfaces on stored coefficients; takes a third of a second.

    The directions are found as :class:`labkit.matchers.pixel.Fisherfaces` finds them, with its
    defaults, among the 150 stored principal components.

    Raises
    ------
    ValueError
        When a person is seen twice, or there are too few people.

    Examples
    --------
    >>> train(by_tone(0.5, people=60)).directions.shape
    (150, 25)
    """
    everyone = np.concatenate([sample.lighter, sample.darker])
    if len(np.unique(everyone)) < len(everyone):
        raise ValueError("a person is at both tones: the mix would not say how often each was seen")
    if len(everyone) <= COMPONENTS:
        raise ValueError(
            f"{len(everyone)} people give no {COMPONENTS} directions: give more people"
        )
    faces, coefficients = _two_tones(), _two_tone_coefficients()
    who, tone = faces.of("person"), faces.of("tone").astype(float)
    found = np.isfinite(coefficients).all(1)
    both = found & np.isin(who, everyone)
    seen = np.isclose(tone, np.where(np.isin(who, sample.darker), TONES[1], TONES[0])) & both
    best = _discriminant(coefficients[seen], who[seen], SHRINKAGE)
    directions = best[:, :COMPONENTS].astype(np.float32)
    means = coefficients[seen].mean(0), coefficients[both].mean(0)
    return Trained(sample, *means, directions)


def _discriminant(rows: Templates, who: NDArray[Any], shrinkage: float) -> NDArray[np.float64]:
    """Directions of linear discriminant analysis, best first, shape (k, k).

    As scikit-learn's solver ``"eigen"`` finds them.  To import that takes 70 MB, and notebook 06,
    which trains on stored coefficients beside much else, has no room for it.
    """
    rows = np.asarray(rows, np.float64)
    people, place = np.unique(who, return_inverse=True)
    sums = np.zeros((len(people), rows.shape[1]))
    np.add.at(sums, place, rows)
    own = rows - (sums / np.bincount(place)[:, None])[place]
    all_of = rows - rows.mean(0)
    within, total = (_shrunk(x.T @ x / len(x), shrinkage) for x in (own, all_of))
    root = np.linalg.cholesky(within)
    half = np.linalg.solve(root, total - within)
    values, vectors = np.linalg.eigh(np.linalg.solve(root, half.T))
    return np.linalg.solve(root.T, vectors[:, np.argsort(values)[::-1]])


def _shrunk(covariance: NDArray[np.float64], shrinkage: float) -> NDArray[np.float64]:
    """A covariance drawn towards a ball of the same size."""
    k = len(covariance)
    return (1 - shrinkage) * covariance + shrinkage * np.trace(covariance) / k * np.eye(k)


def coefficients_of(faces: FaceSet) -> Templates:
    """Coefficients of a set on the stored basis, shape (n, 150); NaN where no face was found.

    Those that are stored, where they are; else of its crops.

    Raises
    ------
    LookupError
        For a set with neither.

    Examples
    --------
    >>> coefficients_of(data.load("anytown/dev")).shape
    (1920, 150)
    """
    from labkit.matchers.align import crop_vectors

    try:
        return faces.coefficients
    except LookupError:
        basis, crops = data.load_basis(), faces.crops
    out = np.full((len(crops), len(basis.components)), np.nan, np.float32)
    for k in range(0, len(crops), 192):  # crops take room while they are made ready
        rows = slice(k, k + 192)
        out[rows] = (crop_vectors(crops[rows]) - basis.mean) @ basis.components.T
    out[~crops.any(axis=(1, 2))] = np.nan
    return out


# ---- one test -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Judged:
    """What one test of one matcher came to; small, so that many can be kept.

    Parameters
    ----------
    threshold
        Chosen on other people.
    shares, rejections
        Group -> its share of the false matches, and its false rejection, failures counted.
    fmr, rejection
        Group -> the same rates with their own intervals.
    false_matches
        Group -> how many.
    """

    threshold: float
    shares: Mapping[Hashable, Estimate] = field(repr=False)
    rejections: Mapping[Hashable, Estimate] = field(repr=False)
    fmr: Mapping[Hashable, Interval]
    rejection: Mapping[Hashable, Interval]
    false_matches: Mapping[Hashable, int]

    def gap(self, group: Hashable = "darker", other: Hashable = "lighter") -> Estimate:
        """False rejection of one group minus that of another."""
        return self.rejections[group] - self.rejections[other]


def judge(
    chosen_on: tuple[Templates, FaceSet],
    judged_on: tuple[Templates, FaceSet],
    groups: ArrayLike,
    measure: str = "cosine",
    *,
    asked: float = ASKED,
) -> Judged:
    """Choose a threshold on some people by the lab's rule and count the errors of others.

    Parameters
    ----------
    chosen_on
        Templates and set on which the threshold is chosen.
    judged_on
        Templates and set of the people who are counted.
    groups
        Group of each image of ``judged_on``; images without one take no part.
    measure
        How templates are compared.
    asked
        The mean FMR that the threshold is chosen for.

    Raises
    ------
    ValueError
        When there are too few people for a threshold, or labels do not fit.
    """
    rows, faces = chosen_on
    pairs = all_pairs(rows, faces.of("person"), measure)
    threshold = choose_threshold(pairs, asked, cells=threshold_cells(faces)).value
    del pairs
    rows, faces = judged_on
    table = group_table(all_pairs(rows, faces.of("person"), measure), groups, threshold)
    return Judged(
        threshold,
        {name: share(table, name) for name in table.names},
        {row.name: rate(row) for row in table.rows},
        {name: table[name, "fmr"] for name in table.names},
        {name: table[name, "false_rejection"] for name in table.names},
        {row.name: round(float(row.terms("fmr")[0].sum() / 2)) for row in table.rows},
    )


def tone_groups(faces: FaceSet) -> pd.Categorical:
    """Tone band of each image: the person's own, or that of the tone at which they were drawn.

    Of a set in which each person is drawn at several tones, the pictures of the camera ``natural``
    count, and those at the tone in the middle have no group.

    Examples
    --------
    >>> tone_groups(data.load("counterfactual/paired")).categories.tolist()
    ['lighter', 'darker']
    """
    import pandas as pd

    if not (faces.of("camera") != "").any():  # nobody was drawn at other tones than their own
        return faces.groups("tone_band")
    tone = faces.of("tone").astype(float)
    names: Any = np.full(len(faces), None, object)
    for name, value in zip(("lighter", "darker"), TONES, strict=True):
        names[np.isclose(tone, value) & (faces.of("camera") == "natural")] = name
    return pd.Categorical(names, ["lighter", "darker"], ordered=True)


def number_groups(faces: FaceSet) -> pd.Categorical:
    """``"odd"`` or ``"even"``, the number of each image's person."""
    import pandas as pd

    names: Any = np.where(faces.of("person") % 2, "odd", "even")
    return pd.Categorical(names, ["odd", "even"], ordered=True)


# ---- Fisherfaces, mix by mix --------------------------------------------------------------------

Key = tuple[str, int, str, str]


@dataclass(frozen=True, eq=False)
class Tested:
    """Many trainings judged: (mix, split, test, way) -> :class:`Judged`.

    Parameters
    ----------
    judged
        In the order in which it was computed.
    group
        The group whose share is told: the one that is rare at the first mix.
    other
        The group at the other end.
    """

    judged: Mapping[Key, Judged] = field(repr=False)
    group: str = "darker"
    other: str = "lighter"

    @property
    def mixes(self) -> list[str]:
        """In their order."""
        return list(dict.fromkeys(key[0] for key in self.judged))

    @property
    def trials(self) -> list[tuple[int, str]]:
        """Each split with each test sample."""
        return list(dict.fromkeys(key[1:3] for key in self.judged))

    def shares(self, way: str = "as trained") -> list[Estimate]:
        """How far the group's share moves from the first mix to the last, for each trial."""
        first, last = self.mixes[0], self.mixes[-1]
        return [
            self.judged[last, *trial, way].shares[self.group]
            - self.judged[first, *trial, way].shares[self.group]
            for trial in self.trials
        ]

    def gaps(self, way: str = "as trained") -> list[Estimate]:
        """How far the gap in false rejection moves from the first mix to the last."""
        first, last = self.mixes[0], self.mixes[-1]
        return [
            self.judged[last, *trial, way].gap(self.group, self.other)
            - self.judged[first, *trial, way].gap(self.group, self.other)
            for trial in self.trials
        ]

    def middle(self, mix: str, way: str = "as trained", *, gap: bool = False) -> float:
        """Median over trials of the group's share at a mix, or of the gap in false rejection."""
        found = [self.judged[mix, *trial, way] for trial in self.trials]
        values = [
            j.gap(self.group, self.other).value if gap else j.shares[self.group].value
            for j in found
        ]
        return float(np.median(values))

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each mix, split, test, way and group.

        Columns: those; ``share`` of the false matches, ``false_matches``, ``fmr``,
        ``false_rejection``, plain numbers.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    **dict(zip(("mix", "split", "test", "way"), key)),
                    "group": group,
                    "share": j.shares[group].value,
                    "false_matches": j.false_matches[group],
                    "fmr": j.fmr[group].value,
                    "false_rejection": j.rejection[group].value,
                }
                for key, j in self.judged.items()
                for group in j.shares
            ]
        )


def fisherfaces(
    mixes: Iterable[str] = tuple(MIXES),
    splits: Sequence[int] = (0, 1, 2),
    tests: Sequence[str] = TESTS,
    ways: Sequence[str] = tuple(WAYS),
) -> Tested:
    """Fisherfaces trained at each mix of tones and judged; a third of a second for each training.

    Parameters
    ----------
    mixes
        Names of :data:`MIXES`.
    splits
        Divisions of the training people: each sees other people at the rare tone.
    tests
        Names of :data:`TESTS`.
    ways
        Names of :data:`WAYS`.

    Raises
    ------
    ValueError
        For another mix, test or way.

    Examples
    --------
    >>> tested = fisherfaces(("90:10", "10:90"), splits=[0], tests=["paired"], ways=["as trained"])
    >>> tested.middle("90:10") > tested.middle("10:90")
    True
    """
    samples: dict[tuple[str, int], Sample] = {}
    for mix in mixes:
        if mix not in MIXES:
            raise ValueError(f"there is no mix {mix!r}: use one of {', '.join(MIXES)}")
        samples |= {(mix, split): by_tone(MIXES[mix], split) for split in splits}
    return Tested(_judged(samples, tests, ways, tone_groups))


def cannot_matter(
    splits: Sequence[int] = (0, 1, 2),
    *,
    people: int = 150,
    real: bool = False,
    tests: Sequence[str] = ("eval",),
) -> Tested:
    """The control: 90 to 10 by a number that decides nothing, tones balanced; both ends.

    Parameters
    ----------
    splits, people
        As for :func:`by_number`.
    real
        The real division in its place, by tone and among as many people: what the control must be
        set beside.
    tests
        Names of :data:`TESTS`.

    Examples
    --------
    >>> found = cannot_matter([0])
    >>> found.mixes, found.group
    (['90:10', '10:90'], 'even')
    """
    samples: dict[tuple[str, int], Sample] = {}
    for mix in ENDS:
        for split in splits:
            divide = by_tone if real else by_number
            samples[mix, split] = divide(MIXES[mix], split, people=people)
    if real:
        return Tested(_judged(samples, tests, ["as trained"], tone_groups))
    return Tested(_judged(samples, tests, ["as trained"], number_groups), "even", "odd")


def _judged(
    samples: Mapping[tuple[str, int], Sample],
    tests: Sequence[str],
    ways: Sequence[str],
    groups: Any,
) -> dict[Key, Judged]:
    sets = {name: _test_set(name) for name in ("dev", *tests)}
    labels = {name: groups(faces) for name, (_rows, faces) in sets.items() if name != "dev"}
    out: dict[Key, Judged] = {}
    for (mix, split), sample in samples.items():
        trained = train(sample)
        for way in ways:
            measure = "euclidean" if way == "distance" else "cosine"
            made = {n: (trained.templates(c, way), f) for n, (c, f) in sets.items()}
            for test in tests:
                out[mix, split, test, way] = judge(made["dev"], made[test], labels[test], measure)
    return out


def _test_set(name: str) -> tuple[Templates, FaceSet]:
    """Coefficients of a set and the set; of ``paired`` the pictures that have a group only."""
    faces = data.load("counterfactual/paired" if name == "paired" else f"anytown/{name}")
    rows = coefficients_of(faces)
    if name != "paired":
        return rows, faces
    return only(rows, faces, np.asarray(~tone_groups(faces).isna()))


def only(rows: Templates, faces: FaceSet, use: NDArray[np.bool_]) -> tuple[Templates, FaceSet]:
    """Some images of a set: their rows, and the set with the tables of these images."""
    from dataclasses import replace

    images = faces.images[use].reset_index(drop=True)
    return rows[use], replace(faces, images=images, templates=faces.templates[use])


# ---- a network that others trained --------------------------------------------------------------

ORIGINS = ("not centred", "lighter", "balanced", "darker")
"""Whose mean is taken off the templates: nobody's, that of one tone's people, of everybody's."""

ORIGIN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "not centred": N_("nothing taken off"),
        "lighter": N_("the mean of lighter people taken off"),
        "balanced": N_("the mean of all people taken off"),
        "darker": N_("the mean of darker people taken off"),
        "odd": N_("the mean of people with odd numbers taken off"),
        "even": N_("the mean of people with even numbers taken off"),
    }
)


def centred(
    matcher: str = "dlib", tests: Sequence[str] = TESTS, *, control: bool = False
) -> Tested:
    """A matcher left as it is, with the mean of some people's templates taken off.

    Its templates are compared by their angle.  The people who are averaged are those of
    ``anytown/train``: 100 of the lighter band, or of the darker, or all 300.

    Parameters
    ----------
    matcher
        Any of the registry whose templates of the sets are stored.
    tests
        Names of :data:`TESTS`.
    control
        Take off the mean of people with odd numbers, and of people with even ones: no origin can
        matter less.

    Returns
    -------
    tested
        Its mixes are :data:`ORIGINS`, with ``"lighter"`` and ``"darker"`` at the ends (or
        ``"odd"`` and ``"even"``).

    Raises
    ------
    LookupError
        For a matcher whose templates are not stored.

    Examples
    --------
    >>> found = centred("dlib", ["paired"])
    >>> found.middle("lighter") > found.middle("darker")
    True
    """
    entry = matchers.get(matcher)
    train_set = data.load("anytown/train")
    own = entry.templates(train_set)
    usable = np.isfinite(own).all(1)
    kinds = number_groups(train_set) if control else train_set.groups("tone_band")
    origins: dict[str, Any] = {}
    ends = ("odd", "even") if control else ("lighter", "darker")
    origins[ends[0]] = own[usable & (kinds == ends[0])].mean(0)
    if not control:
        origins |= {"not centred": np.float32(0), "balanced": own[usable].mean(0)}
    origins[ends[1]] = own[usable & (kinds == ends[1])].mean(0)
    groups = number_groups if control else tone_groups
    sets = {name: _stored_set(name, matcher) for name in ("dev", *tests)}
    out: dict[Key, Judged] = {}
    for name, origin in origins.items():
        made = {n: (rows - origin, faces) for n, (rows, faces) in sets.items()}
        for test in tests:
            faces = made[test][1]
            out[name, 0, test, "as trained"] = judge(made["dev"], made[test], groups(faces))
    return Tested(out, *ends[::-1])


def _stored_set(name: str, matcher: str) -> tuple[Templates, FaceSet]:
    faces = data.load("counterfactual/paired" if name == "paired" else f"anytown/{name}")
    rows = matchers.get(matcher).templates(faces)
    if name != "paired":
        return rows, faces
    return only(rows, faces, np.asarray(~tone_groups(faces).isna()))


# ---- in words -----------------------------------------------------------------------------------


def _intervals(found: Sequence[Estimate]) -> list[Interval]:
    return [estimate.interval for estimate in found]


def _ends(tested: Tested, way: str, *, gap: bool = False) -> tuple[str, str]:
    """The median at the first mix and at the last."""
    first, last = (tested.middle(tested.mixes[k], way, gap=gap) for k in (0, -1))
    return changes.hundred(first, sign=gap), changes.hundred(last, sign=gap)


def told_shares(tested: Tested, way: str = "as trained") -> str:
    """The group's share of the false matches from the first mix to the last.

    Examples
    --------
    >>> tested = fisherfaces(("90:10", "10:90"), splits=[0], tests=["paired"], ways=["as trained"])
    >>> print(told_shares(tested))
    False matches: at 90:10 the darker have 99 of 100, at 10:90 0. It falls by 99 of 100.
    """
    first, last = _ends(tested, way)
    return _(
        "False matches: at {first_mix} the {group} have {first} of 100, at {last_mix} {last}."
        " {change}"
    ).format(
        group=_(tested.group),
        first_mix=tested.mixes[0],
        last_mix=tested.mixes[-1],
        first=first,
        last=last,
        change=changes.told(_intervals(tested.shares(way))),
    )


def told_remedy(tested: Tested, way: str = "recentred") -> str:
    """What is left of both changes when the origin is another, with nothing trained anew.

    Parameters
    ----------
    tested
        From :func:`fisherfaces`, with ``"as trained"`` and ``way``.
    way
        One of :data:`WAYS`.

    Raises
    ------
    KeyError
        When it was not judged in this way.
    """
    lines = []
    for what, name in (("shares", _("Share of the false matches")), ("gaps", _("Misses"))):
        before, after = (getattr(tested, what)(w) for w in ("as trained", way))
        said = changes.left(_intervals(before), _intervals(after))
        lines.append(_("{name}, {way}: {said}").format(name=name, way=_(WAYS[way]), said=said))
    ends = _ends(tested, way, gap=True)
    lines.append(
        _(
            "With it false rejection of the {group} minus that of the {other} is {first} of 100 at"
            " {first_mix} and {last} at {last_mix}."
        ).format(
            group=_(tested.group),
            other=_(tested.other),
            first=ends[0],
            last=ends[1],
            first_mix=tested.mixes[0],
            last_mix=tested.mixes[-1],
        )
    )
    return "\n".join(lines)


def told_control(control: Tested, real: Tested) -> str:
    """The division that cannot matter beside the one by tone.

    Parameters
    ----------
    control, real
        Both from :func:`cannot_matter` (or from :func:`centred`), the second by tone.
    """
    own, beside = _intervals(control.shares()), _intervals(real.shares())
    said = changes.told(own)
    which, by_tone_too = changes.direction(own), changes.direction(beside)
    known = which not in ("too few",)
    if which == "none" and by_tone_too in ("rises", "falls"):
        verdict = _("By tone it changes by {by} of 100: the division itself does not do that.")
    elif which == "none":
        verdict = _("By tone it changes by {by} of 100, which is not shown in each trial either.")
    elif known:
        verdict = _(
            "Beside it, by tone: {by} of 100. A division that cannot matter moves the share too, so"
            " of the change by tone only what goes beyond that can be the tone's."
        )
    else:
        verdict = _("By tone it changes by {by} of 100; the control is too small to stand beside.")
    words = _("Divided by odd and even numbers, the share of the {group}: {said} {verdict}")
    by = changes.hundred(changes.middle(beside), sign=True)
    return words.format(group=_(control.group), said=said, verdict=verdict.format(by=by))


def told_centred(tested: Tested, control: Tested, matcher: str) -> str:
    """A network that others trained, with one tone's mean taken off, and its control.

    Parameters
    ----------
    tested, control
        Both from :func:`centred`.
    matcher
        Its name.
    """
    parts = [
        _("{share} of 100 with {origin}").format(
            share=changes.hundred(tested.middle(name)), origin=_(ORIGIN_WORDS[name])
        )
        for name in tested.mixes
    ]
    said = changes.told(_intervals(tested.shares()))
    words = _(
        "{matcher}, nothing trained: of the false matches the {group} have {parts}. From the first"
        " to the last: {said} {balanced}\n{control}"
    )
    return words.format(
        matcher=matcher,
        group=_(tested.group),
        parts=", ".join(parts),
        said=said,
        balanced=_told_balanced(tested),
        control=told_control(control, tested),
    )


def _told_balanced(tested: Tested) -> str:
    """Whether the mean of everybody brings the group nearer to an equal share than no mean."""
    if not {"balanced", "not centred"} <= set(tested.mixes):
        return ""
    equal = 1 / len(next(iter(tested.judged.values())).shares)
    plain, moved = (abs(tested.middle(name) - equal) for name in ("not centred", "balanced"))
    words = _("Equal would be {equal} of 100: the mean of all people brings it no nearer.")
    if moved < plain:
        words = _("Equal would be {equal} of 100: the mean of all people brings it nearer.")
    return words.format(equal=changes.hundred(equal))
