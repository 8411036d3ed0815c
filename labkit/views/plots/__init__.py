"""Static figures in one house style, each shown with a text and a table that say the same.

In: scores, rate curves, tables of rates, pictures.  Out: ``(figure, alt text, table)``, which
:func:`show` puts into a notebook: ``plots.show(*plots.scores(pairs))``.  The alt text is computed
from the numbers shown.  Nothing is told apart by colour alone: lines have styles, points have
shapes, heaps have sides; stripes are errors, hollow grey is too few, a black line is a threshold.

Drawn with Matplotlib, which is loaded when a figure is drawn first.
"""

from labkit.views.identity import LINES, MARKERS
from labkit.views.plots.bars import both_errors
from labkit.views.plots.causes import camera_gaps, counterfactual, false_match_shares
from labkit.views.plots.city import city_compared, city_dials, city_false_links, city_unique
from labkit.views.plots.congress import candidates, council, mistaken, trade
from labkit.views.plots.counted import Operating, counted
from labkit.views.plots.crowd import boxes as crowd_boxes
from labkit.views.plots.crowd import by_passage, found_by, photographed
from labkit.views.plots.curves import rates_curve
from labkit.views.plots.faces import confused
from labkit.views.plots.histograms import scores
from labkit.views.plots.levels import at_levels
from labkit.views.plots.maps import confusion
from labkit.views.plots.mixes import controls as mix_controls
from labkit.views.plots.mixes import errors_by_mix
from labkit.views.plots.pictures import pair, rebuilt, wall
from labkit.views.plots.points import group_rates, groups
from labkit.views.plots.records import published
from labkit.views.plots.remedies import remedies
from labkit.views.plots.searches import false_candidates, searches
from labkit.views.plots.showing import as_html, show
from labkit.views.plots.style import colours, figure, invented, style

__all__ = [
    "show",
    "as_html",
    "scores",
    "rates_curve",
    "groups",
    "group_rates",
    "both_errors",
    "confusion",
    "counted",
    "Operating",
    "errors_by_mix",
    "mix_controls",
    "confused",
    "candidates",
    "council",
    "mistaken",
    "trade",
    "counterfactual",
    "at_levels",
    "camera_gaps",
    "false_match_shares",
    "published",
    "remedies",
    "searches",
    "false_candidates",
    "city_compared",
    "city_dials",
    "city_false_links",
    "city_unique",
    "found_by",
    "crowd_boxes",
    "by_passage",
    "wall",
    "pair",
    "photographed",
    "rebuilt",
    "figure",
    "invented",
    "style",
    "colours",
    "LINES",
    "MARKERS",
]
