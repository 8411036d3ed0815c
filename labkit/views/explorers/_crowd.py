"""The crowd explorer: which faces of a crowd two detectors find, from a size upwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from labkit.base.words import _
from labkit.street.crowd import DETECTORS, SIDES, about_detectors
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from labkit.street.crowd import Crowd

WIDTH = 1344
"""Pixels of the picture that is sent; boxes are of the whole one."""
QUALITY = 68


class CrowdExplorer(Explorer):
    """A crowd picture with boxes; see :func:`crowd`.

    ``step`` is the place of the smallest size that counts, ``detector`` the one whose boxes stand
    in the picture.
    """

    NAME = "crowd"
    SENT = ("step", "detector")
    step = traitlets.Int(0).tag(sync=True)
    detector = traitlets.Unicode("").tag(sync=True)

    @traitlets.validate("step")
    def _on_slider(self, proposal: Any) -> int:
        last = len(self.meta["sizes"]) - 1 if self.data else 0
        if self.data and not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                f"step {proposal['value']} is not on the slider: use 0 to {last}"
            )
        return proposal["value"]

    @traitlets.validate("detector")
    def _known(self, proposal: Any) -> str:
        names = self.meta["detectors"] if self.data else []
        if names and proposal["value"] not in names:
            raise traitlets.TraitError(
                f"there is no detector {proposal['value']!r}: use {', '.join(names)}"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """Made-up boxes on a grey picture."""
        return crowd(made_up(), np.full((90, 135, 3), 128, np.uint8))

    def still(self) -> Still:
        """Found and missed by each detector among faces of at least the size that is chosen."""
        words, meta = self.words(), self.meta
        least = meta["sizes"][self.step]
        rows = []
        for k, name in enumerate(meta["detectors"]):
            mine = [face["found"][k] for face in meta["faces"] if face["eyes"] >= least]
            rows.append((name, str(sum(mine)), str(len(mine) - sum(mine)), str(meta["false"][k])))
        columns = [str(words[f"column_{key}"]) for key in ("detector", "found", "missed", "false")]
        count = sum(face["eyes"] >= least for face in meta["faces"])
        said = str(words["at_least"]).format(n=least, faces=count)
        return Still(str(words["title"]), said, columns, rows)

    def table(self) -> pd.DataFrame:
        """Faces of at least the size chosen: ``detector``, ``found``, ``missed``, ``false``.

        ``false`` counts false detections of any size.
        """
        import pandas as pd

        found = pd.DataFrame(self.still().rows, columns=["detector", "found", "missed", "false"])
        counts = ["found", "missed", "false"]
        found[counts] = found[counts].astype(int)
        return found.assign(detector=self.meta["about_detectors"])

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("Which faces of a crowd are found?"),
            "name": _("Faces of a crowd, found by two detectors"),
            "label": _("Crowd explorer"),
            "choose": _("Boxes of"),
            "size": _("Pixels between the eyes, at least"),
            "pixels": _("{n} pixels"),
            "at_least": _("{faces} faces have at least {n} pixels between the eyes."),
            "each": _("{name} finds {found} of them and misses {missed}."),
            "false_of": _("False detections of any size: {list}."),
            "false_by": _("{name} {n}"),
            "picture": _(
                "A hall with {all} drawn people. Boxes of {name}, faces of at least {n} pixels:"
                " {found} found, {missed} missed; {false} false detections. The table has the same"
                " numbers."
            ),
            "how_to_read": _(
                "Solid box: found. Dashed: missed. Dotted, thick: no face there. Smaller faces than"
                " asked for have no box. The picture is shown smaller than the one that was"
                " searched."
            ),
            "about": about_detectors(),
            "caption": _("Faces of at least {n} pixels between the eyes: {faces} of {all}."),
            "column_detector": _("Detector"),
            "column_found": _("found"),
            "column_missed": _("missed"),
            "column_false": _("false, any size"),
        }


def crowd(
    study: Crowd | None = None, picture: NDArray[np.uint8] | None = None, *, start: float = 0.0
) -> CrowdExplorer:
    """A crowd picture with boxes: choose from which size on faces count, and whose boxes to see.

    Parameters
    ----------
    study
        Truth and detections; without it those of ``data/street``, first scene, good camera.
    picture
        The picture they are of, uint8 RGB; without it that of the study.
    start
        Pixels between the eyes to start from.

    Returns
    -------
    widget
        With ``.step``, ``.detector`` and ``.to_html(path)``.

    Examples
    --------
    >>> view = CrowdExplorer.example()
    >>> view.detector, len(view.meta["faces"])
    ('YuNet', 12)
    """
    import cv2

    from labkit.base.codec import encode
    from labkit.street.crowd import load_crowd

    study = load_crowd() if study is None else study
    picture = study.picture() if picture is None else picture
    height, width = picture.shape[:2]
    names = list(DETECTORS)
    tables = [study.faces(name) for name in names]
    shown = [table[table["scene"] == 0] for table in tables]
    hits = np.stack([table["found"].to_numpy(bool) for table in shown], 1).tolist()
    eyes = shown[0]["eyes"].round(1).tolist()
    boxes = [_box(row, width, height) for _at, row in shown[0].iterrows()]
    faces = [
        {"box": box, "eyes": size, "found": found}
        for box, size, found in zip(boxes, eyes, hits, strict=True)
    ]
    rows = study.found[(study.found["scene"] == 0) & (study.found["condition"] == "good")]
    wrong = [rows[(rows["detector"] == name) & (rows["person"] < 0)] for name in names]
    sizes = [*range(int(min(eyes)), int(max(eyes)) + 1)]
    size = (min(WIDTH, width), round(min(WIDTH, width) * height / width))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    meta = {
        "detectors": names,
        "about_detectors": [_(words) for words in DETECTORS.values()],
        "faces": faces,
        "wrong": [[_box(row, width, height) for _at, row in table.iterrows()] for table in wrong],
        "false": [len(table) for table in wrong],
        "sizes": sizes,
        "width": size[0],
        "height": size[1],
    }
    step = int(np.argmin(np.abs(np.array(sizes) - start)))
    arrays = {"picture": np.frombuffer(encode(np.asarray(small, np.uint8), QUALITY), np.uint8)}
    return CrowdExplorer.of(meta, arrays, step=step, detector=names[-1])


def _box(row: Any, width: int, height: int) -> list[float]:
    """A box in shares of the picture."""
    of = (width, height, width, height)
    return [round(float(row[side]) / n, 5) for side, n in zip(SIDES, of, strict=True)]


def made_up() -> Crowd:
    """Twelve faces in a row, each a little larger than the one before; for examples and tests."""
    import pandas as pd

    from labkit.street.crowd import Crowd

    people, found = [], []
    for k in range(12):
        size = 3 + 0.5 * k
        box = dict(zip(SIDES, (10 * k + 2, 40, 10 * k + 2 + size, 40 + size), strict=True))
        people.append(
            {"scene": 0, "person": k, **box, "eyes": 8.0 + 2 * k, "hidden": 0.0, "yaw": 0.0}
            | {"distance": 20.0 - k, "tone_band": "medium"}
        )
        row = {"scene": 0, "condition": "good", **box, "score": 1.0, "person": k}
        found += [row | {"detector": "YuNet"}] if k > 1 else []
        found += [row | {"detector": "dlib"}] if k > 6 else []
    wrong = dict(zip(SIDES, (60, 10, 70, 20), strict=True))
    found.append(
        {"scene": 0, "condition": "good", **wrong, "score": 0.2, "person": -1, "detector": "dlib"}
    )
    return Crowd(pd.DataFrame(people), pd.DataFrame(found))
