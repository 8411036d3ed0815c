"""The dial explorer: one threshold, and what it takes away on both sides, in counted people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.gallery.council import BANDS, POINTS, Trial, stamp
from labkit.gallery.vendor import Anchor, PercentMap, maps
from labkit.measure import searches
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

STEPS = 60
"""About so many places of the dial, at equal steps of the logarithm of FPIR."""


class DialExplorer(Explorer):
    """Members falsely matched, enrolled people found, and two percentages; see :func:`dial`.

    ``step`` is the place of the threshold, from the lowest.
    """

    NAME = "dial"
    SENT = ("step",)
    step = traitlets.Int(0).tag(sync=True)

    @traitlets.validate("step")
    def _known(self, proposal: Any) -> int:
        last = len(self.meta["steps"]) - 1 if self.data else 0
        if self.data and not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                f"there is no step {proposal['value']}: use 0 to {last}, the last"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """Made-up scores of 600 and 90 people enrolled nowhere, and of 50 who are enrolled."""
        rng = np.random.default_rng(0)
        best, council = rng.normal(size=600), rng.normal(size=90)
        points = {name: searches.search_threshold(best, share) for name, share in POINTS.items()}
        percent = maps(Anchor(points["A"].value, "a"), Anchor(points["C"].value, "c"))
        bands = np.repeat(BANDS, 30)
        mates = rng.normal(1.5, 1, 50)
        return _of(best, council, bands, mates, points, percent, stamp("dlib"))

    def still(self) -> Still:
        """The numbers at the threshold where the dial stands."""
        words, at = self.words(), self.meta["steps"][self.step]
        said = str(words["threshold"]).format(threshold=at["threshold"])
        columns = [str(words[f"column_{key}"]) for key in ("what", "count", "of")]
        return Still(str(words["title"]), f"{said} {self.meta['stamp']}", columns, self._rows(at))

    def table(self) -> pd.DataFrame:
        """What the threshold does where the dial stands: ``what``, ``count``, ``of``, in people."""
        import pandas as pd

        found = pd.DataFrame(
            self._rows(self.meta["steps"][self.step]), columns=["what", "count", "of"]
        )
        for column in ("count", "of"):
            found[column] = found[column].str.replace(",", "").astype(int)
        return found

    def _rows(self, at: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
        meta, words = self.meta, self.words()
        rows = [(str(words["innocent"]), at["innocent"], meta["innocent"])]
        for band, matched, members in zip(
            meta["bands"], at["matched"], meta["members"], strict=True
        ):
            rows.append((str(words["matched"]).format(band=band), matched, members))
        rows.append((str(words["found"]), at["found"], meta["enrolled"]))
        return [(what, f"{n:,}", f"{of:,}") for what, n, of in rows]

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("One dial, two errors"),
            "name": _("One threshold: who is falsely matched, who is found"),
            "label": _("Dial explorer"),
            "dial": _("Threshold, from low to high"),
            "go": _("To {point}"),
            "threshold": _("Threshold {threshold}."),
            "sentence": _(
                "Threshold {threshold}: {innocent} of {all} innocent searches return somebody."
                " Falsely matched members: {matched}. Of {enrolled} enrolled people {found} are"
                " found. {percents}"
            ),
            "percents": _("One map calls this {straight}, another {logistic}."),
            "band": _("{band} {n} of {members}"),
            "picture": _("{band}: {n} of {members} members are falsely matched."),
            "how_to_read": _(
                "A mark is a member of the council, in no gallery; filled: falsely matched. The bar"
                " is enrolled people, filled: found. {stamp}"
            ),
            "found_bar": _("{found} of {enrolled} enrolled people are found."),
            "as_table": _("The same as a table"),
            "caption": _("What this threshold does."),
            "column_what": _("what"),
            "column_count": _("people"),
            "column_of": _("of"),
            "innocent": _("innocent searches (dev) that return somebody"),
            "matched": _("{band} members falsely matched"),
            "found": _("enrolled people found"),
        }


def dial(trial: Trial) -> DialExplorer:
    """A view of one matcher and one gallery: move the threshold, see what it takes away.

    Parameters
    ----------
    trial
        Of :class:`labkit.gallery.council.Trial`.

    Returns
    -------
    widget
        With ``.step`` and ``.to_html(path)``; it begins at threshold C.

    Examples
    --------
    >>> view = DialExplorer.example()
    >>> view.meta["steps"][view.step]["innocent"], view.meta["members"]
    (30, [30, 30, 30])
    """
    return _of(
        trial.best("dev"),
        trial.best("council"),
        trial.bands("council"),
        trial.mates[0],
        trial.points,
        maps(at_50=trial.points["A"], at_80=trial.points["C"]),
        stamp(trial.matcher),
    )


def _of(
    best: ArrayLike,
    council: ArrayLike,
    bands: NDArray[np.str_],
    mates: ArrayLike,
    points: Mapping[str, searches.SearchThreshold],
    percent: Sequence[PercentMap],
    stamped: str,
) -> DialExplorer:
    innocent, members, enrolled = (np.asarray(x, float) for x in (best, council, mates))
    found = np.sort(innocent[~np.isnan(innocent)])[::-1]
    ranks = np.unique(np.geomspace(1, len(found) - 1, STEPS).round().astype(int))
    places = {float(np.nextafter(np.float32(found[k]), np.float32(np.inf))) for k in ranks}
    places |= {point.value for point in points.values()}
    places.add(float(np.nextafter(np.float32(found[0]), np.float32(np.inf))))
    at = sorted(places)
    steps = [
        {
            "threshold": f"{t:.4f}",
            "innocent": int((innocent >= t).sum()),
            "matched": [int((members[bands == band] >= t).sum()) for band in BANDS],
            "found": int((enrolled >= t).sum()),
            "percents": [_percent(float(one.percent(t))) for one in percent],
        }
        for t in at
    ]
    meta = {
        "steps": steps,
        "points": {name: at.index(point.value) for name, point in points.items()},
        "bands": [_(band) for band in BANDS],
        "members": [int((bands == band).sum()) for band in BANDS],
        "innocent": len(innocent),
        "enrolled": len(enrolled),
        "stamp": f"{stamped[0].upper()}{stamped[1:]}.",
    }
    return DialExplorer.of(meta, {}, step=at.index(points["C"].value))


def _percent(value: float) -> str:
    """A percentage of a map, with the digits that tell 99 from more.

    Examples
    --------
    >>> _percent(80.0), _percent(99.53), _percent(100.0)
    ('80%', '99.5%', '100%')
    """
    return f"{value:.1f}%".replace(".0%", "%")
