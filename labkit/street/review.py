"""Human review: a person sees a probe and five candidates, and names one of them or nobody.

In: real searches of the gallery, stored with their pictures in ``data/street``.  Out:
:func:`cases`, the twelve cases of notebook 10, the same every time; :func:`counted`, what answers
come to, as counts; :func:`searches` and :func:`by_rule`, what a fixed rule makes of the same cases
and of all searches.  A rule is no person: it stands where nobody has played yet.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.codec import Picture, decode
from labkit.base.words import N_, _
from labkit.data import ORDERS, data_folder
from labkit.measure.intervals import wilson
from labkit.measure.searches import SearchThreshold, search_threshold
from labkit.street import stored

if TYPE_CHECKING:
    import pandas as pd

ROOM = 23  # this module's number in the seeds
CANDIDATES = 5
BANDS = ORDERS["tone_band"]
MAKE_UP, MATCHER = "town", "dlib"
TILE, COLUMNS = 160, 1 + CANDIDATES
"""Pixels of a picture; pictures of a case: the probe, then the candidates."""

ANSWERS = "10-review"
"""Name under which the journal keeps the answers."""
NOBODY, OPEN = "nobody", ""
NAMES = tuple(str(place) for place in range(1, CANDIDATES + 1))
TABLE, SHEET = "review.csv", "review.webp"

DISTANCES = (
    "eyes inner",
    "one eye",
    "other eye",
    "nose to one eye",
    "nose to other eye",
    "eyes to nose",
)
"""Columns of measured distances, shares of the width over both eyes."""


# ---- the cases ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Review:
    """Cases for a reviewer; made by :func:`cases`.

    Parameters
    ----------
    table
        A row for each picture: ``case``, ``place`` (0 the probe, 1 to 5 the candidates by their
        scores), ``image`` (row of ``data.gallery().images``), ``mate``, ``score``, ``percent``,
        ``shown`` (whether the percentage is shown in this case), and what the picture holds.
    sheet
        All pictures as one WebP: a row of six for each case.
    """

    table: pd.DataFrame
    sheet: bytes

    def __len__(self) -> int:
        return int(self.table["case"].nunique())

    @property
    def mates(self) -> NDArray[np.int64]:
        """The place of the mate in each case, 1 to 5; 0 where it is absent."""
        table = self.table
        return np.array(
            [int((of["place"] * of["mate"]).sum()) for _case, of in table.groupby("case")]
        )

    @property
    def shown(self) -> NDArray[np.bool_]:
        """In which cases the percentage is shown."""
        return self.table.groupby("case")["shown"].first().to_numpy(bool)

    @property
    def percents(self) -> NDArray[np.float64]:
        """The percentage of each candidate, shape (cases, 5)."""
        found = self.table[self.table["place"] > 0]
        return found["percent"].to_numpy(float).reshape(-1, CANDIDATES)

    @property
    def scores(self) -> NDArray[np.float64]:
        """The score of each candidate, shape (cases, 5)."""
        found = self.table[self.table["place"] > 0]
        return found["score"].to_numpy(float).reshape(-1, CANDIDATES)

    def fits(self, answers: object) -> bool:
        """Whether these are answers to these cases, such as a journal may have kept."""
        known = {*NAMES, NOBODY, OPEN}
        return isinstance(answers, list) and len(answers) == len(self) and set(answers) <= known

    def pictures(self, case: int) -> list[Picture]:
        """The probe and the five candidates of a case, uint8 RGB."""
        whole = decode(self.sheet)
        row = whole[case * TILE : (case + 1) * TILE]
        return [row[:, k * TILE : (k + 1) * TILE] for k in range(COLUMNS)]

    def facts(self, case: int) -> list[list[str]]:
        """What the pictures of a case hold, for whoever reviews without looking.

        Returns
        -------
        rows
            For each fact its name, then the probe's value and the five candidates'.
        """
        of = self.table[self.table["case"] == case]
        rows = [
            [name, *(f"{value:.2f}" for value in of[column])]
            for column, name in zip(DISTANCES, _distances(), strict=True)
        ]
        for column, name in _worn().items():
            values = (str(value).replace("_", " ") or _("none") for value in of[column])
            rows.append([name, *values])
        return rows


def _distances() -> list[str]:
    """The names of :data:`DISTANCES`."""
    return [
        _("between the inner corners of the eyes"),
        _("one eye from corner to corner"),
        _("the other eye from corner to corner"),
        _("from under the nose to the outer corner of one eye"),
        _("from under the nose to the outer corner of the other eye"),
        _("from the line of the eyes down to under the nose"),
    ]


def _worn() -> dict[str, str]:
    """What else is told of a picture, by column."""
    return {
        "tone_band": _("skin tone band"),
        "haircut": _("haircut"),
        "glasses": _("glasses"),
        "covering": _("head covering"),
        "facial_hair": _("facial hair"),
    }


def cases() -> Review:
    """The twelve cases of notebook 10, the same every time.

    Returns
    -------
    review
        In half of the cases the person of the probe is among the candidates, in half not; in half
        of each the percentage is shown.  Which is which was drawn by seed (:func:`chosen`).

    Raises
    ------
    DamagedFile
        When a file is missing or changed.
    """
    return _cases(str(data_folder()))


@functools.lru_cache(maxsize=2)
def _cases(folder: str) -> Review:
    import pandas as pd

    data = Path(folder)
    table = pd.read_csv(io.BytesIO(stored.read(TABLE, data)), keep_default_na=False)
    for column in ("percent", "score", *DISTANCES):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    for column in ("mate", "shown"):
        table[column] = table[column].astype(bool)
    return Review(table, stored.read(SHEET, data))


# ---- whom they show -----------------------------------------------------------------------------


def enrolled_in(gallery: Any, make_up: str = MAKE_UP) -> NDArray[np.int64]:
    """The rows of the largest gallery of a make-up that there is: 25,000 people, or all so far.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`; one that was made in part is smaller.
    make_up
        One of ``data.MAKE_UPS``.
    """
    from labkit.gallery.nested import largest

    return np.asarray(gallery.enrolled(make_up, largest(gallery, make_up)))


class Searches(NamedTuple):
    """Searches of the gallery by second photographs: half of them of people enrolled in it.

    Parameters
    ----------
    images
        Rows of the probes, shape (n,).
    present
        Whether the person is enrolled.
    rows, scores
        The first five candidates, shape (n, 5): rows of the gallery's images, scores; -1 and NaN
        where no face was found in the probe.
    mates
        The place of the person's own photograph among the five, 1 to 5; 0 where it is not there.
    """

    images: NDArray[np.int64]
    present: NDArray[np.bool_]
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    mates: NDArray[np.int64]


def searches(gallery: Any = None) -> Searches:
    """Search for the second photographs of everybody who has one, enrolled or council member.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`; without it that of the lab.  Dev people are left out: a
        rule's threshold is chosen on them.
    """
    from labkit import data
    from labkit.gallery.index import Exact

    of = data.gallery() if gallery is None else gallery
    templates = of.templates(MATCHER)
    enrolled = enrolled_in(of)
    known, others = of.rows("mates", photo=1), of.rows("council", photo=1)
    images = np.concatenate([known, others])
    found = Exact(templates[enrolled], of.measure(MATCHER)).search(templates[images], CANDIDATES)
    rows = np.where(found.rows >= 0, enrolled[found.rows], -1)
    person = of.images["person"].to_numpy()
    own = (rows >= 0) & (person[rows] == person[images][:, None])
    mates = np.where(own.any(1), own.argmax(1) + 1, 0)
    present = np.arange(len(images)) < len(known)
    scores = np.where(rows >= 0, found.scores.astype(float), np.nan)
    return Searches(images, present, rows, scores, mates)


def chosen(of: Searches, bands: ArrayLike, seed: int = 0) -> list[tuple[int, bool]]:
    """Which searches become cases, in the order in which they are shown, and with a percentage?

    Of each band two people who are in the gallery and among their own five candidates, and two who
    are not in it; one of each two is shown with the percentage.

    Parameters
    ----------
    of
        The searches.
    bands
        The tone band of each probe, shape (n,).
    seed
        Of the lot.

    Returns
    -------
    cases
        (place in ``of``, whether the percentage is shown), twelve of them.

    Raises
    ------
    ValueError
        When a band has too few.
    """
    rng = np.random.default_rng([ROOM, seed])
    band = np.asarray(bands)
    out: list[tuple[int, bool]] = []
    for present in (True, False):
        for name in BANDS:
            wanted = (of.mates > 0) if present else ~of.present & (of.rows >= 0).all(1)
            free = np.flatnonzero(wanted & (band == name))
            if len(free) < 2:
                raise ValueError(f"{len(free)} {name} people for two cases: search for more")
            two = rng.choice(free, 2, replace=False)
            out += [(int(two[0]), True), (int(two[1]), False)]
    return [out[k] for k in rng.permutation(len(out))]


# ---- what answers come to -----------------------------------------------------------------------


class Counted(NamedTuple):
    """What answers come to: counts.

    Parameters
    ----------
    answered
        Cases with an answer.
    present, right, other, missed
        Answered cases with the person in the gallery; of these: named rightly, somebody else named,
        nobody named.
    absent, named
        Answered cases with the person not in the gallery; of these: somebody named, wrongly.
    first
        Answered cases in which the first candidate was named.
    """

    answered: int
    present: int
    right: int
    other: int
    missed: int
    absent: int
    named: int
    first: int


def counted(answers: Sequence[str], mates: ArrayLike, present: ArrayLike | None = None) -> Counted:
    """Count answers.

    Parameters
    ----------
    answers
        ``"1"`` to ``"5"``, ``"nobody"``, or ``""`` for a case without an answer; one a case.
    mates
        The place of the mate in each case, 0 where it is not among the five.
    present
        Whether the person is enrolled; without it, wherever the mate is among the five.

    Raises
    ------
    ValueError
        When there is not one answer for each case, or for another answer.

    Examples
    --------
    >>> found = counted(["1", "2", "nobody", "1", "nobody", ""], [1, 1, 1, 0, 0, 0])
    >>> found.present, found.right, found.other, found.missed, found.absent, found.named
    (3, 1, 1, 1, 2, 1)
    """
    place = np.asarray(mates, int)
    there = place > 0 if present is None else np.asarray(present, bool)
    if len(answers) != len(place) or len(there) != len(place):
        words = _("{n} cases and {given} answers: give one answer for each case")
        raise ValueError(words.format(n=len(place), given=len(answers)))
    odd = [a for a in answers if a not in (*NAMES, NOBODY, OPEN)]
    if odd:
        words = _("{odd!r} is no answer: use {all}")
        raise ValueError(words.format(odd=odd[0], all=", ".join(map(repr, (*NAMES, NOBODY, OPEN)))))
    codes = {NOBODY: 0, OPEN: -1}
    given = np.array([codes.get(a, -1) if a in codes else int(a) for a in answers], int)
    done, some = given >= 0, given > 0
    right = some & (given == place)
    return Counted(
        answered=int(done.sum()),
        present=int((done & there).sum()),
        right=int(right.sum()),
        other=int((some & there & ~right).sum()),
        missed=int((there & (given == 0)).sum()),
        absent=int((done & ~there).sum()),
        named=int((some & ~there).sum()),
        first=int((given == 1).sum()),
    )


def by_rule(first: ArrayLike, threshold: float | None = None) -> list[str]:
    """Answers of a rule: name the first candidate, always or when its score is high enough.

    Parameters
    ----------
    first
        The score of the first candidate of each case; NaN where there is none.
    threshold
        The least score at which the rule names somebody; without it, it always does.

    Examples
    --------
    >>> by_rule([-0.3, -0.5, float("nan")]), by_rule([-0.3, -0.5], -0.4)
    (['1', '1', 'nobody'], ['1', 'nobody'])
    """
    score = np.asarray(first, float)
    least = -np.inf if threshold is None else threshold
    return [NAMES[0] if value >= least else NOBODY for value in score]


RULES = {
    "always": N_("rule: always the first"),
    "threshold": N_("rule: the first, from a threshold on"),
}
"""Rules that stand beside what people answer."""


def threshold_of(gallery: Any = None, fpir: float = 0.10) -> SearchThreshold:
    """The threshold of the second rule, chosen on dev people, who are enrolled nowhere.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`; without it that of the lab.
    fpir
        The share of their searches that return somebody at it.
    """
    from labkit import data
    from labkit.gallery.index import Exact

    of = data.gallery() if gallery is None else gallery
    index = Exact(of.templates(MATCHER, enrolled_in(of)), of.measure(MATCHER))
    return search_threshold(index.best(of.templates(MATCHER, of.rows("dev", photo=1))), fpir)


def rules(first: ArrayLike, threshold: float) -> dict[str, list[str]]:
    """What the rules answer: name of the rule, in words -> answers."""
    return {
        _(RULES["always"]): by_rule(first),
        _(RULES["threshold"]): by_rule(first, threshold),
    }


def rates(of: Searches, threshold: float) -> pd.DataFrame:
    """How often the rules are right and wrong over all searches, with intervals by people.

    Parameters
    ----------
    of
        All searches.
    threshold
        Of the second rule.
    """
    rows = {}
    for name, answers in rules(of.scores[:, 0], threshold).items():
        c = counted(answers, of.mates, of.present)
        rows[name] = {
            _("enrolled"): c.present,
            _("right name"): wilson(c.right, c.present).text(2),
            _("another name"): wilson(c.other, c.present).text(2),
            _("not enrolled"): c.absent,
            _("a name all the same"): wilson(c.named, c.absent).text(2),
        }
    import pandas as pd

    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(_("who"))


def tallied(named: dict[str, Counted]) -> pd.DataFrame:
    """Counts side by side, a row each.

    Parameters
    ----------
    named
        What was counted, by the name of its row.

    Examples
    --------
    >>> found = tallied({"somebody": counted(["1", "nobody"], [1, 0])})
    >>> found.loc["somebody", "right name"]
    '1 of 1'
    """
    import pandas as pd

    def of(part: int, whole: int) -> str:
        return _("{part} of {whole}").format(part=part, whole=whole)

    rows = {
        name: {
            _("right name"): of(c.right, c.present),
            _("another name"): of(c.other, c.present),
            _("nobody, though enrolled"): of(c.missed, c.present),
            _("a name, though not enrolled"): of(c.named, c.absent),
            _("first candidate named"): of(c.first, c.answered),
        }
        for name, c in named.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(_("who"))


def side_by_side(answers: Sequence[str], of: Review, threshold: float) -> pd.DataFrame:
    """What somebody named, with the percentage and without it, and what the rules name.

    Parameters
    ----------
    answers
        Somebody's; without an answer to every case only the rules are counted.
    of
        The cases.
    threshold
        Of the second rule, chosen on other people.
    """
    mates, shown = of.mates, of.shown
    rows: dict[str, Counted] = {}
    if OPEN not in answers:
        for name, among in ((_("you, percentage shown"), shown), (_("you, not shown"), ~shown)):
            given = [a for a, here in zip(answers, among, strict=True) if here]
            rows[name] = counted(given, mates[among])
    for name, given in rules(of.scores[:, 0], threshold).items():
        rows[name] = counted(given, mates)
    return tallied(rows)


def percentages(cases: Review, everybody: Searches) -> str:
    """Whether the percentage told who was enrolled: in the cases that showed it, and beyond them.

    Parameters
    ----------
    cases
        The cases.
    everybody
        Searches by everybody with a second photograph.
    """
    first, enrolled = cases.percents[:, 0], cases.mates > 0
    there, absent = cases.shown & enrolled, cases.shown & ~enrolled
    low, high = float(first[there].min()), float(first[absent].max())
    if low <= high:
        return _(
            "In the cases that showed a percentage, some first candidates had {high:.1f} though the"
            " person was not enrolled, and some {low:.1f} though they were: it did not tell."
        ).format(low=low, high=high)
    told = _(
        "In the {n} cases that showed a percentage, the first candidate had at least {low:.1f}"
        " where the person was enrolled, and at most {high:.1f} where not."
    ).format(n=int(cases.shown.sum()), low=low, high=high)
    least = float(cases.scores[there, 0].min())
    best = everybody.scores[:, 0]
    strangers, own = best[~everybody.present], best[everybody.present]
    as_high, lower = int((strangers >= least).sum()), int((~(own >= least)).sum())
    counted = _(
        "Of everybody, {as_high} of {absent} who are not enrolled get a first candidate at least as"
        " alike, and {lower} of {present} who are enrolled get none."
    ).format(as_high=as_high, absent=len(strangers), lower=lower, present=len(own))
    if as_high or lower:
        verdict = _("So few cases made the percentage look better than it is.")
    else:
        verdict = _("So it told in more than these cases.")
    return f"{told} {counted} {verdict}"
