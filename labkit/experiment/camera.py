"""The camera: the same people in the same light, developed by several cameras.

In: ``counterfactual/paired``, where each of 160 people is drawn at three tones and developed by
four cameras, and the controls of ``data/causes``.  Out: what each camera does to each tone, the gap
between tones that is there without any camera fault, and sentences.

All comparisons are of the same people in the same photographs: what makes a person hard to match
cancels.  False rejection counts faces that were not found; a camera that loses faces must not look
better for it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from labkit import data, matchers
from labkit.base.words import N_, _
from labkit.experiment import changes
from labkit.experiment.estimates import Estimate, log_fmr, nothing, rate
from labkit.measure.counts import GroupCounts
from labkit.measure.disparity import LEVEL, group_table
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.intervals import Interval, Moves
from labkit.measure.scores import all_pairs
from labkit.measure.summaries import holm
from labkit.measure.thresholds import choose_threshold

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet

PAIRED, CONTROLS = "counterfactual/paired", "causes/controls"

TONES: Mapping[str, float] = MappingProxyType({"lighter": 0.1, "medium": 0.5, "darker": 0.9})
"""The tones at which everybody is drawn."""

CAMERAS: Mapping[str, str] = MappingProxyType(
    {
        "equal": N_("every face brought to one brightness"),
        "natural": N_("a portrait that keeps deep skin deep"),
        "light-metered": N_("exposed for light skin, whoever stands there"),
        "light-metered noisy": N_("the same with a poor sensor"),
        "equal, no gloss": N_("every face brought to one brightness, and nothing shines"),
        "locked": N_("one gain for every photograph"),
    }
)
"""The cameras of ``paired``, from the best to the poorest, then the controls."""

GOOD, POOR = "equal", "light-metered noisy"

ASKED = 1e-2
"""The mean FMR that each threshold is chosen for, on ``anytown/dev``."""

DETECTORS = MappingProxyType({"dlib": "HOG (dlib)", "SFace": "YuNet"})
"""What finds the faces for a matcher."""

Condition = tuple[str, str]
"""A camera and a tone."""


@dataclass(frozen=True, eq=False)
class Cameras:
    """One matcher under every camera, at one threshold; from :func:`cameras`.

    Parameters
    ----------
    matcher
        Its name.
    threshold
        Chosen on ``anytown/dev`` by the lab's rule, one for all.
    rows
        (camera, tone) -> what was counted; the same people everywhere.
    """

    matcher: str
    threshold: float
    rows: Mapping[Condition, GroupCounts] = field(repr=False)

    @property
    def cameras(self) -> list[str]:
        """The cameras, in their order."""
        return list(dict.fromkeys(camera for camera, _tone in self.rows))

    @property
    def tones(self) -> list[str]:
        """The tones, in their order."""
        return list(dict.fromkeys(tone for _camera, tone in self.rows))

    @property
    def people(self) -> int:
        """How many people."""
        return max(len(row.people) for row in self.rows.values())

    def row(self, camera: str, tone: str) -> GroupCounts:
        """What was counted under one camera at one tone.

        Raises
        ------
        ValueError
            With what there is, when there is no such camera or tone.
        """
        if (camera, tone) not in self.rows:
            raise ValueError(
                f"{self.matcher} has no {camera!r} at {tone!r}: cameras are"
                f" {', '.join(self.cameras)}, tones {', '.join(self.tones)}"
            )
        return self.rows[camera, tone]

    def rejected(self, camera: str, tone: str) -> Estimate:
        """False rejection, failures counted."""
        return rate(self.row(camera, tone))

    def gap(self, camera: str, tone: str = "darker", other: str = "lighter") -> Estimate:
        """False rejection of one tone minus that of another, the same people under one camera."""
        return self.rejected(camera, tone) - self.rejected(camera, other)

    def effect(self, camera: str, tone: str, reference: str = GOOD) -> Estimate:
        """What a camera does to one tone: its false rejection minus that under another camera."""
        return self.rejected(camera, tone) - self.rejected(reference, tone)

    def extra(self, camera: str, reference: str = GOOD) -> Estimate:
        """A difference in differences: the gap under a camera minus the gap under another."""
        return self.gap(camera) - self.gap(reference)

    def part(self, camera: str = POOR, reference: str = GOOD) -> Estimate:
        """The share of a camera's gap that is there under the reference, without its fault.

        There is no interval where the camera's gap itself may be 0: a share of nothing.
        """
        whole, there = self.gap(camera), self.gap(reference)
        found = whole.interval
        if found.words or not (found.low > 0 or found.high < 0):
            return nothing(_("no share: under {camera} no gap is shown").format(camera=camera))
        value = there.value / whole.value
        moves = Moves.total([(1 / whole.value, there.moves), (-value / whole.value, whole.moves)])
        people, erred = (
            np.union1d(getattr(there, n), getattr(whole, n)) for n in ("people", "erred")
        )
        return Estimate(value, moves, people, erred, there.why)

    def false_matches(self, camera: str, tone: str = "darker", other: str = "lighter") -> Estimate:
        """The logarithm of the ratio of two tones' FMR under one camera."""
        return log_fmr(self.row(camera, tone)) - log_fmr(self.row(camera, other))

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each camera and tone: rates, each with its interval by people.

        Index: ``camera``, ``tone``.  Columns: ``people``, ``images``, ``no face`` found in;
        ``false rejection``, ``FNMR``, ``FMR``, each an
        :class:`~labkit.measure.intervals.Interval`.
        """
        import pandas as pd

        lines = {
            key: {
                "people": len(row.people),
                "images": int(row.images.sum()),
                "no face": int(row.failed.sum()),
                "false rejection": row.interval("false_rejection"),
                "FNMR": row.interval("fnmr"),
                "FMR": row.interval("fmr"),
            }
            for key, row in self.rows.items()
        }
        index = pd.MultiIndex.from_tuples(list(lines), names=["camera", "tone"])
        return pd.DataFrame(list(lines.values()), index=index)

    def show(self, digits: int = 3) -> pd.DataFrame:
        """The table for reading: :attr:`frame` with each rate in words."""
        table = self.frame
        for column in ("false rejection", "FNMR", "FMR"):
            table[column] = [i.short(digits) for i in table[column]]
        return table


# ---- counting -----------------------------------------------------------------------------------


def available(name: str = PAIRED) -> list[str]:
    """The matchers of photographs whose templates of a set are stored, in the registry's order.

    Examples
    --------
    >>> available()[0]
    'dlib'
    """
    faces = _loaded(name)
    return [
        entry.name
        for entry in matchers.offline()
        if entry.shipped is not None and entry.shipped(faces) is not None
    ]


def cameras(matcher: str = "dlib", *, people: Iterable[int] | None = None) -> Cameras:
    """One matcher under the four cameras of ``counterfactual/paired``; half a second.

    Parameters
    ----------
    matcher
        One of :func:`available`.
    people
        Numbers of the people; all 160 when ``None``.

    Raises
    ------
    LookupError
        For a matcher whose templates are not stored.

    Examples
    --------
    >>> found = cameras("dlib")
    >>> found.cameras
    ['equal', 'natural', 'light-metered', 'light-metered noisy']
    >>> found.gap("equal").interval.people
    160
    """
    return _counted(matcher, [PAIRED], list(CAMERAS)[:4], list(TONES), people)


def with_controls(matcher: str = "dlib") -> Cameras:
    """The people of the controls under two cameras and their controls, at the two outer tones.

    ``"equal, no gloss"`` stands beside ``"equal"``, and ``"locked"`` beside ``"light-metered"``.

    Parameters
    ----------
    matcher
        One of ``available("causes/controls")``.

    Raises
    ------
    LookupError
        For a matcher whose templates are not stored.

    Examples
    --------
    >>> with_controls("dlib").cameras
    ['equal', 'light-metered', 'equal, no gloss', 'locked']
    """
    names = ["equal", "light-metered", "equal, no gloss", "locked"]
    who = _loaded(CONTROLS).people.index
    return _counted(matcher, [PAIRED, CONTROLS], names, ["lighter", "darker"], who)


@functools.lru_cache(maxsize=2)
def _loaded(name: str) -> FaceSet:
    return data.load(name)


@functools.lru_cache(maxsize=4)
def threshold_of(matcher: str) -> float:
    """The one threshold of a matcher: mean FMR 1 in 100 within the cells of ``anytown/dev``."""
    dev = data.load("anytown/dev")
    pairs = compare_faces(dev, matcher)
    return choose_threshold(pairs, ASKED, cells=threshold_cells(dev)).value


def _counted(
    matcher: str,
    sets: Sequence[str],
    names: Sequence[str],
    tones: Sequence[str],
    people: Iterable[int] | None,
) -> Cameras:
    entry = matchers.get(matcher)
    parts = []
    for name in sets:
        faces = _loaded(name)
        rows = None if entry.shipped is None else entry.shipped(faces)
        if rows is None:
            raise LookupError(
                f"templates of {entry.name} are not stored for {name}: use one of"
                f" {', '.join(available(name))}"
            )
        parts.append((rows, *(faces.of(c) for c in ("person", "camera", "tone"))))
    templates, who, camera, tone = (np.concatenate([p[k] for p in parts]) for k in range(4))
    use = np.ones(len(who), bool) if people is None else np.isin(who, list(people))
    return count(
        entry.name,
        threshold_of(entry.name),
        templates[use],
        who[use],
        camera[use],
        tone[use].astype(float),
        entry.measure,
        names=names,
        tones=tones,
    )


def count(
    matcher: str,
    threshold: float,
    templates: ArrayLike,
    people: ArrayLike,
    camera: ArrayLike,
    tone: ArrayLike,
    measure: str,
    *,
    names: Sequence[str] = tuple(CAMERAS)[:4],
    tones: Sequence[str] = tuple(TONES),
) -> Cameras:
    """Count the errors under each camera at each tone.

    Parameters
    ----------
    matcher
        Its name.
    threshold
        One for all, chosen on other people.
    templates
        Shape (n, d), NaN where no face was found.
    people, camera, tone
        Of each image, shape (n,).
    measure
        How templates are compared.
    names, tones
        Which cameras, and which names of :data:`TONES`.

    Raises
    ------
    ValueError
        When a camera has no image at a tone.
    """
    rows, who = np.asarray(templates, np.float32), np.asarray(people)
    cameras_of, tone_of = np.asarray(camera), np.asarray(tone, float)
    out: dict[Condition, GroupCounts] = {}
    for name in names:
        for word in tones:
            here = (cameras_of == name) & np.isclose(tone_of, TONES[word])
            if not here.any():
                raise ValueError(f"there is no photograph of {name!r} at tone {TONES[word]}")
            pairs = all_pairs(rows[here], who[here], measure)
            table = group_table(pairs, np.full(len(pairs), word), threshold)
            out[name, word] = table.rows[0]
    return Cameras(matcher, threshold, out)


# ---- everything that was looked at --------------------------------------------------------------

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "gap": N_("darker minus lighter, one camera"),
        "effect": N_("one camera minus the good one, one tone"),
        "extra": N_("the gap under one camera minus the gap under the good one"),
        "false matches": N_("FMR, darker over lighter, one camera"),
    }
)
"""What is compared; the last is a ratio, the others are differences of false rejection."""


def looks(found: Sequence[Cameras], *, reference: str = GOOD, more: int = 0) -> pd.DataFrame:
    """All contrasts of the camera's page, adjusted together by Holm's method.

    Parameters
    ----------
    found
        Each matcher under the same cameras.
    reference
        The good camera.
    more
        Looks of the page that are not here; they count.

    Returns
    -------
    table
        Index: ``matcher``, ``kind`` (of :data:`KINDS`), ``camera``, ``tone``.  Columns: ``value``,
        ``low``, ``high``, ``p``, ``p_looks``, adjusted; ``claimed``, whether a difference may be
        spoken of; ``detectable``, the true difference (or ratio) that would be found four times in
        five; ``words`` in place of an interval; ``looks``, how many there are.

    Raises
    ------
    ValueError
        When nothing is given.

    Examples
    --------
    >>> table = looks([cameras("dlib")])
    >>> len(table), int(table["looks"].iloc[0])
    (20, 20)
    """
    import pandas as pd

    if not found:
        raise ValueError("there is nothing to look at: give what cameras() gives")
    index, lines = [], []
    for one in found:
        for key, estimate in _contrasts(one, reference):
            index.append((one.matcher, *key))
            lines.append(_line(estimate, ratio=key[0] == "false matches"))
    names = ["matcher", "kind", "camera", "tone"]
    table = pd.DataFrame(lines, index=pd.MultiIndex.from_tuples(index, names=names))
    adjusted = holm([*table["p"], *[1.0] * more])
    table["p_looks"] = adjusted[: len(table)]
    table["looks"] = int((~np.isnan(adjusted)).sum())
    table["claimed"] = table["p_looks"].to_numpy(float) < LEVEL
    return table


def _contrasts(one: Cameras, reference: str) -> list[tuple[tuple[str, str, str], Estimate]]:
    other = [camera for camera in one.cameras if camera != reference]
    ends = f"{one.tones[-1]} - {one.tones[0]}"
    out = [(("gap", camera, ends), one.gap(camera)) for camera in one.cameras]
    out += [
        (("effect", camera, tone), one.effect(camera, tone, reference))
        for camera in other
        for tone in one.tones
    ]
    out += [(("extra", camera, ends), one.extra(camera, reference)) for camera in other]
    out += [(("false matches", camera, ends), one.false_matches(camera)) for camera in one.cameras]
    return out


def _line(estimate: Estimate, *, ratio: bool) -> dict[str, Any]:
    found = estimate.interval
    scale = math.exp if ratio else float
    return {
        "value": scale(found.value) if math.isfinite(found.value) else math.nan,
        "low": scale(found.low) if not found.words else math.nan,
        "high": scale(found.high) if not found.words else math.nan,
        "p": estimate.p,
        "detectable": scale(found.detectable) if not found.words else math.nan,
        "words": found.words,
    }


def detectors(found: Sequence[Cameras]) -> pd.DataFrame:
    """Faces that were not found, by camera, tone and detector.

    Two matchers find their faces in two ways, so the second is the control of the first: what only
    one detector loses is the detector's.

    Returns
    -------
    table
        Index: ``camera``, ``tone``; a column for each matcher's detector: ``no face`` of images.
    """
    import pandas as pd

    columns = {}
    for one in found:
        name = DETECTORS.get(one.matcher, one.matcher)
        columns[name] = {
            key: Interval(
                float(row.failed.sum() / row.images.sum()),
                errors=int(row.failed.sum()),
                trials=int(row.images.sum()),
                words=_("{n} of {all}").format(n=int(row.failed.sum()), all=int(row.images.sum())),
            )
            for key, row in one.rows.items()
        }
    table = pd.DataFrame({n: {k: i.words for k, i in c.items()} for n, c in columns.items()})
    table.index.names = ["camera", "tone"]
    return table


# ---- in words -----------------------------------------------------------------------------------


def _between(interval: Interval) -> str:
    """A difference in a hundred with its ends."""
    low, high = (changes.hundred(end, sign=True) for end in (interval.low, interval.high))
    return _("{value} of 100 [{low} to {high}]").format(
        value=changes.hundred(interval.value, sign=True), low=low, high=high
    )


def _look(table: pd.DataFrame, one: Cameras, kind: str, camera: str) -> Any:
    """One contrast of the two outer tones."""
    rows: Any = table.loc
    return rows[one.matcher, kind, camera, f"{one.tones[-1]} - {one.tones[0]}"]


def _missed(row: Any) -> str:
    if row["words"]:
        return row["words"]
    return _("{n} of 100 would be found four times in five").format(
        n=changes.hundred(row["detectable"])
    )


def told_gap(one: Cameras, table: pd.DataFrame, camera: str = GOOD) -> str:
    """The gap between tones under one camera: what is there without a fault of the camera.

    Parameters
    ----------
    one
        From :func:`cameras`.
    table
        From :func:`looks`, with this matcher in it.
    camera
        Which camera.
    """
    row = _look(table, one, "gap", camera)
    said = {"matcher": one.matcher, "camera": camera, "means": _(CAMERAS[camera])}
    if row["words"]:
        words = _("{matcher}, {camera}: there is too little to compare the tones ({why}).")
        return words.format(**said, why=row["words"])
    found = one.gap(camera).interval
    if not row["claimed"]:
        words = _(
            "{matcher}, {camera} ({means}): no gap between the tones is shown after adjusting for"
            " {looks} looks ({gap}); one of {missed}."
        )
        return words.format(
            **said, gap=_between(found), looks=int(row["looks"]), missed=_missed(row)
        )
    more = (
        _("the same people are rejected more often at the darker tone than at the lighter")
        if row["value"] > 0
        else _("the same people are rejected less often at the darker tone than at the lighter")
    )
    words = _("{matcher}, {camera} ({means}): {more}, {gap}.")
    return words.format(**said, more=more, gap=_between(found))


def told_false_matches(one: Cameras, table: pd.DataFrame, camera: str = GOOD) -> str:
    """False matches within each tone under one camera, set against each other.

    Parameters
    ----------
    one, table, camera
        As for :func:`told_gap`.
    """
    row = _look(table, one, "false matches", camera)
    said = {"matcher": one.matcher, "camera": camera}
    if row["words"]:
        words = _("{matcher}, {camera}: there is too little to compare false matches ({why}).")
        return words.format(**said, why=row["words"])
    ratio = _("{value:.2f} times [{low:.2f} to {high:.2f}]").format(
        **{name: row[name] for name in ("value", "low", "high")}
    )
    if not row["claimed"]:
        words = _(
            "{matcher}, {camera}: that two people are falsely matched more or less often at the"
            " darker tone than at the lighter is not shown ({ratio}); {found:.2f} times would be"
            " found four times in five."
        )
        return words.format(**said, ratio=ratio, found=row["detectable"])
    gap = one.gap(camera).interval
    if row["value"] > 1:
        words = _(
            "{matcher}, {camera}: two people are falsely matched more often at the darker tone than"
            " at the lighter, {ratio}."
        )
        return words.format(**said, ratio=ratio)
    words = _(
        "{matcher}, {camera}: two people are falsely matched less often at the darker tone than at"
        " the lighter, {ratio}."
    )
    if not gap.words and gap.low > 0:
        words += " " + _(
            "Fewer false matches and more rejections at one threshold: fewer pairs reach it there,"
            " of two people and of one."
        )
    return words.format(**said, ratio=ratio)


def told_camera(one: Cameras, table: pd.DataFrame, camera: str = POOR) -> str:
    """What a camera adds to the gap, and what part of its gap is there without it.

    Parameters
    ----------
    one, table
        As for :func:`told_gap`.
    camera
        The poor camera.
    """
    row = _look(table, one, "extra", camera)
    said = {"matcher": one.matcher, "camera": camera}
    effects = ", ".join(
        _("{tone} {by}").format(tone=_(tone), by=_effect(one, camera, tone)) for tone in one.tones
    )
    lines = [
        _("{matcher}, from {good} to {camera}, false rejection changes: {effects}.").format(
            **said, good=GOOD, effects=effects
        )
    ]
    if row["words"]:
        lines.append(
            _("Too little for a difference in differences: {why}.").format(why=row["words"])
        )
    elif not row["claimed"]:
        lines.append(
            _(
                "That it does more to the darker tone than to the lighter is not shown after"
                " adjusting for {looks} looks ({extra}); {missed}."
            ).format(
                looks=int(row["looks"]),
                extra=_between(one.extra(camera).interval),
                missed=_missed(row),
            )
        )
    elif row["value"] > 0:
        lines.append(
            _("It does more to the darker tone than to the lighter: {extra}.").format(
                extra=_between(one.extra(camera).interval)
            )
        )
    else:
        lines.append(
            _("It does less to the darker tone than to the lighter: {extra}.").format(
                extra=_between(one.extra(camera).interval)
            )
        )
    lines.append(_told_part(one, camera))
    return "\n".join(lines)


def _effect(one: Cameras, camera: str, tone: str) -> str:
    found = one.effect(camera, tone).interval
    return found.words or _between(found)


def _told_part(one: Cameras, camera: str) -> str:
    part, there = one.part(camera).interval, one.gap(GOOD).interval
    if part.words:
        return _("No part of its gap can be named: {why}.").format(why=part.words)
    if not there.words and there.low <= 0 <= there.high:
        return _(
            "Whether a part of its gap is there with {good} exposure too is not shown (of 100 parts"
            " {part} [{low} to {high}])."
        ).format(**_hundreds(part), good=GOOD)
    return _(
        "Of 100 parts of its gap {part} [{low} to {high}] are there with {good} exposure too: this"
        " camera did not add them."
    ).format(**_hundreds(part), good=GOOD)


def _hundreds(interval: Interval) -> dict[str, str]:
    return {
        name: changes.hundred(value)
        for name, value in (
            ("part", interval.value),
            ("low", interval.low),
            ("high", interval.high),
        )
    }


def told_detectors(found: Sequence[Cameras], camera: str = POOR) -> str:
    """Faces not found under one camera, by each detector, at the two outer tones."""
    parts = []
    for one in found:
        ends = [one.row(camera, tone) for tone in (one.tones[0], one.tones[-1])]
        lost = [int(row.failed.sum()) for row in ends]
        of = [int(row.images.sum()) for row in ends]
        detector = DETECTORS.get(one.matcher, one.matcher)
        if not any(lost):
            words = _("{detector} finds a face in each of {all:,} photographs")
            parts.append(words.format(detector=detector, all=sum(of)))
            continue
        words = _(
            "{detector} finds none in {lighter} of {of_lighter} at the {first} tone and in {darker}"
            " of {of_darker} at the {last}"
        )
        parts.append(
            words.format(
                detector=detector,
                lighter=lost[0],
                darker=lost[1],
                of_lighter=of[0],
                of_darker=of[1],
                first=_(one.tones[0]),
                last=_(one.tones[-1]),
            )
        )
    return _("{camera}: {parts}.").format(camera=camera, parts="; ".join(parts))


CONTROL_OF = MappingProxyType({"equal, no gloss": "equal", "locked": "light-metered"})
"""A control -> the camera that it is set beside."""


def told_controls(one: Cameras) -> str:
    """What is left of the gap when nothing shines, and with one gain for everybody.

    Parameters
    ----------
    one
        From :func:`with_controls`.
    """
    lines = []
    for control, beside in CONTROL_OF.items():
        gap, was, extra = (
            e.interval for e in (one.gap(control), one.gap(beside), one.extra(control, beside))
        )
        said = {
            "matcher": one.matcher,
            "control": control,
            "means": _(CAMERAS[control]),
            "people": one.people,
            "beside": beside,
        }
        if gap.words or was.words or extra.words:
            words = _("{matcher}, {control}: too little to compare ({why}).")
            lines.append(words.format(**said, why=gap.words or was.words or extra.words))
            continue
        said |= {"gap": _between(gap), "was": _between(was), "extra": _between(extra)}
        if extra.low > 0:
            words = _(
                "{matcher}, {control} ({means}; {people} people): the gap between the tones is"
                " {gap}, wider than with {beside} ({was}) by {extra}."
            )
        elif extra.high < 0:
            words = _(
                "{matcher}, {control} ({means}; {people} people): the gap between the tones is"
                " {gap}, narrower than with {beside} ({was}) by {extra}."
            )
        else:
            words = _(
                "{matcher}, {control} ({means}; {people} people): the gap between the tones is"
                " {gap}, with {beside} {was}; no difference is shown ({extra}), and one of {missed}"
                " of 100 would be found four times in five."
            )
        lines.append(words.format(**said, missed=changes.hundred(extra.detectable)))
    return "\n".join(lines)
