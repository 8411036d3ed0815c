"""How each check-exercise is answered on a page, with a pocket calculator in place of Python.

In: an exercise's name.  Out: one sentence that says where its numbers are and what to do with them,
and small tables of these numbers, computed from the lab's data when the page is made.  The sentence
does not give the way away: that comes with the third attempt, as in a notebook.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from labkit.base.words import N_, _
from labkit.learning.catalogue import LESSONS

Plain = dict[str, Any]

HOW = {
    "00-a": N_("The table counts the photographs by their number: how many are that in all?"),
    "01-a": N_("Each retelling stands beside its row of the record: divide, and compare."),
    "02-a": N_(
        "The table takes the 128 differences in eight blocks of 16. One of its columns leads to the"
        " distance; a calculator adds it up and takes the root."
    ),
    "02-b": N_(
        "Be the function: for each row of the table say whether it is a match. The table gives"
        " distances, the threshold is one of similarity."
    ),
    "02-c": N_(
        "The table has the similarity of each visitor to each of the five who are enrolled."
    ),
    "03-a": N_(
        "The table has some impostor scores from the highest down, and how many scores stand above"
        " each. Work out how many may; the explorer of this notebook shows the same by sight."
    ),
    "03-b": N_("The table counts comparisons on both sets of people, at two thresholds: divide."),
    "04-a": N_("The rate and its standard error are in the table; the rest is for a calculator."),
    "04-b": N_(
        "The table says at which place of the list, most alike first, each further pair of people"
        " appears, and how many comparisons there are."
    ),
    "05-a": N_("Choose the row of the table, and divide one number by another."),
    "05-b": N_("All counts are in the table: think which belong above the line, and which below."),
    "06-a": N_("Four numbers of the table are needed, and three subtractions."),
    "06-b": N_("The table has who is enrolled, and a rate for each band: multiply, and add."),
    "06-c": N_("Look at the tables of what is known in the three reports, row by row."),
    "07-a": N_("One row of the table, one number divided by another."),
    "07-b": N_("One row of the table: think of 100 people, and how many of them get each rate."),
    "08-a": N_("The numbers of the station are in the table; the answer needs a calculator."),
    "08-b": N_(
        "The two rates are in the table. In the explorer of the watchlist you can move the"
        " prevalence until half of the alerts are right, and then work it out exactly."
    ),
    "08-c": N_("The table has the measured share for galleries of many sizes: look it up."),
    "09-a": N_("Two rows of the table, one difference, one division."),
    "09-b": N_("Three rates of one table, three numbers of people of the other."),
    "10-a": N_("The share of one frame and the number of frames are in the table."),
    "10-b": N_("For each list three products and their sum, from the two tables; then divide."),
    "11-a": N_("Each row of the table has its passages and its rate: a calculator does the rest."),
    "11-b": N_("Three counts are in the table, and two of them are needed."),
    "12-b": N_("The four numbers of the table, two differences, one division."),
    "13-a": N_("Take the eight one after the other: with how many others can each be paired?"),
}
"""Exercise -> where its numbers are."""


def of(name: str) -> Plain:
    """How an exercise is answered without Python.

    Returns
    -------
    by_hand
        ``how``: a sentence; ``tables``: each with a caption, a head and rows of texts.

    Examples
    --------
    >>> of("13-a")["tables"], of("00-a")["tables"][0]["rows"][2]
    ([], ['3', '480'])
    """
    make = TABLES.get(name)
    return {"how": _(HOW[name]), "tables": list(make()) if make else []}


def _lesson(number: str) -> Any:
    """The exercises of a notebook as a module; labkit imports lessons by name only."""
    return importlib.import_module(f"{LESSONS}.nb{number}.exercises")


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Plain:
    return {"caption": caption, "head": list(head), "rows": [[*map(_cell, row)] for row in rows]}


DIGITS = 4
"""Digits of a number in a table: more would make it wide, and no answer needs them."""


def _cell(value: Any) -> str:
    """A number with the digits that an answer needs, a text as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return f"{int(value):,}"
    number = float(value)
    if number == round(number):
        return f"{number:,.0f}"
    digits = DIGITS if abs(number) < 10**DIGITS else None
    return np.format_float_positional(number, precision=digits, fractional=False, trim="-")


def _frame(caption: str, frame: Any, corner: str = "") -> Plain:
    """A table of a DataFrame; names of rows with several parts are joined."""
    rows = [
        [", ".join(map(str, name)) if isinstance(name, tuple) else str(name), *numbers]
        for name, numbers in zip(frame.index, frame.to_numpy().tolist(), strict=True)
    ]
    return _table(caption, [corner, *map(str, frame.columns)], _whole(rows))


def _whole(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows in which counts are whole numbers, which a table of mixed kinds makes broken."""
    return [[int(v) if isinstance(v, float) and v.is_integer() else v for v in row] for row in rows]


# --- notebooks 00 to 04 ---------------------------------------------------------------------------


def _photographs() -> list[Plain]:
    from labkit import data

    faces = data.load("anytown/dev")
    each = faces.images["photo"].value_counts().sort_index()
    caption = _("Photographs of {people:,} people, by their number").format(
        people=len(faces.people)
    )
    head = [_("number"), _("photographs")]
    return [_table(caption, head, [(str(n + 1), count) for n, count in enumerate(each)])]


BLOCKS = 8


def _differences() -> list[Plain]:
    a, b = _lesson("02")._pair()
    apart = np.subtract(a, b).astype(float).reshape(BLOCKS, -1)
    each = apart.shape[1]
    rows = [
        (
            _("{first} to {last}").format(first=n * each + 1, last=(n + 1) * each),
            f"{row.sum():.4f}",
            f"{np.abs(row).sum():.4f}",
            f"{(row**2).sum():.5f}",
        )
        for n, row in enumerate(apart)
    ]
    head = [_("differences"), _("their sum"), _("sum of their sizes"), _("sum of their squares")]
    return [_table(_("The 128 differences between a and b"), head, rows)]


def shown_head(name: str) -> list[str]:
    """Heads of the columns that show what a function is given, for a function's exercise."""
    return [_("distance of the templates"), _("threshold of similarity")]


def shown(name: str, given: tuple[Any, ...]) -> list[str]:
    """What a function is given at one call, as a row of a table.

    Examples
    --------
    >>> shown("02-b", (np.zeros(2), np.array([3.0, 4.0]), -5.0))
    ['5', '-5']
    """
    from labkit.measure.templates import distance

    a, b, threshold = given
    return [_cell(float(f"{distance(a, b):.4g}")), _cell(threshold)]


def _visitors() -> list[Plain]:
    from labkit.measure.templates import distance

    lesson = _lesson("02")
    enrolled, probes = lesson._door()
    rows = [
        (
            _("visitor {n}").format(n=n + 1),
            *(f"{-distance(probe, template):.3f}" for template in enrolled),
        )
        for n, probe in enumerate(probes)
    ]
    caption = _("Similarity of each visitor to those enrolled; threshold {threshold:.3f}").format(
        threshold=lesson.threshold_at_door()
    )
    return [_table(caption, ["", *lesson.NAMES], rows)]


PARTS_OF_ALL = (1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.5, 0.99)
"""Places in the falling scores that the table of 03-a shows, as parts of all of them."""


@functools.cache
def _falling() -> tuple[int, tuple[tuple[int, float], ...]]:
    from labkit import data
    from labkit.measure.faces import compare_faces

    falling = np.sort(compare_faces(data.load("anytown/dev")).impostor)[::-1]
    places = [int(part * falling.size) for part in PARTS_OF_ALL]
    return falling.size, tuple((n, float(falling[n])) for n in places)


def _scores() -> list[Plain]:
    count, places = _falling()
    caption = _("Scores of the {count:,} impostor comparisons of dev").format(count=count)
    head = [_("scores above it"), _("score")]
    return [_table(caption, head, [(n, f"{score:.5f}") for n, score in places])]


def _misses() -> list[Plain]:
    from labkit import data
    from labkit.measure.faces import compare_faces

    lesson, rows = _lesson("03"), []
    for name in ("dev", "eval"):
        pairs = compare_faces(data.load(f"anytown/{name}"))
        for t in (lesson.EXAMPLE, lesson.threshold()):
            missed, false = int((pairs.genuine < t).sum()), int((pairs.impostor >= t).sum())
            row = (f"{name}, {t:.4g}", pairs.genuine.size, missed, pairs.impostor.size, false)
            rows.append(row)
    caption = _(
        "Comparisons at the threshold of the example, {example:g}, and at the one chosen on dev,"
        " {chosen:.4g}"
    ).format(example=lesson.EXAMPLE, chosen=lesson.threshold())
    head = [
        _("people, threshold"),
        _("genuine"),
        _("of these below it"),
        _("impostor"),
        _("of these at or above it"),
    ]
    return [_table(caption, head, rows)]


def _rate_and_error() -> list[Plain]:
    lesson = _lesson("04")
    rate, error = lesson._rate_and_error()
    missed, made = lesson._counts()
    rows = [
        (_("misses"), missed),
        (_("mated comparisons"), made),
        (_("people"), len(lesson.table())),
        (_("rate"), f"{rate:.4f}"),
        (_("standard error, by people"), f"{error:.4f}"),
    ]
    return [_table(_("The table of 40 people, summed up"), ["", _("number")], rows)]


BEFORE, BEHIND = 6, 4
"""Pairs of people that the table of 04-b shows before the one that is asked for, and behind it."""


def _places() -> list[Plain]:
    from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS as ENOUGH

    lesson = _lesson("04")
    dev = lesson._dev()
    half = dev.select(np.isin(dev.people, np.unique(dev.people)[: lesson.HALF]))
    shown = range(ENOUGH - BEFORE, ENOUGH + BEHIND + 1)
    rows = [(str(n), lesson._place(half, n)) for n in [1, 2, 3, *shown]]
    caption = _("Where in the list each pair of people appears for the first time")
    counts = lesson._half()
    totals = [
        (_("impostor comparisons of the 240 people"), counts["comparisons"]),
        (_("pairs of two of the 240 people"), counts["person pairs"]),
        (_("impostor comparisons of all 480 people"), counts["whole town"]),
        (_("comparisons that are listed"), lesson.LISTED),
    ]
    return [
        _table(caption, [_("pair of people"), _("place in the list")], rows),
        _table(_("How many there are"), ["", _("number")], totals),
    ]


# --- notebooks 05 to 07 ---------------------------------------------------------------------------


def _small() -> list[Plain]:
    small = _lesson("05").small()
    return [_frame(_("Comparisons by the bands of both people"), small, _("one, the other"))]


def _counts() -> list[Plain]:
    counts = _lesson("05").counts()
    rows = [(str(name), int(count)) for name, count in counts.items()]
    return [_table(_("The people at one deep tone, under the poor camera"), ["", _("count")], rows)]


def _cameras() -> list[Plain]:
    from labkit.experiment.camera import GOOD, POOR, cameras

    lesson = _lesson("06")
    frame, rows = cameras("dlib").frame, []
    for camera in (GOOD, POOR):
        for tone in (lesson.LIGHTER, lesson.DARKER):
            row = frame.loc[(camera, tone), ["no face", "FNMR", "false rejection"]]
            lost, *rates = np.asarray(row, float).tolist()
            rows.append((f"{camera}, {tone}", int(lost), *(f"{rate:.4f}" for rate in rates)))
    head = [_("camera, tone"), "no face", "FNMR", "false rejection"]
    return [_table(_("dlib's numbers for two cameras and two tones"), head, rows)]


def _gallery() -> list[Plain]:
    lesson = _lesson("06")
    people = lesson.enrolment.MAKE_UPS[lesson.ENROLLED]
    rows = [(b, n, f"{lesson._fmr(b, lesson.DARKER):.5f}") for b, n in people.items()]
    head = [_("band"), _("people"), _("FMR with a darker person")]
    return [_table(_("Who is enrolled"), head, rows)]


def _came() -> list[Plain]:
    return [_frame(_("Who came, and whom the gate turned away"), _lesson("07").came(), _("band"))]


BANDS = ["lighter", "medium", "darker"]


def _records() -> list[Plain]:
    fmr = _lesson("07").fmr().loc[BANDS, BANDS]
    return [_frame(_("FMR: people in rows, their records in columns"), fmr, _("band"))]


# --- notebooks 08 to 12 ---------------------------------------------------------------------------


def _station() -> list[Plain]:
    lesson = _lesson("08")
    rows = [
        (_("people who pass in a day"), lesson.PASSING),
        (_("of these in the gallery"), lesson.WANTED),
        (_("people enrolled in the gallery"), lesson.strict().town.size),
        ("FPIR", f"{lesson.fpir():.7f}"),
        ("TPIR", f"{lesson.tpir():.4f}"),
    ]
    return [_table(_("The station in a day"), ["", _("number")], rows)]


def _sizes() -> list[Plain]:
    lesson = _lesson("08")
    sizes = [250, 500, *range(1_000, 3_001, 100), 5_000, 10_000, 25_000]
    rows = [(f"{n:,}", f"{lesson.loose().share(n):.4f}") for n in sizes]
    caption = _("Innocent searches that return somebody, by the size of the gallery")
    return [_table(caption, [_("people enrolled"), _("share of searches")], rows)]


def _costs() -> list[Plain]:
    return [_frame(_("The three operating points"), _lesson("09").costs(), _("point"))]


def _candidates() -> list[Plain]:
    import pandas as pd

    lesson = _lesson("09")
    galleries = ("town", "balanced", lesson.POLICED)
    enrolled = pd.DataFrame({name: lesson.entries(name) for name in galleries}).loc[BANDS].T
    rates = lesson.rates().loc[BANDS, BANDS]
    return [
        _frame(_("False candidates a comparison: searched in rows, enrolled in columns"), rates),
        _frame(_("Who is enrolled in each gallery"), enrolled),
    ]


def _passage() -> list[Plain]:
    lesson = _lesson("10")
    rows = [
        (_("f, the share of single frames with a false alert"), f"{lesson._f():.5f}"),
        (_("n, the frames of a passage"), lesson._n()),
    ]
    return [_table(_("Frames and passages"), ["", _("number")], rows)]


def _lists() -> list[Plain]:
    lists = _lesson("10").lists()
    rates = lists.rates.loc[BANDS, BANDS]
    return [
        _frame(_("False candidates a comparison: passer-by in rows, listed in columns"), rates),
        _frame(_("Who is on each list"), lists.listed.loc[:, BANDS]),
    ]


def _passed() -> list[Plain]:
    return [_frame(_("Passages of two weeks"), _lesson("11").passed())]


def _pairs() -> list[Plain]:
    rows = list(_lesson("11").pairs().items())
    return [_table(_("Pairs of people, with no error at all"), ["", _("pairs")], rows)]


def _day() -> list[Plain]:
    day = _lesson("12").day()
    rows = [(str(name), *(f"{v:.1f}" for v in row)) for name, row in day.iterrows()]
    return [_table(_("A day at the station"), [_("setting"), *map(str, day.columns)], rows)]


TABLES: dict[str, Callable[[], Sequence[Plain]]] = {
    "00-a": _photographs,
    "02-a": _differences,
    "02-c": _visitors,
    "03-a": _scores,
    "03-b": _misses,
    "04-a": _rate_and_error,
    "04-b": _places,
    "05-a": _small,
    "05-b": _counts,
    "06-a": _cameras,
    "06-b": _gallery,
    "07-a": _came,
    "07-b": _records,
    "08-a": _station,
    "08-b": _station,
    "08-c": _sizes,
    "09-a": _costs,
    "09-b": _candidates,
    "10-a": _passage,
    "10-b": _lists,
    "11-a": _passed,
    "11-b": _pairs,
    "12-b": _day,
}
"""Exercise -> makes its tables; those without find their numbers in the notebook."""
