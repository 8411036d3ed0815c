"""Three dials of the city at low, middle and high: what each does to what is found out.

In: a seed.  Out: tables with a row for each level, with the null town, with each tone band.  An
**illustration**: two of the dials are assumptions; of the third, the matcher, two levels carry the
errors that were measured in this lab, and one makes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import N_, _
from labkit.data import ORDERS
from labkit.street.city import (
    CAMERAS,
    LEVELS,
    MIDDLE,
    RESIDENTS,
    ROUTINES,
    VISITORS,
    City,
    known,
)
from labkit.street.followed import Found, Record, found, home_found, null_town, record, together
from labkit.street.recognised import MATCHERS, Matcher, Searches, measured, perfect

if TYPE_CHECKING:
    import pandas as pd

MEASURED, PERFECT = MATCHERS[1], MATCHERS[-1]
"""The matcher at the middle of its dial, and the one without error."""

DIALS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "routine": {level: level for level in LEVELS},
        "cameras": {level: level for level in LEVELS},
        "matcher": dict(zip(LEVELS, MATCHERS, strict=True)),
    }
)
"""Dial -> level -> what it is set to."""

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "home": N_("homes found"),
        "places": N_("visits to worship and clinics found"),
        "pairs": N_("pairs found"),
        "protest": N_("people at the protest named"),
        "places_wrong": N_("wrong among the visits written down"),
        "pairs_wrong": N_("wrong among the pairs written down"),
        "protest_wrong": N_("wrong among those named at the protest"),
    }
)
"""What is asked of a record, all of it in a hundred."""


class Study:
    """The city at every level of its dials.

    Parameters
    ----------
    seed
        Of the city.
    residents, visitors
        How many of each.
    searches
        What the matchers were measured to do, by name; those of the lab's galleries without it.

    Examples
    --------
    >>> from labkit.street.made_up import made_up_searches
    >>> study = Study(residents=300, visitors=40, searches=made_up_searches(300))
    >>> study.dials().shape
    (7, 9)
    >>> bool((study.compared()["null town"] <= study.compared()["perfect"])[:4].all())
    True
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        residents: int = RESIDENTS,
        visitors: int = VISITORS,
        searches: Mapping[str, Searches] | None = None,
    ) -> None:
        self.seed, self.residents, self.visitors = seed, residents, visitors
        self._given = searches
        self._cities: dict[str, City] = {}
        self._matchers: dict[str, Matcher] = {}
        self._found: dict[tuple[str, str, str], Found] = {}

    def __repr__(self) -> str:
        return f"Study(seed={self.seed}, residents={self.residents}, visitors={self.visitors})"

    def city(self, routine: str = MIDDLE) -> City:
        """The city at a level of the routine."""
        if routine not in self._cities:
            self._cities[routine] = City(routine, self.seed, self.residents, self.visitors)
        return self._cities[routine]

    def matcher(self, name: str = MEASURED) -> Matcher:
        """Who is named by a matcher; the same people are confused at every level of the others.

        Raises
        ------
        ValueError
            For a name that the dial does not have.
        """
        known("matcher", name, dict.fromkeys(MATCHERS))
        if name not in self._matchers:
            city = self.city()
            self._matchers[name] = (
                perfect(city)
                if name == PERFECT
                else measured(city, self._given[name] if self._given is not None else name)
            )
        return self._matchers[name]

    def searches(self, name: str = MEASURED) -> Searches:
        """What a matcher was measured to do."""
        found = self.matcher(name).searches
        if found is None:
            raise ValueError(f"{name!r} makes no error and was not measured: use dlib or SFace")
        return found

    def record(
        self, routine: str = MIDDLE, cameras: str = MIDDLE, matcher: str = MEASURED
    ) -> Record:
        """What was written down at these levels."""
        return record(self.city(routine), self.matcher(matcher), cameras)

    def found(self, routine: str = MIDDLE, cameras: str = MIDDLE, matcher: str = MEASURED) -> Found:
        """What is found out at these levels."""
        key = routine, cameras, matcher
        if key not in self._found:
            self._found[key] = found(self.record(*key))
        return self._found[key]

    @cached_property
    def null(self) -> Found:
        """What is found in the null town: the measured matcher's sightings under shuffled names."""
        return found(null_town(self.record()))

    def dials(self) -> pd.DataFrame:
        """What each dial does while the two others stay in the middle; shares in a hundred.

        Returns
        -------
        table
            A row for each level of each dial, the middle once; columns of :data:`QUESTIONS`, the
            sightings and the false links under an average name.
        """
        import pandas as pd

        rows = {(_("all"), MIDDLE): _row(self.found())}
        for dial, levels in DIALS.items():
            for level, value in levels.items():
                if level != MIDDLE:
                    rows[dial, level] = _row(self.found(**{dial: value}))
        index = pd.MultiIndex.from_tuples(list(rows), names=["dial", "level"])
        return pd.DataFrame(list(rows.values()), index=index)

    def compared(self) -> pd.DataFrame:
        """The null town, the matcher as measured, and a perfect one, side by side.

        Returns
        -------
        table
            A row for each of :data:`QUESTIONS`, the sightings and the false links; shares in a
            hundred.
        """
        import pandas as pd

        columns = {
            "null town": self.null,
            "as measured": self.found(),
            "perfect": self.found(matcher=PERFECT),
        }
        return pd.DataFrame({name: _row(one) for name, one in columns.items()})

    def passages(self) -> pd.DataFrame:
        """Passages of the two weeks by residents and visitors, and how often one gets a wrong name.

        Returns
        -------
        table
            Rows ``residents`` and ``visitors``; columns ``people``, ``passages`` and ``wrong
            name``, the share that was measured.
        """
        import pandas as pd

        passed = self.city().passages()
        visiting = int((passed.person >= self.residents).sum())
        searches = self.searches()
        heard = searches.strangers >= searches.threshold.value
        rows = {
            "residents": (self.residents, len(passed) - visiting, searches.wrong.mean()),
            "visitors": (self.visitors, visiting, heard.mean()),
        }
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=["people", "passages", "wrong name"]
        )

    def pairs(self, matcher: str = PERFECT) -> dict[str, int]:
        """Pairs: how many ``meet``, how many are ``written down``, how many are ``both``."""
        city = self.city()
        given = {tuple(p) for p in together(self.record(matcher=matcher)).tolist()}
        first = np.flatnonzero(city.with_whom > np.arange(city.residents))
        true = {(int(a), int(city.with_whom[a])) for a in first}
        return {"meet": len(true), "written down": len(given), "both": len(given & true)}

    @property
    def band(self) -> NDArray[Any]:
        """The tone band of each resident."""
        return self.searches().band

    def by_band(self) -> pd.DataFrame:
        """Whom errors hit and what is found, by tone band.

        Returns
        -------
        table
            ``residents``; ``named``, passages in a hundred that get their own name; ``false links``
            under an average name; ``homes found`` as measured and with no error, in a hundred.
        """
        import pandas as pd

        file, exact = self.record(), self.record(matcher=PERFECT)
        passed = self.city().passages()
        own = np.bincount(passed.person, minlength=self.city().people)[: self.residents]
        true = np.bincount(file.named[file.true], minlength=self.residents)
        home, home_exact = home_found(file), home_found(exact)
        rows = {}
        for name in ORDERS["tone_band"]:
            mine = self.band == name
            rows[name] = {
                "residents": int(mine.sum()),
                "named": 100 * true[mine].sum() / own[mine].sum(),
                "false links": file.false_links[mine].mean(),
                "homes found": 100 * home[mine].mean(),
                "homes found, no error": 100 * home_exact[mine].mean(),
            }
        return pd.DataFrame.from_dict(rows, orient="index")


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """A table of results with :data:`QUESTIONS` written out, as rows or as columns.

    Examples
    --------
    >>> import pandas as pd
    >>> in_words(pd.DataFrame({"a": [1.0]}, index=["home"])).index.tolist()
    ['homes found, in 100']
    """
    named = {
        name: _("{what}, in 100").format(what=_(words)) for name, words in QUESTIONS.items()
    } | {
        "sightings": _("sightings under an average name"),
        "false links": _("of these, of somebody else"),
    }
    return table.rename(index=named, columns=named)


def _row(one: Found) -> dict[str, float]:
    """A result as a row: shares in a hundred."""
    shares = {name: 100 * getattr(one, name) for name in QUESTIONS}
    return {**shares, "sightings": one.sightings, "false links": one.false_links_each}


def assumptions() -> pd.DataFrame:
    """What the dials are set to at each level.

    Examples
    --------
    >>> assumptions().loc["cameras", "low"]
    '10 of 384 corners'
    """
    import pandas as pd

    from labkit.street.city import HEIGHT, WIDTH

    usual = _("usual things happen {kept:.0f} in 100 times, give or take {spread} minutes")
    corners = _("{n} of {all} corners")
    rows = {
        "routine": {
            level: usual.format(kept=100 * r.kept, spread=r.spread) for level, r in ROUTINES.items()
        },
        "cameras": {k: corners.format(n=n, all=WIDTH * HEIGHT) for k, n in CAMERAS.items()},
        "matcher": {
            "low": _("dlib, as measured"),
            "middle": _("SFace, as measured"),
            "high": _("no error at all"),
        },
    }
    return pd.DataFrame.from_dict(rows, orient="index")[list(LEVELS)]
