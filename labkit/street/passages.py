"""People who walk past a camera, and a watchlist: one passage is one trial.

In: the frames of each passage, described by a matcher, and the templates of who is watched for.
Out: alerts, true and false, counted by passage; and how that differs from counting frames.

A passage alerts when any of its frames passes the threshold for anybody on the list.  So the same
FMR of a comparison gives more alerts for each passage than for each frame.  The frames of a passage
show one person in one light within a second: they are not independent, and
``1 - (1 - rate) ** frames`` says too much.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.street import stored

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import Gallery
    from labkit.measure.intervals import Interval
    from labkit.measure.thresholds import Threshold

MATCHERS = {"dlib": "euclidean", "SFace": "cosine"}
"""Whose templates are stored, and how they are compared."""


@dataclass(frozen=True)
class Passages:
    """Everybody who passed, and who is watched for.

    Parameters
    ----------
    people
        One row for each passage, each of another person: ``person``, the seed; ``watched``, whether
        they are on the watchlist; ``tone_band``, ``presentation_half``.  The watched are enrolled
        people of ``data/gallery`` (its mates), the others are council members of the same, who are
        enrolled nowhere.
    eyes
        Pixels between the eyes in each frame, shape (passages, frames), before a camera has fewer.

    Examples
    --------
    >>> passages = load_passages()
    >>> passages.templates("dlib", "fixed camera").shape
    (160, 4, 128)
    >>> passages.watchlist("dlib").shape
    (40, 128)
    """

    people: pd.DataFrame
    eyes: NDArray[np.float32]
    _data: Path | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        on = int(self.people["watched"].sum())
        return (
            f"Passages({len(self.people)} people, {on} of them watched, {self.frames} frames each)"
        )

    @property
    def frames(self) -> int:
        """Frames of each passage."""
        return int(self.eyes.shape[1])

    @property
    def conditions(self) -> tuple[str, ...]:
        """The cameras, :data:`labkit.street.worn.CONDITIONS`."""
        from labkit.street.worn import CONDITIONS

        return tuple(CONDITIONS)

    @property
    def matchers(self) -> tuple[str, ...]:
        """Whose templates are here."""
        return tuple(MATCHERS)

    def templates(self, matcher: str, condition: str) -> NDArray[np.float32]:
        """Templates of every frame, shape (passages, frames, d), NaN where no face was found.

        Raises
        ------
        ValueError
            For another matcher or camera.
        DamagedFile
            When the file is missing, cut short or changed.
        """
        from labkit.street.worn import CONDITIONS

        _known(matcher, MATCHERS, "matcher")
        _known(condition, CONDITIONS, "camera")
        all_of_them = stored.array(f"passages_{matcher.lower()}.npy", self._data)
        return np.asarray(all_of_them[list(CONDITIONS).index(condition)], np.float32)

    def watchlist(self, matcher: str) -> NDArray[np.float32]:
        """Templates of the enrolment portraits of the watched, in the order of :attr:`people`."""
        _known(matcher, MATCHERS, "matcher")
        return stored.array(f"watchlist_{matcher.lower()}.npy", self._data)


def load_passages(*, data: Path | None = None) -> Passages:
    """The stored passages.

    Raises
    ------
    DamagedFile
        When a file is missing, cut short or changed.
    """
    people = stored.table("passages.csv", data)
    people["watched"] = people["watched"].astype(bool)
    return Passages(people, stored.array("passages_eyes.npy", data), data)


def threshold_for(matcher: str, fmr: float, gallery: Gallery | None = None) -> Threshold:
    """The threshold for an FMR of a comparison, chosen on the people of ``dev``.

    Parameters
    ----------
    matcher
        ``"dlib"`` or ``"SFace"``.
    fmr
        Asked for.
    gallery
        Whose ``dev`` people, without it those of :func:`labkit.data.gallery`: enrolled nowhere,
        and none of them walks past.

    Raises
    ------
    ValueError
        When there are too few people for so small a rate.
    """
    from labkit import data
    from labkit.measure.scores import all_pairs
    from labkit.measure.thresholds import choose_threshold

    _known(matcher, MATCHERS, "matcher")
    gallery = data.gallery() if gallery is None else gallery
    rows = np.concatenate([gallery.rows("dev", photo=0), gallery.rows("dev", photo=1)])
    who = gallery.images["person"].to_numpy()[rows]
    pairs = all_pairs(gallery.templates(matcher, rows), who, gallery.measure(matcher))
    return choose_threshold(pairs, fmr)


def search(passages: Passages, matcher: str, condition: str, threshold: float) -> pd.DataFrame:
    """Search every frame of every passage in the watchlist.

    Parameters
    ----------
    passages
        Who passed.
    matcher, condition
        As for :meth:`Passages.templates`.
    threshold
        A frame alerts for whoever on the list is most alike, when ``score >= threshold``.

    Returns
    -------
    table
        One row a passage: ``person``, ``watched``, ``tone_band``; ``frames`` in which a face was
        found; ``best``, the highest score of all frames (NaN without a face); ``frame_alerts``, how
        many frames alert; ``alert``, whether any does; ``named``, whom the best frame names, -1
        without an alert; ``right``, whether any frame alerts for the passer themself.
        ``table.attrs["frame scores"]`` holds the best score of each frame, shape (passages,
        frames), ``table.attrs["threshold"]`` the threshold.
    """
    from labkit.measure.scores import compare

    threshold = float(threshold)
    frames = passages.templates(matcher, condition)
    listed = passages.watchlist(matcher)
    n, f, d = frames.shape
    scores = compare(frames.reshape(n * f, d), listed, MATCHERS[matcher]).reshape(n, f, -1)
    usable = ~np.isnan(frames[..., 0])
    scores = np.where(np.isnan(scores), -np.inf, scores)
    per_frame = np.where(usable, scores.max(-1), np.nan)
    watched = passages.people["watched"].to_numpy(bool)
    seeds = passages.people["person"].to_numpy()
    highest = scores.max(-1)
    best_frame = highest.argmax(1)
    best = highest[np.arange(n), best_frame]
    whom = scores[np.arange(n), best_frame].argmax(-1)
    passes = highest >= threshold
    alert = passes.any(1)
    own = np.full(n, -1)
    own[watched] = np.arange(int(watched.sum()))
    right = (passes & (scores.argmax(-1) == own[:, None])).any(1) & watched
    table = passages.people[["person", "watched", "tone_band"]].copy()
    table["frames"] = usable.sum(1)
    table["best"] = np.where(np.isfinite(best), best, np.nan)
    table["frame_alerts"] = passes.sum(1)
    table["alert"] = alert
    table["named"] = np.where(alert, seeds[watched][whom], -1)
    table["right"] = right
    table.attrs["frame scores"] = per_frame
    table.attrs["threshold"] = threshold
    return table


@dataclass(frozen=True)
class Rates:
    """What a watchlist came to, counted by frame and by passage.

    Parameters
    ----------
    frame
        FPIR by frame: share of the frames of people on no list that alert; people are the units.
    passage
        FPIR by passage: share of the passages of people on no list that alert.
    independent
        What ``1 - (1 - frame) ** frames`` would make of it.
    tpir
        Share of the passages of watched people that alert for them.
    frames
        Frames of a passage in which a face was found, on average.
    listed
        People on the list.
    """

    frame: Interval
    passage: Interval
    independent: float
    tpir: Interval
    frames: float
    listed: int

    def read(self) -> str:
        """All of this in sentences."""
        said = [
            _(
                "A list of {listed}; {frames:.1f} frames a passage in which a face was found."
            ).format(listed=self.listed, frames=self.frames),
            _("False alerts, of people on no list, by frame: {rate}.").format(
                rate=_rate(self.frame)
            ),
            _("By passage: {rate}{times}.").format(
                rate=_rate(self.passage), times=_times(self.passage.value, self.frame.value)
            ),
        ]
        if self.frame.errors:
            said.append(self._if_independent())
        said.append(
            _("True alerts, of passages on the list: {rate}.").format(rate=_rate(self.tpir))
        )
        return " ".join(said)

    def _if_independent(self) -> str:
        words = _("Were frames independent, it would be {independent:.3f} by passage")
        if self.independent > self.passage.value:
            words += _(": frames of one passage show the same face, and err together")
        return words.format(independent=self.independent) + "."


def _rate(interval: Interval) -> str:
    return interval.words or interval.text(3)


def _times(passage: float, frame: float) -> str:
    if not frame > 0:
        return ""
    return _(" ({times:.1f} times as large)").format(times=passage / frame)


def rates(found: pd.DataFrame) -> Rates:
    """Rates by frame and by passage.

    Parameters
    ----------
    found
        From :func:`search`.
    """
    from labkit.measure.searches import exact, fpir

    on = found["watched"].to_numpy(bool)
    scores, threshold = found.attrs["frame scores"], found.attrs["threshold"]
    who = np.repeat(found["person"].to_numpy()[~on], scores.shape[1])
    frame = fpir(scores[~on].ravel(), threshold, people=who)
    passage = fpir(found["best"].to_numpy()[~on], threshold)
    return Rates(
        frame,
        passage,
        float(1 - (1 - frame.value) ** scores.shape[1]),
        exact(found["right"].to_numpy(bool)[on], _("true alerts"), _("passages")),
        float(found["frames"].mean()),
        int(on.sum()),
    )


def comes_by(found: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """The passages in the order of one day, by lot, with what the screen would have shown.

    Returns
    -------
    table
        The rows of ``found`` in another order, with ``kind``: ``"true alert"``, ``"false alert"``
        (nobody listed, or somebody else named), ``"missed"`` or ``""``, and ``words``.
    """
    order = np.random.default_rng(seed).permutation(len(found))
    table = found.iloc[order].reset_index(drop=True)
    kinds = [
        "true alert" if right else "false alert" if alert else "missed" if watched else ""
        for right, alert, watched in zip(table["right"], table["alert"], table["watched"])
    ]
    words = {
        "true alert": _("alert, and it is the person on the list"),
        "false alert": _("alert, and it is somebody else"),
        "missed": _("no alert, though the person is on the list"),
        "": _("no alert"),
    }
    return table.assign(kind=kinds, words=[words[kind] for kind in kinds])


def alert_words(table: pd.DataFrame) -> str:
    """How many alerts of a day are true, in a sentence that gives the share of watched passers."""
    true = int((table["kind"] == "true alert").sum())
    false = int((table["kind"] == "false alert").sum())
    missed = int((table["kind"] == "missed").sum())
    other = int(((table["kind"] == "false alert") & table["watched"]).sum())
    on = int(table["watched"].sum())
    return _(
        "{n} passages, {on} of them by people on the list (far more than on any street):"
        " {alerts} alerts, {true} of them true and {false} false ({unlisted} of people on no list,"
        " {other} of listed people under another name); {missed} of the {on} raise no alert."
    ).format(
        n=len(table),
        on=on,
        alerts=true + false,
        true=true,
        false=false,
        unlisted=false - other,
        other=other,
        missed=missed,
    )


def _known(name: str, names: Any, what: str) -> None:
    if name not in names:
        raise ValueError(f"there is no {what} {name!r}: use {', '.join(names)}")
