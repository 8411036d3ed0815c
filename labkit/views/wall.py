"""Walls of strangers, and a parameter from one end to the other.

In: how many, or which parameter.  Out: one captioned picture.  The caption says that nobody in it
exists, and it travels with the picture.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from labkit.base.processes import each
from labkit.people.who import (
    Capture,
    Person,
    Styling,
    sample_capture,
    sample_person,
    sample_styling,
)
from labkit.people.who.parameters import BY_NAME, LIMIT, NAMES, check_name

Picture = NDArray[np.uint8]

CAPTION = "invented, rendered by code"
SHOWING = 512  # pixels a portrait is rendered at before it is fitted into the wall
WIDEST = 3072  # pixels across the whole wall
GAP = 4
# Parameters of depth, seen better with the head turned.
PROFILE = frozenset(
    n
    for n in NAMES
    if n.endswith("_projection")
    or n.startswith("ear_")
    or n in ("forehead_slope", "brow_ridge", "nose_profile", "bridge_height", "nasion_depth")
)
PAPER, INK = (247, 245, 241), (60, 56, 52)
# Ranges a strip may run over besides those of the shape parameters: low, high and their words.
OTHER: dict[str, tuple[float, float, str, str, str]] = {
    "tone": (0.0, 1.0, "light", "deep", "skin tone"),
    "presentation": (-1.0, 1.0, "-1", "1", "presentation, a drawing parameter"),
    "age": (18.0, 85.0, "18 years", "85 years", "age"),
    "greyness": (0.0, 1.0, "no grey", "all grey", "share of grey hair"),
    "hair_loss": (0.0, 1.0, "full hair", "bald crown", "hair loss"),
}


def portrait(person: Person, styling: Styling, capture: Capture, size: int = SHOWING) -> Picture:
    """One portrait, shape (size, size, 3), uint8 RGB."""
    from labkit.people.photo.render import render

    return render(person, styling, capture, size)


def stranger(number: int) -> tuple[Person, Styling, Capture]:
    """The person of a number, dressed and photographed calmly: what a wall shows."""
    person = sample_person(number)
    capture = sample_capture(number, 0.2).with_(noise=0.1, blur=0.0, jpeg=100)
    return person, sample_styling(number, person), capture


def wall(
    count: int = 48, seed: int = 7, *, workers: int | None = None, quiet: bool = False
) -> Picture:
    """A wall of strangers, each rendered at 512 px and scaled so that the wall is 3072 px at most.

    Parameters
    ----------
    count
        How many, 1..400.
    seed
        Which: person k of wall s is number ``100 s + k``.
    workers
        Processes; all cores when ``None``.
    quiet
        No progress bar.

    Raises
    ------
    ValueError
        When count or seed is out of range.
    """
    if not 1 <= count <= 400:
        raise ValueError(f"a wall of {count} people cannot be drawn: give 1 to 400")
    if seed < 0:
        raise ValueError(f"seed {seed} cannot be used: give a whole number from 0 upwards")
    jobs = [stranger(100 * seed + k) for k in range(count)]
    columns = math.ceil(math.sqrt(count * 4 / 3)) if count > 3 else count
    tiles = _portraits(jobs, columns, workers, quiet, "portraits")
    return captioned(mosaic(tiles, columns), CAPTION)


def strip(
    name: str, seed: int = 7, *, steps: int = 5, workers: int | None = None, quiet: bool = False
) -> Picture:
    """One parameter from its low to its high end on an average face, in ``steps`` pictures.

    ``name`` is a shape parameter, or ``tone``, ``presentation``, ``age``, ``greyness``,
    ``hair_loss``.

    Raises
    ------
    ValueError
        For an unknown parameter, with the nearest names.
    """
    if not 2 <= steps <= 11:
        raise ValueError(f"a strip of {steps} steps cannot be drawn: give 2 to 11")
    if name not in OTHER:
        check_name(name, extra=tuple(OTHER))
    low, high, low_words, high_words, meaning = _ends(name)
    base, styling, capture = _for_parameter(name, seed)
    values = np.linspace(low, high, steps)
    jobs = [(base.with_(**{name: round(float(v), 4)}), styling, capture) for v in values]
    tiles = _portraits(jobs, steps, workers, quiet, name)
    words = [low_words, *[""] * (steps - 2), high_words]
    words[steps // 2] = words[steps // 2] or "middle"
    return captioned(labelled(tiles, words), f"{name}: {meaning}.  {CAPTION}")


def all_strips(
    seed: int = 7, *, side: int = 136, workers: int | None = None, quiet: bool = False
) -> Picture:
    """Low, middle and high of every parameter in one picture: the one in the datasheet."""
    jobs, names = [], [*OTHER, *NAMES]
    for name in names:
        person, styling, capture = _for_parameter(name, seed)
        low, high = _ends(name)[:2]
        for value in (low, (low + high) / 2, high):
            jobs.append((person.with_(**{name: round(value, 4)}), styling, capture, 2 * side))
    tiles: list[Picture] = [np.zeros((0, 0, 3), np.uint8)] * len(jobs)
    for k, picture in each(portrait, jobs, workers=workers, label="parameters", quiet=quiet):
        tiles[k] = np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA))
    blocks = []
    for k, name in enumerate(names):
        low_words, high_words = _ends(name)[2:4]
        words = [low_words, "", high_words]
        block = labelled(tiles[3 * k : 3 * k + 3], words, name)
        blocks.append(block)
    across = 4
    blank = np.full_like(blocks[0], PAPER[0])
    blocks += [blank] * (-len(blocks) % across)
    rows = [np.hstack(blocks[k : k + across]) for k in range(0, len(blocks), across)]
    return captioned(np.vstack(rows), CAPTION)


def _for_parameter(name: str, seed: int) -> tuple[Person, Styling, Capture]:
    """The average sitter, turned or smiling where the parameter would not show otherwise."""
    base, styling, capture = sitter_for_strips(seed)
    if name in PROFILE:
        capture = capture.with_(yaw=38.0)
    if name in ("dimples", "smile_fold"):
        capture = capture.with_(smile=0.6)
    if name in ("greyness", "hair_loss"):
        base = base.with_(age=60.0)
    return base, styling, capture


def sitter_for_strips(seed: int) -> tuple[Person, Styling, Capture]:
    """An average face of medium tone with short hair, which shows one parameter at a time."""
    person = Person(seed, dict.fromkeys(NAMES, 0.0), tone=0.45, age=38.0)
    styling = Styling(haircut="crop", hair_type=0.3, hair_length=2.0, seed=seed)
    return person, styling, Capture(noise=0.0, backdrop=3, shirt=5, scale=1.35)


def _ends(name: str) -> tuple[float, float, str, str, str]:
    if name in OTHER:
        return OTHER[name]
    p = BY_NAME[name]
    return -LIMIT, LIMIT, p.low, p.high, p.meaning


def _portraits(
    jobs: list[tuple[Any, ...]], columns: int, workers: int | None, quiet: bool, label: str
) -> list[Picture]:
    side = min(SHOWING, WIDEST // columns)
    tiles: list[Picture] = [np.zeros((0, 0, 3), np.uint8)] * len(jobs)
    for k, picture in each(portrait, jobs, workers=workers, label=label, quiet=quiet):
        small = (
            picture
            if side == SHOWING
            else cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        )
        tiles[k] = np.asarray(small, np.uint8)
    return tiles


def mosaic(tiles: list[Picture], columns: int) -> Picture:
    """Tiles of one size side by side with a narrow gap, shape (h, w, 3)."""
    side = tiles[0].shape[0]
    rows = math.ceil(len(tiles) / columns)
    h, w = rows * (side + GAP) + GAP, columns * (side + GAP) + GAP
    out = np.full((h, w, 3), PAPER, np.uint8)
    for k, tile in enumerate(tiles):
        y, x = GAP + (k // columns) * (side + GAP), GAP + (k % columns) * (side + GAP)
        out[y : y + side, x : x + side] = tile
    return out


def labelled(tiles: list[Picture], words: list[str], title: str = "") -> Picture:
    """One row of tiles with words under them and a title above."""
    row = mosaic(tiles, len(tiles))
    side = tiles[0].shape[0]
    margin = max(20, side // 12)
    top = margin if title else 0
    page = Image.new("RGB", (row.shape[1], row.shape[0] + margin + top), PAPER)
    page.paste(Image.fromarray(row), (0, top))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(max(10, round(margin * 0.6)))
    if title:
        draw.text((row.shape[1] / 2, top / 2 + 2), title, INK, font, anchor="mm")
    below = top + row.shape[0] + margin / 2
    edges = {0: (GAP, "lm"), len(tiles) - 1: (row.shape[1] - GAP, "rm")}
    for k, text in enumerate(words):
        x, anchor = edges.get(k, (GAP + k * (side + GAP) + side / 2, "mm"))
        draw.text((x, below), text, INK, font, anchor=anchor)
    return np.asarray(page, np.uint8)


def captioned(picture: Picture, caption: str) -> Picture:
    """The picture with a line of text below it."""
    height, width = picture.shape[:2]
    margin = max(18, width // 70)
    page = Image.new("RGB", (width, height + margin), PAPER)
    page.paste(Image.fromarray(picture))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(max(9, round(margin * 0.62)))
    draw.text((width - GAP, height + margin / 2), caption, INK, font, anchor="rm")
    return np.asarray(page, np.uint8)
