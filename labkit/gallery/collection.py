"""A gallery: faces with ids, searched with a reason, and a log of every search.

In: templates, or photographs and a matcher that describes them.  Out: candidates with their scores,
"unknown" when nobody passes the threshold, and how many false candidates to expect.

A gallery is one SQLite file.  What is written is written in one transaction: a program that is
stopped at any moment leaves the gallery as it was before or as it is after, and two programs can
write in turn.

A walk through it, with three invented templates of two numbers:

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "town.gallery"
>>> town = Collection.create(path, matcher="a matcher of two numbers", measure="euclidean")
>>> town
Collection('town.gallery': 0 faces, a matcher of two numbers)

Faces go in with an id each; one that is refused has its reason, and the others are not lost.

>>> faces = [[0.0, 0.0], [3.0, 4.0], [np.nan, np.nan]]
>>> done = town.index(faces, ["ada", "ben", "cem"], matcher="a matcher of two numbers")
>>> print(done.read())
2 of 3 faces are in the gallery now; 1 refused: cem (no face was found, so there is no template).

A search says who asks, and why.  The threshold brings its false match rate with it, or nothing
does: then the number of false candidates to expect is not known.

>>> from labkit.gallery import Measured
>>> point = Measured(-1.0, fmr=0.001, on="an example")
>>> ask = {"by": "a reader", "why": "an example", "matcher": "a matcher of two numbers"}
>>> answer = town.search([0.0, 0.5], threshold=point, **ask)
>>> [(c.id, c.score) for c in answer.candidates], answer.expected
([('ada', -0.5)], 0.002)
>>> print(town.search([9.0, 9.0], threshold=-1.0, **ask).read())
Unknown: none of the 2 faces passes the threshold -1. How many false candidates to expect is not
known: the threshold came without a measured false match rate.
>>> town.search([0.0, 0.5], threshold=point, **{**ask, "why": "  "})
Traceback (most recent call last):
labkit.gallery.checks.GalleryError: no reason was given: say why you search, why="..."

All of it can be read back, and a change is noticed.

>>> town.log()[["by", "why", "passed"]].values.tolist()
[['a reader', 'an example', 1], ['a reader', 'an example', 0]]
>>> town.verify().whole
True
>>> print(town.delete(["ben"]).read())
1 of 1 face is deleted.
>>> town.faces()["id"].tolist()
['ada']
>>> town.close()
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike

from labkit.base.words import _
from labkit.gallery import ledger
from labkit.gallery.answers import Answer, Candidate, Outcomes
from labkit.gallery.checks import (
    ABSENT,
    DELETED_TWICE,
    TAKEN,
    TWICE,
    GalleryError,
    Templates,
    as_template,
    ids_of,
    matcher_and_measure,
    plain,
    rows_of,
    said,
    threshold_of,
    who_and_why,
    why_no_id,
    why_not,
)
from labkit.gallery.file import PATIENCE, File, damaged, make
from labkit.gallery.ledger import Line, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from labkit.gallery.index import Index
    from labkit.matchers.registry import Matcher

SCHEMA = (
    """
    CREATE TABLE gallery (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        matcher TEXT NOT NULL,
        measure TEXT NOT NULL,
        made TEXT NOT NULL,
        width INTEGER,
        changes INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE faces (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        template BLOB NOT NULL,
        added TEXT NOT NULL
    )
    """,
    *ledger.SCHEMA,
)
"""The tables of a gallery."""


class Collection:
    """A gallery that is open.

    Parameters
    ----------
    path
        Where the gallery lies; :meth:`create` makes one.
    read_only
        Look without writing: faces and log can be read, and nothing can be searched, because a
        search is written down.
    patience
        Seconds to wait for another program that is writing.

    Attributes
    ----------
    matcher
        Name of the matcher whose templates it holds.
    measure
        How they are compared: ``"euclidean"`` or ``"cosine"``.

    Raises
    ------
    GalleryError
        With one sentence, when there is no gallery at ``path``, or none that can be read.

    Notes
    -----
    A template that was deleted is overwritten in the file, as soon as no other program reads it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self._file = File(self.path, read_only, patience)
        self._known: tuple[int, tuple[str, ...], Index | None] | None = None
        with self._file.reading() as db:
            row = db.execute("SELECT matcher, measure FROM gallery").fetchone()
        self.matcher, self.measure = row

    # ---- made and opened ------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        matcher: str,
        *,
        measure: str | None = None,
        patience: float = PATIENCE,
    ) -> Self:
        """A new gallery, without faces.

        Parameters
        ----------
        path
            A file that does not exist.
        matcher
            Name of the matcher whose templates it will hold.
        measure
            How they are compared; may be left out for a matcher of the lab
            (:data:`labkit.matchers.MATCHERS`), and must agree with it.
        patience
            As for the class.

        Raises
        ------
        GalleryError
            With one sentence, when something is at ``path`` already, or nothing can be written
            there, or the measure is not known.
        """
        name, how = matcher_and_measure(matcher, measure)

        def first(db: sqlite3.Connection) -> None:
            db.execute(
                "INSERT INTO gallery (one, matcher, measure, made) VALUES (1, ?, ?, ?)",
                (name, how, _now()),
            )

        make(Path(path), SCHEMA, first, patience)
        return cls(path, patience=patience)

    @classmethod
    def open(
        cls, path: str | os.PathLike[str], *, read_only: bool = False, patience: float = PATIENCE
    ) -> Self:
        """The gallery at ``path``; as the class itself."""
        return cls(path, read_only=read_only, patience=patience)

    def close(self) -> None:
        """Let the file go; it is opened again when it is needed."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.close()

    def __repr__(self) -> str:
        words = "Collection({name!r}: {n:,} faces, {matcher})"
        return words.format(name=self.path.name, n=len(self), matcher=self.matcher)

    def __len__(self) -> int:
        with self._file.reading() as db:
            return db.execute("SELECT count(*) FROM faces").fetchone()[0]

    # ---- faces ----------------------------------------------------------------------------------

    def index(self, templates: Any, ids: Sequence[Any], *, matcher: str) -> Outcomes:
        """Put faces into the gallery, all in one transaction.

        Parameters
        ----------
        templates
            Shape (n, d), or n rows; NaN where no face was found.
        ids
            A name for each, which no other face of the gallery has.
        matcher
            Name of the matcher that made the templates.

        Returns
        -------
        outcomes
            For each face whether it is in the gallery, or the reason why it was refused.

        Raises
        ------
        GalleryError
            With one sentence, for templates of another matcher, a list of ids of another length,
            or a gallery that cannot be written; no face was put in then.
        """
        self._same_matcher(matcher)
        rows, names = rows_of(templates), ids_of(ids)
        if len(rows) != len(names):
            words = _("{n} templates with {k} ids: give one id for each template")
            raise GalleryError(words.format(n=len(rows), k=len(names)))
        return self._insert(rows, names, [""] * len(rows))

    def index_images(
        self, pictures: Any, ids: Sequence[Any], *, describer: Matcher | None = None
    ) -> Outcomes:
        """Describe photographs with the gallery's matcher, and put the faces into it.

        Parameters
        ----------
        pictures
            n photographs, as the matcher reads them.  Of several faces the largest is taken.
        ids
            As for :meth:`index`.
        describer
            The matcher itself, where it is none of the lab's or an option differs.

        Raises
        ------
        GalleryError
            As :meth:`index`.
        """
        names = ids_of(ids)
        rows, notes, statuses = self._describe(pictures, describer)
        if len(rows) != len(names):
            words = _("{n} photographs with {k} ids: give one id for each photograph")
            raise GalleryError(words.format(n=len(rows), k=len(names)))
        found = zip(notes, statuses, strict=True)
        reasons = [note if status not in ("ok", "no face") else "" for note, status in found]
        return self._insert(rows, names, reasons)

    def delete(self, ids: Sequence[Any]) -> Outcomes:
        """Take faces out of the gallery; the log of searches keeps what it says.

        Raises
        ------
        GalleryError
            With one sentence, when the gallery cannot be written; no face was deleted then.
        """
        names = ids_of(ids)
        reasons, seen = [], set()
        with self._file.writing() as db:
            for name in names:
                known = name == plain(name)
                if known and db.execute("DELETE FROM faces WHERE id = ?", (name,)).rowcount:
                    reasons.append("")
                    seen.add(name)
                else:
                    reasons.append(_(DELETED_TWICE if name in seen else ABSENT))
            self._changed(db)
        self._file.settle()  # what was deleted leaves the WAL too
        return Outcomes(tuple(names), tuple(reasons), "delete")

    def faces(self) -> pd.DataFrame:
        """The faces in the order in which they came: ``id`` and ``added`` (ISO 8601, UTC)."""
        import pandas as pd

        with self._file.reading() as db:
            rows = db.execute("SELECT id, added FROM faces ORDER BY number").fetchall()
        return pd.DataFrame(rows, columns=["id", "added"])

    def _insert(self, rows: list[Any], names: list[str], given: list[str]) -> Outcomes:
        reasons, seen, now = [], set(), _now()
        with self._file.writing() as db:
            width = db.execute("SELECT width FROM gallery").fetchone()[0]
            for row, name, reason in zip(rows, names, given, strict=True):
                template = as_template(row)
                reason = reason or why_not(template, width, self.measure) or why_no_id(name)
                if not reason:
                    assert isinstance(template, np.ndarray)
                    values = (name, template.tobytes(), now)
                    added = db.execute(
                        "INSERT INTO faces (id, template, added) VALUES (?, ?, ?)"
                        " ON CONFLICT (id) DO NOTHING",
                        values,
                    ).rowcount
                    reason = "" if added else _(TWICE if name in seen else TAKEN)
                    if added:
                        seen.add(name)
                        width = len(template)
                reasons.append(reason)
            db.execute("UPDATE gallery SET width = ?", (width,))
            self._changed(db)
        return Outcomes(tuple(names), tuple(reasons))

    @staticmethod
    def _changed(db: sqlite3.Connection) -> None:
        db.execute("UPDATE gallery SET changes = changes + 1")

    # ---- searches -------------------------------------------------------------------------------

    def search(
        self,
        template: ArrayLike,
        *,
        matcher: str,
        by: str,
        why: str,
        threshold: Any,
        whom: str = "",
        most: int | None = 10,
    ) -> Answer:
        """The faces that are like a template, once the search is written down.

        Parameters
        ----------
        template
            Shape (d,); NaN where no face was found.
        matcher
            Name of the matcher that made it.
        by, why
            Who searches, and the reason; neither may be blank.
        threshold
            A number; or an object with its ``value`` and the false match rate measured at it as
            ``fmr`` (:class:`Measured`) or ``measured`` (:class:`labkit.measure.Threshold`); or
            ``None`` for a list without a threshold.
        whom
            Who is searched for, in the searcher's words.
        most
            How many candidates to return at most; ``None`` for all that pass.

        Returns
        -------
        answer
            It is returned only when its line is in the log.

        Raises
        ------
        GalleryError
            With one sentence, for a blank reason, a template of another matcher or another length,
            a threshold that is no number, or a log that cannot be written: nothing is searched
            without a line.
        """
        row = np.asarray(template)
        if row.ndim != 1:
            words = _("a template has one row of numbers, and this has the shape {shape}")
            raise GalleryError(words.format(shape=row.shape))
        return self.search_all(
            row[None], matcher=matcher, by=by, why=why, threshold=threshold, whom=[whom], most=most
        )[0]

    def search_image(
        self,
        picture: Any,
        *,
        by: str,
        why: str,
        threshold: Any,
        whom: str = "",
        most: int | None = 10,
        describer: Matcher | None = None,
    ) -> Answer:
        """The faces that are like the largest face of a photograph.

        Parameters
        ----------
        picture
            One photograph, as the matcher reads it.
        by, why, threshold, whom, most
            As for :meth:`search`.
        describer
            As for :meth:`index_images`.

        Raises
        ------
        GalleryError
            As :meth:`search`; and for a photograph that cannot be read.
        """
        who_and_why(by, why)
        rows, notes, statuses = self._describe([picture], describer)
        if statuses[0] not in ("ok", "no face"):
            raise GalleryError(notes[0])
        return self._search(rows, by, why, threshold, [whom], most, notes)[0]

    def search_all(
        self,
        templates: Any,
        *,
        matcher: str,
        by: str,
        why: str,
        threshold: Any,
        whom: Sequence[str] | None = None,
        most: int | None = 10,
    ) -> list[Answer]:
        """Many searches for one reason, each with its own line in the log.

        Parameters
        ----------
        templates
            Shape (m, d).
        whom
            Who is searched for, m texts.
        matcher, by, why, threshold, most
            As for :meth:`search`.

        Raises
        ------
        GalleryError
            As :meth:`search`; nothing was searched and nothing written then.
        """
        self._same_matcher(matcher)
        return self._search(rows_of(templates), by, why, threshold, whom, most)

    def _search(
        self,
        rows: list[Any],
        by: str,
        why: str,
        threshold: Any,
        whom: Sequence[str] | None,
        most: int | None,
        notes: Sequence[str] | None = None,
    ) -> list[Answer]:
        by, why = who_and_why(by, why)
        value, fmr = threshold_of(threshold)
        many = len(rows)
        names = [""] * many if whom is None else [said(w, "whom") for w in whom]
        if len(names) != many:
            words = _("{n} templates with {k} names of whom is searched for: give one for each")
            raise GalleryError(words.format(n=many, k=len(names)))
        if most is not None and (isinstance(most, bool) or most != int(most) or most < 1):
            raise GalleryError(_("most={most} is no number of candidates").format(most=most))
        self._file.refuse_read_only()
        width, ids, index = self._index()
        probes = [_probe(row, width, self.measure, k, many) for k, row in enumerate(rows)]
        found = _candidates(probes, index, ids, value, None if most is None else int(most))
        day = _now()
        lines = [
            Line(
                0,
                day,
                by,
                name,
                why,
                "" if probe is None else hashlib.sha256(probe.tobytes()).hexdigest(),
                value,
                len(ids),
                passed,
                tuple(c.id for c in candidates),
            )
            for name, probe, (candidates, passed) in zip(names, probes, found, strict=True)
        ]
        with self._file.writing() as db:
            numbers = ledger.append(db, lines)
        return [
            Answer(candidates, passed, len(ids), value, fmr, line, probe is not None, note)
            for (candidates, passed), line, probe, note in zip(
                found, numbers, probes, notes or [""] * many, strict=True
            )
        ]

    def _index(self) -> tuple[int | None, tuple[str, ...], Index | None]:
        """Length of a template, the ids, and what searches them; read again when they changed."""
        with self._file.reading() as db:
            width, changes = db.execute("SELECT width, changes FROM gallery").fetchone()
            if self._known is None or self._known[0] != changes:
                rows = db.execute("SELECT id, template FROM faces ORDER BY number").fetchall()
                ids = tuple(name for name, _template in rows)
                content = b"".join(template for _name, template in rows)
                if len(content) != 4 * len(rows) * (width or 0):
                    raise GalleryError(damaged(self.path))
                templates = np.frombuffer(content, "<f4").reshape(len(rows), -1 if rows else 0)
                self._known = changes, ids, _searcher(templates, self.measure) if rows else None
            return width, self._known[1], self._known[2]

    # ---- the log --------------------------------------------------------------------------------

    def lines(self) -> list[Line]:
        """Every search, the oldest first."""
        with self._file.reading() as db:
            return ledger.read(db)

    def log(self) -> pd.DataFrame:
        """Who searched for whom and why, a row a search (:class:`~labkit.gallery.ledger.Line`)."""
        import pandas as pd

        columns = list(Line.__dataclass_fields__)
        rows = [[getattr(line, column) for column in columns] for line in self.lines()]
        return pd.DataFrame(rows, columns=columns).set_index("line")

    def verify(self) -> Verdict:
        """Whether the log is as it was written (:func:`labkit.gallery.ledger.verify`)."""
        with self._file.reading() as db:
            return ledger.verify(db)

    # ---- the matcher ----------------------------------------------------------------------------

    def _same_matcher(self, matcher: str) -> None:
        if str(matcher).lower() != self.matcher.lower():
            words = _(
                "these templates are of {theirs} and those of the gallery of {ours}: templates of"
                " two matchers cannot be compared"
            )
            raise GalleryError(words.format(theirs=matcher, ours=self.matcher))

    def _describe(
        self, pictures: Any, describer: Matcher | None
    ) -> tuple[list[Any], list[str], list[str]]:
        """Templates of photographs; what the matcher says of each, and the status it has."""
        if describer is None:
            from labkit import matchers

            try:
                describer = matchers.get(self.matcher).trained()
            except ValueError:
                words = _(
                    "{matcher} is no matcher of the lab, so that it cannot describe photographs"
                    " here: give templates, or the matcher as describer=..."
                )
                raise GalleryError(words.format(matcher=self.matcher)) from None
        if describer.measure != self.measure:
            words = _("the describer compares by {theirs}, and the gallery by {ours}")
            raise GalleryError(words.format(theirs=describer.measure, ours=self.measure))
        describe = getattr(describer, "describe", None)
        try:
            if describe is None:
                rows = list(describer.transform(pictures))
                return rows, [""] * len(rows), ["ok"] * len(rows)
            found = describe(pictures)
        except ValueError as error:
            raise GalleryError(str(error)) from None
        return list(found.templates), found.table["words"].tolist(), found.table["status"].tolist()


# ---- what a search does -------------------------------------------------------------------------


def _searcher(templates: Templates, measure: str) -> Index:
    from labkit.gallery.index import Exact

    return Exact(templates, measure)


Found = tuple[tuple[Candidate, ...], int]


def _candidates(
    probes: Sequence[Templates | None],
    index: Index | None,
    ids: Sequence[str],
    threshold: float | None,
    most: int | None,
) -> list[Found]:
    """For each probe its candidates, and how many faces pass."""
    found: list[Found] = [((), 0)] * len(probes)
    asked = [k for k, probe in enumerate(probes) if probe is not None]
    if index is None or not asked:
        return found
    rows = np.stack([probe for probe in probes if probe is not None])
    if threshold is None:
        scores, places = index.search(rows, len(ids) if most is None else min(most, len(ids)))
        for k, score, place in zip(asked, scores, places, strict=True):
            known = place >= 0
            found[k] = _named(ids, place[known], score[known]), int(known.sum())
        return found
    whose, places, scores = index.above(rows, threshold)
    starts = np.searchsorted(whose, np.arange(len(asked) + 1))
    for k, start, stop in zip(asked, starts, starts[1:]):
        last = stop if most is None else min(stop, start + most)
        found[k] = _named(ids, places[start:last], scores[start:last]), int(stop - start)
    return found


def _named(ids: Sequence[str], places: Any, scores: Any) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(rank, ids[place], float(score))
        for rank, (place, score) in enumerate(zip(places, scores, strict=True), start=1)
    )


def _probe(row: Any, width: int | None, measure: str, k: int, many: int) -> Templates | None:
    """A template that can be searched for, ``None`` for one of NaN; or a refusal."""
    template = as_template(row)
    if isinstance(template, np.ndarray) and len(template) and np.isnan(template).all():
        return None
    reason = why_not(template, width, measure)
    if reason:
        where = _("the template") if many == 1 else _("template {k} of the list").format(k=k)
        words = _("{where} cannot be searched for: {reason}")
        raise GalleryError(words.format(where=where, reason=reason))
    assert isinstance(template, np.ndarray)
    return template


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
