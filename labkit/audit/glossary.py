"""The words of the field that a report uses, explained on the same page.

In: sentences.  Out: the same with each word linked to its entry, once in a section, and the entries
that were linked, so that a page explains what it says and nothing else.

Definitions follow secondary descriptions of ISO/IEC 19795-1 and 19795-10; no conformity is claimed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from labkit.base.words import N_, _


@dataclass(frozen=True)
class Entry:
    """A word and what it means.

    Parameters
    ----------
    id
        Its place on the page is ``term-`` and this.
    forms
        How it is written in sentences; the first is its heading.
    means
        In plain words, with the source where one is due.
    """

    id: str
    forms: tuple[str, ...]
    means: str


GLOSSARY = (
    Entry(
        "alpha",
        (N_("alpha"),),
        N_(
            "The weight of false matches in a summary of both kinds of errors, from 0 to 1; the"
            " misses have the rest. Somebody chose it: another alpha can give another order."
        ),
    ),
    Entry(
        "auc",
        (N_("AUC"),),
        N_(
            "How often a pair of one person scores higher than a pair of two, a tie counting half:"
            " 0.5 is guessing, 1 is never wrong. It looks at all thresholds at once, also those"
            " that nobody would use (area under the ROC curve)."
        ),
    ),
    Entry(
        "drawn",
        (N_("drawn again"), N_("draws")),
        N_(
            "A computed repetition (bootstrap): people are drawn by lot from those who were tested,"
            " some of them twice, others not at all, and everything is computed anew. How much it"
            " changes shows how much depends on who happened to be tested."
        ),
    ),
    Entry(
        "equal-groups",
        (N_("equal groups"),),
        N_(
            "What a summary would be if all groups had the same true rate and only luck told them"
            " apart, for groups of the sizes that were tested. Rates differ by luck alone, so a"
            " summary says something only beside this."
        ),
    ),
    Entry(
        "exploratory",
        (N_("exploratory"),),
        N_(
            "Looked at without having been the question beforehand. Whoever looks at many numbers"
            " finds something striking; it takes other data to say whether it is there."
        ),
    ),
    Entry(
        "false-rejection",
        (N_("false rejection"), N_("false rejections")),
        N_(
            "Pairs of one person that do not match or could not be compared, out of all such pairs"
            " that were planned. Losing faces does not improve it, as it improves FNMR."
        ),
    ),
    Entry(
        "fdr",
        (N_("FDR"),),
        N_(
            "Fairness discrepancy rate (not the false discovery rate of statistics): 1 minus alpha"
            " times the largest difference in FMR, minus the rest times that in FNMR. 1 is equal."
            " It is blind where rates are low: a fifty-fold difference between tiny rates hardly"
            " moves it (de Freitas Pereira and Marcel, arXiv:2011.02395)."
        ),
    ),
    Entry(
        "fmr",
        (N_("FMR"), N_("false matches"), N_("false match")),
        N_(
            "False match rate: pairs of two people that the system takes for one person, out of all"
            " pairs of two people compared. In a group, both people are of the group."
        ),
    ),
    Entry(
        "fnmr",
        (N_("FNMR"),),
        N_(
            "False non-match rate: pairs of one person that do not match, out of those that could"
            " be compared."
        ),
    ),
    Entry(
        "four-in-five",
        (N_("four times in five"),),
        N_(
            "The smallest true ratio that data like these would find in four of five repetitions"
            " (a power of 80%). A smaller difference may be there and would probably be missed."
        ),
    ),
    Entry(
        "fta",
        (N_("FTA"), N_("failures to acquire"), N_("failure to acquire")),
        N_(
            "Failure to acquire: pictures in which the system found no face that it could use, out"
            " of all pictures."
        ),
    ),
    Entry(
        "gallery",
        (N_("gallery"), N_("galleries")),
        N_("The people whom a search looks through: those enrolled in the system."),
    ),
    Entry(
        "garbe",
        (N_("GARBE"),),
        N_(
            "How unevenly errors are spread over groups, from 0 (equal) to 1 (all in one group):"
            " the Gini coefficients of false match rates and of misses, weighed by alpha"
            " (Howard and others 2022, arXiv:2203.05051)."
        ),
    ),
    Entry(
        "group",
        (N_("groups"), N_("groups of people")),
        N_(
            "People with the same label in the input. Who gave the label, and by what rule, is not"
            " known here."
        ),
    ),
    Entry(
        "holm",
        (N_("Holm"),),
        N_(
            "A rule that makes p values larger when many comparisons are made at once, so that the"
            " chance of even one false claim stays at 5% (Holm 1979)."
        ),
    ),
    Entry(
        "impostor",
        (N_("impostor comparisons"), N_("impostor"), N_("pairs of two people"), N_("pairs of two")),
        N_(
            "A comparison of pictures of two different people. Nobody has to pretend anything: the"
            " word is the field's."
        ),
    ),
    Entry(
        "inequity",
        (N_("Inequity Rate"),),
        N_(
            "The highest over the lowest false match rate, to the power of alpha, times the same of"
            " the misses to the power of the rest. 1 is equal; undefined when a group has no error"
            " (NISTIR 8429)."
        ),
    ),
    Entry(
        "interval",
        (N_("95% intervals"), N_("95% interval"), N_("intervals"), N_("interval")),
        N_(
            "The rates that are compatible with what was counted, were other people of the same"
            " kind tested: 95 of 100 such intervals should hold the true rate. It says nothing of"
            " other kinds of people or pictures."
        ),
    ),
    Entry(
        "mated",
        (N_("pairs of one person"), N_("pair of one person"), N_("mated"), N_("genuine")),
        N_("A comparison of two pictures of the same person, also called genuine or mated."),
    ),
    Entry(
        "max-geomean",
        (N_("max/geomean"),),
        N_(
            "The highest rate over the geometric mean of all groups' rates. It depends on how many"
            " groups there are."
        ),
    ),
    Entry(
        "max-min",
        (N_("max/min"),),
        N_(
            "The highest rate over the lowest. It is above 1 in every sample, also where the groups"
            " are equal."
        ),
    ),
    Entry(
        "p",
        (N_("p value"), N_("p values")),
        N_(
            "How often luck alone would show at least such a difference if there were none. It is"
            " not the chance that there is none."
        ),
    ),
    Entry(
        "person-pairs",
        (N_("pairs of people"),),
        N_(
            "Two people, however many pictures of them were compared. A thousand comparisons of the"
            " same two people are the experience of one pair."
        ),
    ),
    Entry(
        "ratio",
        (N_("ratio"), N_("ratios")),
        N_(
            "The rate of a group over that of those it is compared with: 1 is equal, 2 is twice as"
            " many errors, 0.5 half as many."
        ),
    ),
    Entry(
        "score",
        (N_("scores"), N_("score"), N_("distances"), N_("distance")),
        N_(
            "The number that the system gives two pictures for how alike they are. A distance is a"
            " score turned round: smaller means more alike. Scores of different systems cannot be"
            " compared."
        ),
    ),
    Entry(
        "search",
        (N_("search"), N_("searches")),
        N_(
            "One picture compared with everybody in a gallery (1:N). A false candidate is somebody"
            " in the gallery whom a search takes for a person who is not in it."
        ),
    ),
    Entry(
        "stratum",
        (N_("strata"), N_("stratum")),
        N_(
            "A part of the data that has something in common, such as one camera or one site."
            " Groups compared within strata are compared under the same conditions of that kind"
            " (Mantel and Haenszel 1959)."
        ),
    ),
    Entry(
        "threshold",
        (N_("threshold"), N_("thresholds")),
        N_(
            "The score from which on two pictures count as a match. A higher one makes fewer false"
            " matches and more misses. Somebody chooses it, and an estimate of what it does is as"
            " uncertain as any other."
        ),
    ),
)
"""Every word that a report may link, in the order of the alphabet by ``id``."""


class Glossary:
    """Links words of one page, and knows which it linked.

    Parameters
    ----------
    entries
        All there are.

    Examples
    --------
    >>> page = Glossary()
    >>> print(page.linked("FMR & AUC"))
    <a class="term" href="#term-fmr">FMR</a> &amp; <a class="term" href="#term-auc">AUC</a>
    >>> print(page.linked("FMR again")), [entry.id for entry, _ in page.used()][:2]
    FMR again
    (None, ['auc', 'fmr'])
    """

    def __init__(self, entries: Sequence[Entry] = GLOSSARY) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._seen: set[str] = set()
        self._here: set[str] = set()

    def __repr__(self) -> str:
        return f"Glossary({len(self.entries)} entries)"

    @functools.cached_property
    def _forms(self) -> dict[str, str]:
        """Each form, as it is written in a page, and the entry it is of."""
        return {str(escape(_(f))): e.id for e in self.entries.values() for f in e.forms}

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Whole words, the longest form first; capitals matter where a form has nothing else."""
        forms = sorted(self._forms, key=len, reverse=True)
        each = [re.escape(f) if f.isupper() else f"(?i:{re.escape(f)})" for f in forms]
        return re.compile(rf"(?<![\w/&#])(?:{'|'.join(each)})(?![\w/])")

    @functools.cached_property
    def _small(self) -> dict[str, str]:
        return {form.lower(): entry for form, entry in self._forms.items()}

    def begin(self) -> str:
        """Begin a section: each word may be linked once more."""
        self._here.clear()
        return ""

    def linked(self, text: str) -> Markup:
        """The text, escaped, with each word of the glossary linked the first time in a section."""

        def link(found: re.Match[str]) -> str:
            word = found[0]
            entry = self._forms.get(word) or self._small[word.lower()]
            self._seen.add(entry)
            if entry in self._here:
                return word
            self._here.add(entry)
            return f'<a class="term" href="#term-{entry}">{word}</a>'

        return Markup(self._pattern.sub(link, str(escape(text))))

    def used(self) -> list[tuple[Entry, Markup]]:
        """The entries that were linked, and those that their definitions link; with definitions."""
        out: dict[str, Markup] = {}
        while missing := sorted(self._seen - set(out)):
            for name in missing:
                self.begin()
                self._here.add(name)  # an entry does not point at itself
                out[name] = self.linked(_(self.entries[name].means))
        order = sorted(out, key=lambda name: _(self.entries[name].forms[0]).lower())
        return [(self.entries[name], out[name]) for name in order]
