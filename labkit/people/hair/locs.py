"""Locs, box braids, twists and cornrows, and one door to all tubes and gathered hair.

In: a Person (hair colour, greyness, hair loss), a Styling (cut, type, length, parting, seed) and a
Head.  Out:  :class:`~labkit.people.hair.hair.Hair` with an undercoat that shows clean partings, and
tubes as meshes.  Hair of any type may wear most cuts.  Nothing here reads the tone of the skin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from labkit.people.body.mesh import Mesh
from labkit.people.hair.gathered import gathered
from labkit.people.hair.hair import (
    BACK,
    COLUMNS,
    MIDDLE,
    ROWS,
    STEP,
    Body,
    Hair,
    root_colour,
    root_cover,
    smooth,
)
from labkit.people.hair.scalp import (
    coat_of,
    flow_to_tubes,
    hairline_parcels,
    lay_parcels,
    nearest_two,
    parting_opacity,
    scalp_density,
)
from labkit.people.hair.strands import Strands
from labkit.people.hair.tubes import (
    Float,
    arc_length,
    grow_fuzz,
    lay,
    let_hang,
    paint_tubes,
    random_of,
    relief_of,
    tubes,
)

if TYPE_CHECKING:
    from labkit.people.body.head import Head
    from labkit.people.who import Person, Styling


FLOOR = -19.0  # height below the picture at which hanging hair may end, cm
CUTS = frozenset({"locs", "box_braids", "cornrows", "twists", "plait", "bun", "ponytail", "puff"})


# ---------------------------------------------------------------------------------------------
# Hanging tubes: locs, box braids, twists
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tube:
    """Measures of one kind of hanging tube; lengths in cm.

    ``spacing`` of the roots, ``radius`` at the root and its ``taper`` (share lost at the tip),
    ``relief`` kind of bump and its ``pitch``, ``stand`` how far roots stand up, ``stiff`` 0..1,
    ``cover`` the share of the undercoat that is left on the partings.
    """

    spacing: float
    radius: float
    taper: float
    relief: str
    pitch: float
    stand: float
    stiff: float
    cover: float = 0.5


_TUBES = {
    "locs": Tube(2.45, 0.46, 0.40, "loc", 1.0, 0.38, 0.25, 0.30),
    "box_braids": Tube(2.15, 0.36, 0.35, "braid", 0.95, 0.35, 0.15, 0.15),
    "twists": Tube(2.10, 0.42, 0.45, "twist", 1.5, 0.48, 0.45, 0.25),
}


def _combed(roots: Float, normals: Float, side: Float, back: float) -> Float:
    """Direction in the scalp, shape (S, 3): away from the parting and towards the back."""
    fall = -1.6 * smooth(roots[:, 1], 8.5, 3.0)
    want = np.stack(
        [side * (1 - 0.5 * back) * (1 + 0.4 * fall), fall, np.full(len(roots), -0.35 - 0.8 * back)],
        -1,
    )
    want = want - (want * normals).sum(1, keepdims=True) * normals
    return np.asarray(want / (np.linalg.norm(want, axis=1, keepdims=True) + 1e-6), np.float32)


def _hanging(
    person: Person, styling: Styling, head: Head, detail: float
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Locs, box braids or twists."""
    kind = _TUBES[styling.haircut]
    rng = random_of(styling, 1)
    body = Body.of(head)
    density = scalp_density(body, person)
    swept = bool(rng.random() < 0.4)
    roots, normals = lay_parcels(body, density, kind.spacing, rng)
    first, facing = hairline_parcels(body, 0.85 * kind.spacing)
    here = _look_up(body, density, first) > 0.3
    first, facing = first[here], facing[here]
    if len(first) and len(roots):
        free = cKDTree(first).query(roots)[0] > 0.6 * kind.spacing
        roots = np.concatenate([roots[free], first])
        normals = np.concatenate([normals[free], facing])
    if not len(roots):
        return None, [], []
    count = len(roots)
    part = float(np.clip(3.2 * styling.parting, -3.5, 3.5))
    side = np.where(roots[:, 0] + 0.25 * rng.standard_normal(count) >= part, 1.0, -1.0)
    side = np.where(np.abs(roots[:, 0]) > 4.5, np.sign(roots[:, 0]), side)
    comb = _combed(roots, normals, side, 1.0 if swept else 0.25)
    stand = (
        kind.stand
        * (0.35 + 0.65 * smooth(roots[:, 1], 2.0, 8.5) - 0.7 * smooth(roots[:, 1], 9.5, 11.5))
    )[:, None]
    start = stand * normals + (1 - 0.5 * stand) * comb + 0.12 * rng.standard_normal((count, 3))
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    reach = np.clip(0.9 * styling.hair_length, 5.0, 34.0)
    length = reach * np.exp(0.07 * rng.standard_normal(count))
    radius = kind.radius * np.exp(0.12 * rng.standard_normal(count))
    high = smooth(roots[:, 1], -3.0, 11.0)
    layer = radius * (0.2 + 1.5 * high + 0.7 * rng.random(count))
    before = roots[:, 2] + 0.8 * rng.standard_normal(count) > (-1.5 if not swept else 90.0)
    forward = np.where(before, 7.0, -8.0) + 0.8 * rng.standard_normal(count)
    along = int(np.clip(reach * 1.35, 12, 42) * (1.0 if detail <= 1 else 2.6))
    paths = np.empty((count, along, 3), np.float32)
    f32 = [
        np.ascontiguousarray(a, np.float32)
        for a in (roots, start, comb, side, length, radius, layer, forward)
    ]
    let_hang(body.shape, *f32, 0.6, kind.stiff, 6.6 if not swept else 7.2, paths)
    for _ in range(2):
        paths[:, 2:-1] = 0.25 * paths[:, 1:-2] + 0.5 * paths[:, 2:-1] + 0.25 * paths[:, 3:]
    paths[:, 0] -= 0.3 * normals  # rooted in the scalp
    return _tubed(person, styling, body, density, kind, paths, radius, roots, detail, rng)


def _tubed(
    person: Person,
    styling: Styling,
    body: Body,
    density: Float,
    kind: Tube,
    paths: Float,
    radius: Float,
    roots: Float,
    detail: float,
    rng: np.random.Generator,
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Meshes, fuzz and undercoat for hanging paths."""
    paths = _cut_at_floor(paths)
    along = paths.shape[1]
    t = np.linspace(0, 1, along)
    profile = (1 - kind.taper * t) * np.interp(t, [0, 0.06, 0.97, 1], [0.75, 1, 1, 0.35])
    wide = (radius[:, None] * profile[None]).astype(np.float32)
    sides = 6 if detail <= 1 else 9
    bump = relief_of(kind.relief, arc_length(paths), sides, kind.pitch, rng)
    colour = paint_tubes(person, styling, paths, bump, rng)
    mesh = tubes(paths, wide, bump, colour)
    many = 1 if detail <= 1 else 2.5
    fuzz = grow_fuzz(paths, wide, colour[:, along // 2, 0], int(330 * many), rng)
    ends = paths[:, min(2, along - 1)] if detail <= 1 else paths[:, min(4, along - 1)]
    flow = flow_to_tubes(
        body, density, roots, ends, 0.75 * colour[:, 1].mean(1), int(560 * many), rng
    )
    coat = coat_of(
        body,
        root_cover(person, styling, body) * parting_opacity(body, density, roots, 0.8, kind.cover),
        root_colour(person, styling),
    )
    return coat, [fuzz, flow], [mesh]


def _cut_at_floor(paths: Float) -> Float:
    """The same paths ended at :data:`FLOOR`, resampled to the same number of points."""
    out = paths.copy()
    t = np.linspace(0, 1, paths.shape[1])
    for s in np.flatnonzero(paths[:, -1, 1] < FLOOR):
        below = int(np.argmax(paths[s, :, 1] < FLOOR))
        at = t * t[max(below, 2)]
        for k in range(3):
            out[s, :, k] = np.interp(at, t, paths[s, :, k])
    return out


# ---------------------------------------------------------------------------------------------
# Cornrows
# ---------------------------------------------------------------------------------------------


def _cornrows(
    person: Person, styling: Styling, head: Head, detail: float
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Ridges from the hair line to the nape, the scalp seen between them, ends hanging or short."""
    rng = random_of(styling, 2)
    body = Body.of(head)
    density = scalp_density(body, person, 0.4)
    count = int(rng.integers(15, 22))
    curve = float(rng.uniform(-0.35, 0.35)) if rng.random() < 0.5 else 0.0
    beta = np.linspace(-1.22, 1.22, count)
    along = 46 if detail <= 1 else 110
    spine, inside = _row_lines(body, density, beta, curve, along)
    coil = _ridge(person, styling, body, spine, inside, count, detail, rng)
    hang = _row_ends(body, spine, inside, float(styling.hair_length), random_of(styling, 8), detail)
    rows = spine.reshape(-1, 3)[inside.ravel()]
    cover = _row_cover(body, density, rows) * root_cover(person, styling, body, 0.9)
    coat = coat_of(body, cover, root_colour(person, styling), 0.03)
    if hang is None:
        return coat, [], [coil]
    radius = np.full(len(hang), 0.30) * np.exp(0.1 * rng.standard_normal(len(hang)))
    kind = Tube(1.0, 0.3, 0.35, "braid", 0.9, 0.3, 0.1)
    _, loose, ends = _tubed(
        person, styling, body, density, kind, hang, radius, hang[:, 0], detail, rng
    )
    return coat, loose[:1], [coil, *ends]


def _row_lines(
    body: Body, density: Float, beta: Float, curve: float, along: int
) -> tuple[Float, NDArray[np.bool_]]:
    """Lines over the scalp, front to nape, at angles ``beta``, and where along them hair grows."""
    alpha = np.linspace(0.15, np.pi + 0.75, along)[None]
    lean = beta[:, None] * (1 - 0.30 * (alpha / np.pi) ** 2) + curve * np.sin(alpha) * 0.5
    direction = np.stack(
        [np.sin(lean) + 0 * alpha, np.cos(lean) * np.sin(alpha), np.cos(lean) * np.cos(alpha)], -1
    )
    guess = np.array([0, MIDDLE, BACK]) + 9.5 * direction
    line, _ = lay(body, guess.astype(np.float32), 0.0)
    here = _look_up(body, density, line)
    inside = here > 0.35
    return line, inside


def _look_up(body: Body, values: Float, points: Float) -> Float:
    """Values of the body map (ROWS, COLUMNS) below points (..., 3), nearest cell."""
    flat = points.reshape(-1, 3)
    dy, dz = flat[:, 1] - MIDDLE, flat[:, 2] - BACK
    across = np.hypot(flat[:, 0], dz)
    run = np.where(dy > 0, np.arctan2(across, dy) * 11.0, 11.0 * np.pi / 2 - dy)
    row = np.clip(run / STEP + 0.5, 0, ROWS - 1).astype(int)
    column = ((np.arctan2(flat[:, 0], dz) + np.pi) / (2 * np.pi) * (COLUMNS - 1) + 0.5).astype(int)
    return values[row, np.clip(column, 0, COLUMNS - 1)].reshape(points.shape[:-1])


def _row_cover(body: Body, density: Float, rows: Float) -> Float:
    """Undercoat of cornrows: near the rows only, so that the scalp shows in clean lines."""
    last = min(3 + int(np.flatnonzero((density > 0.01).any(1)).max(initial=2)), ROWS)
    near = nearest_two(body, last, rows)[..., 0]
    out = np.zeros_like(density)
    out[:last] = density[:last] * (0.12 + 0.80 * smooth(near, 0.70, 0.30))
    return out


def _ridge(
    person: Person,
    styling: Styling,
    body: Body,
    spine: Float,
    inside: NDArray[np.bool_],
    count: int,
    detail: float,
    rng: np.random.Generator,
) -> Mesh:
    """The braids that lie on the scalp, as half-sunk tubes with crossings."""
    sides = 8 if detail <= 1 else 12
    line, normals = lay(body, spine, 0.16)
    wide = (
        np.where(inside, min(0.42, 6.4 / count), 0.02)
        * np.exp(0.04 * rng.standard_normal(count))[:, None]
    )
    lead = np.cumsum(inside, 1)
    wide = wide * np.clip(lead / 4.0, 0.35, 1)  # begins small at the hair line
    bump = relief_of("braid", arc_length(line), sides, 0.85, rng)
    colour = paint_tubes(person, styling, line, bump, rng)
    mesh = tubes(line, wide, bump, colour, normals[:, 0])
    thin = np.repeat(~inside, sides, axis=1).ravel()
    mesh.triangles = np.ascontiguousarray(mesh.triangles[~thin[mesh.triangles].any(1)])
    return mesh


def _row_ends(
    body: Body,
    spine: Float,
    inside: NDArray[np.bool_],
    length: float,
    rng: np.random.Generator,
    detail: float,
) -> Float | None:
    """Free braids from the end of each row, or ``None`` when they are short and tucked in."""
    last = inside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
    ok = inside.any(1)
    if length < 11 or not ok.any():
        return None
    root = spine[np.arange(len(spine)), last][ok]
    count = len(root)
    side = np.where(root[:, 0] >= 0, 1.0, -1.0)
    start = np.stack([0.25 * side, np.full(count, -0.9), np.full(count, -0.3)], -1)
    along = 24 if detail <= 1 else 48
    out = np.empty((count, along, 3), np.float32)
    reach = np.full(count, np.clip(length - 6, 6, 22)) * np.exp(0.08 * rng.standard_normal(count))
    forward = np.where(rng.random(count) < 0.3, 6.0, -8.0)
    f32 = [
        np.ascontiguousarray(a, np.float32)
        for a in (
            root,
            start,
            start,
            side,
            reach,
            np.full(count, 0.3),
            0.3 + 0.5 * rng.random(count),
            forward,
        )
    ]
    let_hang(body.shape, *f32, 0.4, 0.1, 6.8, out)
    return out


def grow(person: Person, styling: Styling, head: Head, detail: float = 1.0) -> Hair:
    """Hair of the cuts in :data:`CUTS`, complete with undercoat and surface flow.

    Parameters
    ----------
    person, styling
        Who and which cut; ``person.tone`` is never read.
    head
        The head to grow on.
    detail
        1 for pictures of 160 px; 2 for 512 px: finer tubes and more strands.

    Returns
    -------
    Hair

    Raises
    ------
    ValueError
        For a cut that is not in :data:`CUTS`.
    """
    if styling.haircut not in CUTS:
        raise ValueError(
            f"haircut {styling.haircut!r} has no tubes: use hair.grow, or one of {sorted(CUTS)}"
        )
    if styling.haircut in _TUBES:
        return Hair(*_hanging(person, styling, head, detail))
    if styling.haircut == "cornrows":
        return Hair(*_cornrows(person, styling, head, detail))
    return Hair(*gathered(person, styling, head, detail))
