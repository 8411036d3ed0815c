"""The page of an audit: what was counted and said, put into ``report.html.j2``.

In: :class:`labkit.audit.facts.Facts`.  Out: the text of an HTML file for a screen, a printer and a
screen reader: no script, nothing fetched.  The template has the order of the page and all markup.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labkit.audit import draw, sentences
from labkit.audit.facts import COMPARED, Facts, records
from labkit.audit.glossary import Glossary
from labkit.audit.numbers import capital, digits, tick
from labkit.audit.short import Short
from labkit.audit.tables import Tables
from labkit.audit.words import Words
from labkit.base.words import _
from labkit.measure.rate import RATES
from labkit.views import page

TEMPLATE = Path(__file__).with_name("report.html.j2")
POINTS = 120  # of a curve


def html(facts: Facts) -> str:
    """The whole page."""
    words, glossary = Words(facts), Glossary()
    tables = Tables(facts, words)
    return page.render(
        TEMPLATE,
        linked=glossary.linked,
        title=facts.title,
        facts=facts,
        words=words,
        short=Short(facts, words),
        glossary=glossary,
        sentences=sentences,
        tables=tables,
        drawings=Drawings(facts, words, tables),
        rates=RATES,
    )


@dataclass(frozen=True, eq=False)
class Drawings:
    """The drawings of one report."""

    facts: Facts
    words: Words
    tables: Tables

    def rate(self, rate: str) -> draw.Figure | None:
        """A rate by group; none for a rate that is not compared or has nothing to count."""
        if rate not in COMPARED or not any(r.interval(rate).trials for r in self.facts.rows):
            return None
        name, log = capital(_(RATES[rate].short)), RATES[rate].log
        cells = [
            draw.Cell(
                r.name,
                r.interval(rate),
                self.words.brief(r, rate),
                self.words.said(r, rate),
                r.at_most(rate),
                r.all_seen(rate),
            )
            for r in self.facts.rows
        ]
        return draw.groups(
            f"fig-{rate}",
            (
                _("{rate} by group, with 95% intervals by people")
                if self.facts.group_rows
                else _("{rate}, with its 95% interval by people")
            ).format(rate=name),
            _("{rate} (steps of ten)").format(rate=name) if log else name,
            cells,
            log=log,
        )

    @property
    def scores(self) -> draw.Figure:
        """The scores of both kinds of pairs, and the threshold."""
        said = [
            _("{n} {pairs}: nine in ten between {low} and {high}, the middle at {middle}.").format(
                n=n, pairs=label, low=low, high=high, middle=middle
            )
            for label, n, low, middle, high in self.tables.scores.rows
        ]
        said.append(_("The threshold stands at {t}.").format(t=self.words.threshold))
        return draw.histogram(
            "fig-scores",
            _("Scores of both kinds of pairs, each as high as its own highest bar"),
            self.tables.sides,
            self.facts.point.value,
            " ".join(said),
            distance=self.facts.distance,
        )

    @property
    def trade(self) -> draw.Figure:
        """FNMR against FMR, above the floor."""
        facts = self.facts
        grid = np.logspace(math.log10(facts.floor), 0, POINTS)
        said = "; ".join(
            _("at FMR {fmr} FNMR {fnmr}").format(fmr=tick(r.fmr_asked), fnmr=digits(r.fnmr))
            for r in records(facts.steps)
        )
        return draw.trade(
            "fig-trade",
            _("FNMR against FMR, all pairs"),
            grid,
            np.array([facts.at_fmr(min(float(x), 1.0))[2] for x in grid]),
            facts.floor,
            facts.interval("fmr").value,
            f"{said}. {self.words.lowest_fmr}",
        )
