"""The training-mix explorer: who was learned from, who is falsely matched then, who is missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.experiment.mix_words import mix_name
from labkit.experiment.mixes import BANDS, MIXES, Study, made_up
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.faces import COLUMNS, TILE, about, sheet
from labkit.views.explorers.made_up import made_up_sitters
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet
    from labkit.experiment.trainings import Effect

SHOWN = (*MIXES, "thirds")
"""The mixes to choose from."""
ERRORS = ("fmr", "false_rejection")
PAIRS = 6
"""Pairs of faces at each mix."""

Chooser = Callable[[str, NDArray[np.intp], NDArray[np.intp]], tuple[int, int]]
"""Network, images of one person, images of another -> the two images to show."""


class MixesExplorer(Explorer):
    """Both errors of each band at a mix, and faces that are falsely matched; see :func:`mixes`.

    ``mix`` is the name of the mix that is chosen.
    """

    NAME = "mixes"
    SENT = ("mix",)
    mix = traitlets.Unicode("").tag(sync=True)

    @traitlets.validate("mix")
    def _known(self, proposal: Any) -> str:
        names = [m["key"] for m in self.meta["mixes"]] if self.data else []
        if names and proposal["value"] not in names:
            raise traitlets.TraitError(
                f"there is no mix {proposal['value']!r}: use {', '.join(names)}"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """Made-up errors and grey squares."""
        study = Study(made_up(each=60))
        sitters: Any = made_up_sitters(study.source.people().index.to_numpy())
        return mixes(study, sitters, choose=lambda _network, one, other: (one[0], other[0]))

    def still(self) -> Still:
        """Both errors of each band at the mix that is chosen."""
        words, meta = self.words(), self.meta
        mix = next(m for m in meta["mixes"] if m["key"] == self.mix)
        rows = [
            (band, *(_in_short(mix["rates"][k][n]) for k in range(len(ERRORS))))
            for n, band in enumerate(meta["bands"])
        ]
        columns = [str(words["column_band"]), *(rate["short"] for rate in meta["rates"])]
        said = str(words["learned"]).format(people=mix["people"], gap=mix["gap"])
        return Still(str(words["title"]), said, columns, rows)

    def table(self) -> pd.DataFrame:
        """Both errors of each band at the mix that is chosen, over its trainings.

        Returns
        -------
        DataFrame
            ``band``, ``error``, ``value`` (mean over trainings), ``low``, ``high``; NaN where there
            is too little for them.
        """
        import pandas as pd

        meta = self.meta
        mix = next(m for m in meta["mixes"] if m["key"] == self.mix)
        rows = [
            {"band": band, "error": error["short"]}
            | {end: found[end] for end in ("value", "low", "high")}
            for error, rates in zip(meta["rates"], mix["rates"], strict=True)
            for band, found in zip(meta["bands"], rates, strict=True)
        ]
        kinds = dict.fromkeys(("value", "low", "high"), float)
        return pd.DataFrame(rows).astype(kinds)

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("Who was in the training?"),
            "name": _("Who was in the training, and who is taken for whom"),
            "label": _("Training-mix explorer"),
            "choose": _("Lighter : darker people in training"),
            # What the mix means.
            "learned": _("Learned from {people}. FMR of darker over FMR of lighter: {gap}."),
            "sentence": _("{learned} False matches (FMR): {fmr}; false rejection: {rejected}."),
            "band": _("{band} {rate}"),
            # The pictures.
            "picture": _(
                "{rate} of {n} bands at {mix}: large dots with intervals, small dots for each"
                " training. The table has the same numbers."
            ),
            "log_axis": _("{rate} (each step is ten times)"),
            "how_to_read": _(
                "Large dot: mean of the trainings, each with other people to learn from; line: its"
                " interval, by trainings and test people. Small dots: each training. One threshold"
                " for all bands; the axes stay, the dots move."
            ),
            # The faces.
            "faces": _("Taken for one person at {mix}"),
            "by_lot": _(
                "Drawn by lot among the false matches of two people of one band; the two"
                " photographs are the most alike of theirs to that network. Invented people, drawn"
                " photographs."
            ),
            "no_faces": _("No two people of one band are taken for one here."),
            "first_face": _("Pair {k}, first person, drawn"),
            "second_face": _("Pair {k}, second person, drawn"),
            "pair": _("{about} {errors} of {trials} comparisons match. {also}"),
            "also": _("Also matched, in so many of {all} trainings: {list}."),
            "also_at": _("{mix} ({n})"),
            "also_none": _("Matched at no other mix."),
            # The table.
            "as_table": _("The same as a table"),
            "in_words": _("The same in words"),
            "caption": _("Errors of networks that learned from {people}."),
            "column_band": _("Band"),
            "column_error": _("error"),
            "column_mean": _("mean"),
            "column_interval": _("interval, 95%"),
            "column_each": _("each training"),
        }


def mixes(
    study: Study | None = None,
    faces: FaceSet | None = None,
    *,
    start: str = MIXES[0],
    choose: Chooser | None = None,
    seed: int = 0,
) -> MixesExplorer:
    """A view of networks trained at several mixes: choose one, see who is taken for whom.

    Parameters
    ----------
    study
        Counted errors; without it those of the lab's networks.
    faces
        The photographs they were counted on; without it ``anytown/eval``.
    start
        The mix to start from.
    choose
        Which two photographs of two people to show; without it the most alike to the network.
    seed
        Of the lot that draws pairs.

    Returns
    -------
    widget
        With ``.mix`` and ``.to_html(path)``.

    Raises
    ------
    ValueError
        When the photographs are not of the people whose errors were counted.

    Examples
    --------
    >>> view = MixesExplorer.example()
    >>> view.mix, [m["name"] for m in view.meta["mixes"]][-2:]
    ('90-10', ['10:90', 'thirds'])
    """
    from labkit.data import load

    study = study or Study()
    faces = faces if faces is not None else load("anytown/eval")
    choose = choose or MostAlike(faces)
    people = np.asarray(study.people)
    of = faces.of("person")
    if not np.isin(people, of).all():
        raise ValueError(
            f"{faces.name} does not hold the people whose errors were counted: give faces= the set"
            " they were counted on"
        )
    known = [mix for mix in SHOWN if study.has(mix)]
    found = {mix: by_lot(study, mix, seed) for mix in known}
    pairs: list[dict[str, Any]] = []
    tiles: dict[int, int] = {}
    shown = []
    for mix in known:
        places = []
        for network, a, b in found[mix]:
            one, other = (np.flatnonzero(of == people[p]) for p in (a, b))
            images = choose(network, one, other)
            errors, trials = study.matched(network, a, b)
            places.append(len(pairs))
            pairs.append(
                {
                    "tiles": [tiles.setdefault(int(i), len(tiles)) for i in images],
                    "about": about(faces, *images),
                    "errors": errors,
                    "trials": trials,
                    "also": [matching(study, other_mix, a, b) for other_mix in known],
                }
            )
        shown.append(places)
    picture = sheet(faces.pictures[k] for k in tiles) if tiles else b""
    meta = {
        "mixes": [_mix(study, mix, places) for mix, places in zip(known, shown, strict=True)],
        "bands": [_(band) for band in BANDS],
        "rates": [
            {"name": name, "short": _(RATES[name].short), "log": RATES[name].log} for name in ERRORS
        ],
        "pairs": pairs,
        "tile": TILE,
        "columns": COLUMNS,
    }
    arrays = {"faces": np.frombuffer(picture, np.uint8)}
    return MixesExplorer.of(meta, arrays, mix=start)


def _mix(study: Study, mix: str, pairs: Sequence[int]) -> dict[str, Any]:
    """What the page is told of one mix."""
    row = study.table[study.table["mix"] == mix].iloc[0]
    several = _("{lighter} lighter, {medium} medium and {darker} darker people")
    two = _("{lighter} lighter and {darker} darker people")
    counts = {band: int(row[band]) for band in BANDS}
    return {
        "key": mix,
        "name": mix_name(mix),
        "people": (several if counts["medium"] else two).format(**counts),
        "gap": study.mean_gap(mix).text(),
        "trainings": len(study.trainings(mix)),
        "rates": [
            [
                _sent(
                    study.mean_rate(mix, band, rate),
                    [study.interval(n, band, rate).value for n in study.trainings(mix).values()],
                )
                for band in BANDS
            ]
            for rate in ERRORS
        ],
        "pairs": list(pairs),
    }


def _sent(mean: Effect, each: Sequence[float]) -> dict[str, Any]:
    return {
        "value": mean.ratio,
        "low": mean.low,
        "high": min(mean.high, 1.0) if not mean.words else mean.high,
        "each": each,
        "words": _("too few for a rate") if mean.words else "",
    }


def _in_short(rate: dict[str, Any]) -> str:
    return rate["words"] or in_words(rate["value"])


def by_lot(study: Study, mix: str, seed: int) -> list[tuple[str, int, int]]:
    """Pairs of people who are falsely matched at a mix: the network, and their two places.

    A false match of any of its trainings has the same chance; nobody is shown twice at one mix.
    """
    rows: list[tuple[str, int, int]] = []
    weights: list[int] = []
    for network in study.trainings(mix).values():
        found = study.errors(network)
        for a, b, n in zip(found.first, found.second, found.false_matches, strict=True):
            rows.append((network, int(a), int(b)))
            weights.append(int(n))
    rng = np.random.default_rng([seed, SHOWN.index(mix)])
    # The lot of Efraimidis and Spirakis (2006): the largest u^(1/w) first.
    lots = np.log(rng.random(len(rows))) / np.maximum(np.array(weights, float), 1e-9)
    out: list[tuple[str, int, int]] = []
    seen: set[int] = set()
    for k in np.argsort(-lots, kind="stable"):
        network, a, b = rows[k]
        if not weights[k] or seen & {a, b}:
            continue
        out.append((network, a, b))
        seen |= {a, b}
        if len(out) == PAIRS:
            break
    return out


def matching(study: Study, mix: str, first: int, second: int) -> int:
    """In how many trainings of a mix two people are taken for one at least once."""
    return sum(study.matched(n, first, second)[0] > 0 for n in study.trainings(mix).values())


class MostAlike:
    """Chooses the two photographs of two people that are most alike to a network.

    Parameters
    ----------
    faces
        A set with pictures.
    """

    def __init__(self, faces: FaceSet) -> None:
        self.faces = faces

    def __repr__(self) -> str:
        return f"MostAlike({self.faces!r})"

    def __call__(
        self, network: str, one: NDArray[np.intp], other: NDArray[np.intp]
    ) -> tuple[int, int]:
        """The places of the two images."""
        from labkit.matchers.network import POINTS, chip_of, describe

        images = np.concatenate([one, other])
        points = self.faces.images[POINTS].to_numpy(float)[images].reshape(-1, 5, 2)
        seen = np.isfinite(points).all((1, 2))
        images, points = images[seen], points[seen]
        chips = np.stack(
            [chip_of(self.faces.pictures[int(k)], p) for k, p in zip(images, points, strict=True)]
        )
        found = describe(chips, network)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        mine = np.isin(images, one)
        alike = found[mine] @ found[~mine].T
        a, b = np.unravel_index(int(alike.argmax()), alike.shape)
        return int(images[mine][a]), int(images[~mine][b])
