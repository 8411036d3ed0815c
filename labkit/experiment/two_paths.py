"""One network, reached by several paths: what the way to a face is worth.

In: photographs of known people (:func:`labkit.data.load_folder`).  Out: for each path of
:data:`PATHS` everybody compared with everybody, and a table of false matches and misses at one
threshold.  Network and threshold are the same in all; each path differs from the one before it in
what is named: detector, crop, which face, or how it is searched.  From the third on, a face that
lies on its side is turned upright first, and the last sees the picture at up to 12 million pixels
where the others see a copy of half a million.

Templates stay in memory.  DeepFace's guesses of age, gender, emotion and race are never called.  Of
real people's pictures, those in which more than one face is found are left out of every path before
a template is made, because nobody asked whoever stands in the background.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.pictures import PictureError, read_smaller
from labkit.base.words import N_, _
from labkit.matchers import DeepFaceMatcher, finding
from labkit.matchers.deepface import SEARCHED, haar_crops, represented
from labkit.measure import AllPairs, Interval, cluster_interval, fmr_interval
from labkit.photographs.pictures import RealPictures

if TYPE_CHECKING:
    import pandas as pd

Picture = NDArray[np.uint8]
Templates = NDArray[np.float32]


@dataclass(frozen=True)
class Path:
    """A way from a photograph to the network.

    Parameters
    ----------
    name
        In tables.
    detector, crop, size, face
        What finds the face, what is cut out, how large the network is given it, which face is
        compared where there are several.
    """

    name: str
    detector: str
    crop: str
    size: str
    face: str


BOX = N_("the detector's box, turned so that the eyes are level")
TRAINED = N_("turned and scaled by five points, with a quarter of it as margin, as in training")
STRETCHED = N_("made to fit 150 x 150, black at the sides")
CHIP = N_("150 x 150, the face always as large")

PATHS = (
    Path("DeepFace with Dlib", N_("Haar (2001)"), BOX, STRETCHED, N_("the two most alike")),
    Path("largest face", N_("Haar (2001)"), BOX, STRETCHED, N_("the largest")),
    Path("other detector", N_("dlib HOG, upright"), BOX, STRETCHED, N_("the largest")),
    Path("as trained", N_("dlib HOG, upright"), TRAINED, CHIP, N_("the largest")),
    Path(
        "as trained, searched",
        N_(
            "YuNet (2023) in the larger picture, at several sizes and turns, dlib HOG on what it"
            " finds"
        ),
        TRAINED,
        CHIP,
        N_("the largest"),
    ),
)
"""The paths, each but the first with a change to the path before it.  The first is what
``DeepFace.verify(..., model_name="Dlib")`` does: its default detector, and all else left as it is.
DeepFace's own default network is another one."""

THRESHOLD = 0.93
"""The similarity at which ``DeepFace.verify`` with ``model_name="Dlib"`` and nothing else set says
"same person": a distance of at most .07, which is one less the cosine."""

FEW = 60
"""People below which no rate of false matches gets an interval (:mod:`labkit.measure.intervals`).
"""

WORDS = {
    "none": N_("there are no photographs to compare: give those of data.load_folder"),
    "path": N_("there is no path {name!r}: use one of {known}"),
    "told": N_(
        "{name}: {false} of {impostors} comparisons of two people were called the same person, and"
        " {missed} of {mated} comparisons of one person were called two; in {failed} of {n}"
        " photographs no face was found."
    ),
    "few": N_(
        "These are {people} people, so {pairs} pairs of people: too few to say how often any of"
        " these paths errs on other people. What is counted here is true of these pictures alone."
    ),
    "enough": N_(
        "These are {people} people. The intervals say how far other people could have moved the"
        " rates; they say nothing of other cameras, other lives or other ages."
    ),
    "several": N_(
        "More than one face was found in {files}: left out of every path, before any template was"
        " made. Take them away, or cut them to the one person who said yes."
    ),
    "not read": N_("Left out because they can no longer be read: {files}."),
    "none single": N_(
        "no photograph is left to compare: {words} Use pictures that show one person each"
    ),
    "same network": N_(
        "Network and threshold (distance {t:.2g}) are the same in every row: what differs is named."
    ),
    "chosen": N_(
        "To call at most {allowed} comparisons of two people the same person, the distance must"
        " stay below {first:.3f} by the path {a!r} (of {n_first} comparisons), and below"
        " {last:.3f} by {b!r} (of {n_last}); DeepFace's own setting for this network is {own:.3f}."
        " A threshold belongs to a network, a path and pictures."
    ),
}


@dataclass(frozen=True, eq=False)
class TwoPaths:
    """What each path made of the same photographs.

    Parameters
    ----------
    pairs
        Name of a path -> everybody compared with everybody.
    failed
        Name of a path -> photographs in which it found no face.
    people
        Whom each photograph shows, by number.
    left_out
        Sentences about photographs that no path was given.
    """

    pairs: dict[str, AllPairs]
    failed: dict[str, int]
    people: NDArray[np.int64] = field(repr=False)
    left_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"TwoPaths({len(self.people)} photographs by {', '.join(self.pairs)})"

    def differs(self) -> pd.DataFrame:
        """What differs between the paths; one row a path, an empty cell where nothing changed."""
        import pandas as pd

        columns = {
            "detector": _("finds the face"),
            "crop": _("cuts out"),
            "size": _("gives the network"),
            "face": _("of several faces"),
        }
        rows, before = [], dict.fromkeys(columns, "")
        for path in _named(self.pairs):
            now = {key: _(getattr(path, key)) for key in columns}
            rows.append([now[k] if now[k] != before[k] else _("the same") for k in columns])
            before = now
        return pd.DataFrame(rows, index=list(self.pairs), columns=list(columns.values()))

    def rates(self, name: str, threshold: float = THRESHOLD) -> tuple[Interval, Interval]:
        """FMR and FNMR of a path, with intervals by people or the words for too few.

        Raises
        ------
        ValueError
            For a path that was not taken.
        """
        if name not in self.pairs:
            known = ", ".join(self.pairs)
            raise ValueError(_(WORDS["path"]).format(name=name, known=known))
        pairs = self.pairs[name]
        false, compared, _people = pairs.pair_counts(threshold)
        mated = pairs.mated_counts(threshold)
        return fmr_interval(false, compared), cluster_interval(mated.missed, mated.made, "misses")

    def table(self, threshold: float = THRESHOLD) -> pd.DataFrame:
        """False matches and misses of every path at one threshold; one row a path."""
        import pandas as pd

        rows = []
        for name in self.pairs:
            false, missed = self.rates(name, threshold)
            cells = (_counted(false), false.short(), _counted(missed), missed.short())
            rows.append([self.failed[name], *cells])
        columns = [_("no face"), _("false matches"), "FMR", _("misses"), "FNMR"]
        return pd.DataFrame(rows, index=list(self.pairs), columns=columns)

    def by_threshold(self, name: str, distances: Sequence[float] = ()) -> pd.DataFrame:
        """The same for one path at several thresholds; one row a distance.

        Parameters
        ----------
        name
            Of a path.
        distances
            A comparison of at most this distance, one less the cosine, is a match; from .02 to .1
            when none is given.
        """
        import pandas as pd

        rows = {}
        for distance in distances or (0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1):
            false, missed = self.rates(name, 1 - distance)
            rows[distance] = [_counted(false), false.short(), _counted(missed), missed.short()]
        columns = [_("false matches"), "FMR", _("misses"), "FNMR"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return table.rename_axis(_("distance"))

    def words(self, threshold: float = THRESHOLD) -> str:
        """What was counted by the first and the last path, and how little that is."""
        said = [*self.left_out, _(WORDS["same network"]).format(t=1 - threshold)]
        for name in dict.fromkeys((next(iter(self.pairs)), list(self.pairs)[-1])):
            false, missed = self.rates(name, threshold)
            said.append(
                _(WORDS["told"]).format(
                    name=name,
                    false=false.errors,
                    impostors=f"{false.trials:,}",
                    missed=missed.errors,
                    mated=f"{missed.trials:,}",
                    failed=self.failed[name],
                    n=len(self.people),
                )
            )
        people = len(np.unique(self.people))
        few = WORDS["few" if people < FEW else "enough"]
        return " ".join([*said, _(few).format(people=people, pairs=people * (people - 1) // 2)])

    def chosen(self, rate: float = 0.01) -> str:
        """Which distance each end of the ladder needs for as many false matches, in a sentence."""
        first, last = next(iter(self.pairs)), list(self.pairs)[-1]
        impostors = min(self.pairs[name].impostor_count for name in (first, last))
        if not impostors:
            return ""
        allowed = math.floor(rate * impostors + 1e-9)
        ends = []
        for name in (first, last):
            scores = np.sort(self.pairs[name].impostor)[::-1]
            ends.append(1 - float(scores[allowed]))
        return _(WORDS["chosen"]).format(
            allowed=allowed,
            n_first=f"{self.pairs[first].impostor_count:,}",
            n_last=f"{self.pairs[last].impostor_count:,}",
            a=first,
            b=last,
            first=ends[0],
            last=ends[1],
            own=1 - THRESHOLD,
        )


def two_paths(photographs: Any, names: Iterable[str] = ()) -> TwoPaths:
    """The same photographs by several paths to the same network.

    Parameters
    ----------
    photographs
        From :func:`labkit.data.load_folder`, or anything with ``pictures`` and ``of("person")``.
    names
        Which of :data:`PATHS`; all when none is named.

    Raises
    ------
    ValueError
        When there is no photograph, none that shows one person alone, or no path of such a name.

    Notes
    -----
    Photographs in files (:class:`~labkit.photographs.pictures.RealPictures`) that are not of
    invented people are looked through first, and those with more than one face left out.

    Examples
    --------
    >>> [path.name for path in PATHS][:2]
    ['DeepFace with Dlib', 'largest face']
    """
    people = np.asarray(photographs.of("person"))
    if not len(people):
        raise ValueError(_(WORDS["none"]))
    pictures = photographs.pictures
    left_out: tuple[str, ...] = ()
    if isinstance(pictures, RealPictures) and not getattr(photographs, "invented", False):
        rows, left_out = of_one_person(pictures)
        if not rows:
            raise ValueError(_(WORDS["none single"]).format(words=" ".join(left_out)))
        pictures, people = pictures.only(rows), people[rows]
    pairs, failed = {}, {}
    kept: list[list[Templates]] = []
    for path in _named(tuple(names) or [p.name for p in PATHS]):
        faces = _templates(path.name, pictures, kept)
        failed[path.name] = sum(not len(rows) for rows in faces)
        pairs[path.name] = compared(faces, people)
    return TwoPaths(pairs, failed, people, left_out)


def of_one_person(pictures: RealPictures) -> tuple[list[int], tuple[str, ...]]:
    """Places of the pictures in which no more than one face is found, and a word on the others.

    YuNet and dlib's detector look, and a picture goes when either sees two faces.  A face that both
    miss is not known of.  No template is made.

    Examples
    --------
    >>> of_one_person(RealPictures([], []))
    ([], ())
    """
    rows: list[int] = []
    several: list[str] = []
    unread: list[str] = []
    for k, name in enumerate(pictures.names):
        try:
            count = finding.how_many(pictures[k])
        except PictureError:
            unread.append(name)
            continue
        if count > 1:
            several.append(name)
        else:
            rows.append(k)
    kinds = (("several", several), ("not read", unread))
    said = [_(WORDS[kind]).format(files=", ".join(files)) for kind, files in kinds if files]
    return rows, tuple(said)


def _named(names: Iterable[str]) -> list[Path]:
    known = {path.name: path for path in PATHS}
    for name in names:
        if name not in known:
            raise ValueError(_(WORDS["path"]).format(name=name, known=", ".join(known)))
    return [known[name] for name in names]


def _counted(found: Interval) -> str:
    return _("{errors} of {trials}").format(errors=found.errors, trials=f"{found.trials:,}")


# ---- templates of every face that counts, by path -----------------------------------------------


def haar(pictures: Any) -> list[Templates]:
    """Templates of every face that DeepFace's default detector finds, the largest face first."""
    out = []
    for k in range(len(pictures)):
        try:
            picture = read_smaller(pictures[k], SEARCHED["deepface"])[0]
            out.append(represented(haar_crops(picture)))
        except Exception:  # of a library too; one picture does not lose the others
            out.append(np.zeros((0, 128), np.float32))
    return out


def _matched(pictures: Any, **options: Any) -> list[Templates]:
    """Templates of the largest face by the lab's own matcher."""
    matcher = DeepFaceMatcher(progress=False, **options)
    matcher.searched = SEARCHED["deepface"]  # all but the last path see the same copy
    rows = matcher.describe(pictures).templates
    return [row[None] if np.isfinite(row).all() else row[:0].reshape(0, 128) for row in rows]


def _templates(name: str, pictures: Any, kept: list[list[Templates]]) -> list[Templates]:
    """Templates by one path; ``kept`` holds those that two paths share."""
    if name in (PATHS[0].name, PATHS[1].name):
        if not kept:
            kept.append(haar(pictures))
        return kept[0] if name == PATHS[0].name else [rows[:1] for rows in kept[0]]
    align = "deepface" if name == PATHS[2].name else "dlib"
    return _matched(pictures, align=align, thorough=name == PATHS[4].name)


def compared(faces: Sequence[Templates], people: NDArray[np.int64]) -> AllPairs:
    """Everybody with everybody, by the two faces that are most alike."""
    usable = np.array([len(rows) > 0 for rows in faces])
    owner = np.repeat(np.arange(len(faces)), [len(rows) for rows in faces])
    every = np.concatenate(faces).astype(np.float64)
    every /= np.linalg.norm(every, axis=1, keepdims=True)
    matrix = np.full((len(faces), len(faces)), -np.inf, np.float32)
    np.maximum.at(matrix, (owner[:, None], owner[None]), (every @ every.T).astype(np.float32))
    matrix[~usable] = matrix[:, ~usable] = np.nan
    np.fill_diagonal(matrix, np.nan)
    return AllPairs(matrix, people, "cosine", -1.0, 1.0, usable, np.arange(len(faces)))
