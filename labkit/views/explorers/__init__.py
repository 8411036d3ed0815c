"""Interactive views for the notebooks: data sent once, everything computed in the browser.

In: tables of comparisons and pictures.  Out: widgets, each of which can also be written as one HTML
file (``.to_html(path)``) that needs neither a kernel nor a network.  All work with the keyboard
alone, say in a sentence what changed and have a table with the same content.
"""

from collections.abc import Mapping
from types import MappingProxyType

from labkit.views.explorers._city import CityExplorer, city
from labkit.views.explorers._crowd import CrowdExplorer, crowd
from labkit.views.explorers._dial import DialExplorer, dial
from labkit.views.explorers._game import GameExplorer, game
from labkit.views.explorers._groups import GroupsExplorer, groups
from labkit.views.explorers._maker import MakerExplorer, maker
from labkit.views.explorers._mixes import MixesExplorer, mixes
from labkit.views.explorers._redraw import RedrawExplorer, drawn_people, redraw
from labkit.views.explorers._review import ReviewExplorer, review
from labkit.views.explorers._threshold import ThresholdExplorer, threshold
from labkit.views.explorers._watchlist import WatchlistExplorer, watchlist
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.facts import face_measures, pair_facts

ALL: Mapping[str, type[Explorer]] = MappingProxyType(
    {
        kind.NAME: kind
        for kind in (
            ThresholdExplorer,
            RedrawExplorer,
            GroupsExplorer,
            GameExplorer,
            MixesExplorer,
            DialExplorer,
            ReviewExplorer,
            CityExplorer,
            WatchlistExplorer,
            CrowdExplorer,
            MakerExplorer,
        )
    }
)
"""Every explorer by name; what holds for all of them is tested on each one listed here."""

__all__ = [
    "ALL",
    "threshold",
    "redraw",
    "groups",
    "game",
    "mixes",
    "dial",
    "review",
    "city",
    "watchlist",
    "crowd",
    "maker",
    "pair_facts",
    "face_measures",
    "drawn_people",
    "Explorer",
    "ThresholdExplorer",
    "RedrawExplorer",
    "GroupsExplorer",
    "GameExplorer",
    "MixesExplorer",
    "DialExplorer",
    "ReviewExplorer",
    "CityExplorer",
    "WatchlistExplorer",
    "CrowdExplorer",
    "MakerExplorer",
]
