"""The columns of a file of scored pairs: names, truth, scores, and sentences that name lines.

In: a file and what was said about it (:class:`~labkit.audit.reading.Reading`).  Out:
:class:`Columns`, or one sentence that says what was found, on how many lines, and what to do.  What
the columns mean together is the business of :mod:`labkit.audit.csv`.
"""

from __future__ import annotations

import difflib
import itertools
import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labkit.audit.formats import (
    Source,
    bad_file,
    commas_in_words,
    in_lines,
    open_source,
    plain_text,
)
from labkit.audit.pairs import BadFile, Places
from labkit.audit.reading import (
    COMMAS,
    KNOWN,
    POINTS,
    REQUIRED,
    THOUSANDS,
    Reading,
    Written,
)
from labkit.base.words import _
from labkit.measure.labels import NOT_SAID

if TYPE_CHECKING:
    import pandas as pd

TRUTH = {
    **dict.fromkeys(
        "1|true|yes|y|t|ja|j|oui|si|sí|sim|genuine|mated|match|same|same person".split("|"), True
    ),
    **dict.fromkeys(
        "0|false|no|n|f|nein|non|não|impostor|imposter|non-mated|nonmated|non mated|non_mated"
        "|no match|non-match|nonmatch|non match|no_match|mismatch|different|different person"
        "|different people".split("|"),
        False,
    ),
}
"""What ``same_person`` may say, in small letters; ``1.0`` and ``0.0`` too."""

STATUS = {
    **dict.fromkeys(("", "ok", "success"), False),
    **dict.fromkeys(("failed", "fail", "failure", "fte", "fta", "failure to enrol"), True),
}
"""What ``status`` may say, in small letters."""

ENDS = (("1", "2"), ("_1", "_2"), ("a", "b"), ("_a", "_b"), ("_probe", "_gallery"))
"""How other programs end the names of columns of the first and of the second picture."""

STEMS = {
    "": "img image file path photo picture name template bild foto imagen imagem immagine",
    "_person": "id person subject identity personne persona pessoa subject_id person_id",
    "_group": "group race ethnicity gender sex gruppe geschlecht groupe sexe genre grupo sexo"
    " gruppo sesso genere",
}
"""What other programs call a picture, its person, its group."""

PAIRED = {
    "": "query/target query/candidate query/enrolled query/reference a/b left/right"
    " probe_image/gallery_image probe_id/gallery_id",
    "_person": "probe_id/gallery_id probe_subject/gallery_subject",
    "_group": "probe_race/gallery_race probe_gender/gallery_gender",
}

SIDES = {
    what: [
        *((stem + one, stem + two) for stem in stems.split() for one, two in ENDS),
        *((one, two) for one, _slash, two in (w.partition("/") for w in PAIRED[what].split())),
    ]
    for what, stems in STEMS.items()
}
"""Names of two columns that together may be ``probe`` and ``gallery``, or what follows these."""

ALIKE = {
    "same_person": "label same match is_match mated genuine is_same same_identity truth"
    " ground_truth y_true class type pair_type issame ismatch gleiche_person gleich"
    " meme_personne même_personne misma_persona mesma_pessoa stessa_persona",
    "score": "similarity sim distance dist cosine comparison_score match_score value y_score"
    " confidence ähnlichkeit aehnlichkeit distanz similarité similarite similitud similaridade"
    " somiglianza",
    "status": "state error",
    **{
        side + what: " ".join(dict.fromkeys(pair[k] for pair in pairs))
        for what, pairs in SIDES.items()
        for k, side in enumerate(("probe", "gallery"))
    },
}
"""Names by which other programs call these columns."""


@dataclass(frozen=True)
class Columns:
    """The columns of a file, with sentences that name lines.

    Parameters
    ----------
    source
        The file.
    reading
        What was said about it.
    frame
        Its rows without blank ones.
    rows
        Places of these rows among all rows of the file.
    ignored
        Columns that are not used, as they stand in the file.
    notes
        Sentences on what was recognised or passed over.

    Raises
    ------
    BadFile
        From any method, for values that cannot be used.
    """

    source: Source
    reading: Reading
    frame: pd.DataFrame
    rows: Places
    ignored: tuple[str, ...]
    notes: list[str]

    @classmethod
    def read(cls, path: Path, reading: Reading | None = None) -> Columns:
        """The columns of a file with a header and at least one line."""
        reading = reading or Reading()
        old = {name.lower() for name in reading.rename}

        def known(header: Sequence[str]) -> int:
            cells = [cell.strip() for cell in header]
            return sum(plain(c) in KNOWN or c.lower() in old for c in cells)

        source = open_source(path, reading, known)
        notes: list[str] = []
        names = _names(path, source.header, reading, notes)
        frame = source.table(names)
        notes[:0] = source.notes
        used = [name for name in names if name in KNOWN]
        blank = _blank(frame)
        rows = np.flatnonzero(~blank)
        if not len(rows):
            words = _("{file} has a header and no pairs: give it a line for each comparison")
            raise bad_file(words, path)
        if len(rows) < len(frame):
            left = len(frame) - len(rows)
            words = (
                _("{n:,} blank lines passed over") if left > 1 else _("a blank line passed over")
            )
            notes.append(words.format(n=left))
            frame = frame.iloc[rows]
        ignored = []
        unnamed = 0
        for k, (raw, name) in enumerate(zip(source.header, names, strict=True), 1):
            if not raw and _nothing(frame[name]).all():
                unnamed += 1
            elif name not in KNOWN:
                ignored.append(raw or _("column {k}, which has no name").format(k=k))
        if unnamed:
            one = _("an empty column without a name passed over")
            words = _("{n:,} empty columns without a name passed over") if unnamed > 1 else one
            notes.append(words.format(n=unnamed))
        return cls(source, reading, frame[used], rows, tuple(ignored), notes)

    @property
    def path(self) -> Path:
        """The file."""
        return self.source.path

    def __len__(self) -> int:
        return len(self.frame)

    def has(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return name in self.frame.columns

    def only(self, keep: NDArray[np.bool_]) -> Columns:
        """Some of its lines."""
        return replace(self, frame=self.frame[keep], rows=self.rows[keep])

    def lines(self, at: Places | None = None) -> Places:
        """Lines of the file on which rows (all) end."""
        return self.source.lines(self.rows if at is None else self.rows[at])

    def wrong(self, bad: NDArray[np.bool_], words: str, **values: object) -> BadFile:
        """A sentence about lines: it says ``{lines}`` of ``{file}``, out of ``{all:,}``."""
        at = np.flatnonzero(bad)
        lines = in_lines(self.lines(at[:3]).tolist(), len(at))
        return bad_file(words, self.path, lines=lines, all=len(self), **values)

    def codes(self, *names: str) -> tuple[list[str], list[Places]]:
        """Different texts that columns share, and which one each line has in each of them.

        Without blanks around them; in the order in which they appear.
        """
        import pandas as pd

        cells = np.concatenate([self.frame[name].to_numpy(object) for name in names])
        codes, different = pd.factorize(cells)
        texts = [plain_text(cell) for cell in different]
        if (codes < 0).any():  # nothing
            codes[codes < 0] = len(texts)
            texts.append("")
        places = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        if len(places) < len(texts):
            codes = np.array([places[text] for text in texts])[codes]
        return list(places), np.split(codes.astype(np.int64), len(names))

    def filled(self, *names: str) -> tuple[list[str], list[Places]]:
        """The same; no line may be empty."""
        texts, codes = self.codes(*names)
        if "" in texts:
            for name, at in zip(names, codes, strict=True):
                bad = at == texts.index("")
                if bad.any():
                    words = _("{file}: no {column} in {lines}: fill it in, or take the lines out")
                    raise self.wrong(bad, words, column=name)
        return texts, codes

    # -- meaning ---------------------------------------------------------------------------------

    def truth(self) -> NDArray[np.bool_]:
        """Which pairs are of one person."""
        texts, (codes,) = self.filled("same_person")
        given = {self.reading.same[end].lower(): end == "yes" for end in self.reading.same}
        found = [_truth(text.lower(), given or TRUTH) for text in texts]
        if None in found:
            counts = np.bincount(codes, minlength=len(texts))
            often = sorted(range(len(texts)), key=lambda i: -counts[i])
            seen = ", ".join(f"{texts[i]!r} ({counts[i]:,})" for i in often[:4])
            seen += _(" and {n:,} other values").format(n=len(texts) - 4) if len(texts) > 4 else ""
            bad = np.array([f is None for f in found])[codes]
            words = _("{file}: same_person is neither 1 nor 0 in {lines}; it says {seen}: {help}")
            if len(texts) == 2:
                one, two = sorted(texts, key=lambda t: t not in POSITIVE)
                advice = _("if {one} means one person, add --same {words}")
                advice = advice.format(one=one, words=shlex.quote(f"yes={one},no={two}"))
            else:
                advice = _("write 1 or 0, or say what it says with --same yes=...,no=...")
            raise self.wrong(bad, words, seen=seen, help=advice)
        return np.array(found, bool)[codes]

    def failed(self) -> NDArray[np.bool_]:
        """Which comparisons could not be made, by their status; none without such a column."""
        if not self.has("status"):
            return np.zeros(len(self), bool)
        texts, (codes,) = self.codes("status")
        unknown = np.array([text.lower() not in STATUS for text in texts])
        if unknown[codes].any():
            words = _("{file}: status {value!r} in {lines}: write ok, failed or nothing")
            first = texts[codes[int(np.argmax(unknown[codes]))]]
            raise self.wrong(unknown[codes], words, value=first)
        return np.array([STATUS.get(text.lower(), False) for text in texts])[codes]

    def scores(self, failed: NDArray[np.bool_]) -> tuple[NDArray[np.float64], Written]:
        """The scores, NaN for comparisons that failed by their status or by their value.

        And how numbers are written in them.

        Compared as they stand there, in 64 bits: 0.619999999 is below a threshold of 0.62.
        """
        column = self.frame["score"]
        if column.dtype == np.float64:
            values = column.to_numpy()
            empty = np.isnan(values)
            lost = self._failed_values(values, empty)
            written = Written(getattr(self.source, "decimal", "."))
        else:
            values, empty, lost, written = self._scores_of_text(failed)
        self._check_scores(values, empty, failed, lost)
        return np.where(failed | lost, np.nan, values), written

    def _failed_values(
        self, values: NDArray[np.float64], empty: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Where a number, or nothing, was said to mean a failed comparison."""
        lost = np.zeros(len(values), bool)
        for said in self.reading.failed_value:
            here = empty if not said.strip() else values == _float(said)
            self._note_failed(said, int(here.sum()))
            lost |= here
        return lost

    def _note_failed(self, said: str, n: int) -> None:
        what = repr(said.strip()) if said.strip() else _("an empty score")
        words = _("{what} was taken for a failed comparison in {n:,} of {all:,} pairs")
        self.notes.append(words.format(what=what, n=n, all=len(self)))

    def _scores_of_text(
        self, failed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], Written]:
        """The same of scores that are not all numbers as a program writes them."""
        texts, (codes,) = self.codes("score")
        said = {value.strip().lower() for value in self.reading.failed_value}
        numbers = {x for x in map(_float, said) if x == x}
        lost = np.array([t.lower() in said or _float(t) in numbers for t in texts])
        for value in self.reading.failed_value:
            same = value.strip().lower()
            hits = [t.lower() == same or _float(t) == _float(same) for t in texts]
            self._note_failed(value, int(np.array(hits)[codes].sum()))
        # A word for nothing beside the status failed is nothing.
        fine = np.array([t.lower() in NOT_SAID or STATUS.get(t.lower(), False) for t in texts])
        only = np.ones(len(texts), bool)
        only[codes[~failed]] = False
        empty = np.array([not t for t in texts]) | (fine & only)
        rest = [i for i in range(len(texts)) if not (lost[i] or empty[i])]
        values = np.full(len(texts), np.nan)
        values[rest], written = self._as_numbers(codes, texts, rest)
        return values[codes], empty[codes], lost[codes], written

    def _as_numbers(
        self, codes: Places, texts: list[str], use: list[int]
    ) -> tuple[NDArray[np.float64], Written]:
        """Numbers however they are written, if all are written alike, and how they are."""

        def refuse(bad: Callable[[str], bool], words: str, **more: object) -> BadFile:
            wrong = np.zeros(len(texts), bool)
            wrong[[i for i in use if bad(texts[i])]] = True
            example = texts[codes[int(np.argmax(wrong[codes]))]]
            typed = shlex.quote(example)
            return self.wrong(wrong[codes], words, score=example, typed=typed, **more)

        written = [texts[i] for i in use]
        per_cent = any(t.endswith("%") for t in written)
        if per_cent:
            if not all(t.endswith("%") for t in written):
                words = _(
                    "{file}: the score {score!r} has no % in {lines}, and others have: write all"
                    " alike"
                )
                raise refuse(lambda t: not t.endswith("%"), words)
            self.notes.append(
                _("scores in per cent were recognised: {score} is {n}, so is a threshold").format(
                    score=written[0], n=written[0].rstrip("% ")
                )
            )
            written = [t.rstrip("% ") for t in written]
        mark = self._decimal(written, refuse)
        pattern = POINTS if mark == "." else COMMAS
        wrong = {t for t, w in zip((texts[i] for i in use), written, strict=True) if not pattern(w)}
        if wrong:
            raise refuse(lambda t: t in wrong, _no_number(wrong, mark))
        drop = "," if mark == "." else "."
        if any(drop in w for w in written):
            example = next(w for w in written if drop in w)
            words = _("marks of thousands were recognised: {score} is {number}")
            number = example.replace(drop, "").replace(",", ".")
            self.notes.append(words.format(score=example, number=number))
        numbers = [float(w.replace(drop, "").replace(",", ".")) for w in written]
        return np.array(numbers), Written(mark, per_cent)

    def _decimal(self, written: list[str], refuse: Callable[..., BadFile]) -> str:
        """Whether a comma or a point marks decimals."""
        commas = [w for w in written if "," in w]
        points = [w for w in written if "." in w]
        if self.reading.decimal:
            return self.reading.decimal
        if commas and points:
            return self._decimal_of_both(commas, points, refuse)
        mark, marked = (",", commas) if commas else (".", points)
        if not marked:
            return "."
        # With no integer beside them, as in 1.003 to 9.999, the order is the same either way.
        whole = re.compile(r"[+-]?\d+").fullmatch
        odd = mark == "," and self._commas_between_columns
        if all(map(THOUSANDS, marked)) and (odd or any(map(whole, written))):
            raise refuse(lambda t: mark in t, self._ambiguous(mark))
        if mark == ",":
            self.notes.append(commas_in_words(commas[0]))
        return mark

    def _decimal_of_both(
        self, commas: list[str], points: list[str], refuse: Callable[..., BadFile]
    ) -> str:
        """The same where some scores hold a comma and some a point."""
        both = [w for w in commas if "." in w]
        if any(w.rfind(",") < w.rfind(".") for w in both):
            return "."
        if not both:
            if all(map(POINTS, commas)):
                return "."
            if not all(map(COMMAS, points)):
                words = _(
                    "{file}: the score {score!r} has a decimal comma in {lines}, and others have a"
                    " point: write all alike"
                )
                raise refuse(lambda t: "," in t, words)
        self.notes.append(commas_in_words(commas[0]))
        return ","

    @property
    def _commas_between_columns(self) -> bool:
        return getattr(self.source, "sep", "") == ","

    def _ambiguous(self, mark: str) -> str:
        """What helps where a mark may be one of thousands or of decimals."""
        if mark == ".":
            return _(
                "{file}: the point in {score!r} ({lines}) may mark thousands or decimals: add"
                " --decimal , for thousands or --decimal . for decimals"
            )
        if self._commas_between_columns:
            return _(
                "{file}: the comma in {score!r} ({lines}) may mark thousands or decimals: add"
                " --decimal . for thousands, or write decimals with a point"
            )
        return _(
            "{file}: the comma in {score!r} ({lines}) may mark thousands or decimals: add"
            " --decimal . for thousands or --decimal , for decimals"
        )

    def _check_scores(
        self,
        values: NDArray[np.float64],
        empty: NDArray[np.bool_],
        failed: NDArray[np.bool_],
        lost: NDArray[np.bool_],
    ) -> None:
        nothing = _(
            "{file}: no score in {lines} of {all:,}: if these comparisons could not be made, add"
            " --failed-value '' (or a column status with failed)"
        )
        both = _(
            "{file}: status failed and the score {score:g} in {lines}: leave one of them out, or"
            " add --failed-value={score:g} if it means failed"
        )
        vast = _(
            "{file}: the score {score:g} in {lines}: give finite numbers, or add"
            " --failed-value={score:g} if it means failed"
        )
        for bad, words in (
            (empty & ~failed & ~lost, nothing),
            (failed & ~empty & ~lost, both),
            (np.isinf(values) & ~failed & ~lost, vast),
        ):
            if bad.any():
                raise self.wrong(bad, words, score=values[int(np.argmax(bad))])


POSITIVE = ("ja", "oui", "vrai", "wahr", "si", "gleich", "genuine", "positive", "pos", "1", "1.0")
"""Words for one person that an example of ``--same`` begins with."""


def _truth(text: str, meanings: dict[str, bool]) -> bool | None:
    """What a text means; numbers by their value."""
    if text in meanings:
        return meanings[text]
    number = _float(text)
    return next((meaning for t, meaning in meanings.items() if _float(t) == number), None)


def _float(text: str) -> float:
    """A number as programs write it, infinity too; NaN for anything else."""
    if re.fullmatch(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?)", text.strip().lower()):
        return float(text)
    return float("nan")


def _no_number(wrong: set[str], mark: str) -> str:
    """What helps with scores that are no numbers."""
    if all(t.lower() in NOT_SAID or STATUS.get(t.lower(), False) for t in wrong):
        return _(
            "{file}: the score {score!r} in {lines} of {all:,}: if these comparisons could not be"
            " made, add --failed-value {typed}"
        )
    if mark == "," and all(re.fullmatch(r"[+-]?\d*\.\d+", t) for t in wrong):
        return _(
            "{file}: the score {score!r} has a point in {lines} where others have a decimal comma:"
            " write all alike"
        )
    return _(
        "{file}: the score {score!r} in {lines} is no number: write it as 0.123, or add"
        " --failed-value {typed} if it means that a comparison could not be made"
    )


# ---- names --------------------------------------------------------------------------------------


def plain(name: str) -> str:
    """A name of a column in small letters, with underlines for blanks and hyphens, all visible.

    Examples
    --------
    >>> plain(" Same-Person ")
    'same_person'
    """
    seen = "".join(c for c in name.lower() if c.isprintable() or c.isspace())
    return re.sub(r"[\s-]+", "_", seen.strip())


def guesses(header: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Columns of a file that may be meant -> what they may be.

    Examples
    --------
    >>> guesses(["img1", "img2", "label", "similarty"], REQUIRED)
    {'img1': 'probe', 'img2': 'gallery', 'label': 'same_person', 'similarty': 'score'}
    """
    free = {plain(name): name for name in header if plain(name) not in KNOWN}
    wanted = list(wanted)
    out: dict[str, str] = {}
    for what, pairs in SIDES.items():
        ends = (f"probe{what}", f"gallery{what}")
        hit = next((pair for pair in pairs if all(name in free for name in pair)), None)
        if hit and all(end in wanted for end in ends):
            out |= {free.pop(name): end for name, end in zip(hit, ends, strict=True)}
    for want in wanted:
        if want in out.values():
            continue
        alike = [want, *ALIKE.get(want, "").split()]
        found = (name for name in alike if name in free)
        close = (
            name
            for known in alike
            if len(known) > 3 and not known.endswith(tuple(itertools.chain(*ENDS)))
            for name in difflib.get_close_matches(known, free, 1, 0.8)
        )
        one = next(itertools.chain(found, close), None)
        if one is not None:
            out[free.pop(one)] = want
    return out


def _names(path: Path, header: list[str], reading: Reading, notes: list[str]) -> list[str]:
    """What each column is called here; the required ones are there, once each."""
    columns = ", ".join(name for name in header if name) or _("none")
    new = {old.strip().lower(): name for old, name in reading.rename.items()}
    lost = [old for old in reading.rename if old.strip().lower() not in map(str.lower, header)]
    if lost:
        words = _("{file} has no column {old!r} to rename; its columns are {columns}")
        raise bad_file(words, path, old=lost[0], columns=columns)
    names = []
    for raw in header:
        name = new.get(raw.lower(), plain(raw))
        if raw.lower() not in new and name in new.values():  # another column was said to be it
            notes.append(_("the column {name} was left out, as --rename says").format(name=raw))
            name = f"{name} "
        if name in KNOWN and name in names:
            words = _("{file} has two columns {name!r}: leave one of them out, or use --rename")
            raise bad_file(words, path, name=raw)
        if name in KNOWN and raw.lower() != name and raw.lower() not in new:
            notes.append(_("the column {raw!r} is {name}").format(raw=raw, name=name))
        names.append(name)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        words = _("{file} has no {missing}; its columns are {columns}: {help}")
        what = _("column") if len(missing) == 1 else _("columns")
        raise bad_file(
            words,
            path,
            missing=f"{what} {', '.join(missing)}",
            columns=columns,
            help=_how_to_rename(header, missing),
        )
    _check_halves(path, names)
    # Any other name once, so that a table can hold it.
    return [name if name in KNOWN else f"{i}: {name}" for i, name in enumerate(names)]


def _how_to_rename(header: list[str], missing: list[str]) -> str:
    found = guesses(header, missing)
    if not found:
        words = _("say which is which, as in {option}")
        free = next((name for name in header if name and plain(name) not in KNOWN), "img1")
        return words.format(option=renaming({free: missing[0]}))
    typed = renaming(found)
    words = _("if that is what they are, add {options}")
    if any(plain(old).startswith("dist") for old in found):
        words = _("if that is what they are, add {options} --distance")
    rest = [name for name in missing if name not in found.values()]
    if rest:
        words += _(", and give {rest}")
    return words.format(options=typed, rest=", ".join(rest))


def renaming(found: dict[str, str]) -> str:
    """Options that rename columns, as they can be typed.

    Examples
    --------
    >>> renaming({"img1": "probe", "Bild 2": "gallery"})
    "--rename img1=probe --rename 'Bild 2=gallery'"
    """
    return " ".join(f"--rename {shlex.quote(f'{old}={new}')}" for old, new in found.items())


def _check_halves(path: Path, names: list[str]) -> None:
    """Columns for both pictures, or for neither."""
    for what in ("person", "group", "stratum"):
        ends = [n for n in (f"probe_{what}", f"gallery_{what}") if n in names]
        if len(ends) == 1:
            other = f"gallery_{what}" if ends[0].startswith("probe") else f"probe_{what}"
            words = _("{file} has a column {one} and no column {other}: give both or none")
            raise bad_file(words, path, one=ends[0], other=other)
        if what in names and ends and what in KNOWN:
            words = _(
                "{file} has a column {what} beside {one}: give one {what} for both pictures, or"
                " one for each"
            )
            raise bad_file(words, path, one=ends[0], what=what)


def _blank(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows in which nothing stands in any column."""
    empty = _nothing(frame["score"])  # first: of numbers, this costs nothing
    at = np.flatnonzero(empty)
    if len(at):
        part = frame.iloc[at]
        empty[at] = np.logical_and.reduce([_nothing(part[name]) for name in frame.columns])
    return empty


def _nothing(column: pd.Series) -> NDArray[np.bool_]:
    """Where nothing stands, or only blanks."""
    import pandas as pd

    if column.dtype == np.float64:
        return np.isnan(column.to_numpy())
    codes, cells = pd.factorize(column)
    none = np.array([*(plain_text(cell) == "" for cell in cells), True])
    return none[codes]
