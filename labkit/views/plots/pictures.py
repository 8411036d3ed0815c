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


def rebuilt(true: Any, made: Any, mean: Any, *, title: str = "", footer: str = "") -> Shown:
    """Faces, what was made of their templates below them, and the mean face at the side.

    Parameters
    ----------
    true, made
        The same people in the same order, shape (n, height, width, 3), uint8.
    mean
        The face that would be shown to somebody who has no template, shape (height, width, 3).
    title, footer
        What the page sets above and below.

    Returns
    -------
    figure, alt, table
        A row for each person: by how many grey levels a dot differs from the true picture, on
        average, in the rebuilt face and in the mean face.

    Raises
    ------
    ValueError
        When there are no pictures, or not as many of one kind as of the other.

    Examples
    --------
    >>> import numpy as np
    >>> face = np.full((2, 8, 8, 3), 100, np.uint8)
    >>> rebuilt(face, face + 10, face[0] + 40)[2].loc[1].tolist()
    [10.0, 40.0]
    """
    import numpy as np
    import pandas as pd

    faces, shown = np.asarray(true), np.asarray(made)
    if not len(faces) or faces.shape != shown.shape:
        raise ValueError(
            f"pictures of shape {faces.shape} beside rebuilt ones of shape {shown.shape}: give both"
            " of the same people, and at least one"
        )
    said = {"title": title, "footer": footer}
    columns = len(faces) + 1
    fig, axes = figure(0.95 * columns, 2.3, nrows=2, ncols=columns, squeeze=False, **said)
    for ax in axes.ravel():
        ax.set_axis_off()
    for ax, picture in zip(axes.ravel(), [*faces, None, *shown, mean], strict=True):
        if picture is not None:
            _draw(ax, picture)
    names = (_("true"), _("rebuilt"), _("mean face"))
    for ax, name in zip((axes[0, 0], axes[1, 0], axes[1, -1]), names, strict=True):
        ax.set_title(name, fontsize=LABEL, fontweight="normal", loc="left")
    off = [
        np.abs(other.astype(float) - faces).mean(axis=(1, 2, 3))
        for other in (shown, np.asarray(mean)[None])
    ]
    index = pd.RangeIndex(1, len(faces) + 1, name=_("person"))
    columns_named = [_("rebuilt face is off by"), _("mean face is off by")]
    table = pd.DataFrame(np.transpose(off), index, columns_named).round(1)
    nearer = int((off[0] < off[1]).sum())
    alt = _(
        "{n} drawn faces in a row, below each the face that was rebuilt from its template, blurred,"
        " and at the end the mean face. For {nearer} of {n} the rebuilt face is nearer to the true"
        " one than the mean face is: a dot is off by {made:.0f} of 255 grey levels on average,"
        " in the mean face by {mean:.0f}."
    ).format(n=len(faces), nearer=nearer, made=off[0].mean(), mean=off[1].mean())
    return fig, alt, table


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
