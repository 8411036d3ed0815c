"""Tracks: who is followed from frame to frame, and what counts as losing them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labkit.street.tracks import Walk, judge, link


def walk(rows, templates, truth=None) -> Walk:
    """Faces given as (frame, left, person), ten pixels wide."""
    boxes = pd.DataFrame(
        [
            {"frame": f, "left": x, "top": 0, "right": x + 10, "bottom": 10, "person": who}
            for f, x, who in rows
        ]
    )
    there = boxes[boxes["person"] >= 0] if truth is None else truth
    return Walk(boxes, there.assign(hidden=0.0, eyes=20.0), np.asarray(templates, np.float32))


ONE, OTHER = [1.0, 0, 0], [0, 1.0, 0]


def test_two_who_walk_beside_each_other_keep_their_tracks():
    rows = [(f, x + f, who) for f in range(4) for x, who in ((0, 7), (50, 8))]
    found = walk(rows, [ONE, OTHER] * 4)
    tracks = link(found)
    assert tracks.tolist() == [0, 1] * 4
    judged = judge(found, tracks)
    assert (judged.people, judged.tracks, judged.switches, judged.fragments) == (2, 2, 0, 0)
    assert "2 people make 2 tracks" in judged.read()


def crossing() -> Walk:
    """Two who change places between two frames."""
    rows = [(0, 0, 7), (0, 12, 8), (1, 11, 7), (1, 1, 8)]
    return walk(rows, [ONE, OTHER, ONE, OTHER])


def test_place_alone_follows_whoever_stands_there_and_likeness_follows_the_face():
    by_place = link(crossing(), by_place=1, by_likeness=0)
    by_face = link(crossing(), by_place=0, by_likeness=1)
    assert judge(crossing(), by_place).switches == 2
    assert judge(crossing(), by_place).fragments == 2
    assert judge(crossing(), by_face).switches == 0


def test_a_track_waits_some_frames_and_then_ends():
    rows = [(0, 0, 7), (3, 0, 7)]
    found = walk(rows, [ONE, ONE])
    assert link(found, patience=2).tolist() == [0, 0]
    late = link(found, patience=1)
    assert late.tolist() == [0, 1]
    assert (judge(found, late).fragments, judge(found, late).tracks) == (1, 2)


def test_a_false_detection_is_nobodys_switch_and_a_hidden_face_is_not_lost():
    rows = [(0, 0, 7), (1, 0, -1), (2, 0, 7)]
    found = walk(rows, [ONE, ONE, ONE])
    truth = pd.DataFrame(
        {"frame": [0, 1, 2, 2], "person": [7, 7, 7, 9], "hidden": [0, 0, 0, 0.8], "eyes": 20.0}
    )
    judged = judge(Walk(found.boxes, truth, found.templates), link(found))
    assert (judged.switches, judged.fragments, judged.lost, judged.faces) == (0, 0, 1, 3)


def test_one_face_goes_to_one_track_only():
    rows = [(0, 0, 7), (0, 3, 8), (1, 1, 7)]
    tracks = link(walk(rows, [ONE, ONE, ONE]))
    assert tracks.tolist()[:2] == [0, 1] and tracks[2] in (0, 1)
    two = link(walk([(0, 0, 7), (1, 0, 7), (1, 2, 8)], [ONE, ONE, ONE]))
    assert len({*two[1:].tolist()}) == 2


def test_wrong_weights_and_tracks_are_refused():
    for weights in ((0, 0), (-1, 2)):
        with pytest.raises(ValueError, match="give 0 or more"):
            link(crossing(), by_place=weights[0], by_likeness=weights[1])
    with pytest.raises(ValueError, match="3 tracks for 4 faces"):
        judge(crossing(), np.zeros(3, int))
