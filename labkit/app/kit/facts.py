"""The numbers of the 90 minutes by name, for the handout: ``{returned}`` and the like.

In: the lab's data.  Out: names and numbers as text, each computed as its notebook computes it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from labkit import data, gallery, matchers, measure, published
from labkit.gallery.council import DARKER, LIGHTER, Trial
from labkit.measure.reading import in_words

PASSING, WANTED = 20_000, 100
"""The station of notebook 08; a test holds them equal to its own."""


@functools.cache
def facts() -> Mapping[str, str]:
    """Name -> number, as text.

    Examples
    --------
    >>> facts()["passing"], facts()["aclu_matched"]
    ('20,000', '28')
    """
    return MappingProxyType(_pairs() | _searches() | _council() | _published())


def _pairs() -> dict[str, str]:
    """Notebook 03: the library's default, and one threshold moved."""
    dev = data.load("anytown/dev")
    of, templates = dev.of("person"), dev.templates
    known: Any = matchers.DeepFaceMatcher("Dlib").defaults().set_index("metric")
    default = known.loc["cosine"]
    by_default = measure.all_pairs(templates, of, default["measure"])
    pairs = measure.all_pairs(templates, of, "euclidean")
    out = {"default": f"{100 * (by_default.impostor >= default['similarity']).mean():.0f}"}
    for name, fmr in (("loose", 1e-2), ("strict", 1e-3)):
        threshold = measure.threshold_at_fmr(pairs.impostor, fmr)
        out[f"{name}_false"] = in_words(fmr)
        out[f"{name}_missed"] = f"{100 * (pairs.genuine < threshold).mean():.0f}"
    return out


def _searches() -> dict[str, str]:
    """Notebook 08: a gallery at the ballot's threshold, and a station at a strict one."""
    town = gallery.searched("dlib")
    returned = town.at(town.pair_threshold(1e-3).value).fpir()
    strict = town.threshold(0.05).value
    fpir, tpir = town.at(strict).fpir(), town.tpir(strict)
    false, right = round((PASSING - WANTED) * float(fpir)), round(WANTED * float(tpir))
    return {
        "enrolled": f"{town.size:,}",
        "returned": f"{100 * returned.value:.0f}",
        "passing": f"{PASSING:,}",
        "wanted": f"{WANTED}",
        "others": f"{PASSING - WANTED:,}",
        "fpir": f"{100 * float(fpir):.1f}",
        "tpir": f"{100 * float(tpir):.0f}",
        "false_alerts": f"{false:,}",
        "right_alerts": f"{right}",
        "alerts": f"{false + right:,}",
        "right_of_hundred": f"{100 * right / (false + right):.0f}",
    }


def _council() -> dict[str, str]:
    """Notebook 09: the council's test, and what a higher threshold takes away."""
    town = Trial(data.gallery(), "dlib", "town")
    costs: Any = town.costs()
    matched = town.council(town.at("C"))
    out = {"members": f"{len(town.probes('council'))}"}
    for band in (DARKER, LIGHTER):
        errors, members = matched.count(band)
        out |= {f"matched_{band}": f"{errors}", f"members_{band}": f"{members}"}
    for point in ("A", "C"):
        row = costs.loc[point]
        found = row["enrolled, searched for"] - row["not found"]
        out[f"matched_{point}"] = f"{row['members matched']:.0f}"
        out[f"found_{point}"] = f"{found:.0f}"
    out["searched"] = f"{costs.loc['A', 'enrolled, searched for']:.0f}"
    return out


def _published() -> dict[str, str]:
    """The test of 2018, and the alerts of a police force, from the record."""
    table: Any = published.load("congress_test").table.set_index("id")
    test, color = table.loc["aclu-2018"], table.loc["aclu-2018-color"]
    base = float(table.loc["aclu-2018-base", "value"])
    trials: Any = published.load("live_trials").table.set_index("id")
    alerts, faces = trials.loc["met-2025-alerts"], trials.loc["met-2025-faces"]
    again = table.loc["amazon-99-retest"]
    return {
        "amazon_none": f"{int(again['count'])}",
        "amazon_gallery": f"{int(again['gallery']):,}",
        "met_false": f"{int(alerts['count'])}",
        "met_alerts": f"{int(alerts['of']):,}",
        "met_in_million": f"{1e6 * int(alerts['count']) / int(faces['of']):.0f}",
        "met_faces": f"{int(faces['of']) / 1e6:.1f} million",
        "aclu_matched": f"{int(test['count'])}",
        "aclu_members": f"{int(test['of'])}",
        "aclu_color": f"{int(color['count'])}",
        "aclu_base": f"{base:.0f}",
    }
