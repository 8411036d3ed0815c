"""What somebody can say about a file that a program cannot know, and about its names.

In: words typed after ``python -m labkit audit``, or arguments in Python.  Out: :class:`Reading`;
and a threshold that was typed, read as the numbers of the file are written (:class:`Written`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labkit.base.words import _

REQUIRED = ("probe", "gallery", "same_person", "score")
OPTIONAL = (
    *("probe_person", "gallery_person", "probe_group", "gallery_group", "group"),
    *("probe_stratum", "gallery_stratum", "stratum", "status"),
)
KNOWN = REQUIRED + OPTIONAL
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " "}

POINTS = re.compile(
    r"[+-]?((\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d*)?|\.\d+)(e[+-]?\d+)?|[+-]?inf(inity)?",
    re.IGNORECASE,
).fullmatch
"""A number with a decimal point, perhaps with commas between thousands."""

COMMAS = re.compile(
    r"[+-]?((\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d*)?|,\d+)(e[+-]?\d+)?|[+-]?inf(inity)?",
    re.IGNORECASE,
).fullmatch
"""A number with a decimal comma, perhaps with points between thousands."""

THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+").fullmatch
"""A number with one mark, which may be of thousands."""


@dataclass(frozen=True)
class Written:
    """How the scores of a file are written, so that a threshold can be read as they are.

    Parameters
    ----------
    decimal
        ``"."`` or ``","``.
    per_cent
        Whether each has a per cent sign.
    """

    decimal: str = "."
    per_cent: bool = False

    def threshold(self, typed: str) -> tuple[float, str]:
        """A threshold in the unit of the scores, and how it was read where that needs a word.

        Raises
        ------
        ValueError
            With one sentence, for what is no number or can be meant in two ways.

        Examples
        --------
        >>> Written(",").threshold("0,5")
        (0.5, "'0,5' was read as 0.5")
        >>> Written(",").threshold("5.000")
        Traceback (most recent call last):
        ValueError: --threshold 5.000 may be 5000 or 5: write 5000 or 5,0, as the scores are written
        """
        text = typed.strip()
        bare = text.removesuffix("%").rstrip()
        readings = {
            mark: float(bare.replace("." if mark == "," else ",", "").replace(",", "."))
            for mark, fits in ((".", POINTS), (",", COMMAS))
            if fits(bare)
        }
        if not readings:
            words = _("--threshold {typed!r} is no number: give one such as 0.5")
            raise ValueError(words.format(typed=typed))
        own = readings.get(self.decimal)
        other = next((x for mark, x in readings.items() if mark != self.decimal), own)
        if own is None:
            value = next(iter(readings.values()))
        elif own != other and self.decimal not in bare:
            words = _(
                "--threshold {typed} may be {own:.15g} or {other:.15g}: write {one} or {two}, as"
                " the scores are written"
            )
            one, two = (f"{x:.15g}".replace(".", self.decimal) for x in (own, other))
            two += "" if self.decimal in two else f"{self.decimal}0"
            raise ValueError(words.format(typed=typed, own=own, other=other, one=one, two=two))
        else:
            value = own
        if text.endswith("%") and not self.per_cent:
            words = _("--threshold {typed}: the scores are not in per cent: give it as they are")
            raise ValueError(words.format(typed=typed))
        if self.per_cent and text == bare and 0 < abs(value) <= 1:
            words = _("--threshold {typed}: the scores are in per cent: write {typed}% or {x:g}%")
            raise ValueError(words.format(typed=typed, x=100 * value))
        if _plain(bare) == value:
            return value, ""
        words = _("{typed!r} was read as {value:.15g}")
        return value, words.format(typed=bare, value=value)


def _plain(text: str) -> float:
    """A number as programs write it; NaN for anything else."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


@dataclass(frozen=True)
class Reading:
    """How to read a file of scored pairs; what is left out is recognised.

    Parameters
    ----------
    sep
        What stands between the columns: one character, or a word of :data:`SEPARATORS`.
    decimal
        ``"."`` or ``","``.
    rename
        Column of the file -> column of :data:`KNOWN`.
    drop_repeats
        Keep the first of pairs that stand more than once (A-B is B-A), and leave pictures that are
        compared with themselves out.
    failed_value
        Scores that stand for a comparison that could not be made; ``""`` is an empty one.
    same
        ``{"yes": "ja", "no": "nein"}``: what ``same_person`` says of one person and of two.

    Raises
    ------
    ValueError
        With one sentence, for what cannot be meant.

    Examples
    --------
    >>> Reading(sep="tab", failed_value=("-1",)).options
    ['--sep', 'tab', '--failed-value=-1']
    >>> Reading(rename={"sim": "points"})
    Traceback (most recent call last):
    ValueError: --rename sim=points: there is no column points to be; one of probe, gallery, ...
    """

    sep: str | None = None
    decimal: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    drop_repeats: bool = False
    failed_value: tuple[str, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sep = self.separator
        if sep is not None and (len(sep) != 1 or sep in '"\r\n'):
            words = _("--sep {sep!r} is no separator: give one character, or one of {known}")
            known = ", ".join(name for name in SEPARATORS if name.isalpha())
            raise ValueError(words.format(sep=self.sep, known=known))
        if self.decimal not in (None, ".", ","):
            words = _("--decimal {decimal!r} is neither . nor ,: give one of them")
            raise ValueError(words.format(decimal=self.decimal))
        if self.decimal == "," and self.separator == ",":
            raise ValueError(
                _("a comma cannot stand between columns and in numbers: give another --sep")
            )
        for old, new in self.rename.items():
            if new not in KNOWN:
                words = _("--rename {old}={new}: there is no column {new} to be; one of {known}")
                raise ValueError(words.format(old=old, new=new, known=", ".join(KNOWN)))
        if len(set(self.rename.values())) < len(self.rename):
            raise ValueError(_("--rename gives two columns one name: give each its own"))
        yes, no = (self.same.get(end, "").strip().lower() for end in ("yes", "no"))
        if self.same and (set(self.same) != {"yes", "no"} or yes == no or "" in (yes, no)):
            raise ValueError(
                _("--same says what one person and two are: as in --same yes=ja,no=nein")
            )

    @property
    def separator(self) -> str | None:
        """The character between columns, if it was given."""
        return None if self.sep is None else SEPARATORS.get(self.sep.lower(), self.sep)

    @property
    def options(self) -> list[str]:
        """The same in words that can be typed again."""
        sep = {"\t": "tab"}.get(self.sep or "", self.sep)
        out = [] if sep is None else ["--sep", sep]
        out += [] if self.decimal is None else ["--decimal", self.decimal]
        for old, new in self.rename.items():
            out += [f"--rename={old}={new}"]
        out += ["--drop-repeats"] if self.drop_repeats else []
        out += [f"--failed-value={value}" for value in self.failed_value]
        if self.same:
            out += [f"--same=yes={self.same['yes']},no={self.same['no']}"]
        return out


def renamed(words: Sequence[str]) -> dict[str, str]:
    """``old=new``, each word one column.

    Examples
    --------
    >>> renamed(["img1=probe", "a=b=score"])
    {'img1': 'probe', 'a=b': 'score'}
    >>> renamed(["img1"])
    Traceback (most recent call last):
    ValueError: --rename img1: give the column of the file and what it is, as in --rename img1=probe
    """
    out: dict[str, str] = {}
    for word in words:
        old, mark, new = (part.strip() for part in word.rpartition("="))
        if not mark or not old:
            example = _(
                "--rename {word}: give the column of the file and what it is, as in"
                " --rename {old}=probe"
            )
            raise ValueError(example.format(word=word, old=(old or new or "img1")))
        if old in out:
            raise ValueError(_("--rename names the column {old} twice").format(old=old))
        out[old] = new.lower()
    return out


def same(word: str | None) -> dict[str, str]:
    """``yes=ja,no=nein``.

    Examples
    --------
    >>> same("yes=ja,no=nein")
    {'yes': 'ja', 'no': 'nein'}
    """
    parts = [part.partition("=") for part in (word or "").split(",") if part.strip()]
    out = {end.strip().lower(): text.strip() for end, _mark, text in parts}
    return dict(Reading(same=out).same)  # checked there


def reading_of(args: Any) -> Reading:
    """What was typed, as :func:`add_options` names it."""
    return Reading(
        sep=args.sep,
        decimal=args.decimal,
        rename=renamed(args.rename or ()),
        drop_repeats=args.drop_repeats,
        failed_value=tuple(args.failed_value or ()),
        same=same(args.same),
    )


def add_options(parser: Any) -> None:
    """The options of :class:`Reading`."""
    add = parser.add_argument_group(
        _("how to read the file (recognised where left out)")
    ).add_argument
    add("--sep", metavar="S", help=_("between columns: ; , | tab"))
    add("--decimal", metavar="D", help=_(". or , in numbers"))
    add(
        "--rename",
        action="append",
        metavar="OLD=NEW",
        help=_("a column of the file and what it is, as in img1=probe; may be repeated"),
    )
    add(
        "--drop-repeats",
        action="store_true",
        help=_("keep the first of repeated pairs (A-B is B-A), leave A-A out"),
    )
    add(
        "--failed-value",
        action="append",
        metavar="V",
        help=_("a score that means: could not be compared (-1, N/A, or '' for empty); repeatable"),
    )
    add(
        "--same",
        metavar="yes=A,no=B",
        help=_("what same_person says of one person and of two, as in yes=ja,no=nein"),
    )
