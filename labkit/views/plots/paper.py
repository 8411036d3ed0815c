"""A figure that knows what is said around it, and can be drawn in both themes and at two widths.

In: what was drawn.  Out: pictures, as WebP without loss.  Read only when a figure is drawn:
Matplotlib is loaded with it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from PIL import Image

from labkit.views.identity import palette

DPI = 220
"""Dots for each inch: two for each pixel of the page, for screens that have them."""

NARROW = 3.2
"""Inches of the same figure on a telephone."""

STRIP = 64  # rows of a picture that are looked at together: a whole one takes 30 MB


class Paper(Figure):
    """A figure with a title, what it is about, and a footer, which the page sets around it.

    Parameters
    ----------
    title
        What the figure shows, as a sentence.
    about
        What was measured, who is in it, how many.
    footer
        Stands below.
    options
        Given to Matplotlib's ``Figure``.
    """

    def __init__(self, *, title: str = "", about: str = "", footer: str = "", **options: Any):
        super().__init__(**options)
        self.title, self.about, self.footer = title, about, footer
        self.make_narrow: Callable[[], None] | None = None
        """Sets the axes anew for a narrow page; without it they only get less room."""


def pictures(fig: Figure) -> Iterator[tuple[tuple[str, str], Image.Image]]:
    """The figure in both themes: ``("light", "wide")`` and so on, narrow where it would shrink.

    Photographs keep their colours, and have no narrow picture.  One after the other: a tall picture
    takes 6 MB, and whoever makes a file of it needs no other one meanwhile.
    """
    FigureCanvasAgg(fig)
    fig.set_dpi(DPI)
    yield ("light", "wide"), _picture(fig)
    undo = recolour(fig, dark())
    yield ("dark", "wide"), _picture(fig, again=True)
    if any(ax.images for ax in fig.axes) or fig.get_figwidth() <= NARROW:
        return
    deep = fig.get_figheight()
    fig.set_size_inches(NARROW, deep)
    if isinstance(fig, Paper) and fig.make_narrow is not None:
        fig.make_narrow()
    yield ("dark", "narrow"), _picture(fig)
    for step in undo:
        step()
    yield ("light", "narrow"), _picture(fig, again=True)


def _picture(fig: Figure, *, again: bool = False) -> Image.Image:
    """What is drawn; ``again`` where only colours changed, so that all stays in its place."""
    engine = fig.get_layout_engine()
    if again:
        fig.set_layout_engine("none")
    fig.canvas.draw()
    fig.set_layout_engine(engine)
    canvas: Any = fig.canvas
    return Image.fromarray(_rgb(canvas.buffer_rgba()))


def _rgb(dots: Any) -> Any:
    import numpy as np

    return np.asarray(dots)[..., :3].copy()


def webp(picture: Image.Image, *, photographs: bool = False) -> bytes:
    """A picture as WebP: without loss, or, of photographs, at the quality of the stored ones."""
    out = io.BytesIO()
    if photographs:
        picture.save(out, "WEBP", quality=88, method=4)
    else:
        few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        _on_ground(few.convert("RGB"), picture).save(
            out, "WEBP", lossless=True, quality=40, method=2
        )
    return out.getvalue()


def _on_ground(few: Image.Image, picture: Image.Image) -> Image.Image:
    """Fewer colours, but the ground exactly the page's: the tree of colours knows no 255."""
    import numpy as np

    ground = picture.getpixel((0, 0))
    for top in range(0, picture.height, STRIP):
        part = (0, top, picture.width, min(top + STRIP, picture.height))
        out = np.array(few.crop(part))
        out[(np.asarray(picture.crop(part)) == ground).all(-1)] = ground
        few.paste(Image.fromarray(out), part)
    return few


# ---- colours -----------------------------------------------------------------------------------


def dark() -> dict[str, str]:
    """Each colour of the light theme, and its partner in the dark one."""
    day, night = palette(), palette("dark")
    partners = {day[name]: night[name] for name in reversed(list(day)) if name in night}
    return partners | {to_hex("black"): night["ink"], to_hex("white"): night["paper"]}


def heat(theme: str = "light") -> LinearSegmentedColormap:
    """Colours of a map: from the page's ground half way to its ink, so that words stay readable."""
    paper, ink = (to_rgba(palette(theme)[name]) for name in ("paper", "quiet"))
    end = [p + 0.5 * (i - p) for p, i in zip(paper, ink, strict=True)]
    return LinearSegmentedColormap.from_list(f"lab-{theme}", [paper, end])


def recolour(fig: Figure, partners: Mapping[str, str]) -> list[Callable[[], None]]:
    """Give everything drawn the partners of its colours; what is returned undoes it, step by step.

    A colour without a partner stays.
    """
    undo: list[Callable[[], None]] = []
    for artist in fig.findobj():
        for part in (artist, *_hidden(artist)):
            for name in _COLOURS.get(_kind(part), ()):
                _swap(part, name, partners, undo)
            if isinstance(part, Collection) and part.get_array() is not None:
                undo.append(_later(part.set_cmap, part.get_cmap()))
                part.set_cmap(heat("dark"))
    return undo


_COLOURS: dict[type, tuple[str, ...]] = {
    Line2D: ("color", "markerfacecolor", "markeredgecolor"),
    Text: ("color",),
    Patch: ("facecolor", "edgecolor"),
    Collection: ("facecolor", "edgecolor"),
}


def _kind(part: Artist) -> type:
    return next((kind for kind in _COLOURS if isinstance(part, kind)), Artist)


def _hidden(artist: Artist) -> list[Artist]:
    """What Matplotlib draws with an artist and does not list among its children."""
    box = artist.get_bbox_patch() if isinstance(artist, Text) else None
    return [box] if box is not None else []


def _swap(part: Any, name: str, partners: Mapping[str, str], undo: list[Any]) -> None:
    if isinstance(part, Collection) and part.get_array() is not None and name == "facecolor":
        return
    value = getattr(part, f"get_{name}")()
    several = isinstance(part, Collection)
    old = [to_rgba(c) for c in value] if several else to_rgba(value)
    new = [_partner(c, partners) for c in old] if several else _partner(old, partners)
    if new != old:
        change = getattr(part, f"set_{name}")
        undo.append(_later(change, value))
        change(new)


def _partner(colour: Any, partners: Mapping[str, str]) -> tuple[float, ...]:
    """The partner of a colour, as transparent as it is."""
    found = partners.get(to_hex(colour))
    return (*to_rgba(found)[:3], colour[3]) if found else colour


def _later(change: Callable[[Any], Any], value: Any) -> Callable[[], None]:
    return lambda: change(value)


def stacked(axes: list[Axes], fig: Figure, *, deep: float) -> None:
    """Set panels that stood side by side below each other; ``deep`` inches in all."""
    from matplotlib.gridspec import GridSpec

    fig.set_size_inches(fig.get_figwidth(), deep)
    grid = GridSpec(len(axes), 1, figure=fig)
    for n, ax in enumerate(axes):
        ax.set_subplotspec(grid[n, 0])
        ax.tick_params(labelleft=True)
