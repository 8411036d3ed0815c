"""What a search found, and what became of a list of faces, each with the words that belong to it.

In: what :mod:`labkit.gallery.collection` did.  Out: values, sentences and tables.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from labkit.base.words import _

if TYPE_CHECKING:
    import pandas as pd

    from labkit.gallery.index import Index


@dataclass(frozen=True)
class Measured:
    """A threshold with the false match rate that was measured at it.

    Parameters
    ----------
    value
        A match is ``score >= value``.
    fmr
        False match rate of one comparison of two people, above 0 and at most 1.
    on
        On whom it was measured, in a few words.

    Raises
    ------
    ValueError
        For a rate of 0: that no false match was seen does not say that there are none.

    Examples
    --------
    >>> Measured(-0.4, 1e-4, "the people of anytown/dev").value
    -0.4
    """

    value: float
    fmr: float
    on: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and 0 < self.fmr <= 1):
            words = _(
                "a threshold of {value} with a false match rate of {fmr} was not measured: give a"
                " finite threshold and a rate above 0 and at most 1"
            )
            raise ValueError(words.format(value=self.value, fmr=self.fmr))

    @classmethod
    def counted(cls, value: float, index: Index, probes: ArrayLike, on: str) -> Measured:
        """The rate at which people who are not in a gallery pass for those who are, counted.

        Parameters
        ----------
        value
            The threshold.
        index
            The gallery, such as :class:`labkit.gallery.Exact`.
        probes
            Templates of people who are not in it, shape (m, d); those of NaN are left out.
        on
            Who they are, in a few words.

        Raises
        ------
        ValueError
            When nobody passes: that is no rate of 0.

        Examples
        --------
        >>> from labkit.gallery import Exact
        >>> gallery = Exact([[0.0], [1.0], [5.0], [6.0]], "euclidean")
        >>> Measured.counted(-0.5, gallery, [[0.2], [3.0]], "an example").fmr
        0.125
        """
        rows = np.asarray(probes, np.float32)
        rows = rows[~np.isnan(rows).any(axis=1)]
        passed, compared = len(index.above(rows, value).rows), len(rows) * len(index)
        if not passed:
            words = _(
                "none of {n:,} comparisons passes the threshold {value:.6g}: too few to say how"
                " rare it is; lower the threshold, or compare more people"
            )
            raise ValueError(words.format(n=compared, value=value))
        return cls(value, passed / compared, on)


@dataclass(frozen=True)
class Candidate:
    """A face that a search returned.

    Parameters
    ----------
    rank
        1 for the most alike.
    id
        The id it was indexed under.
    score
        On the matcher's own scale; larger is more alike.
    """

    rank: int
    id: str
    score: float


@dataclass(frozen=True)
class Answer:
    """What a search found, and what it has to be read with.

    Parameters
    ----------
    candidates
        The most alike first; none when nobody passes the threshold.
    passed
        How many faces pass the threshold, also those that are not among the candidates because
        only so many were asked for; without a threshold, how many were returned.
    size
        Faces that were searched.
    threshold
        ``None`` for a candidate list without one.
    fmr
        The false match rate that came with the threshold; ``None`` when none did.
    line
        Number of the line in the gallery's log.
    described
        False when the probe had no template: nobody was searched for.
    note
        What the matcher said of the photograph, such as that it shows two faces.
    """

    candidates: tuple[Candidate, ...]
    passed: int
    size: int
    threshold: float | None
    fmr: float | None
    line: int
    described: bool = True
    note: str = ""

    @property
    def unknown(self) -> bool:
        """Whether nobody was named: nothing passes the threshold, or there was no face."""
        return not self.candidates

    @property
    def expected(self) -> float | None:
        """False candidates to expect in a search of somebody who is not in the gallery.

        The size of the gallery times the false match rate, an average over such searches; ``None``
        when the threshold came without a measured rate, or there was no threshold.
        """
        return None if self.fmr is None else self.size * self.fmr

    def read(self) -> str:
        """What was found, and how many false candidates to expect, in sentences."""
        if not self.described:
            return _("No face was found in the photograph: nobody was searched for.")
        note = f" ({self.note})" if self.note else ""
        if self.threshold is None:
            words = _(
                "The {n} most alike of {size:,} faces, without a threshold{note}. Everybody who is"
                " searched for gets such a list; for somebody who is not in the gallery, all of it"
                " is false."
            )
            return words.format(n=len(self.candidates), size=self.size, note=note)
        if not self.passed:
            found = _("Unknown: none of the {size:,} faces passes the threshold {t:.6g}{note}.")
        elif self.passed > len(self.candidates):
            found = _(
                "{n:,} of {size:,} faces pass the threshold {t:.6g}{note}; the {shown} most alike"
                " are shown."
            )
        else:
            found = _("{n:,} of {size:,} faces pass the threshold {t:.6g}{note}.")
        found = found.format(
            n=self.passed,
            size=self.size,
            t=self.threshold,
            note=note,
            shown=len(self.candidates),
        )
        return f"{found} {self._expected_in_words()}"

    def _expected_in_words(self) -> str:
        if self.expected is None:
            return _(
                "How many false candidates to expect is not known: the threshold came without a"
                " measured false match rate."
            )
        words = _(
            "False candidates to expect when the person is not in the gallery: {expected} on"
            " average ({size:,} faces x FMR {fmr:.2g})."
        )
        often = f"{self.expected:,.0f}" if self.expected >= 10 else f"{self.expected:.2g}"
        return words.format(expected=often, size=self.size, fmr=self.fmr)

    def table(self) -> pd.DataFrame:
        """The candidates, a row each: ``rank``, ``id``, ``score``."""
        import pandas as pd

        rows = [(c.rank, c.id, c.score) for c in self.candidates]
        return pd.DataFrame(rows, columns=["rank", "id", "score"])


@dataclass(frozen=True)
class Outcomes:
    """What became of each face of a list.

    Parameters
    ----------
    ids
        As they were given, in text.
    reasons
        For each: why it was refused, or an empty text when it was not.
    what
        ``"index"`` or ``"delete"``.
    """

    ids: tuple[str, ...]
    reasons: tuple[str, ...]
    what: str = "index"

    @property
    def done(self) -> tuple[str, ...]:
        """The ids that were not refused."""
        return tuple(k for k, reason in zip(self.ids, self.reasons, strict=True) if not reason)

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """Id and reason of each that was refused."""
        return tuple((k, r) for k, r in zip(self.ids, self.reasons, strict=True) if r)

    def read(self) -> str:
        """How many there are, and why others were refused, in a sentence."""
        n, every = len(self.done), len(self.ids)
        if self.what == "index":
            words = _("{n:,} of {all:,} faces are in the gallery now")
            one = _("{n:,} of {all:,} face is in the gallery now")
        else:
            words = _("{n:,} of {all:,} faces are deleted")
            one = _("{n:,} of {all:,} face is deleted")
        said = (one if every == 1 else words).format(n=n, all=every)
        if not self.refused:
            return f"{said}."
        if len(self.refused) <= 3:
            why = "; ".join(f"{name or '-'} ({reason})" for name, reason in self.refused)
        else:
            counts = Counter(reason for _name, reason in self.refused).most_common()
            why = "; ".join(f"{k:,}: {reason}" for reason, k in counts)
        return _("{said}; {k:,} refused: {why}.").format(said=said, k=len(self.refused), why=why)

    def table(self) -> pd.DataFrame:
        """A row for each: ``id``, ``status`` (``"ok"`` or ``"refused"``) and ``reason``."""
        import pandas as pd

        status = ["refused" if reason else "ok" for reason in self.reasons]
        return pd.DataFrame({"id": self.ids, "status": status, "reason": self.reasons})
