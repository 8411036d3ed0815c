"""Photographs beside each other: walls with captions, pairs with a score.

In: arrays.  Out: figure, alt text, table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.views.plots.style import LABEL, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from labkit.views.plots.style import Shown


def wall(
    pictures: Sequence[Any],
    *,
    alt: str = "",
    captions: Sequence[str] | None = None,
    columns: int = 8,
    size: float = 1.1,
    title: str = "",
    footer: str = "",
) -> Shown:
    """Pictures in rows, each with a caption below if there are captions.

    Parameters
    ----------
    pictures
        Arrays, uint8, colour or grey.
    alt
        What the wall shows; the number of pictures and the captions are added.
    captions
        One text for each picture.
    columns
        Pictures in a row.
    size
        Inches for each picture, of 110 pixels: the lab's photographs have 160 pixels.
    title, footer
        What the page sets above and below.

    Raises
    ------
    ValueError
        When there are no pictures, or captions for another number of them.
    """
    import pandas as pd

    pictures = list(pictures)
    if not pictures:
        raise ValueError("there are no pictures to show: give at least one")
    if captions is not None and len(captions) != len(pictures):
        raise ValueError(f"{len(captions)} captions for {len(pictures)} pictures: give one each")
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    deep = size + (0.25 if captions is not None else 0.0)
    said = {"title": title, "footer": footer}
    grid: Any = {"nrows": rows, "ncols": columns, "squeeze": False}
    fig, axes = figure(columns * size, rows * deep, **said, **grid)
    for n, ax in enumerate(axes.ravel()):
        ax.set_axis_off()
        if n < len(pictures):
            _draw(ax, pictures[n])
            if captions is not None:
                ax.set_title(
                    captions[n], fontsize=LABEL, fontweight="normal", loc="center", y=-0.22
                )
    told = _("{n} pictures in {rows} rows of up to {columns}.").format(
        n=len(pictures), rows=rows, columns=columns
    )
    if captions is not None:
        told += " " + "; ".join(f"{n}: {c}" for n, c in enumerate(captions, 1)) + "."
    index = pd.RangeIndex(1, len(pictures) + 1, name="picture")
    place = _("row {row}, column {column}")
    places = [
        place.format(row=n // columns + 1, column=n % columns + 1) for n in range(len(pictures))
    ]
    table = pd.DataFrame({"place": places, "caption": captions or ""}, index=index)
    return fig, f"{alt} {told}".strip(), table if captions else table[["place"]]


def pair(
    first: Any,
    second: Any,
    *,
    names: tuple[str, str] = ("first", "second"),
    score: float | None = None,
    threshold: float | None = None,
    alt: str = "",
    title: str = "",
    footer: str = "",
) -> Shown:
    """Two pictures side by side, with the score of the comparison and its verdict.

    Parameters
    ----------
    first, second
        Arrays, uint8.
    names
        Written above the pictures.
    score, threshold
        Written below: a match is ``score >= threshold``.
    alt
        What the pictures show; the names, the score and the verdict are added.
    title, footer
        What the page sets above and below.
    """
    import pandas as pd

    fig, axes = figure(5.0, 2.9, ncols=2, title=title, footer=footer)
    for ax, picture, name in zip(axes, (first, second), names, strict=True):
        ax.set_axis_off()
        _draw(ax, picture)
        ax.set_title(name, fontsize=LABEL, fontweight="normal", loc="center")
    rows: dict[str, Any] = {"first picture": names[0], "second picture": names[1]}
    told = [_("Two pictures: {first} and {second}.").format(first=names[0], second=names[1])]
    if score is not None:
        rows["score"] = f"{score:.4g}"
        told.append(_("Score {score}.").format(score=rows["score"]))
    if score is not None and threshold is not None:
        verdict = _("a match") if score >= threshold else _("no match")
        rows |= {"threshold": f"{threshold:.4g}", "verdict": verdict}
        said = _("At the threshold {threshold} that is {verdict}.")
        told.append(said.format(threshold=rows["threshold"], verdict=verdict))
    if told[1:]:
        fig.supxlabel(" ".join(told[1:]), fontsize=LABEL)
    table = pd.DataFrame({"value": rows})
    return fig, " ".join([alt, *told]).strip(), table


def _draw(ax: Axes, picture: Any) -> None:
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="antialiased")
