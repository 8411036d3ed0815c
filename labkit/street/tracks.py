"""Following people from frame to frame: tracks, and where they break.

In: the faces found in each frame of a short sequence, with a template each.  Out: a number for each
face, the same for those that are taken for one person; and how often that was wrong.

Frame by frame, the faces found are given to the tracks so far, so that overlap of the boxes and
likeness of the templates together are largest (Kuhn 1955, the Hungarian method:
:func:`scipy.optimize.linear_sum_assignment`; tracking by detection as in Bewley and others 2016,
SORT, without its motion filter).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.street import stored
from labkit.street.crowd import SIDES, overlap

if TYPE_CHECKING:
    import pandas as pd

PATIENCE = 2
"""Frames that a track may be lost for before it ends."""

LEAST = 0.35
"""Sum of the weighted shares of overlap and likeness below which a face begins a new track."""


@dataclass(frozen=True)
class Walk:
    """A short sequence of a crowd that walks towards the camera.

    Parameters
    ----------
    boxes
        One row a face found: ``frame``; ``left``, ``top``, ``right``, ``bottom``; ``score``;
        ``person``, whose face it is, -1 where there is none.  Found by YuNet.
    truth
        One row for each person in each frame: ``frame``, ``person``, ``eyes``, ``hidden``.
    templates
        SFace's template of each row of ``boxes``, shape (n, 128).
    """

    boxes: pd.DataFrame
    truth: pd.DataFrame
    templates: NDArray[np.float32]

    def __repr__(self) -> str:
        frames, people = self.truth["frame"].nunique(), self.truth["person"].nunique()
        return f"Walk({people} people over {frames} frames, {len(self.boxes)} faces found)"


def load_walk(*, data: Path | None = None) -> Walk:
    """The stored sequence.

    Raises
    ------
    DamagedFile
        When a file is missing, cut short or changed.
    """
    return Walk(
        stored.table("walk.csv", data),
        stored.table("walk_truth.csv", data),
        stored.array("walk_sface.npy", data),
    )


def link(
    walk: Walk,
    *,
    by_place: float = 0.5,
    by_likeness: float = 0.5,
    least: float = LEAST,
    patience: int = PATIENCE,
) -> NDArray[np.int64]:
    """Give every face found the number of its track.

    Parameters
    ----------
    walk
        The sequence.
    by_place, by_likeness
        Weights of the overlap of two boxes and of the cosine of two templates, 0 or more, not both
        0; they are brought to a sum of 1.
    least
        A face joins a track when the weighted sum is at least this.
    patience
        Frames a track may be lost for.

    Returns
    -------
    tracks
        Shape (n,): a number for each row of ``walk.boxes``, from 0.

    Raises
    ------
    ValueError
        For weights that are negative or both 0.
    """
    from scipy.optimize import linear_sum_assignment

    total = by_place + by_likeness
    if min(by_place, by_likeness) < 0 or not total > 0:
        raise ValueError(
            f"weights {by_place:g} and {by_likeness:g}: give 0 or more, and not both 0"
        )
    frames = walk.boxes["frame"].to_numpy()
    places = walk.boxes[list(SIDES)].to_numpy(float)
    length = np.linalg.norm(walk.templates, axis=1, keepdims=True)
    alike = walk.templates / np.maximum(length, 1e-9)
    out = np.full(len(frames), -1, np.int64)
    last: dict[int, int] = {}  # track -> the row of its latest face
    begun = 0
    for frame in np.unique(frames):
        rows = np.flatnonzero(frames == frame)
        open_tracks = [t for t, row in last.items() if frame - frames[row] <= patience + 1]
        if open_tracks and len(rows):
            ends = np.array([last[t] for t in open_tracks])
            worth = by_place * overlap(places[ends], places[rows])
            worth = worth + by_likeness * np.clip(alike[ends] @ alike[rows].T, 0, 1)
            worth = np.where(worth / total >= least, worth / total, 0.0)
            for a, b in zip(*linear_sum_assignment(-worth), strict=True):
                if worth[a, b] > 0:
                    out[rows[b]] = open_tracks[a]
        for row in rows:
            if out[row] < 0:
                out[row] = begun
                begun += 1
            last[int(out[row])] = int(row)
    return out


@dataclass(frozen=True)
class Judged:
    """How well tracks follow people.

    Parameters
    ----------
    people
        People whose face was found at least once.
    tracks
        Tracks that hold at least one face.
    switches
        How often a track goes over from one person to another.
    fragments
        How often a person's faces go over from one track to another.
    lost
        Faces that were there and not found, of all.
    faces
        Faces that were there: hidden by no more than a half.
    """

    people: int
    tracks: int
    switches: int
    fragments: int
    lost: int
    faces: int

    def read(self) -> str:
        """All of this in a sentence."""
        return _(
            "{people} people make {tracks} tracks: {switches} times a track goes over to another"
            " person, {fragments} times a person goes over to another track; {lost} of {faces}"
            " faces that were to be seen were not found."
        ).format(
            people=self.people,
            tracks=self.tracks,
            switches=self.switches,
            fragments=self.fragments,
            lost=self.lost,
            faces=self.faces,
        )


def judge(walk: Walk, tracks: NDArray[np.int64], most_hidden: float = 0.5) -> Judged:
    """Count where tracks go over to another person, and people to another track.

    Parameters
    ----------
    walk
        The sequence, with the truth.
    tracks
        From :func:`link`.
    most_hidden
        Share hidden up to which a face counts as one to be found.

    Raises
    ------
    ValueError
        Unless there is a track for each face found.
    """
    import pandas as pd

    if len(tracks) != len(walk.boxes):
        raise ValueError(f"{len(tracks)} tracks for {len(walk.boxes)} faces: give one for each")
    table = walk.boxes.assign(track=tracks)
    table = table[table["person"] >= 0].sort_values("frame", kind="stable")
    changes = {}
    for of, what in (("track", "person"), ("person", "track")):
        before = table.groupby(of)[what].shift()
        changes[of] = int((before.notna() & (before != table[what])).sum())
    there = walk.truth[walk.truth["hidden"] <= most_hidden]
    found = pd.MultiIndex.from_frame(table[["frame", "person"]])
    lost = int((~pd.MultiIndex.from_frame(there[["frame", "person"]]).isin(found)).sum())
    return Judged(
        int(table["person"].nunique()),
        int(table["track"].nunique()),
        changes["track"],
        changes["person"],
        lost,
        len(there),
    )
