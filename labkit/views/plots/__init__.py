"""Static figures in one house style, each shown with a text and a table that say the same.

In: scores, rate curves, tables of rates, pictures.  Out: ``(figure, alt text, table)``, which
:func:`show` puts into a notebook: ``plots.show(*plots.scores(pairs))``.  The alt text is computed
from the numbers shown.  Nothing is told apart by colour alone: lines have styles, points have
shapes, histograms have hatching.

Drawn with seaborn on figures of Matplotlib; both are loaded when a figure is drawn first.
"""

from labkit.views.identity import HATCHES, LINES, MARKERS
from labkit.views.plots.curves import rates_curve
from labkit.views.plots.histograms import scores
from labkit.views.plots.maps import confusion
from labkit.views.plots.pictures import pair, wall
from labkit.views.plots.points import groups
from labkit.views.plots.showing import as_html, as_png, show
from labkit.views.plots.style import colours, figure, style

__all__ = [
    "show",
    "as_html",
    "as_png",
    "scores",
    "rates_curve",
    "groups",
    "confusion",
    "wall",
    "pair",
    "figure",
    "style",
    "colours",
    "HATCHES",
    "LINES",
    "MARKERS",
]
